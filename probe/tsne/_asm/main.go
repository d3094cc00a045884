// Command asm generates the assembly of package tsne: the loops of vec_generic.go
// for AVX2. No product is fused with a sum, so that both give the same bits.
//
// `make generate` runs it.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64,!purego")
	attract()
	near()
	below()
	distance()
	spread()
	read()
	Generate()
}

func text(name, signature, doc string) {
	TEXT(name, NOSPLIT, signature)
	Doc(doc)
	Pragma("noescape")
}

func ptr(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }

// everywhere loads a float32 parameter into every lane.
func everywhere(name string) reg.VecVirtual {
	x, y := XMM(), YMM()
	Load(Param(name), x)
	VBROADCASTSS(x, y)
	return y
}

func zero() reg.VecVirtual {
	y := YMM()
	VXORPS(y, y, y)
	return y
}

// ones returns a register with 1 in every lane.
func ones() reg.VecVirtual {
	if one.Symbol.Name == "" {
		one = GLOBL("one", RODATA|NOPTR)
		DATA(0, F32(1))
	}
	y := YMM()
	VBROADCASTSS(one, y)
	return y
}

var one Mem

// halves adds the upper half of y to the lower.
func halves(y reg.VecVirtual) reg.VecVirtual {
	x := XMM()
	VEXTRACTF128(Imm(1), y, x)
	VADDPS(x, y.AsX(), x)
	return x
}

func attract() {
	text("attractAVX2", "func(out *float32, at *[2]float32, start *int, points int, index *int32, p *float32, self *[2]float32)",
		"attractAVX2 is attractGo for points > 0.")
	out, at, start, points := ptr("out"), ptr("at"), ptr("start"), ptr("points")
	index, p, self := ptr("index"), ptr("p"), ptr("self")
	one := ones()
	j, end := GP64(), GP64()
	MOVQ(Mem{Base: start}, j)
	Label("point")
	MOVQ(Mem{Base: start, Disp: 8}, end)
	x, y, fx, fy := YMM(), YMM(), zero(), zero()
	VBROADCASTSS(Mem{Base: self}, x)
	VBROADCASTSS(Mem{Base: self, Disp: 4}, y)
	CMPQ(j, end)
	JGE(LabelRef("sum"))
	Label("entries")
	// Eight places, in two registers of [x y x y | x y x y].
	var pairs [2]reg.VecVirtual
	var quarters [4]reg.VecVirtual
	for i := range quarters {
		quarters[i] = XMM()
		for h := range 2 {
			to := GP64()
			MOVLQSX(Mem{Base: index, Index: j, Scale: 4, Disp: 4 * (2*i + h)}, to)
			m := Mem{Base: at, Index: to, Scale: 8}
			if h == 0 {
				VMOVSD(m, quarters[i])
			} else {
				VMOVHPS(m, quarters[i], quarters[i])
			}
		}
	}
	for i := range pairs {
		pairs[i] = quarters[i].AsY().(reg.VecVirtual)
		VINSERTF128(Imm(1), quarters[i+2], pairs[i], pairs[i])
	}
	dx, dy, s, w := YMM(), YMM(), YMM(), YMM()
	VSHUFPS(Imm(0x88), pairs[1], pairs[0], dx)
	VSHUFPS(Imm(0xdd), pairs[1], pairs[0], dy)
	VSUBPS(dx, x, dx)
	VSUBPS(dy, y, dy)
	VMULPS(dx, dx, s)
	VMULPS(dy, dy, w)
	VADDPS(s, one, s)
	VADDPS(w, s, s)
	VMOVUPS(Mem{Base: p, Index: j, Scale: 4}, w)
	VDIVPS(s, w, w)
	VMULPS(w, dx, dx)
	VMULPS(w, dy, dy)
	VADDPS(dx, fx, fx)
	VADDPS(dy, fy, fy)
	ADDQ(I8(8), j)
	CMPQ(j, end)
	JLT(LabelRef("entries"))
	Label("sum")
	hx, hy := halves(fx), halves(fy)
	VHADDPS(hy, hx, hx)
	VHADDPS(hx, hx, hx)
	VMOVSD(hx, Mem{Base: out})
	ADDQ(I8(8), out)
	ADDQ(I8(8), self)
	ADDQ(I8(8), start)
	DECQ(points)
	JNZ(LabelRef("point"))
	VZEROUPPER()
	RET()
}

