// Command asm generates the assembly of package hartley: the stages of
// stages.go for AVX2. No product is fused with a sum, so that both give the
// same bits.
//
// `make generate` runs it.
package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const row = 32 // bytes

func main() {
	ConstraintExpr("amd64,!purego")
	stage("joinAVX2", "joinAVX2 is join for all blocks of size rows, at least 2, of the n of x.", joined)
	stage("splitAVX2", "splitAVX2 is split for all blocks of size rows, at least 2, of the n of x.", split)
	half("splitHalfAVX2", "splitHalfAVX2 is splitHalf for size rows.", turned)
	half("joinHalfAVX2", "joinHalfAVX2 is joinHalf for size rows.", added)
	three()
	five()
	transpose()
	scale()
	Generate()
}

func text(name, signature, doc string) {
	TEXT(name, NOSPLIT, signature)
	Doc(doc)
	Pragma("noescape")
}

func ptr(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }

func load(m Mem) reg.VecVirtual {
	y := YMM()
	VMOVUPS(m, y)
	return y
}

func add(a, b reg.VecVirtual) reg.VecVirtual { y := YMM(); VADDPS(b, a, y); return y }
func sub(a, b reg.VecVirtual) reg.VecVirtual { y := YMM(); VSUBPS(b, a, y); return y }
func mul(a, b reg.VecVirtual) reg.VecVirtual { y := YMM(); VMULPS(b, a, y); return y }

// turn returns (cu+sv, su-cv).
func turn(u, v, c, s reg.VecVirtual) (o, q reg.VecVirtual) {
	o = mul(c, u)
	q = mul(s, u)
	return add(o, mul(s, v)), sub(q, mul(c, v))
}

func joined(e, f, o, q Mem, c, s reg.VecVirtual) {
	a, b := load(e), load(f)
	t, w := turn(load(o), load(q), c, s)
	VMOVUPS(add(a, t), e)
	VMOVUPS(sub(a, t), o)
	VMOVUPS(add(b, w), f)
	VMOVUPS(sub(b, w), q)
}

func split(e, f, o, q Mem, c, s reg.VecVirtual) {
	a, b, u, v := load(e), load(f), load(o), load(q)
	VMOVUPS(add(a, u), e)
	VMOVUPS(add(b, v), f)
	t, w := turn(sub(a, u), sub(b, v), c, s)
	VMOVUPS(t, o)
	VMOVUPS(w, q)
}

func turned(e, f, o, q Mem, c, s reg.VecVirtual) {
	t, w := turn(load(e), load(f), c, s)
	VMOVUPS(t, o)
	VMOVUPS(w, q)
}

func added(e, f, o, q Mem, c, s reg.VecVirtual) {
	t, w := turn(load(o), load(q), c, s)
	VMOVUPS(add(load(e), t), e)
	VMOVUPS(add(load(f), w), f)
}

type rows func(e, f, o, q Mem, c, s reg.VecVirtual)

// pairs runs body for the rows k, m-k, m+k and size-k of a block, 0 < k < m/2.
func pairs(x, m reg.Register, cos, sin reg.Register, body rows) {
	lo, hi, k, count := GP64(), GP64(), GP64(), GP64()
	bytes := GP64()
	MOVQ(m, bytes)
	SHLQ(Imm(5), bytes)
	LEAQ(Mem{Base: x, Disp: row}, lo)
	LEAQ(Mem{Base: x, Index: bytes, Scale: 1, Disp: -row}, hi)
	// 2k < m: (m-1)/2 of them.
	MOVQ(m, count)
	DECQ(count)
	SHRQ(Imm(1), count)
	XORQ(k, k)
	JMP(LabelRef("pairsTest"))
	Label("pairs")
	c, s := YMM(), YMM()
	VBROADCASTSS(Mem{Base: cos, Index: k, Scale: 4}, c)
	VBROADCASTSS(Mem{Base: sin, Index: k, Scale: 4}, s)
	body(Mem{Base: lo}, Mem{Base: hi}, Mem{Base: lo, Index: bytes, Scale: 1}, Mem{Base: hi, Index: bytes, Scale: 1}, c, s)
	ADDQ(Imm(row), lo)
	SUBQ(Imm(row), hi)
	INCQ(k)
	Label("pairsTest")
	CMPQ(k, count)
	JLT(LabelRef("pairs"))
}

