package kernel

import "unsafe"

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
func (p *Pool) ConvW(g Geom, dw, big, small []float32) {
	g.check("ConvW", big, small, dw)
	p.mu.Lock()
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
	// Rows are split too where there are few panels; a split repacks the panel.
	rowTasks := 1
	for panelCount*rowTasks < 2*p.threads && rowTasks*2 <= runs {
		rowTasks *= 2
	}
	p.run(panelCount*rowTasks, func(task, id int) {
		w := p.workers[id]
		j, part := task/rowTasks, task%rowTasks
		r0, r1 := part*runs/rowTasks, (part+1)*runs/rowTasks
		cols := min(s.nr, g.K-j*s.nr)
		panel := w.floats(0, pixelBlock*s.nr)
		t := &w.tile
		t.rows, t.b = &w.rows, ptrOf(panel)
		for k0 := 0; k0 < pixels; k0 += pixelBlock {
			k1 := min(k0+pixelBlock, pixels)
			packColumns(panel, small[k0*g.K:], k1-k0, g.K, j*s.nr, s.nr)
			t.k, t.off = k1-k0, unsafe.Pointer(&off[k0])
			for r := r0; r < r1; r++ {
				at := r * pw * pixel
				if runs != g.KH {
					at = (r/g.KW*pw + r%g.KW) * pixel
				}
				for i := 0; i < run; i += s.mr {
					rows := min(s.mr, run-i)
					t.a = unsafe.Pointer(&padded[at+i])
					for i := range rows {
						w.rows[i] = i * g.K * 4
					}
					dst := dw[(r*run+i)*g.K+j*s.nr:]
					t.c, t.add = ptrOf(dst), min(k0, 1)
					if cols == s.nr {
						s.gather[rows](t)
					} else {
						w.edgeTile(s.gather[rows], s.nr, rows, cols, dst)
					}
				}
			}
		}
	})
}

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
