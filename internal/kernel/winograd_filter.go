package kernel

// winoForward returns the transformed taps of winoConv: for each position the
// matrix [(dy, dx, c)][k].
func (f *Filter) winoForward(p *Pool) []panels {
	nr := p.isa.nr
	key := packKey{nr: nr, parts: positions}
	fresh := f.pack(&f.wino, key, func(int) (k, n int) { return 4 * f.C, f.K })
	u := f.wino.parts
	if !fresh {
		return u
	}
	count, stride := u[0].count(), f.C*f.K
	p.run(4*count, func(task, id int) {
		w := p.workers[id]
		taps, out := &w.quad, w.floats(0, positions*maxCols)
		dy, dx, j := task/2%2, task%2, task/4
		cols := min(nr, f.K-j*nr)
		for c := range f.C {
			for i := range taps {
				ky, kx := i/2*2+dy, i%2*2+dx
				taps[i] = f.W[(ky*4+kx)*stride+c*f.K:][:f.K]
			}
			p.isa.vec.winoTaps(out, maxCols, taps, j*nr, cols)
			for q := range u {
				d := u[q].at(j, (dy*2+dx)*f.C+c)[:nr]
				copy(d, out[q*maxCols:q*maxCols+cols])
				clear(d[cols:])
			}
		}
	})
	return u
}

// winoPhases returns the transformed taps of winoConvT: for each phase and
// position the matrix [k][c].
func (f *Filter) winoPhases(p *Pool, g Geom, phases []phase) []panels {
	nr := p.isa.nr
	key := packKey{nr: nr, stride: g.Stride, pad: g.Pad, parts: len(phases) * positions}
	fresh := f.pack(&f.winoT, key, func(int) (k, n int) { return f.K, f.C })
	if !fresh {
		return f.winoT.parts
	}
	columns := f.winoT.parts[0].count()
	p.run(len(phases)*columns, func(task, id int) {
		i, j := task/columns, task%columns
		ph, u := phases[i], f.winoT.parts[i*positions:][:positions]
		rows := min(nr, f.C-j*nr)
		out := p.workers[id].floats(0, positions*rows*f.K)
		taps := &p.workers[id].quad
		for t := range taps {
			// Rising small coordinates meet falling taps.
			ky, kx := ph.ry+(1-t/2)*2, ph.rx+(1-t%2)*2
			taps[t] = f.W[((ky*4+kx)*f.C+j*nr)*f.K:][:rows*f.K]
		}
		p.isa.vec.winoTaps(out, rows*f.K, taps, 0, rows*f.K)
		for q := range u {
			packTransposed(u[q].at(j, 0), out[q*rows*f.K:], rows, f.K, nr)
		}
	})
	return f.winoT.parts
}
