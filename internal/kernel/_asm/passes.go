package main

import (
	"fmt"
	"math"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// passes generates the vector routines. They use AVX2 on every machine:
// memory bounds them, and one code gives one result.
func passes() {
	scaleAct()
	stats()
	reduce()
	backward()
	tanh()
	simple("tanhBackSIMD", "func(dx, dy, y *float32, n int)", []string{"dy", "y"}, "dx",
		func(in []reg.VecVirtual) reg.VecVirtual {
			one := constant(1)
			VFNMADD231PS(in[1], in[1], one) // 1 - y*y
			VMULPS(in[0], one, one)
			return one
		})
	simple("addSIMD", "func(dst, a, b *float32, n int)", []string{"a", "b"}, "dst",
		func(in []reg.VecVirtual) reg.VecVirtual { VADDPS(in[1], in[0], in[0]); return in[0] })
	lerp()
	adam()
}

// signatures lists the passes for their Go declarations.
var signatures []string

func text(name, signature string) {
	TEXT(name, NOSPLIT, signature)
	signatures = append(signatures, name+strings.TrimPrefix(signature, "func"))
}

var constants = map[float32]Mem{}

// constant returns a register that holds v in every lane.
func constant(v float32) reg.VecVirtual {
	y := YMM()
	VBROADCASTSS(constantMem(v), y)
	return y
}

func constantMem(v float32) Mem {
	m, ok := constants[v]
	if !ok {
		m = GLOBL(fmt.Sprintf("f%08x", math.Float32bits(v)), RODATA|NOPTR)
		DATA(0, F32(v))
		constants[v] = m
	}
	return m
}

func bits(v uint32) reg.VecVirtual {
	y := YMM()
	VBROADCASTSS(bitsMem(v), y)
	return y
}

var bitMems = map[uint32]Mem{}

func bitsMem(v uint32) Mem {
	m, ok := bitMems[v]
	if !ok {
		m = GLOBL(fmt.Sprintf("u%08x", v), RODATA|NOPTR)
		DATA(0, U32(v))
		bitMems[v] = m
	}
	return m
}

func ptr(name string) reg.Register { return Load(Param(name), GP64()) }

// spread loads a float32 parameter into every lane.
func spread(name string) reg.VecVirtual {
	x := XMM()
	Load(Param(name), x)
	y := YMM()
	VBROADCASTSS(x, y)
	return y
}

// each walks pointers through n floats, 8 at a time.
func each(n reg.Register, pointers []reg.Register, body func()) {
	Label("loop")
	body()
	for _, p := range pointers {
		ADDQ(I8(32), p)
	}
	SUBQ(I8(8), n)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// simple generates an element-wise pass over n > 0 floats, a multiple of 8.
func simple(name, signature string, in []string, out string, f func([]reg.VecVirtual) reg.VecVirtual) {
	text(name, signature)
	var ps []reg.Register
	for _, s := range in {
		ps = append(ps, ptr(s))
	}
	dst, n := ptr(out), ptr("n")
	each(n, append([]reg.Register{dst}, ps...), func() {
		var vs []reg.VecVirtual
		for _, p := range ps {
			y := YMM()
			VMOVUPS(Mem{Base: p}, y)
			vs = append(vs, y)
		}
		VMOVUPS(f(vs), Mem{Base: dst})
	})
}

func lerp() {
	text("lerpSIMD", "func(a, b *float32, n int, t float32)")
	a, b, n, t := ptr("a"), ptr("b"), ptr("n"), spread("t")
	each(n, []reg.Register{a, b}, func() {
		x, d := YMM(), YMM()
		VMOVUPS(Mem{Base: a}, x)
		VMOVUPS(Mem{Base: b}, d)
		VSUBPS(x, d, d)
		VFMADD231PS(t, d, x)
		VMOVUPS(x, Mem{Base: a})
	})
}

// rowsAndChannels walks rows of c channels, 8 at a time: the pointers in
// streams move on from row to row, byte offset i runs over the channels.
func rowsAndChannels(rows, c reg.Register, streams []reg.Register, body func(i reg.Register)) {
	SHLQ(Imm(2), c)
	i := GP64()
	Label("row")
	XORQ(i, i)
	Label("channel")
	body(i)
	ADDQ(I8(32), i)
	CMPQ(i, c)
	JL(LabelRef("channel"))
	for _, p := range streams {
		ADDQ(c, p)
	}
	DECQ(rows)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}

func at(p, i reg.Register) Mem { return Mem{Base: p, Index: i, Scale: 1} }

func scaleAct() {
	text("scaleActSIMD", "func(y, x, scale, shift *float32, rows, c int, slope float32)")
	y, x, scale, shift := ptr("y"), ptr("x"), ptr("scale"), ptr("shift")
	rows, c, slope := ptr("rows"), ptr("c"), spread("slope")
	zero := YMM()
	VXORPS(zero, zero, zero)
	rowsAndChannels(rows, c, []reg.Register{x, y}, func(i reg.Register) {
		t, s, m := YMM(), YMM(), YMM()
		VMOVUPS(at(x, i), t)
		VMOVUPS(at(scale, i), s)
		VFMADD213PS(at(shift, i), s, t) // t*scale + shift
		VMULPS(slope, t, s)
		VCMPPS(Imm(0x1e), zero, t, m) // t > 0
		VBLENDVPS(m, t, s, t)
		VMOVUPS(t, at(y, i))
	})
}

// widen converts the 8 floats of y to two vectors of float64.
func widen(y reg.VecVirtual) (lo, hi reg.VecVirtual) {
	lo, hi = YMM(), YMM()
	VCVTPS2PD(y.AsX(), lo)
	h := XMM()
	VEXTRACTF128(Imm(1), y, h)
	VCVTPS2PD(h, hi)
	return
}

// accumulators loads 8 float64 sums.
func accumulators(sum, i reg.Register) [2]reg.VecVirtual {
	acc := [2]reg.VecVirtual{YMM(), YMM()}
	for h, a := range acc {
		VMOVUPD(Mem{Base: sum, Index: i, Scale: 2, Disp: h * 32}, a)
	}
	return acc
}

func putBack(acc [2]reg.VecVirtual, sum, i reg.Register) {
	for h, a := range acc {
		VMOVUPD(a, Mem{Base: sum, Index: i, Scale: 2, Disp: h * 32})
	}
}

// channelsAndRows walks 8 channels at a time down all rows: streams are read
// at byte offset i from a row pointer of their own.
func channelsAndRows(rows, c reg.Register, streams []reg.Register, before func(i reg.Register), body func(p []reg.Register), after func(i reg.Register)) {
	SHLQ(Imm(2), c)
	i, r := GP64(), GP64()
	XORQ(i, i)
	Label("channel")
	before(i)
	var ps []reg.Register
	for _, s := range streams {
		p := GP64()
		LEAQ(at(s, i), p)
		ps = append(ps, p)
	}
	MOVQ(rows, r)
	Label("row")
	body(ps)
	for _, p := range ps {
		ADDQ(c, p)
	}
	DECQ(r)
	JNZ(LabelRef("row"))
	after(i)
	ADDQ(I8(32), i)
	CMPQ(i, c)
	JL(LabelRef("channel"))
	VZEROUPPER()
	RET()
}

func stats() {
	text("statsSIMD", "func(x *float32, rows, c int, sum, sumsq *float64)")
	x, rows, c, sum, sumsq := ptr("x"), ptr("rows"), ptr("c"), ptr("sum"), ptr("sumsq")
	var s, q [2]reg.VecVirtual
	channelsAndRows(rows, c, []reg.Register{x}, func(i reg.Register) {
		s, q = accumulators(sum, i), accumulators(sumsq, i)
	}, func(p []reg.Register) {
		v := YMM()
		VMOVUPS(Mem{Base: p[0]}, v)
		lo, hi := widen(v)
		VADDPD(lo, s[0], s[0])
		VADDPD(hi, s[1], s[1])
		VFMADD231PD(lo, lo, q[0])
		VFMADD231PD(hi, hi, q[1])
	}, func(i reg.Register) {
		putBack(s, sum, i)
		putBack(q, sumsq, i)
	})
}

// through computes d = max(dy, pass*dy) * (t > 0 ? 1 : leak) in dy's register.
func through(dy, t, pass, leak, one, zero reg.VecVirtual) reg.VecVirtual {
	q, m := YMM(), YMM()
	VMULPS(pass, dy, q)
	VMAXPS(q, dy, q) // q where either is NaN
	VCMPPS(Imm(0x1e), zero, t, m)
	VBLENDVPS(m, one, leak, m)
	VMULPS(m, q, q)
	return q
}

func reduce() {
	text("reduceSIMD", "func(dy, x, scale, shift *float32, rows, c int, pass, leak float32, sum, sumx *float64)")
	dy, x, scale, shift := ptr("dy"), ptr("x"), ptr("scale"), ptr("shift")
	rows, c, pass, leak := ptr("rows"), ptr("c"), spread("pass"), spread("leak")
	sum, sumx := ptr("sum"), ptr("sumx")
	one, zero := constant(1), YMM()
	VXORPS(zero, zero, zero)
	sc, sh := YMM(), YMM()
	var s, q [2]reg.VecVirtual
	channelsAndRows(rows, c, []reg.Register{dy, x}, func(i reg.Register) {
		s, q = accumulators(sum, i), accumulators(sumx, i)
		VMOVUPS(at(scale, i), sc)
		VMOVUPS(at(shift, i), sh)
	}, func(p []reg.Register) {
		g, v, t := YMM(), YMM(), YMM()
		VMOVUPS(Mem{Base: p[0]}, g)
		VMOVUPS(Mem{Base: p[1]}, v)
		VMOVAPS(sh, t)
		VFMADD231PS(v, sc, t)
		d := through(g, t, pass, leak, one, zero)
		dlo, dhi := widen(d)
		VADDPD(dlo, s[0], s[0])
		VADDPD(dhi, s[1], s[1])
		vlo, vhi := widen(v)
		VFMADD231PD(dlo, vlo, q[0])
		VFMADD231PD(dhi, vhi, q[1])
	}, func(i reg.Register) {
		putBack(s, sum, i)
		putBack(q, sumx, i)
	})
}

func backward() {
	text("backwardSIMD", "func(dx, dy, x, scale, shift *float32, rows, n int, pass, leak float32, a, b, c *float32)")
	dx, dy, x, scale, shift := ptr("dx"), ptr("dy"), ptr("x"), ptr("scale"), ptr("shift")
	rows, n, pass, leak := ptr("rows"), ptr("n"), spread("pass"), spread("leak")
	a, b, c := ptr("a"), ptr("b"), ptr("c")
	one, zero := constant(1), YMM()
	VXORPS(zero, zero, zero)
	rowsAndChannels(rows, n, []reg.Register{dx, dy, x}, func(i reg.Register) {
		g, v, t, w := YMM(), YMM(), YMM(), YMM()
		VMOVUPS(at(dy, i), g)
		VMOVUPS(at(x, i), v)
		VMOVUPS(at(scale, i), t)
		VFMADD213PS(at(shift, i), v, t) // scale*x + shift
		d := through(g, t, pass, leak, one, zero)
		VMOVUPS(at(b, i), w)
		VFMADD213PS(at(c, i), v, w) // b*x + c
		VFMADD231PS(at(a, i), d, w)
		VMOVUPS(w, at(dx, i))
	})
}

func adam() {
	text("adamSIMD", "func(w, grad, m, v *float32, n int, k *float32)")
	w, grad, m, v, n, k := ptr("w"), ptr("grad"), ptr("m"), ptr("v"), ptr("n"), ptr("k")
	var c [8]reg.VecVirtual // in the order of kernel.adamStep
	for i := range c {
		c[i] = YMM()
		VBROADCASTSS(Mem{Base: k, Disp: i * 4}, c[i])
	}
	each(n, []reg.Register{w, grad, m, v}, func() {
		p, d, mm, vv, s := YMM(), YMM(), YMM(), YMM(), YMM()
		VMOVUPS(Mem{Base: w}, p)
		VMOVUPS(Mem{Base: grad}, d)
		VFMADD231PS(c[0], p, d)
		VMULPS(Mem{Base: m}, c[1], mm)
		VFMADD231PS(c[2], d, mm)
		VMOVUPS(mm, Mem{Base: m})
		VMULPS(Mem{Base: v}, c[3], vv)
		VMULPS(c[4], d, s)
		VFMADD231PS(s, d, vv)
		VMOVUPS(vv, Mem{Base: v})
		VSQRTPS(vv, vv)
		VFMADD213PS(c[6], c[5], vv) // sqrt(v)*rootScale + eps
		VDIVPS(vv, mm, mm)
		VFNMADD231PS(c[7], mm, p)
		VMOVUPS(p, Mem{Base: w})
	})
}

// tanh computes, for a = |x|: below 0.3 the odd Taylor polynomial to a^11
// (error 2e-9 of the value), above it 1 - 2/(exp(2a)+1), with exp by
// exp(r)*2^n, |r| <= ln(2)/2, its Taylor polynomial to r^7 (5e-9). From 9.1 on
// tanh is 1 in float32.
func tanh() {
	text("tanhSIMD", "func(y, x *float32, n int)")
	y, x, n := ptr("y"), ptr("x"), ptr("n")
	each(n, []reg.Register{y, x}, func() {
		v, a, sign := YMM(), YMM(), YMM()
		VMOVUPS(Mem{Base: x}, v)
		mask := bits(1 << 31)
		VANDPS(mask, v, sign)
		VANDNPS(v, mask, a)
		clamped := constant(9.1)
		VMINPS(clamped, a, clamped)
		t, k, r := YMM(), YMM(), YMM()
		VADDPS(clamped, clamped, t)
		VMULPS(constant(math.Log2E), t, k)
		VROUNDPS(Imm(0), k, k)
		VMOVAPS(t, r)
		const ln2Hi = 0.693359375 // 9 bits: k*ln2Hi is exact
		VFNMADD231PS(constant(ln2Hi), k, r)
		VFNMADD231PS(constant(math.Ln2-ln2Hi), k, r)
		p := constant(1. / 5040)
		for _, f := range []float32{1. / 720, 1. / 120, 1. / 24, 1. / 6, 0.5, 1, 1} {
			VFMADD213PS(constant(f), r, p)
		}
		i := YMM()
		VCVTPS2DQ(k, i)
		VPSLLD(Imm(23), i, i)
		VPADDD(i, p, p) // times 2^k
		one := constant(1)
		VADDPS(one, p, p)
		big := constant(2)
		VDIVPS(p, big, big)
		VSUBPS(big, one, big)
		s := YMM()
		VMULPS(a, a, s)
		small := constant(-1382. / 155925)
		for _, f := range []float32{62. / 2835, -17. / 315, 2. / 15, -1. / 3} {
			VFMADD213PS(constant(f), s, small)
		}
		VMULPS(s, small, small)
		VFMADD213PS(a, a, small) // a + a*s*(...)
		m := YMM()
		VCMPPS(Imm(0x11), constant(0.3), a, m) // a < 0.3
		VBLENDVPS(m, small, big, big)
		VORPS(sign, big, big)
		VCMPPS(Imm(3), v, v, m) // NaN stays
		VBLENDVPS(m, v, big, big)
		VMOVUPS(big, Mem{Base: y})
	})
}
