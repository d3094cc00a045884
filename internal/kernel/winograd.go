package kernel

// Winograd's minimal filtering, for the layers that dominate a DCGAN.
//
// F(m, r) computes m neighbouring results of a filter of r taps with m+r-1 products,
// one a point, where the direct way needs m*r:
//
//	results = output · ((filter · taps) ∘ (input · values))
//
// The three matrices have few and small coefficients, and channels are summed between
// the products and the results, so that the transforms cost little. In two dimensions
// they are applied along each axis. The same points give the gradient to the taps,
// which is F(r, m) with the gradient of m results as its taps.
//
// A convolution with stride 2 is one with stride 1 of cells of 2x2 pixels, with half
// the taps an axis and four times the channels. Its transpose is four of them, one a
// phase. So 4x4 kernels have 2 taps an axis, and 5x5 kernels 3, or 2 in some phases.
//
// Products for each result and axis: F(2,2) 1.5 instead of 2, F(4,2) 1.25, F(4,3) 1.5
// instead of 3. The more points, the larger the rounding errors. With 2,048 channels they
// are 5e-7 of the largest result for F(2,2), 5e-6 for F(4,2) and 3e-6 for F(4,3), where
// direct sums have 3e-7 (TestRoundingErrors). Without the blocks of kc they would be larger.
//
// Sources: Lavin & Gray 2015 (arXiv:1509.09308), section 4; for strides, Huang
// et al. 2020 (arXiv:2002.00552).

// A minimal is the transforms of F(results, taps) along one axis.
type minimal struct {
	results, taps, points     int
	input, filter, output     transform
	gradFilter, gradientToTap transform // of F(taps, results)
}

var (
	f22 = &minimal{2, 2, 3, input3, filter3x2, output2x3, filter3x2, output2x3}
	f42 = &minimal{4, 2, 5, input5, filter5x2, output4x5, filter5x4, output2x5}
	f43 = &minimal{4, 3, 6, input6, filter6x3, output4x6, filter6x4, output3x6}
)

// minimal returns the filtering for so many results and taps along an axis, nil for the
// direct way.
//
// The transformed filters are larger: those of a 4x4 kernel 6.25 times by F(4,2) along
// both axes, 2.25 times by F(2,2). An image with few results does not use them often enough
// to make up for reading them. A batch does.
func (a Algorithm) minimal(results, taps int) *minimal {
	switch {
	case taps == 2 && (results >= 12 || results >= 7 && a == ManyImages):
		return f42
	case taps == 2 && (results >= 7 || results >= 2 && a == ManyImages):
		return f22
	case taps == 3 && (results >= 12 || results >= 7 && a == ManyImages):
		return f43
	}
	return nil
}

// A plane is the filtering along both axes.
type plane struct{ y, x *minimal }

func (f plane) positions() int { return f.y.points * f.x.points }

// tiles is how many tiles cover a grid of h x w results.
func (f plane) tiles(h, w int) (th, tw int) {
	return (h + f.y.results - 1) / f.y.results, (w + f.x.results - 1) / f.x.results
}

// cellPlane is the filtering of Conv and ConvW, over cells of Stride x Stride pixels.
func (g Geom) cellPlane() plane {
	taps := func(kernel int) int { return (kernel + g.Stride - 1) / g.Stride }
	return plane{g.Algorithm.minimal(g.OH, taps(g.KH)), g.Algorithm.minimal(g.OW, taps(g.KW))}
}

// phasePlane is the filtering of one phase of ConvT.
func (g Geom) phasePlane(ph phase) plane {
	return plane{g.Algorithm.minimal(g.OH, ph.th), g.Algorithm.minimal(g.OW, ph.tw)}
}

// winograd reports whether g asks for Winograd's algorithm and has the shape
// for it: channels in whole vectors, and 2 or 3 taps along each axis.
func (g Geom) winograd() bool {
	if g.Algorithm == Direct || g.Stride > 2 || g.C%8 != 0 || g.K%8 != 0 {
		return false
	}
	few := func(kernel int) bool { return kernel/g.Stride == 2 || kernel == 3*g.Stride }
	cells := g.cellPlane()
	return few(g.KH) && few(g.KW) && cells.y != nil && cells.x != nil
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
	plane
	th, tw int // tiles
}

