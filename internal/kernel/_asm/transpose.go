package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transpose generates the transposition of 8 rows of n floats, in squares of 8: pairs of
// rows are interleaved, pairs of those, and at last the halves exchanged.
func transpose() {
	text("transposeSIMD", "func(dst, src *float32, dstStep, srcStep, n int)")
	dst := newStrided(ptr("dst"), bytesOf("dstStep"), 6)
	src := newStrided(ptr("src"), bytesOf("srcStep"), 6)
	n := ptr("n")
	// Rows 6 and 7 lie beyond what a strided reaches from its two pointers.
	last := func(s strided) strided {
		p := GP64()
		LEAQ(Mem{Base: s.step, Index: s.step, Scale: 2}, p)
		ADDQ(s.far, p)
		return strided{base: p, step: s.step}
	}
	dstLast, srcLast := last(dst), last(src)
	place := func(s, last strided, k int) Mem {
		if k < 6 {
			return s.at(k)
		}
		return last.at(k - 6)
	}
	Label("loop")
	var x [8]reg.VecVirtual
	for k := range x {
		x[k] = YMM()
		VMOVUPS(place(src, srcLast, k), x[k])
	}
	var pairs, fours [8]reg.VecVirtual
	for k := 0; k < 8; k += 2 {
		pairs[k], pairs[k+1] = YMM(), YMM()
		VUNPCKLPS(x[k+1], x[k], pairs[k])
		VUNPCKHPS(x[k+1], x[k], pairs[k+1])
	}
	for k := 0; k < 8; k += 4 {
		for h := range 2 {
			fours[k+2*h], fours[k+2*h+1] = YMM(), YMM()
			VSHUFPS(Imm(0x44), pairs[k+2+h], pairs[k+h], fours[k+2*h])
			VSHUFPS(Imm(0xee), pairs[k+2+h], pairs[k+h], fours[k+2*h+1])
		}
	}
	for k := range 4 {
		lo, hi := YMM(), YMM()
		VPERM2F128(Imm(0x20), fours[k+4], fours[k], lo)
		VPERM2F128(Imm(0x31), fours[k+4], fours[k], hi)
		VMOVUPS(lo, place(dst, dstLast, k))
		VMOVUPS(hi, place(dst, dstLast, k+4))
	}
	for _, s := range []strided{src, srcLast} {
		s.move(I8(32))
	}
	step := GP64()
	MOVQ(dst.step, step)
	SHLQ(Imm(3), step)
	for _, s := range []strided{dst, dstLast} {
		s.move(step)
	}
	SUBQ(I8(8), n)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
}
