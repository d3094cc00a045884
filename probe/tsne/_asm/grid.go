package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// powers returns the coefficients of the four splines by powers of t, in both
// halves of a register.
func powers() (c [4]reg.VecVirtual) {
	p := ptr("splines")
	for i := range c {
		c[i] = YMM()
		VBROADCASTF128(Mem{Base: p, Disp: 16 * i}, c[i])
	}
	return c
}

// behind loads tx into the lower half of a register and ty into the upper.
func behind(place reg.Register) reg.VecVirtual {
	x, y := YMM(), YMM()
	VBROADCASTSS(Mem{Base: place, Disp: 8}, x)
	VBROADCASTSS(Mem{Base: place, Disp: 12}, y)
	VBLENDPS(Imm(0xf0), y, x, x)
	return x
}

// horner returns the polynomial with these coefficients.
func horner(t reg.VecVirtual, c []reg.VecVirtual) reg.VecVirtual {
	w := YMM()
	VMULPS(c[len(c)-1], t, w)
	for i := len(c) - 2; i > 0; i-- {
		VADDPS(c[i], w, w)
		VMULPS(w, t, w)
	}
	VADDPS(c[0], w, w)
	return w
}

// node returns a pointer to the first node of a place.
func node(grid, wide, place reg.Register) reg.Register {
	x, y := GP64(), GP64()
	MOVLQSX(Mem{Base: place}, x)
	MOVLQSX(Mem{Base: place, Disp: 4}, y)
	IMULQ(wide, y)
	ADDQ(x, y)
	LEAQ(Mem{Base: grid, Index: y, Scale: 4}, y)
	return y
}

func spread() {
	text("spreadAVX2", "func(grid *float32, wide int, places *int32, n int, splines *float32)", "spreadAVX2 is spreadGo for n > 0 places.")
	grid, wide, place, n := ptr("grid"), ptr("wide"), ptr("places"), ptr("n")
	c := powers()
	rows := GP64()
	MOVQ(wide, rows)
	SHLQ(Imm(2), rows)
	Label("place")
	at := node(grid, wide, place)
	w := horner(behind(place), c[:])
	wy := XMM()
	VEXTRACTF128(Imm(1), w, wy)
	for j := range 4 {
		v := XMM()
		VPERMILPS(Imm(uint64(0x55*j)), wy, v)
		VMULPS(w.AsX(), v, v)
		VADDPS(Mem{Base: at}, v, v)
		VMOVUPS(v, Mem{Base: at})
		if j < 3 {
			ADDQ(rows, at)
		}
	}
	ADDQ(Imm(16), place)
	DECQ(n)
	JNZ(LabelRef("place"))
	VZEROUPPER()
	RET()
}

func read() {
	text("readAVX2", "func(potential, force, grid *float32, wide int, places *int32, points *int32, n int, scale float32, splines *float32)",
		"readAVX2 is readGo for n > 0 places.")
	potential, force, grid, wide := ptr("potential"), ptr("force"), ptr("grid"), ptr("wide")
	place, points, n, scale := ptr("places"), ptr("points"), ptr("n"), everywhere("scale")
	c := powers()
	// Of the slopes.
	d := []reg.VecVirtual{c[1], YMM(), YMM()}
	VADDPS(c[2], c[2], d[1])
	VADDPS(c[3], c[3], d[2])
	VADDPS(c[3], d[2], d[2])
	rows := GP64()
	MOVQ(wide, rows)
	SHLQ(Imm(2), rows)
	Label("place")
	at := node(grid, wide, place)
	t := behind(place)
	w, s := horner(t, c[:]), horner(t, d)
	down := YMM() // wy, sy
	VPERM2F128(Imm(0x31), s, w, down)
	sum := zero() // the rows by wy, and by sy
	for j := range 4 {
		row, by := YMM(), YMM()
		VBROADCASTF128(Mem{Base: at}, row)
		VPERMILPS(Imm(uint64(0x55*j)), down, by)
		VMULPS(row, by, by)
		VADDPS(by, sum, sum)
		if j < 3 {
			ADDQ(rows, at)
		}
	}
	// The value and the slope along y, by wx; the slope along x, by sx.
	VPERM2F128(Imm(0), w, w, w)
	VMULPS(sum, w, w)
	VMULPS(sum.AsX(), s.AsX(), s.AsX())
	VHADDPS(s, w, w) // [value dx | dy ...], in halves
	VHADDPS(w, w, w)
	dy := XMM()
	VEXTRACTF128(Imm(1), w, dy)
	i := GP64()
	MOVLQSX(Mem{Base: points}, i)
	VMOVSS(w.AsX(), Mem{Base: potential, Index: i, Scale: 4})
	VSHUFPS(Imm(0x01), dy, w.AsX(), dy) // dx, value, dy, dy
	VPERMILPS(Imm(0x08), dy, dy)
	VMULPS(scale.AsX(), dy, dy)
	VMOVSD(dy, Mem{Base: force, Index: i, Scale: 8})
	ADDQ(Imm(16), place)
	ADDQ(Imm(4), points)
	DECQ(n)
	JNZ(LabelRef("place"))
	VZEROUPPER()
	RET()
}