// run is the length of one row of a cell, in floats.
func (s *cells) run() int { return s.side * s.c }

// depth is the number of floats of a cell.
func (s *cells) depth() int { return s.side * s.side * s.c }

// transform writes floats [lo, hi) of row line of the cells of tile m, transformed:
// position q to dst[q*stride:].
func (s *cells) transform(v *vectors, w *worker, dst []float32, stride, m, line, lo, hi int) {
	n, ty, tx := m/(s.th*s.tw), m/s.tw%s.th, m%s.tw
	run, length := s.run(), hi-lo
	row := s.w * s.c
	y := s.y0 + s.y.results*ty*s.side + line
	at := s.x0*s.c + s.x.results*tx*run + lo
	n0 := n * s.h * row
	out := view{dst, s.x.points * stride, stride}
	if y >= 0 && y+(s.y.points-1)*s.side < s.h && at >= 0 && at+(s.x.points-1)*run+length <= row {
		w.transform(v, s.y.input, s.x.input, out, view{s.src[n0+y*row+at:], s.side * row, run}, length)
		return
	}
	// Pieces of one pixel lie within the source or outside it as a whole.
	for lo < hi {
		n := min(midRun, hi-lo, s.c-lo%s.c)
		list := w.list[:0]
		for j := range s.x.points {
			for i := range s.y.points {
				p := &nothing[0]
				if y, x := y+i*s.side, at+j*run; y >= 0 && y < s.h && x >= 0 && x < row {
					p = &s.src[n0+y*row+x]
				}
				list = append(list, p)
			}
		}
		w.transformListed(v, s.y.input, s.x.input, out, list, n)
		out, lo, at = out.at(n), lo+n, at+n
	}
}

// winoProduct is one stride-1 convolution: cells to grid.
type winoProduct struct {
	in     cells
	u      []panels // transformed taps, [depth][columns] for each position
	out    grid
	gh, gw int // pixels of the grid
	n      int // images
}

// tileRows is how many rows of transformed tiles a task has at a time, over all
// positions, and columnBlock how many columns it multiplies them by.
const (
	tileRows    = 1350
	columnBlock = 128
)

// block is the number of tiles that a task takes.
func (q *winoProduct) block(mr int) int {
	return max(1, tileRows/q.in.positions()/mr) * mr
}

func (q *winoProduct) split(p *Pool) (tiles, columns int) {
	b := q.block(p.isa.mr)
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
	block := q.block(s.mr)
	m0 := task / columns * block
	m1 := min(m0+block, q.n*q.in.th*q.in.tw)
	c0 := task % columns * columnBlock
	c1 := min(c0+columnBlock, q.u[0].n)
	width := (c1 - c0 + s.nr - 1) / s.nr * s.nr // columns of the products in scratch

	depth, positions := q.in.depth(), q.in.positions()
	calls := (m1 - m0 + s.mr - 1) / s.mr
	pack := w.floats(0, positions*block*rowStride)
	prod := w.floats(1, positions*block*width)
	for k0 := 0; k0 < depth; k0 += kc {
		k1 := min(k0+kc, depth)
		for m := m0; m < m1; m++ {
			q.packTile(s.vec, w, pack[(m-m0)*rowStride:], block*rowStride, m, k0, k1)
		}
		t := &w.tile
		t.k, t.rows, t.add = k1-k0, &w.rows, min(k0, 1)
		for r := range s.mr {
			w.rows[r] = r * width * 4
		}
		for pos := range positions {
			for j := c0; j < c1; j += s.nr {
				t.b = ptrOf(q.u[pos].at(j/s.nr, k0))
				switch {
				case j+s.nr < c1:
					t.fetch(q.u[pos].at(j/s.nr+1, k0), s.nr, calls)
				case pos+1 < positions:
					t.fetch(q.u[pos+1].at(c0/s.nr, k0), s.nr, calls)
				case k1 < depth:
					t.fetch(q.u[0].at(c0/s.nr, k1), s.nr, calls)
				}
				for m := m0; m < m1; m += s.mr {
					t.a = ptrOf(pack[(pos*block+m-m0)*rowStride:])
					t.c = ptrOf(prod[(pos*block+m-m0)*width+j-c0:])
					s.pack[min(s.mr, m1-m)](t)
					t.fetched()
				}
			}
		}
	}
	for m := m0; m < m1; m++ {
		q.putBack(s.vec, w, view{prod[(m-m0)*width:], q.in.x.points * block * width, block * width}, m, c0, c1)
	}
}

