package kernel

// winoChunk is how many tiles ConvW transforms at a time, for all threads:
// several blocks of the sum, few enough to stay in the last-level cache.
const winoChunk = 4 * pixelBlock

// A winoGradient is ConvW by Winograd's algorithm: for each position, one product
// of the transformed cells of the big side by the transformed tiles of the
// small one, summed over all tiles; then the positions are added up to taps.
type winoGradient struct {
	g      Geom
	in     cells
	tiles  int
	chunk  int // tiles at a time
	row    int // floats from one transformed tile to the next
	panels int // of the small side
	group  int // panels whose sums are kept at a time
}

func newWinoGradient(g Geom, nr int, big []float32) *winoGradient {
	q := &winoGradient{g: g, in: bigCells(g, big)}
	q.tiles = g.N * q.in.th * q.in.tw
	q.chunk = min(winoChunk, q.tiles)
	q.row = q.in.depth() + 16 // a power of two would put a column's rows in one cache set
	q.panels = (g.K + nr - 1) / nr
	q.group = q.panels
	if q.tiles <= q.chunk {
		// One chunk is transformed once for all groups of panels.
		q.group = min(q.panels, max(1, columnBlock/nr))
	}
	return q
}

// strides returns how far apart the positions are of the cells, of the small side's
// tiles and of the sums, in floats. A power of two would put them in one cache set.
func (q *winoGradient) strides(nr int) (v, u, sums int) {
	const line = 16
	return q.chunk*q.row + line, q.panels*q.chunk*nr + line, q.group*q.in.depth()*nr + line
}

// sizes returns how many floats of scratch hold the three.
func (q *winoGradient) sizes(nr int) (v, u, sums int) {
	v, u, sums = q.strides(nr)
	n := q.in.positions()
	return n * v, n * u, n * sums
}

// winoConvW works chunk by chunk: one job transforms and one multiplies. A task of the
// second owns one position and a part of the rows, so no two threads add to one sum.
func (p *Pool) winoConvW(g Geom, dw, big, small []float32) {
	nr := p.isa.nr
	q := newWinoGradient(g, nr, big)
	vSize, uSize, sumSize := q.sizes(nr)
	scratch := p.floats(vSize + uSize + sumSize)
	v, u := scratch[:vSize], scratch[vSize:vSize+uSize]
	sums := scratch[vSize+uSize:] // [position][panel of the group][depth][nr]
	for j0 := 0; j0 < q.panels; j0 += q.group {
		j1 := min(j0+q.group, q.panels)
		for t0 := 0; t0 < q.tiles; t0 += q.chunk {
			t1 := min(t0+q.chunk, q.tiles)
			if j0 == 0 {
				q.transform(p, v, u, small, t0, t1)
			}
			q.multiply(p, sums, v, u, t0, t1, j0, j1)
		}
		q.putBack(p, dw, sums, j0, j1)
	}
}

// transform makes the cells and the small side's tiles of [t0, t1).
func (q *winoGradient) transform(p *Pool, v, u, small []float32, t0, t1 int) {
	s := p.isa
	vStride, _, _ := q.strides(s.nr)
	p.run((t1-t0+7)/8, func(task, id int) {
		w := p.workers[id]
		for m := t0 + task*8; m < min(t0+task*8+8, t1); m++ {
			for line := range q.in.side {
				q.in.transform(s.vec, w, v[(m-t0)*q.row+line*q.in.run():], vStride, m, line, 0, q.in.run())
			}
			q.gradTile(s, w, u[(m-t0)*s.nr:], small, m)
		}
	})
}