func near() {
	text("nearAVX2", "func(sums *[4]float32, x, y *float32, from, to int, spans *[3][2]int, squared, scale, slope float32)",
		"nearAVX2 is nearGo for to > from.")
	sums, xs, ys, k, to, spans := ptr("sums"), ptr("x"), ptr("y"), ptr("from"), ptr("to"), ptr("spans")
	squared, scale, slope := everywhere("squared"), everywhere("scale"), everywhere("slope")
	one, none := ones(), zero()
	row := GP64()
	MOVQ(k, row)
	SHLQ(Imm(4), row)
	ADDQ(row, sums)
	Label("point")
	x, y, value, fx, fy := YMM(), YMM(), zero(), zero(), zero()
	VBROADCASTSS(Mem{Base: xs, Index: k, Scale: 4}, x)
	VBROADCASTSS(Mem{Base: ys, Index: k, Scale: 4}, y)
	for _, label := range []string{"above", "beside", "beneath"} {
		disp := map[string]int{"above": 0, "beside": 16, "beneath": 32}[label]
		j, end := GP64(), GP64()
		MOVQ(Mem{Base: spans, Disp: disp}, j)
		MOVQ(Mem{Base: spans, Disp: disp + 8}, end)
		CMPQ(j, end)
		JGE(LabelRef(label + "End"))
		Label(label)
		dx, dy, s, w, q, t := YMM(), YMM(), YMM(), YMM(), YMM(), YMM()
		VSUBPS(Mem{Base: xs, Index: j, Scale: 4}, x, dx)
		VSUBPS(Mem{Base: ys, Index: j, Scale: 4}, y, dy)
		VMULPS(dx, dx, s)
		VMULPS(dy, dy, w)
		VADDPS(w, s, s)
		VADDPS(one, s, q)
		VDIVPS(q, one, q)
		VSUBPS(s, squared, w)
		VMULPS(scale, w, w)
		VMAXPS(none, w, w)
		VMULPS(w, w, s)
		VMULPS(w, s, s) // w^3
		VMULPS(w, q, t)
		VMULPS(t, s, w)
		VADDPS(w, value, value)
		VADDPS(slope, t, t)
		VMULPS(q, t, t)
		VMULPS(s, t, t)
		VMULPS(t, dx, dx)
		VMULPS(t, dy, dy)
		VADDPS(dx, fx, fx)
		VADDPS(dy, fy, fy)
		ADDQ(I8(8), j)
		CMPQ(j, end)
		JLT(LabelRef(label))
		Label(label + "End")
	}
	hv, hx, hy := halves(value), halves(fx), halves(fy)
	VHADDPS(hx, hv, hv)
	VHADDPS(none.AsX(), hy, hy)
	VHADDPS(hy, hv, hv)
	VMOVUPS(hv, Mem{Base: sums})
	ADDQ(I8(16), sums)
	INCQ(k)
	CMPQ(k, to)
	JLT(LabelRef("point"))
	VZEROUPPER()
	RET()
}

func below() {
	text("belowAVX2", "func(v *float32, n int, bound float32) int", "belowAVX2 is belowGo for n floats, a multiple of 32.")
	v, n, bound := ptr("v"), ptr("n"), everywhere("bound")
	i := GP64()
	XORQ(i, i)
	Label("loop")
	CMPQ(i, n)
	JGE(LabelRef("end"))
	var less [4]reg.VecVirtual
	for l := range less {
		less[l] = YMM()
		VMOVUPS(Mem{Base: v, Index: i, Scale: 4, Disp: 32 * l}, less[l])
		VCMPPS(Imm(1), bound, less[l], less[l])
	}
	either, other := YMM(), YMM()
	VORPS(less[1], less[0], either)
	VORPS(less[3], less[2], other)
	VORPS(other, either, either)
	VPTEST(either, either)
	JNZ(LabelRef("found"))
	ADDQ(I8(32), i)
	JMP(LabelRef("loop"))
	Label("found")
	bits, part := GP64(), GP64()
	XORQ(bits, bits)
	for l := 3; l >= 0; l-- {
		SHLQ(Imm(8), bits)
		VMOVMSKPS(less[l], part.As32())
		ORQ(part, bits)
	}
	BSFQ(bits, bits)
	ADDQ(bits, i)
	Label("end")
	VZEROUPPER()
	Store(i, ReturnIndex(0))
	RET()
}

func distance() {
	text("distanceAVX2", "func(sums *[8]float64, a, b *float32, n int)",
		"distanceAVX2 sets sums to the sums of lanesSquared over n > 0 floats, a multiple of 8.")
	sums, a, b, n := ptr("sums"), ptr("a"), ptr("b"), ptr("n")
	low, high := zero(), zero()
	Label("loop")
	for h, sum := range []reg.VecVirtual{low, high} {
		x, y := YMM(), YMM()
		VCVTPS2PD(Mem{Base: a, Disp: 16 * h}, x)
		VCVTPS2PD(Mem{Base: b, Disp: 16 * h}, y)
		VSUBPD(y, x, x)
		VMULPD(x, x, x)
		VADDPD(x, sum, sum)
	}
	ADDQ(I8(32), a)
	ADDQ(I8(32), b)
	SUBQ(I8(8), n)
	JG(LabelRef("loop"))
	VMOVUPD(low, Mem{Base: sums})
	VMOVUPD(high, Mem{Base: sums, Disp: 32})
	VZEROUPPER()
	RET()
}