// ends runs body for the rows 0 and m, and for m/2 and m+m/2 if m is even.
func ends(x, m reg.Register, body func(a, b Mem)) {
	bytes, middle := GP64(), GP64()
	MOVQ(m, bytes)
	SHLQ(Imm(5), bytes)
	body(Mem{Base: x}, Mem{Base: x, Index: bytes, Scale: 1})
	TESTQ(U32(1), m)
	JNZ(LabelRef("odd"))
	MOVQ(m, middle)
	SHLQ(Imm(4), middle)
	ADDQ(x, middle)
	body(Mem{Base: middle}, Mem{Base: middle, Index: bytes, Scale: 1})
	Label("odd")
}

func stage(name, doc string, body rows) {
	text(name, "func(x *float32, n, size int, cos, sin *float32)", doc)
	x, n, m, cos, sin := ptr("x"), ptr("n"), ptr("size"), ptr("cos"), ptr("sin")
	end, size := GP64(), GP64()
	MOVQ(m, size)
	SHLQ(Imm(5), size)
	MOVQ(n, end)
	SHLQ(Imm(5), end)
	ADDQ(x, end)
	SHRQ(Imm(1), m)
	Label("block")
	ends(x, m, func(a, b Mem) {
		u, v := load(a), load(b)
		VMOVUPS(add(u, v), a)
		VMOVUPS(sub(u, v), b)
	})
	pairs(x, m, cos, sin, body)
	ADDQ(size, x)
	CMPQ(x, end)
	JLT(LabelRef("block"))
	VZEROUPPER()
	RET()
}

func half(name, doc string, body rows) {
	text(name, "func(x *float32, size int, cos, sin *float32)", doc)
	x, m, cos, sin := ptr("x"), ptr("size"), ptr("cos"), ptr("sin")
	SHRQ(Imm(1), m)
	ends(x, m, func(a, b Mem) {
		if name == "splitHalfAVX2" {
			VMOVUPS(load(a), b)
		} else {
			VMOVUPS(add(load(a), load(b)), a)
		}
	})
	pairs(x, m, cos, sin, body)
	VZEROUPPER()
	RET()
}

func constant(name string, v float64) reg.VecVirtual {
	m := GLOBL(name, RODATA|NOPTR)
	DATA(0, F32(float32(v)))
	y := YMM()
	VBROADCASTSS(m, y)
	return y
}

// bases walks blocks of so many rows.
func bases(x, n reg.Register, size int, body func(row func(i int) Mem)) {
	Label("block")
	body(func(i int) Mem { return Mem{Base: x, Disp: row * i} })
	ADDQ(Imm(uint64(row*size)), x)
	SUBQ(Imm(uint64(size)), n)
	JG(LabelRef("block"))
	VZEROUPPER()
	RET()
}

func three() {
	text("threeAVX2", "func(x *float32, n int)", "threeAVX2 is threeRows for all n/3 blocks of x.")
	x, n := ptr("x"), ptr("n")
	cos, sin := constant("cosThird", -.5), constant("sinThird", math.Sqrt(.75))
	bases(x, n, 3, func(row func(i int) Mem) {
		a, b, c := load(row(0)), load(row(1)), load(row(2))
		s, d := add(b, c), sub(b, c)
		u, v := add(a, mul(cos, s)), mul(sin, d)
		VMOVUPS(add(a, s), row(0))
		VMOVUPS(add(u, v), row(1))
		VMOVUPS(sub(u, v), row(2))
	})
}

