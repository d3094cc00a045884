package main

import (
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"dcganviz/internal/kernel/asm/neon"
)

// winograd generates the transforms of kernel/winograd.go: steps are in floats,
// n > 0 is a multiple of 8.
func winograd() {
	for _, m := range matrices() {
		transform(m)
		if m.takesLists() {
			listed(m)
		}
	}
}

func transformName(m matrix) string { return m.name + "SIMD" }
func listedName(m matrix) string    { return m.name + "ListedSIMD" }

// A strided is pointers to up to six vectors that lie a step apart.
type strided struct {
	base, far reg.Register // far is three steps on; nil where no vector lies there
	step      reg.Register
}

func newStrided(base, step reg.Register, n int) strided {
	s := strided{base: base, step: step}
	if n > 3 {
		s.far = GP64()
		LEAQ(Mem{Base: step, Index: step, Scale: 2}, s.far)
		ADDQ(base, s.far)
	}
	return s
}

func (s strided) at(k int) Mem {
	m := Mem{Base: s.base}
	if k >= 3 {
		m.Base = s.far
	}
	if k%3 > 0 {
		m.Index, m.Scale = s.step, uint8(k%3)
	}
	return m
}

// move adds x to the pointers.
func (s strided) move(x Op) {
	for _, p := range []reg.Register{s.base, s.far} {
		if p != nil {
			ADDQ(x, p)
		}
	}
}

func bytesOf(name string) reg.Register {
	r := Load(Param(name), GP64())
	SHLQ(Imm(2), r)
	return r
}

func transform(m matrix) {
	text(transformName(m), "func(dst, src *float32, dstStep, srcStep, dstNext, srcNext, lines, n int)")
	dst := newStrided(ptr("dst"), bytesOf("dstStep"), len(m.rows))
	src := newStrided(ptr("src"), bytesOf("srcStep"), m.in)
	dstNext, srcNext, n := bytesOf("dstNext"), bytesOf("srcNext"), bytesOf("n")
	SUBQ(n, dstNext)
	SUBQ(n, srcNext)
	lines := ptr("lines")
	factors := factorsOf(m)

	left := GP64()
	Label("line")
	MOVQ(n, left)
	Label("loop")
	x := make([]reg.VecVirtual, m.in)
	for k := range x {
		x[k] = YMM()
		VMOVUPS(src.at(k), x[k])
	}
	for i, row := range m.rows {
		VMOVUPS(sum(row, x, factors), dst.at(i))
	}
	src.move(I8(32))
	dst.move(I8(32))
	SUBQ(I8(32), left)
	JNZ(LabelRef("loop"))
	src.move(srcNext)
	dst.move(dstNext)
	DECQ(lines)
	JNZ(LabelRef("line"))
	VZEROUPPER()
	RET()
}

// listed is transform with the places of the values in a list, in values a line.
func listed(m matrix) {
	text(listedName(m), "func(dst *float32, src **float32, dstStep, dstNext, lines, n int)")
	dst := newStrided(ptr("dst"), bytesOf("dstStep"), len(m.rows))
	list, dstNext, lines := ptr("src"), bytesOf("dstNext"), ptr("lines")
	factors := factorsOf(m)

	Label("line")
	places := make([]reg.Register, m.in)
	for k := range places {
		places[k] = GP64()
		MOVQ(Mem{Base: list, Disp: 8 * k}, places[k])
	}
	ADDQ(I8(8*m.in), list)
	i, n := GP64(), bytesOf("n")
	XORQ(i, i)
	SUBQ(n, dstNext)
	Label("loop")
	x := make([]reg.VecVirtual, m.in)
	for k := range x {
		x[k] = YMM()
		VMOVUPS(at(places[k], i), x[k])
	}
	for i, row := range m.rows {
		VMOVUPS(sum(row, x, factors), dst.at(i))
	}
	dst.move(I8(32))
	ADDQ(I8(32), i)
	CMPQ(i, n)
	JL(LabelRef("loop"))
	dst.move(dstNext)
	ADDQ(n, dstNext)
	DECQ(lines)
	JNZ(LabelRef("line"))
	VZEROUPPER()
	RET()
}

// factorsOf loads the coefficients of m into registers: as many as there are.
func factorsOf(m matrix) map[float32]reg.VecVirtual {
	f := map[float32]reg.VecVirtual{}
	for _, row := range m.rows {
		for _, t := range row {
			if v := abs(t.float()); !t.unit() && f[v] == nil && len(f)+m.in < 14 {
				f[v] = constant(v)
			}
		}
	}
	return f
}

func abs(v float32) float32 { return max(v, -v) }

// sum adds up one row. Products are fused with their sums.
func sum(row []term, x []reg.VecVirtual, factors map[float32]reg.VecVirtual) reg.VecVirtual {
	factor := func(t term) reg.VecVirtual {
		if r := factors[abs(t.float())]; r != nil {
			return r
		}
		return constant(abs(t.float()))
	}
	acc := x[row[0].at]
	fresh := false // whether acc may be written
	if !row[0].unit() {
		f := row[0].float()
		if f < 0 {
			panic("a sum begins with a negative product")
		}
		acc, fresh = YMM(), true
		VMULPS(factor(row[0]), x[row[0].at], acc)
	} else if row[0].by.Sign() < 0 {
		panic("a sum begins with a negative value")
	}
	for _, t := range row[1:] {
		to := acc
		if !fresh {
			to = YMM()
		}
		switch neg := t.by.Sign() < 0; {
		case t.unit() && neg:
			VSUBPS(x[t.at], acc, to)
		case t.unit():
			VADDPS(x[t.at], acc, to)
		default:
			if !fresh {
				VMOVAPS(acc, to)
			}
			if neg {
				VFNMADD231PS(factor(t), x[t.at], to)
			} else {
				VFMADD231PS(factor(t), x[t.at], to)
			}
		}
		acc, fresh = to, true
	}
	return acc
}

// transformTables list the routines by their transform.
func transformTables() string {
	var b strings.Builder
	table := func(name, signature string, of func(matrix) string, wanted func(matrix) bool) {
		b.WriteString("\nvar " + name + " = [transforms]" + signature + "{\n")
		for _, m := range matrices() {
			if wanted(m) {
				b.WriteString("\t" + m.name + ": " + of(m) + ",\n")
			}
		}
		b.WriteString("}\n")
	}
	table("transformsSIMD", "func(dst, src *float32, dstStep, srcStep, dstNext, srcNext, lines, n int)",
		transformName, func(matrix) bool { return true })
	table("listedSIMD", "func(dst *float32, src **float32, dstStep, dstNext, lines, n int)",
		listedName, matrix.takesLists)
	return b.String()
}

// straight returns the transforms for neon.
func straight() []neon.Transform {
	var out []neon.Transform
	for _, m := range matrices() {
		t := neon.Transform{Name: transformName(m), In: m.in}
		if m.takesLists() {
			t.Listed = listedName(m)
		}
		for _, row := range m.rows {
			var terms []neon.Term
			for _, x := range row {
				terms = append(terms, neon.Term{At: x.at, By: x.float()})
			}
			t.Rows = append(t.Rows, terms)
		}
		out = append(out, t)
	}
	return out
}
