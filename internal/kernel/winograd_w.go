package kernel

// winoChunk is how many tiles ConvW transforms at a time, for all threads:
// several blocks of the sum, few enough to stay in the last-level cache.
const winoChunk = 4 * pixelBlock

// winoConvW is ConvW by Winograd's algorithm: for each position, one product
// of the transformed cells of the big side by the transformed 2x2 tiles of the
// small one, summed over all tiles; then the positions are added up to taps.
//
// Chunk by chunk, one job transforms and one multiplies. A task of the second
// owns one position and half of the rows, so no two threads add to one sum.
func (p *Pool) winoConvW(g Geom, dw, big, small []float32) {
	s := p.isa
	in := bigCells(g, big)
	area := in.th * in.tw
	tiles := g.N * area
	depth := in.depth()
	panelCount := (g.K + s.nr - 1) / s.nr

	chunk := min(winoChunk, tiles)
	row := depth + 16 // a power of two would put a column's rows in one cache set
	vSize := positions * chunk * row
	uSize := positions * panelCount * chunk * s.nr
	scratch := p.floats(vSize + uSize + positions*panelCount*depth*s.nr)
	v, u := scratch[:vSize], scratch[vSize:vSize+uSize]
	sums := scratch[vSize+uSize:] // [position][panel][depth][nr]

	off := p.strides(row)
	for t0 := 0; t0 < tiles; t0 += chunk {
		t1 := min(t0+chunk, tiles)
		p.run((t1-t0+7)/8, func(task, id int) {
			border := p.workers[id].floats(0, positions*in.run())
			for m := t0 + task*8; m < min(t0+task*8+8, t1); m++ {
				n, ty, tx := m/area, m%area/in.tw, m%in.tw
				for line := range in.side {
					in.transform(s.vec, v[(m-t0)*row+line*in.run():], chunk*row, border, n, ty, tx, line, 0, in.run())
				}
				gradTile(s, u[(m-t0)*s.nr:], panelCount*chunk*s.nr, chunk*s.nr, p.workers[id], g, small, n, ty, tx)
			}
		})
		const parts = 2
		p.run(positions*parts, func(task, id int) {
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
				for j := range panelCount {
					t.b = ptrOf(u[((pos*panelCount+j)*chunk+k0)*s.nr:])
					for r := r0; r < r1; r += s.mr {
						t.a = ptrOf(v[(pos*chunk+k0)*row+r:])
						t.c = ptrOf(sums[((pos*panelCount+j)*depth+r)*s.nr:])
						s.gather[min(s.mr, r1-r)](t)
					}
				}
			}
		})
	}
	// A row of the sums is pixel (dy, dx) of the cell and channel c; its taps
	// (ty, tx) are kernel rows 2*ty+dy and columns 2*tx+dx.
	p.run(4*panelCount, func(task, id int) {
		dy, dx, j := task/2%2, task%2, task/4
		cols := min(s.nr, g.K-j*s.nr)
		for c := range g.C {
			d := &p.workers[id].quad
			for i := range d {
				ky, kx := i/2*2+dy, i%2*2+dx
				d[i] = dw[((ky*4+kx)*g.C+c)*g.K+j*s.nr:]
			}
			r := (dy*2+dx)*g.C + c
			s.vec.winoOutput(d, sums[(j*depth+r)*s.nr:], panelCount*depth*s.nr, cols)
		}
	})
}

// gradTile writes the transformed 2x2 tile (n, ty, tx) of the small side, in
// panels: position q of panel j to dst[q*stride+j*panel:].
func gradTile(s *isa, dst []float32, stride, panel int, w *worker, g Geom, small []float32, n, ty, tx int) {
	src := &w.quad
	for i := range src {
		if y, x := 2*ty+i/2, 2*tx+i%2; y < g.OH && x < g.OW {
			src[i] = small[((n*g.OH+y)*g.OW+x)*g.K:][:g.K]
		} else {
			src[i] = w.zeros(g.K)
		}
	}
	for j := 0; j*s.nr < g.K; j++ {
		cols := min(s.nr, g.K-j*s.nr)
		s.vec.winoTaps(dst[j*panel:], stride, src, j*s.nr, cols)
		if cols < s.nr {
			for q := range positions {
				clear(dst[q*stride+j*panel+cols : q*stride+j*panel+s.nr])
			}
		}
	}
}

// strides returns the byte offsets of the rows of a matrix of c columns, for
// one block of a sum over pixels.
func (p *Pool) strides(c int) []int {
	return p.offsets(offsetKey{n: 1, oh: 1, ow: pixelBlock, ph: 1, pw: 1, pixel: c, stride: 1})
}
