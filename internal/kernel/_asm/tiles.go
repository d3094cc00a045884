package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Offsets of the fields of kernel.tile, and kernel.rowStride in bytes.
const (
	fieldA, fieldB, fieldC = 0, 8, 16
	fieldK, fieldRows      = 24, 32
	fieldOff, fieldAdd     = 40, 48
	fieldNext, fieldStep   = 56, 64
	rowStride              = (256 + 16) * 4
)

// A width is the vector registers of an instruction set.
type width struct {
	bytes int
	reg   func() reg.VecVirtual
}

var (
	ymm = width{32, YMM}
	zmm = width{64, ZMM}
)

// tiles generates the row and the gather kernels of one instruction set, for
// every number of rows up to mr, two vectors wide.
func tiles(set string, v width, mr int) {
	for _, gather := range []bool{false, true} {
		kind := "pack"
		if gather {
			kind = "gather"
		}
		for rows := 1; rows <= mr; rows++ {
			tileKernel(fmt.Sprintf("%s%s_%d", kind, set, rows), v, rows, gather)
		}
	}
}

func tileKernel(name string, v width, rows int, gather bool) {
	TEXT(name, NOSPLIT, "func(t *byte)")
	t := Load(Param("t"), GP64())
	field := func(off int) reg.GPVirtual {
		r := GP64()
		MOVQ(Mem{Base: t, Disp: off}, r)
		return r
	}
	a, b, k := field(fieldA), field(fieldB), field(fieldK)
	var off, next, pace, pace3 reg.GPVirtual
	if gather {
		off = field(fieldOff)
	} else {
		next, pace, pace3 = field(fieldNext), field(fieldStep), GP64()
		LEAQ(Mem{Base: pace, Index: pace, Scale: 2}, pace3)
	}
	acc := make([][2]reg.VecVirtual, rows)
	for r := range acc {
		for i := range acc[r] {
			acc[r][i] = v.reg()
			if v.bytes == 64 {
				VPXORD(acc[r][i], acc[r][i], acc[r][i])
			} else {
				VXORPS(acc[r][i], acc[r][i], acc[r][i])
			}
		}
	}
	// step does one k: u counts the steps of an unrolled round, so that the
	// pointers move once a round.
	step := func(u int) {
		b0, b1 := v.reg(), v.reg()
		if !gather {
			// What comes next: see tile.fetch.
			at := Mem{Base: next}
			switch u {
			case 1, 2:
				at.Index, at.Scale = pace, uint8(u)
			case 3:
				at.Index, at.Scale = pace3, 1
			}
			PREFETCHT1(at)
			if v.bytes == 64 {
				at.Disp = 64
				PREFETCHT1(at)
			}
		}
		VMOVUPS(Mem{Base: b, Disp: u * 2 * v.bytes}, b0)
		VMOVUPS(Mem{Base: b, Disp: u*2*v.bytes + v.bytes}, b1)
		var o reg.GPVirtual
		if gather {
			o = GP64()
			MOVQ(Mem{Base: off, Disp: u * 8}, o)
		}
		for r := range rows {
			x := v.reg()
			if gather {
				VBROADCASTSS(Mem{Base: a, Index: o, Scale: 1, Disp: r * 4}, x)
			} else {
				VBROADCASTSS(Mem{Base: a, Disp: r*rowStride + u*4}, x)
			}
			VFMADD231PS(b0, x, acc[r][0])
			VFMADD231PS(b1, x, acc[r][1])
		}
	}
	advance := func(u int) {
		ADDQ(I32(u*2*v.bytes), b)
		if gather {
			ADDQ(I8(u*8), off)
		} else {
			ADDQ(I8(u*4), a)
			if u == 1 {
				ADDQ(pace, next)
			} else {
				LEAQ(Mem{Base: next, Index: pace, Scale: uint8(u)}, next)
			}
		}
	}
	const unroll = 4
	SUBQ(I8(unroll), k)
	JL(LabelRef("tail"))
	Label("loop")
	for u := range unroll {
		step(u)
	}
	advance(unroll)
	SUBQ(I8(unroll), k)
	JGE(LabelRef("loop"))
	Label("tail")
	ADDQ(I8(unroll), k)
	JZ(LabelRef("store"))
	Label("single")
	step(0)
	advance(1)
	DECQ(k)
	JNZ(LabelRef("single"))

	Label("store")
	c, at, add := field(fieldC), field(fieldRows), field(fieldAdd)
	TESTQ(add, add)
	JZ(LabelRef("overwrite"))
	for r := range rows {
		p := GP64()
		MOVQ(Mem{Base: at, Disp: r * 8}, p)
		for i := range acc[r] {
			m := Mem{Base: c, Index: p, Scale: 1, Disp: i * v.bytes}
			VADDPS(m, acc[r][i], acc[r][i])
			VMOVUPS(acc[r][i], m)
		}
	}
	VZEROUPPER()
	RET()
	Label("overwrite")
	for r := range rows {
		p := GP64()
		MOVQ(Mem{Base: at, Disp: r * 8}, p)
		for i := range acc[r] {
			VMOVUPS(acc[r][i], Mem{Base: c, Index: p, Scale: 1, Disp: i * v.bytes})
		}
	}
	VZEROUPPER()
	RET()
}