// packTile writes floats [k0, k1) of the transformed cells of tile m.
func (q *winoProduct) packTile(v *vectors, w *worker, dst []float32, stride, m, k0, k1 int) {
	run := q.in.run()
	for k := k0; k < k1; {
		line := k / run
		lo := k - line*run
		hi := min(run, lo+k1-k)
		q.in.transform(v, w, dst[k-k0:], stride, m, line, lo, hi)
		k += hi - lo
	}
}

// putBack makes the results of tile m from its products. A tile that reaches past the
// grid is made aside, and what lies within it copied.
func (q *winoProduct) putBack(v *vectors, w *worker, prod view, m, c0, c1 int) {
	f := &q.in
	n, ty, tx := m/(f.th*f.tw), m/f.tw%f.th, m%f.tw
	y, x, length := ty*f.y.results, tx*f.x.results, c1-c0
	dst := view{q.out.dst[q.out.at+n*q.out.image+y*q.out.row+x*q.out.pixel+c0:], q.out.row, q.out.pixel}
	h, wide := min(f.y.results, q.gh-y), min(f.x.results, q.gw-x)
	if h == f.y.results && wide == f.x.results {
		w.transform(v, f.y.output, f.x.output, dst, prod, length)
		return
	}
	aside := view{grow(&w.aside, f.y.results*f.x.results*length), f.x.results * length, length}
	w.transform(v, f.y.output, f.x.output, aside, prod, length)
	for i := range h {
		for j := range wide {
			copy(dst.data[i*dst.row+j*dst.col:][:length], aside.data[i*aside.row+j*aside.col:])
		}
	}
}

// winoConv is Conv by Winograd's algorithm.
func (p *Pool) winoConv(g Geom, small, big []float32, f *Filter) {
	q := winoProduct{
		in: bigCells(g, big), u: f.winoForward(p, g), n: g.N, gh: g.OH, gw: g.OW,
		out: grid{dst: small, image: g.OH * g.OW * g.K, row: g.OW * g.K, pixel: g.K},
	}
	p.run(q.tasks(p), func(task, id int) { q.task(p, p.workers[id], task) })
}

// bigCells is the big side as the cells that Conv reads.
func bigCells(g Geom, big []float32) cells {
	s := cells{src: big, h: g.H, w: g.W, c: g.C, side: g.Stride, y0: -g.Pad, x0: -g.Pad, plane: g.cellPlane()}
	s.th, s.tw = s.tiles(g.OH, g.OW)
	return s
}

// winoConvT is ConvT by Winograd's algorithm: one product for each phase.
func (p *Pool) winoConvT(g Geom, big, small []float32, f *Filter) {
	phases := phasesOf(g)
	forms := f.winoPhases(p, g, phases)
	qs := make([]winoProduct, len(phases))
	first := make([]int, len(phases)+1)
	for i, ph := range phases {
		in := cells{src: small, h: g.OH, w: g.OW, c: g.K, side: 1, y0: ph.sy, x0: ph.sx, plane: g.phasePlane(ph)}
		in.th, in.tw = in.tiles(ph.gh, ph.gw)
		qs[i] = winoProduct{
			in: in, u: forms[:in.positions()], n: g.N, gh: ph.gh, gw: ph.gw,
			out: grid{dst: big, at: (ph.y0*g.W + ph.x0) * g.C, image: g.H * g.W * g.C,
				row: g.Stride * g.W * g.C, pixel: g.Stride * g.C},
		}
		forms = forms[in.positions():]
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
