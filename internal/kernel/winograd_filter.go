package kernel

// winoForward returns the transformed taps of winoConv: for each position the
// matrix [(dy, dx, c)][k], with (dy, dx) a pixel of a cell.
func (f *Filter) winoForward(p *Pool, g Geom) []panels {
	nr, side, plane := p.isa.nr, g.Stride, g.cellPlane()
	key := packKey{nr: nr, stride: side, plane: plane, parts: plane.positions()}
	depth := side * side * f.C
	fresh := f.pack(&f.wino, key, func(int) (k, n int) { return depth, f.K })
	u := f.wino.parts
	if !fresh {
		return u
	}
	count := u[0].count()
	part := depth * count * nr
	p.run(count*side*side, func(task, id int) {
		w := p.workers[id]
		j, pixel := task/(side*side), task%(side*side)
		cols := min(nr, f.K-j*nr)
		at := (j*depth + pixel*f.C) * nr // in each part
		if cols < nr {
			for q := range u {
				clear(f.wino.data[q*part+at : q*part+at+f.C*nr])
			}
		}
		dst := view{f.wino.data[at:], plane.x.points * part, part}
		f.transformTaps(p.isa.vec, w, plane, dst, side, pixel/side, pixel%side, j*nr, cols, nr)
	})
	return u
}

// transformTaps transforms the taps of the pixel (dy, dx) of a cell: n columns from col on
// of all channels, which lie run apart in dst. A kernel that does not fill its cells has
// zeros there.
func (f *Filter) transformTaps(v *vectors, w *worker, plane plane, dst view, side, dy, dx, col, n, run int) {
	pixel := f.C * f.K
	th, tw := plane.y.taps, plane.x.taps
	taps := view{f.W[(dy*f.KW+dx)*pixel+col:], side * f.KW * pixel, side * pixel}
	if dy+(th-1)*side < f.KH && dx+(tw-1)*side < f.KW {
		w.transformRuns(v, plane.y.filter, plane.x.filter, dst, run, taps, f.K, n, f.C)
		return
	}
	for c := range f.C {
		list := w.list[:0]
		for j := range tw {
			for i := range th {
				p := &nothing[0]
				if dy+i*side < f.KH && dx+j*side < f.KW {
					p = &taps.data[i*taps.row+j*taps.col+c*f.K]
				}
				list = append(list, p)
			}
		}
		w.transformListed(v, plane.y.filter, plane.x.filter, dst.at(c*run), list, n)
	}
}

// winoPhases returns the transformed taps of winoConvT: for each phase and
// position the matrix [k][c].
func (f *Filter) winoPhases(p *Pool, g Geom, phases []phase) []panels {
	nr := p.isa.nr
	first := make([]int, len(phases)+1) // the first part of each phase
	for i, ph := range phases {
		first[i+1] = first[i] + g.phasePlane(ph).positions()
	}
	key := packKey{nr: nr, stride: g.Stride, pad: g.Pad, plane: g.cellPlane(), parts: first[len(phases)]}
	fresh := f.pack(&f.winoT, key, func(int) (k, n int) { return f.K, f.C })
	if !fresh {
		return f.winoT.parts
	}
	columns := f.winoT.parts[0].count()
	p.run(len(phases)*columns, func(task, id int) {
		i, j := task/columns, task%columns
		ph, w := phases[i], p.workers[id]
		plane := g.phasePlane(ph)
		rows := min(nr, f.C-j*nr)
		u := f.winoT.parts[first[i]:first[i+1]]
		for k0 := 0; k0 < f.K; k0 += midRun {
			k := min(midRun, f.K-k0)
			n := rows * k
			taps, out := grow(&w.aside, ph.th*ph.tw*n), w.floats(0, plane.positions()*n)
			// Rising small coordinates meet falling taps.
			for t := range ph.th * ph.tw {
				ky, kx := ph.ry+(ph.th-1-t/ph.tw)*g.Stride, ph.rx+(ph.tw-1-t%ph.tw)*g.Stride
				for r := range rows {
					copy(taps[t*n+r*k:][:k], f.W[((ky*f.KW+kx)*f.C+j*nr+r)*f.K+k0:])
				}
			}
			w.transform(p.isa.vec, plane.y.filter, plane.x.filter,
				view{out, plane.x.points * n, n}, view{taps, ph.tw * n, n}, n)
			for q := range u {
				packTransposed(p.isa.vec, u[q].at(j, k0), out[q*n:], rows, k, nr)
			}
		}
	})
	return f.winoT.parts
}
