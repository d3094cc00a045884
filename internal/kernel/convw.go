package kernel

// ConvW computes dw[ky, kx, c, k] = sum over n, oy, ox of
// big[n, oy*Stride+ky-Pad, ox*Stride+kx-Pad, c] * small[n, oy, ox, k]: the
// gradient of Conv to its filter, for its input big and the gradient small of
// its output; and of ConvT, for the gradient big of its output and its input
// small.
//
// The sum runs over pixels. A row of dw for a fixed ky is contiguous in a
// padded big, so the gather kernels read it in place through one table of
// pixel offsets; the small side is packed in panels of columns. Each task owns
// some rows and columns of dw, so no two threads add to one sum.
func (pool *Pool) ConvW(g Geom, dw, big, small []float32) {
	g.check("ConvW", big, small, dw)
	p := pool.lock()
	defer p.mu.Unlock()
	if g.winograd() {
		p.winoConvW(g, dw, big, small)
		return
	}
	s := p.isa
	ph, pw := (g.OH-1)*g.Stride+g.KH, (g.OW-1)*g.Stride+g.KW
	// Few channels: a row of dw for a fixed ky is one run of KW*C floats. Many:
	// a run for each kx, and pixels spread by an odd number of cache lines, since
	// a power of two would put the pixels of a block in a few sets.
	run, runs, pixel := g.KW*g.C, g.KH, g.C
	if g.C%16 == 0 {
		run, runs, pixel = g.C, g.KH*g.KW, g.C+8
	}
	padded := big
	if ph != g.H || pw != g.W || g.Pad != 0 || pixel != g.C {
		padded = p.floats(g.N * ph * pw * pixel)
		p.run(g.N*ph, func(task, _ int) {
			padRow(padded[task*pw*pixel:(task+1)*pw*pixel], big, g, pixel, task/ph, task%ph)
		})
	}
	pixels := g.N * g.OH * g.OW
	off := p.offsets(offsetKey{g.N, g.OH, g.OW, ph, pw, pixel, g.Stride})
	panelCount := (g.K + s.nr - 1) / s.nr
	// A task owns a group of panels, since a row read for several panels comes from
	// far away only once, and as many rows as leave their sums in a second-level
	// cache. Groups and rows shrink where there would be too few tasks.
	group := max(1, min(groupColumns/s.nr, panelCount/(2*p.threads)))
	groups := (panelCount + group - 1) / group
	rowTasks := 1
	for rowTasks*2 <= runs &&
		(groups*rowTasks < 2*p.threads || runs*run*group*s.nr > sumsInCache*rowTasks) {
		rowTasks *= 2
	}
	p.run(groups*rowTasks, func(task, id int) {
		w := p.workers[id]
		j0, part := task/rowTasks*group, task%rowTasks
		j1 := min(j0+group, panelCount)
		r0, r1 := part*runs/rowTasks, (part+1)*runs/rowTasks
		rows := (r1 - r0) * run
		panel := w.floats(0, group*pixelBlock*s.nr)
		// The sums lie close together until they are done; in dw their rows are K
		// floats apart, often a power of two.
		sums := w.floats(1, group*rows*s.nr)
		t := &w.tile
		t.rows = &w.rows
		for r := range s.mr {
			w.rows[r] = r * s.nr * 4
		}
		for k0 := 0; k0 < pixels; k0 += pixelBlock {
			k1 := min(k0+pixelBlock, pixels)
			for j := j0; j < j1; j++ {
				packColumns(panel[(j-j0)*pixelBlock*s.nr:], small[k0*g.K:], k1-k0, g.K, j*s.nr, s.nr)
			}
			t.k, t.off, t.add = k1-k0, ptrOfInts(off[k0:]), min(k0, 1)
			for r := r0; r < r1; r++ {
				at := r * pw * pixel
				if runs != g.KH {
					at = (r/g.KW*pw + r%g.KW) * pixel
				}
				for i := 0; i < run; i += s.mr {
					t.a = ptrOf(padded[at+i:])
					f := s.gather[min(s.mr, run-i)]
					for j := range j1 - j0 {
						t.b = ptrOf(panel[j*pixelBlock*s.nr:])
						t.c = ptrOf(sums[(j*rows+(r-r0)*run+i)*s.nr:])
						f(t)
					}
				}
			}
		}
		for j := j0; j < j1; j++ {
			cols := min(s.nr, g.K-j*s.nr)
			for r := range rows {
				copy(dw[(r0*run+r)*g.K+j*s.nr:][:cols], sums[((j-j0)*rows+r)*s.nr:])
			}
		}
	})
}

const (
	groupColumns = 32       // columns of dw that a task of ConvW owns at most
	sumsInCache  = 96 << 10 // floats of sums, 384 KiB
)

// padRow fills row y of image n of the padded big side, whose pixels are pixel
// floats apart.
func padRow(dst, big []float32, g Geom, pixel, n, y int) {
	y -= g.Pad
	if y < 0 || y >= g.H {
		clear(dst)
		return
	}
	row := g.W * g.C
	src := big[(n*g.H+y)*row:][:row]
	clear(dst[:min(g.Pad*pixel, len(dst))])
	dst = dst[min(g.Pad*pixel, len(dst)):]
	if pixel == g.C {
		clear(dst[copy(dst, src):])
		return
	}
	for ; len(dst) > 0 && len(src) > 0; dst, src = dst[pixel:], src[g.C:] {
		copy(dst[:g.C], src)
	}
	clear(dst)
}

// offsets returns, for every pixel of the small side, the byte offset of its
// window in the padded big side, whose pixels are pixel floats apart.
func (p *Pool) offsets(k offsetKey) []int {
	if t, ok := p.tables[k]; ok {
		return t
	}
	t := make([]int, 0, k.n*k.oh*k.ow)
	for n := range k.n {
		for oy := range k.oh {
			for ox := range k.ow {
				t = append(t, ((n*k.ph+oy*k.stride)*k.pw+ox*k.stride)*k.pixel*4)
			}
		}
	}
	if p.tables == nil {
		p.tables = map[offsetKey][]int{}
	}
	p.tables[k] = t
	return t
}

type offsetKey struct{ n, oh, ow, ph, pw, pixel, stride int }
