package kernel

// Winograd's minimal filtering for the layers that dominate a DCGAN: 4x4
// kernels with stride 2.
//
// Split by stride phases, such a convolution is a stride-1 convolution with a
// 2x2 kernel: of cells of 2x2 pixels, four times the channels; and its
// transpose is four of them, one a phase. F(2x2, 2x2) computes a tile of 2x2
// results of a 2x2 kernel with 9 products instead of 16. Along one axis, with
// inputs d0 d1 d2, taps g0 g1 and results y0 y1:
//
//	m0 = (d0-d1) g0    m1 = d1 (g0+g1)    m2 = (d2-d1) g1
//	y0 = m0 + m1       y1 = m1 + m2
//
// The transforms only add, so float32 keeps its accuracy. The same bilinear
// form gives the gradient to the taps, with g the gradient of two results.
//
// Sources: Lavin & Gray 2015 (arXiv:1509.09308), section 4; for strides, Huang
// et al. 2020 (arXiv:2002.00552).

// positions is the number of products of a tile, 3x3.
const positions = 9

// winograd reports whether g asks for Winograd's algorithm and has the shape
// for it: channels in whole vectors, and enough of them to pay.
func (g Geom) winograd() bool {
	return g.Winograd && g.KH == 4 && g.KW == 4 && g.Stride == 2 &&
		g.C%8 == 0 && g.K%8 == 0 && g.OH > 1 && g.OW > 1
}

// cells is a tensor [n, h, w, c] seen as cells of side x side pixels; cell
// (0, 0) begins at pixel (y0, x0), which may lie outside. A cell's pixels are
// side runs of side*c floats.
type cells struct {
	src    []float32
	h, w   int
	c      int
	side   int
	y0, x0 int
	// th x tw tiles of 2x2 results, each from 3x3 cells.
	th, tw int
}

// run is the length of one row of a cell, in floats.
func (s *cells) run() int { return s.side * s.c }

// depth is the number of floats of a cell.
func (s *cells) depth() int { return s.side * s.side * s.c }

// transform writes floats [lo, hi) of row line of the cells of tile (n, ty, tx),
// transformed: position q to dst[q*stride:].
func (s *cells) transform(v *vectors, dst []float32, stride int, border []float32, n, ty, tx, line, lo, hi int) {
	run, length := s.run(), hi-lo
	row := s.w * s.c
	y := s.y0 + 2*ty*s.side + line
	at := s.x0*s.c + 2*tx*run + lo
	if y >= 0 && y+2*s.side < s.h && at >= 0 && at+2*run+length <= row {
		v.winoInput(dst, s.src[(n*s.h+y)*row+at:], stride, s.side*row, run, length)
		return
	}
	for i := range 3 {
		for j := range 3 {
			cell := border[(i*3+j)*length:][:length]
			from, to := at+j*run, at+j*run+length
			if y := y + i*s.side; y < 0 || y >= s.h || from >= row || to <= 0 {
				clear(cell)
			} else {
				copyClipped(cell, s.src[(n*s.h+y)*row:][:row], from)
			}
		}
	}
	v.winoInput(dst, border, stride, 3*length, length, length)
}

// copyClipped copies line from float at on, with zeros beyond either end.
func copyClipped(dst, line []float32, at int) {
	head := min(max(-at, 0), len(dst))
	clear(dst[:head])
	k := head
	if at+head < len(line) {
		k += copy(dst[head:], line[at+head:])
	}
	clear(dst[k:])
}

// winoProduct is one stride-1 convolution with a 2x2 kernel: cells to grid.
type winoProduct struct {
	in     cells
	u      []panels // transformed taps, [depth][columns] for each position
	out    grid
	gh, gw int // pixels of the grid
	n      int // images
}

// tileBlock is how many tiles a task transforms at a time, and columnBlock how
// many columns it multiplies them by: with kc floats of depth the transformed
// tiles and the products share a second-level cache of 512 KiB.
const columnBlock = 128

func tileBlock(mr int) int { return 28 / mr * mr }

func (q *winoProduct) split(p *Pool) (tiles, columns int) {
	b := tileBlock(p.isa.mr)
	return (q.n*q.in.th*q.in.tw + b - 1) / b, (q.u[0].n + columnBlock - 1) / columnBlock
}

// tasks is the number of tasks of the product.
func (q *winoProduct) tasks(p *Pool) int {
	tiles, columns := q.split(p)
	return tiles * columns
}

