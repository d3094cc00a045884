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
	padded := big
	if ph != g.H || pw != g.W || g.Pad != 0 {
		padded = p.floats(g.N * ph * pw * g.C)
		p.run(g.N*ph, func(task, _ int) {
			padRow(padded[task*pw*g.C:(task+1)*pw*g.C], big, g, task/ph, task%ph)
		})
	}
	pixels := g.N * g.OH * g.OW
	off := p.offsets(g, ph, pw)
	panelCount := (g.K + s.nr - 1) / s.nr
	// Rows are split too where there are few panels; a split repacks the panel.
	run := g.KW * g.C
	rowTasks := 1
	for panelCount*rowTasks < 4*p.threads && rowTasks < g.KH {
		rowTasks++
	}
	p.run(panelCount*rowTasks, func(task, id int) {
		w := p.workers[id]
		j, part := task/rowTasks, task%rowTasks
		ky0, ky1 := part*g.KH/rowTasks, (part+1)*g.KH/rowTasks
		cols := min(s.nr, g.K-j*s.nr)
		panel := w.floats(0, pixelBlock*s.nr)
		t := &w.tile
		t.rows, t.b = &w.rows, ptrOf(panel)
		for k0 := 0; k0 < pixels; k0 += pixelBlock {
			k1 := min(k0+pixelBlock, pixels)
			packColumns(panel, small[k0*g.K:], k1-k0, g.K, j*s.nr, s.nr)
			t.k, t.off = k1-k0, unsafe.Pointer(&off[k0])
			for ky := ky0; ky < ky1; ky++ {
				for i := 0; i < run; i += s.mr {
					rows := min(s.mr, run-i)
					t.a = unsafe.Pointer(&padded[ky*pw*g.C+i])
					for r := range rows {
						w.rows[r] = r * g.K * 4
					}
					dst := dw[(ky*run+i)*g.K+j*s.nr:]
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

// padRow fills row y of image n of the padded big side.
func padRow(dst, big []float32, g Geom, n, y int) {
	y -= g.Pad
	if y < 0 || y >= g.H {
		clear(dst)
		return
	}
	row := g.W * g.C
	clear(dst[:g.Pad*g.C])
	k := copy(dst[g.Pad*g.C:], big[(n*g.H+y)*row:(n*g.H+y+1)*row])
	clear(dst[g.Pad*g.C+k:])
}

// offsets returns, for every pixel of the small side, the byte offset of its
// window in the padded big side.
func (p *Pool) offsets(g Geom, ph, pw int) []int {
	key := offsetKey{g.N, g.OH, g.OW, ph, pw, g.C, g.Stride}
	if t, ok := p.tables[key]; ok {
		return t
	}
	t := make([]int, 0, g.N*g.OH*g.OW)
	for n := range g.N {
		for oy := range g.OH {
			for ox := range g.OW {
				t = append(t, ((n*ph+oy*g.Stride)*pw+ox*g.Stride)*g.C*4)
			}
		}
	}
	if p.tables == nil {
		p.tables = map[offsetKey][]int{}
	}
	p.tables[key] = t
	return t
}

type offsetKey struct{ n, oh, ow, ph, pw, c, stride int }
