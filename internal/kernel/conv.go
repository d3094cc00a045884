package kernel

// Conv computes small = conv(big, W): a convolution with stride and padding,
// no bias. Cells of big outside its borders count as zero. big and small must
// not overlap.
func (pool *Pool) Conv(g Geom, small, big []float32, f *Filter) {
	g.check("Conv", big, small, f.W)
	p := pool.lock()
	defer p.mu.Unlock()
	if g.winograd() {
		p.winoConv(g, small, big, f)
		return
	}
	p.multiply(&product{
		a:    bigPatches(g, big),
		b:    f.forwardForm(p),
		out:  grid{dst: small, image: g.OH * g.OW * g.K, row: g.OW * g.K, pixel: g.K},
		rows: g.N * g.OH * g.OW,
	})
}

// bigPatches is the matrix of the windows that Conv reads.
func bigPatches(g Geom, big []float32) patches {
	return patches{src: big, h: g.H, w: g.W, c: g.C, gh: g.OH, gw: g.OW, stride: g.Stride,
		y0: -g.Pad, x0: -g.Pad, th: g.KH, tw: g.KW}
}

// ConvT computes big = convT(small, W), the transposed convolution: the
// gradient of Conv to its input. big and small must not overlap.
//
// Three ways, chosen by the geometry: where one application covers the big
// side it is one matrix product; with few big channels (RGB) the products of
// each small pixel are made by one matrix product and then added up; otherwise
// each stride phase is a stride-1 gather, so that no zero is multiplied.
func (pool *Pool) ConvT(g Geom, big, small []float32, f *Filter) {
	g.check("ConvT", big, small, f.W)
	p := pool.lock()
	defer p.mu.Unlock()
	switch {
	case g.whole():
		p.multiply(&product{
			a:    pixels(g, small, g.N),
			b:    f.flatForm(p),
			out:  grid{dst: big, image: g.H * g.W * g.C},
			rows: g.N,
		})
	case g.C < fewChannels:
		p.convTScatter(g, big, small, f)
	case g.winograd():
		p.winoConvT(g, big, small, f)
	default:
		p.convTPhases(g, big, small, f)
	}
}

// fewChannels: with fewer big channels than this a panel of the phases' gather
// would be mostly zeros.
const fewChannels = 8

// pixels is the matrix of the small side's pixels, one a row.
func pixels(g Geom, small []float32, n int) patches {
	return patches{src: small, h: g.OH, w: g.OW, c: g.K, gh: g.OH, gw: g.OW, stride: 1, th: 1, tw: 1}
}

func (p *Pool) convTPhases(g Geom, big, small []float32, f *Filter) {
	phases := phasesOf(g)
	forms := f.phaseForms(p, g, phases)
	products := make([]product, 0, len(phases))
	first := []int{0} // the first task of each product
	var split []int
	for i, ph := range phases {
		if ph.gh == 0 || ph.gw == 0 {
			continue
		}
		q := product{
			a: patches{src: small, h: g.OH, w: g.OW, c: g.K, gh: ph.gh, gw: ph.gw, stride: 1,
				y0: ph.sy, x0: ph.sx, th: ph.th, tw: ph.tw},
			b: &forms[i],
			out: grid{dst: big, at: (ph.y0*g.W + ph.x0) * g.C, image: g.H * g.W * g.C,
				row: g.Stride * g.W * g.C, pixel: g.Stride * g.C},
			rows: g.N * ph.gh * ph.gw,
		}
		n, colTasks := q.tasks(p, len(phases))
		products = append(products, q)
		first = append(first, first[len(first)-1]+n)
		split = append(split, colTasks)
	}
	p.run(first[len(first)-1], func(task, id int) {
		i := 0
		for task >= first[i+1] {
			i++
		}
		q, t := &products[i], task-first[i]
		if q.a.depth() == 0 { // a stride above the kernel's size leaves gaps
			q.zero(p.isa, t/split[i])
			return
		}
		q.task(p, p.workers[id], t/split[i], t%split[i], split[i])
	})
}

// zero writes zeros to the rows of one task.
func (q *product) zero(s *isa, row int) {
	block := rowBlock(s.mr)
	area := q.a.gh * q.a.gw
	for m := row * block; m < min((row+1)*block, q.rows); m++ {
		n, y, x := m/area, m%area/q.a.gw, m%q.a.gw
		at := q.out.at + n*q.out.image + y*q.out.row + x*q.out.pixel
		clear(q.out.dst[at : at+q.b.n])
	}
}

// convTScatter makes the products of bands of small rows and adds them up into
// the band of big rows that a task owns. Neighbouring bands compute the small
// rows that they share twice, so that no two tasks write one row.
func (p *Pool) convTScatter(g Geom, big, small []float32, f *Filter) {
	form := f.flatForm(p)
	bands := 1
	for g.N*bands < 4*p.threads && bands*2*g.Stride*g.KH <= g.H {
		bands *= 2
	}
	p.run(g.N*bands, func(task, id int) {
		n, band := task/bands, task%bands
		y0, y1 := band*g.H/bands, (band+1)*g.H/bands
		p.scatterBand(g, big, small, form, p.workers[id], n, y0, y1)
	})
}

func (p *Pool) scatterBand(g Geom, big, small []float32, form *panels, w *worker, n, y0, y1 int) {
	cols := g.KH * g.KW * g.C
	// Small row oy reaches big rows oy*Stride-Pad to oy*Stride-Pad+KH-1.
	oy0 := max(0, y0+g.Pad-g.KH+g.Stride) / g.Stride
	oy1 := min(g.OH, (y1-1+g.Pad)/g.Stride+1)
	row := g.W * g.C
	dst := big[(n*g.H+y0)*row : (n*g.H+y1)*row]
	clear(dst)
	if oy1 <= oy0 {
		return
	}
	prod := w.floats(1, (oy1-oy0)*g.OW*cols)
	q := product{
		a: patches{src: small[(n*g.OH+oy0)*g.OW*g.K:], h: oy1 - oy0, w: g.OW, c: g.K,
			gh: oy1 - oy0, gw: g.OW, stride: 1, th: 1, tw: 1},
		b:    form,
		out:  grid{dst: prod, row: g.OW * cols, pixel: cols},
		rows: (oy1 - oy0) * g.OW,
	}
	block := rowBlock(p.isa.mr)
	for r := 0; r*block < q.rows; r++ {
		q.task(p, w, r, 0, 1)
	}
	run := g.KW * g.C
	for oy := oy0; oy < oy1; oy++ {
		for ky := range g.KH {
			y := oy*g.Stride - g.Pad + ky
			if y < y0 || y >= y1 {
				continue
			}
			line := dst[(y-y0)*row : (y-y0+1)*row]
			for ox := range g.OW {
				src := prod[((oy-oy0)*g.OW+ox)*cols+ky*run:][:run]
				addClipped(line, (ox*g.Stride-g.Pad)*g.C, src)
			}
		}
	}
}

// addClipped adds src to line from float at on, leaving out what falls beyond
// either end.
func addClipped(line []float32, at int, src []float32) {
	if at < 0 {
		src, at = src[min(-at, len(src)):], 0
	}
	if over := at + len(src) - len(line); over > 0 {
		src = src[:max(0, len(src)-over)]
	}
	if len(src) == 0 {
		return
	}
	d := line[at : at+len(src)]
	for i, v := range src {
		d[i] += v
	}
}