// task computes one block of tiles by one block of columns.
func (q *winoProduct) task(p *Pool, w *worker, task int) {
	s := p.isa
	_, columns := q.split(p)
	block := tileBlock(s.mr)
	m0 := task / columns * block
	m1 := min(m0+block, q.n*q.in.th*q.in.tw)
	c0 := task % columns * columnBlock
	c1 := min(c0+columnBlock, q.u[0].n)
	width := (c1 - c0 + s.nr - 1) / s.nr * s.nr // columns of the products in scratch

	depth := q.in.depth()
	pack := w.floats(0, positions*block*rowStride)
	prod := w.floats(1, positions*block*width+positions*kc)
	border := prod[positions*block*width:]
	for k0 := 0; k0 < depth; k0 += kc {
		k1 := min(k0+kc, depth)
		for m := m0; m < m1; m++ {
			q.packTile(s.vec, pack[(m-m0)*rowStride:], block*rowStride, border, m, k0, k1)
		}
		t := &w.tile
		t.k, t.rows, t.add = k1-k0, &w.rows, min(k0, 1)
		for r := range s.mr {
			w.rows[r] = r * width * 4
		}
		for pos := range positions {
			for j := c0; j < c1; j += s.nr {
				t.b = ptrOf(q.u[pos].at(j/s.nr, k0))
				for m := m0; m < m1; m += s.mr {
					t.a = ptrOf(pack[(pos*block+m-m0)*rowStride:])
					t.c = ptrOf(prod[(pos*block+m-m0)*width+j-c0:])
					s.pack[min(s.mr, m1-m)](t)
				}
			}
		}
	}
	q.putBack(s.vec, w, prod, block*width, width, m0, m1, c0, c1)
}

// packTile writes floats [k0, k1) of the transformed cells of tile m.
func (q *winoProduct) packTile(v *vectors, dst []float32, stride int, border []float32, m, k0, k1 int) {
	run := q.in.run()
	area := q.in.th * q.in.tw
	n, ty, tx := m/area, m%area/q.in.tw, m%q.in.tw
	for k := k0; k < k1; {
		line := k / run
		lo := k - line*run
		hi := min(run, lo+k1-k)
		q.in.transform(v, dst[k-k0:], stride, border, n, ty, tx, line, lo, hi)
		k += hi - lo
	}
}

// putBack adds up the products of each tile to its 2x2 results.
func (q *winoProduct) putBack(v *vectors, w *worker, prod []float32, stride, width, m0, m1, c0, c1 int) {
	area := q.in.th * q.in.tw
	for m := m0; m < m1; m++ {
		n, ty, tx := m/area, m%area/q.in.tw, m%q.in.tw
		d := &w.quad
		for i := range d {
			d[i] = w.dump(c1 - c0) // a result past the grid's end is thrown away
			if y, x := 2*ty+i/2, 2*tx+i%2; y < q.gh && x < q.gw {
				d[i] = q.out.dst[q.out.at+n*q.out.image+y*q.out.row+x*q.out.pixel+c0:]
			}
		}
		v.winoOutput(d, prod[(m-m0)*width:], stride, c1-c0)
	}
}

// winoConv is Conv by Winograd's algorithm.
func (p *Pool) winoConv(g Geom, small, big []float32, f *Filter) {
	q := winoProduct{
		in: bigCells(g, big), u: f.winoForward(p), n: g.N, gh: g.OH, gw: g.OW,
		out: grid{dst: small, image: g.OH * g.OW * g.K, row: g.OW * g.K, pixel: g.K},
	}
	p.run(q.tasks(p), func(task, id int) { q.task(p, p.workers[id], task) })
}

// bigCells is the big side as the cells of 2x2 pixels that Conv reads.
func bigCells(g Geom, big []float32) cells {
	return cells{src: big, h: g.H, w: g.W, c: g.C, side: 2, y0: -g.Pad, x0: -g.Pad,
		th: (g.OH + 1) / 2, tw: (g.OW + 1) / 2}
}

// winoConvT is ConvT by Winograd's algorithm: one product for each phase.
func (p *Pool) winoConvT(g Geom, big, small []float32, f *Filter) {
	phases := phasesOf(g)
	forms := f.winoPhases(p, g, phases)
	qs := make([]winoProduct, len(phases))
	first := make([]int, len(phases)+1)
	for i, ph := range phases {
		qs[i] = winoProduct{
			in: cells{src: small, h: g.OH, w: g.OW, c: g.K, side: 1, y0: ph.sy, x0: ph.sx,
				th: (ph.gh + 1) / 2, tw: (ph.gw + 1) / 2},
			u: forms[i*positions:][:positions], n: g.N, gh: ph.gh, gw: ph.gw,
			out: grid{dst: big, at: (ph.y0*g.W + ph.x0) * g.C, image: g.H * g.W * g.C,
				row: g.Stride * g.W * g.C, pixel: g.Stride * g.C},
		}
		first[i+1] = first[i] + qs[i].tasks(p)
	}
	p.run(first[len(phases)], func(task, id int) {
		i := 0
		for task >= first[i+1] {
			i++
		}
		qs[i].task(p, p.workers[id], task-first[i])
	})
}