// gradTile writes the transformed tile m of the small side, in panels.
func (q *winoGradient) gradTile(s *isa, w *worker, dst, small []float32, m int) {
	g, f := &q.g, &q.in
	n, ty, tx := m/(f.th*f.tw), m/f.tw%f.th, m%f.tw
	y, x := ty*f.y.results, tx*f.x.results
	src := view{small[((n*g.OH+y)*g.OW+x)*g.K:], g.OW * g.K, g.K}
	border := y+f.y.results > g.OH || x+f.x.results > g.OW
	panel := q.chunk * s.nr
	_, position, _ := q.strides(s.nr)
	for j := range q.panels {
		cols := min(s.nr, g.K-j*s.nr)
		out := view{dst[j*panel:], f.x.points * position, position}
		if !border {
			w.transform(s.vec, f.y.gradFilter, f.x.gradFilter, out, src.at(j*s.nr), cols)
		} else {
			list := w.list[:0]
			for k := range f.x.results {
				for i := range f.y.results {
					p := &nothing[0]
					if y+i < g.OH && x+k < g.OW {
						p = &src.data[i*src.row+k*src.col+j*s.nr]
					}
					list = append(list, p)
				}
			}
			w.transformListed(s.vec, f.y.gradFilter, f.x.gradFilter, out, list, cols)
		}
		if cols < s.nr {
			for i := range f.positions() {
				clear(out.data[i*position+cols : i*position+s.nr])
			}
		}
	}
}

// multiply adds the products of tiles [t0, t1) to the sums of panels [j0, j1).
func (q *winoGradient) multiply(p *Pool, sums, v, u []float32, t0, t1, j0, j1 int) {
	s := p.isa
	depth := q.in.depth()
	vStride, uStride, sumStride := q.strides(s.nr)
	off := p.strides(q.row)
	const parts = 2
	p.run(q.in.positions()*parts, func(task, id int) {
		pos, part := task/parts, task%parts
		w := p.workers[id]
		t := &w.tile
		t.rows = &w.rows
		for r := range s.mr {
			w.rows[r] = r * s.nr * 4
		}
		t.off = ptrOfInts(off)
		r0, r1 := part*depth/parts, (part+1)*depth/parts
		for k0 := 0; k0 < t1-t0; k0 += pixelBlock {
			t.k, t.add = min(pixelBlock, t1-t0-k0), min(t0+k0, 1)
			for j := j0; j < j1; j++ {
				t.b = ptrOf(u[pos*uStride+(j*q.chunk+k0)*s.nr:])
				for r := r0; r < r1; r += s.mr {
					t.a = ptrOf(v[pos*vStride+k0*q.row+r:])
					t.c = ptrOf(sums[pos*sumStride+((j-j0)*depth+r)*s.nr:])
					s.gather[min(s.mr, r1-r)](t)
				}
			}
		}
	})
}

// putBack adds up the sums of panels [j0, j1) to taps. Row (dy, dx, c) of the sums is
// channel c of pixel (dy, dx) of a cell; its tap (ty, tx) is kernel row ty*side+dy and
// column tx*side+dx, where the kernel has one.
func (q *winoGradient) putBack(p *Pool, dw, sums []float32, j0, j1 int) {
	g, f, nr := &q.g, &q.in, p.isa.nr
	side, depth := f.side, f.depth()
	_, _, position := q.strides(nr)
	th, tw := f.y.taps, f.x.taps
	p.run(side*side*(j1-j0), func(task, id int) {
		w := p.workers[id]
		dy, dx, j := task/side%side, task%side, j0+task/(side*side)
		cols := min(nr, g.K-j*nr)
		tap := g.C * g.K
		whole := dy+(th-1)*side < g.KH && dx+(tw-1)*side < g.KW
		src := view{sums[((j-j0)*depth+(dy*side+dx)*g.C)*nr:], f.x.points * position, position}
		dst := view{dw[(dy*g.KW+dx)*tap+j*nr:], side * g.KW * tap, side * tap}
		if whole {
			w.transformRuns(p.isa.vec, f.y.gradientToTap, f.x.gradientToTap, dst, g.K, src, nr, cols, g.C)
			return
		}
		aside := view{grow(&w.aside, th*tw*cols), tw * cols, cols}
		for c := range g.C {
			w.transform(p.isa.vec, f.y.gradientToTap, f.x.gradientToTap, aside, src.at(c*nr), cols)
			for i := 0; i < th && dy+i*side < g.KH; i++ {
				for k := 0; k < tw && dx+k*side < g.KW; k++ {
					copy(dst.data[i*dst.row+k*dst.col+c*g.K:][:cols], aside.data[i*aside.row+k*aside.col:])
				}
			}
		}
	})
}

// strides returns the byte offsets of the rows of a matrix of c columns, for
// one block of a sum over pixels.
func (p *Pool) strides(c int) []int {
	return p.offsets(offsetKey{n: 1, oh: 1, ow: pixelBlock, ph: 1, pw: 1, pixel: c, stride: 1})
}
