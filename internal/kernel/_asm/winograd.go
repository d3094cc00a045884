package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// winograd generates the transforms of kernel/winograd.go; strides are in
// floats, n > 0 a multiple of 8.
func winograd() {
	winoInput()
	winoTaps()
	winoOutput()
}

// triple returns pointers to p, p + 3*stride and p + 6*stride, for stride in
// bytes; with an index of one and two strides they reach 3x3 places.
func triple(p, stride reg.Register) [3]reg.Register {
	q := [3]reg.Register{p, GP64(), GP64()}
	s3 := GP64()
	LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, s3)
	LEAQ(Mem{Base: p, Index: s3, Scale: 1}, q[1])
	LEAQ(Mem{Base: p, Index: s3, Scale: 2}, q[2])
	return q
}

// place is the j-th of the three places after p.
func place(p, stride reg.Register, j int) Mem {
	if j == 0 {
		return Mem{Base: p}
	}
	return Mem{Base: p, Index: stride, Scale: uint8(j)}
}

func bytesOf(name string) reg.Register {
	r := Load(Param(name), GP64())
	SHLQ(Imm(2), r)
	return r
}

func winoInput() {
	text("winoInputAVX2", "func(dst, src *float32, stride, row, cell, n int)")
	dst, src := ptr("dst"), ptr("src")
	stride, row, cell := bytesOf("stride"), bytesOf("row"), bytesOf("cell")
	n := ptr("n")
	d := triple(dst, stride)
	r := [3]reg.Register{src, GP64(), GP64()}
	LEAQ(Mem{Base: src, Index: row, Scale: 1}, r[1])
	LEAQ(Mem{Base: src, Index: row, Scale: 2}, r[2])
	each(n, []reg.Register{d[0], d[1], d[2], r[0], r[1], r[2]}, func() {
		var v [3][3]reg.VecVirtual
		for i := range v {
			for j := range v[i] {
				v[i][j] = YMM()
				VMOVUPS(place(r[i], cell, j), v[i][j])
			}
			VSUBPS(v[i][1], v[i][0], v[i][0])
			VSUBPS(v[i][1], v[i][2], v[i][2])
		}
		for j := range 3 {
			VSUBPS(v[1][j], v[0][j], v[0][j])
			VSUBPS(v[1][j], v[2][j], v[2][j])
			for i := range 3 {
				VMOVUPS(v[i][j], place(d[i], stride, j))
			}
		}
	})
}

func winoTaps() {
	text("winoTapsAVX2", "func(dst *float32, stride int, a, b, c, d *float32, n int)")
	dst, stride := ptr("dst"), bytesOf("stride")
	src := []reg.Register{ptr("a"), ptr("b"), ptr("c"), ptr("d")}
	n := ptr("n")
	o := triple(dst, stride)
	each(n, append([]reg.Register{o[0], o[1], o[2]}, src...), func() {
		var v [4]reg.VecVirtual
		for i := range v {
			v[i] = YMM()
			VMOVUPS(Mem{Base: src[i]}, v[i])
		}
		sum := func(x, y reg.VecVirtual) reg.VecVirtual {
			s := YMM()
			VADDPS(y, x, s)
			return s
		}
		rows := [3][2]reg.VecVirtual{{v[0], v[1]}, {sum(v[0], v[2]), sum(v[1], v[3])}, {v[2], v[3]}}
		for i, r := range rows {
			VMOVUPS(r[0], place(o[i], stride, 0))
			VMOVUPS(sum(r[0], r[1]), place(o[i], stride, 1))
			VMOVUPS(r[1], place(o[i], stride, 2))
		}
	})
}

func winoOutput() {
	text("winoOutputAVX2", "func(a, b, c, d, src *float32, stride, n int)")
	dst := []reg.Register{ptr("a"), ptr("b"), ptr("c"), ptr("d")}
	src, stride, n := ptr("src"), bytesOf("stride"), ptr("n")
	s := triple(src, stride)
	each(n, append([]reg.Register{s[0], s[1], s[2]}, dst...), func() {
		var r [2][3]reg.VecVirtual
		for j := range 3 {
			a, b, c := YMM(), YMM(), YMM()
			VMOVUPS(place(s[0], stride, j), a)
			VMOVUPS(place(s[1], stride, j), b)
			VMOVUPS(place(s[2], stride, j), c)
			VADDPS(b, a, a)
			VADDPS(c, b, b)
			r[0][j], r[1][j] = a, b
		}
		for i := range r {
			VADDPS(r[i][1], r[i][0], r[i][0])
			VMOVUPS(r[i][0], Mem{Base: dst[2*i]})
			VADDPS(r[i][2], r[i][1], r[i][1])
			VMOVUPS(r[i][1], Mem{Base: dst[2*i+1]})
		}
	})
}
