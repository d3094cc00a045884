package neon

// A Transform is one matrix of Winograd's algorithm: result i is the sum of Rows[i], in
// the order of its terms.
type Transform struct {
	Name   string // of the routine that finds its values a step apart
	Listed string // of the one that finds them in a list, empty if there is none
	In     int    // how many values
	Rows   [][]Term
}

// A Term is one product of a sum: By times value At.
type Term struct {
	At int
	By float32
}

// A straight is a transform that is being written: straight-line code for 8 floats.
type straight struct {
	*asm
	rows    [][]Term
	x       []wide
	sum     wide
	factors map[float32]wide // by magnitude
}

func newStraight(a *asm, t Transform) *straight {
	s := &straight{asm: a, rows: t.Rows, x: make([]wide, t.In), factors: map[float32]wide{}}
	for k := range s.x {
		s.x[k] = a.wide()
	}
	s.sum = a.wide()
	table := a.tableAddress()
	for _, row := range t.Rows {
		for _, term := range row {
			if _, ok := s.factors[abs(term.By)]; !ok && abs(term.By) != 1 {
				s.factors[abs(term.By)] = a.constant(table, abs(term.By))
			}
		}
	}
	return s
}

func abs(v float32) float32 { return max(v, -v) }

// apply reads the values at src, writes the results to dst, and moves both on.
func (s *straight) apply(dst, src []gp) {
	for k, p := range src {
		s.loadNext(p, s.x[k])
	}
	for i, row := range s.rows {
		s.storeNext(s.add(row), dst[i])
	}
}

// add adds up one row. Products are fused with their sums, as they are for AVX2.
func (s *straight) add(row []Term) wide {
	acc := s.x[row[0].At]
	if row[0].By < 0 {
		panic("neon: a sum begins with a negative term")
	}
	if row[0].By != 1 {
		s.three8(fmul, s.sum, acc, s.factors[row[0].By])
		acc = s.sum
	}
	for _, t := range row[1:] {
		x, factor := s.x[t.At], s.factors[abs(t.By)]
		if abs(t.By) != 1 && acc != s.sum {
			s.copy(s.sum, acc)
		}
		switch {
		case t.By == 1:
			s.three8(fadd, s.sum, acc, x)
		case t.By == -1:
			s.three8(fsub, s.sum, acc, x)
		case t.By < 0:
			s.three8(fmls, s.sum, x, factor)
		default:
			s.three8(fmla, s.sum, x, factor)
		}
		acc = s.sum
	}
	return acc
}

// apart returns n pointers, the first given and each a step on.
func (a *asm) apart(p, step gp, n int) []gp {
	all := []gp{p}
	for len(all) < n {
		q := a.gp()
		a.line("ADD %v, %v, %v", step, all[len(all)-1], q)
		all = append(all, q)
	}
	return all
}

func (a *asm) bytesOf(name string) gp {
	r := a.ptr(name)
	a.line("LSL $2, %v, %v", r, r)
	return r
}

// move adds by to pointers.
func (a *asm) move(p []gp, by gp) {
	for _, p := range p {
		a.line("ADD %v, %v, %v", by, p, p)
	}
}

// transform equals kernel.transformGo. Steps and n are in floats.
func transform(a *asm, t Transform) {
	a.begin(t.Name, "func(dst, src *float32, dstStep, srcStep, dstNext, srcNext, lines, n int)")
	dst := a.apart(a.ptr("dst"), a.bytesOf("dstStep"), len(t.Rows))
	src := a.apart(a.ptr("src"), a.bytesOf("srcStep"), t.In)
	dstNext, srcNext, lines, n := a.bytesOf("dstNext"), a.bytesOf("srcNext"), a.ptr("lines"), a.bytesOf("n")
	a.line("SUB %v, %v, %v", n, dstNext, dstNext)
	a.line("SUB %v, %v, %v", n, srcNext, srcNext)
	s, left := newStraight(a, t), a.gp()
	a.label("line")
	a.line("MOVD %v, %v", n, left)
	a.label("loop")
	s.apply(dst, src)
	a.line("SUBS $32, %v, %v", left, left)
	a.line("BNE loop")
	a.move(dst, dstNext)
	a.move(src, srcNext)
	a.line("SUBS $1, %v, %v", lines, lines)
	a.line("BNE line")
	a.line("RET")
}

// listed equals kernel.listedGo.
func listed(a *asm, t Transform) {
	a.begin(t.Listed, "func(dst *float32, src **float32, dstStep, dstNext, lines, n int)")
	dst := a.apart(a.ptr("dst"), a.bytesOf("dstStep"), len(t.Rows))
	list, dstNext, lines, n := a.ptr("src"), a.bytesOf("dstNext"), a.ptr("lines"), a.bytesOf("n")
	a.line("SUB %v, %v, %v", n, dstNext, dstNext)
	s, left, src := newStraight(a, t), a.gp(), make([]gp, t.In)
	for k := range src {
		src[k] = a.gp()
	}
	a.label("line")
	for _, p := range src {
		a.line("MOVD.P 8(%v), %v", list, p)
	}
	a.line("MOVD %v, %v", n, left)
	a.label("loop")
	s.apply(dst, src)
	a.line("SUBS $32, %v, %v", left, left)
	a.line("BNE loop")
	a.move(dst, dstNext)
	a.line("SUBS $1, %v, %v", lines, lines)
	a.line("BNE line")
	a.line("RET")
}