func five() {
	text("fiveAVX2", "func(x *float32, n int)", "fiveAVX2 is fiveRows for all n/5 blocks of x.")
	x, n := ptr("x"), ptr("n")
	cos1, sin1 := constant("cosFifth", 0.30901699437494742410229341718282), constant("sinFifth", 0.95105651629515357211643933337938)
	cos2, sin2 := constant("cosTwoFifths", -0.80901699437494742410229341718282), constant("sinTwoFifths", 0.58778525229247312916870595463907)
	bases(x, n, 5, func(row func(i int) Mem) {
		x, b, c, d, e := load(row(0)), load(row(1)), load(row(2)), load(row(3)), load(row(4))
		s, t, p, q := add(b, e), add(c, d), sub(b, e), sub(c, d)
		VMOVUPS(add(add(x, s), t), row(0))
		u := add(add(x, mul(cos1, s)), mul(cos2, t))
		v := add(mul(sin1, p), mul(sin2, q))
		VMOVUPS(add(u, v), row(1))
		VMOVUPS(sub(u, v), row(4))
		u = add(add(x, mul(cos2, s)), mul(cos1, t))
		v = sub(mul(sin2, p), mul(sin1, q))
		VMOVUPS(add(u, v), row(2))
		VMOVUPS(sub(u, v), row(3))
	})
}

// transpose generates Transpose: halves of 128 bits are loaded crosswise, then
// pairs and quads are interleaved.
func transpose() {
	text("transposeAVX2", "func(dst *float32, dstStep int, src *float32, srcStep, blocks int)",
		"transposeAVX2 is Transpose for blocks > 0; steps are in floats.")
	dst, dstStep, src, srcStep, blocks := ptr("dst"), ptr("dstStep"), ptr("src"), ptr("srcStep"), ptr("blocks")
	SHLQ(Imm(2), dstStep)
	SHLQ(Imm(2), srcStep)
	Label("block")
	var r [8]reg.VecVirtual
	for i := range 4 {
		r[i], r[i+4] = YMM(), YMM()
		VMOVUPS(Mem{Base: src, Disp: row * i}, r[i].AsX())
		VINSERTF128(Imm(1), Mem{Base: src, Disp: row * (i + 4)}, r[i], r[i])
		VMOVUPS(Mem{Base: src, Disp: row*i + 16}, r[i+4].AsX())
		VINSERTF128(Imm(1), Mem{Base: src, Disp: row*(i+4) + 16}, r[i+4], r[i+4])
	}
	for h := range 2 {
		q := r[4*h : 4*h+4]
		a, b, c, d := YMM(), YMM(), YMM(), YMM()
		VUNPCKLPS(q[1], q[0], a)
		VUNPCKHPS(q[1], q[0], b)
		VUNPCKLPS(q[3], q[2], c)
		VUNPCKHPS(q[3], q[2], d)
		for i, pair := range [][2]reg.VecVirtual{{a, c}, {a, c}, {b, d}, {b, d}} {
			y := YMM()
			if i%2 == 0 {
				VUNPCKLPD(pair[1], pair[0], y)
			} else {
				VUNPCKHPD(pair[1], pair[0], y)
			}
			VMOVUPS(y, Mem{Base: dst, Disp: row * (4*h + i)})
		}
	}
	ADDQ(dstStep, dst)
	ADDQ(srcStep, src)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}

func scale() {
	text("multiplyAVX2", "func(x, by *float32, n int)", "multiplyAVX2 is Multiply for n > 0 floats, a multiple of 8.")
	x, by, n := ptr("x"), ptr("by"), ptr("n")
	Label("loop")
	y := load(Mem{Base: x})
	VMULPS(Mem{Base: by}, y, y)
	VMOVUPS(y, Mem{Base: x})
	ADDQ(Imm(row), x)
	ADDQ(Imm(row), by)
	SUBQ(Imm(8), n)
	JG(LabelRef("loop"))
	VZEROUPPER()
	RET()
}
