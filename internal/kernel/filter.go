package kernel

// A Filter holds the weights [KH, KW, C, K] of one convolution, and the forms
// that its passes read them in. A form is made when a pass first needs it and
// kept until Changed.
type Filter struct {
	KH, KW, C, K int
	// W is the weights, row-major. Whoever writes them calls Changed.
	W []float32
	// Lean keeps only the form that was needed last, in the memory of the form
	// before it. This costs nothing if each pass runs once between two changes of
	// W, as G's passes do in training.
	Lean bool

	forward packed // of Conv: [KH*KW*C][K]
	flat    packed // of ConvT by products: [K][KH*KW*C]
	phases  packed // of ConvT by stride phases, a part each
	wino    packed // of Conv by Winograd's algorithm, a part for each position
	winoT   packed // of ConvT by it, a part for each phase and position
}

// NewFilter returns a filter of zeros.
func NewFilter(kh, kw, c, k int) *Filter {
	return &Filter{KH: kh, KW: kw, C: c, K: k, W: make([]float32, kh*kw*c*k)}
}

// Changed tells the filter that W has new values.
func (f *Filter) Changed() {
	for _, m := range f.forms() {
		m.valid = false
	}
}

func (f *Filter) forms() [5]*packed {
	return [...]*packed{&f.forward, &f.flat, &f.phases, &f.wino, &f.winoT}
}

// forwardForm returns the filter as the [KH*KW*C][K] matrix of Conv.
func (f *Filter) forwardForm(p *Pool) *panels {
	rows := f.KH * f.KW * f.C
	key := packKey{nr: p.isa.nr, parts: 1}
	fresh := f.pack(&f.forward, key, func(int) (k, n int) { return rows, f.K })
	m := &f.forward.parts[0]
	if fresh {
		p.run(m.count(), func(j, _ int) {
			packColumns(m.at(j, 0), f.W, rows, f.K, j*m.nr, m.nr)
		})
	}
	return m
}

// packColumns copies nr columns from column c0 on of a [rows][cols] matrix;
// columns past the last become zeros.
func packColumns(dst, src []float32, rows, cols, c0, nr int) {
	n := min(nr, cols-c0)
	if n == 16 && nr == 16 {
		for r := range rows {
			*(*[16]float32)(dst[r*16:]) = *(*[16]float32)(src[r*cols+c0:])
		}
		return
	}
	if n == 32 && nr == 32 {
		for r := range rows {
			*(*[32]float32)(dst[r*32:]) = *(*[32]float32)(src[r*cols+c0:])
		}
		return
	}
	for r := range rows {
		d := dst[r*nr : r*nr+nr]
		copy(d, src[r*cols+c0:r*cols+c0+n])
		clear(d[n:])
	}
}

// flatForm returns the filter as the [K][KH*KW*C] matrix that takes a pixel of
// the small side to all the products it adds to the big one.
func (f *Filter) flatForm(p *Pool) *panels {
	cols := f.KH * f.KW * f.C
	key := packKey{nr: p.isa.nr, parts: 1}
	fresh := f.pack(&f.flat, key, func(int) (k, n int) { return f.K, cols })
	m := &f.flat.parts[0]
	if fresh {
		p.run(m.count(), func(j, _ int) {
			packTransposed(p.isa.vec, m.at(j, 0), f.W[j*m.nr*f.K:], min(m.nr, cols-j*m.nr), f.K, m.nr)
		})
	}
	return m
}

// packTransposed writes dst[k*nr+r] = src[r*cols+k] for r below rows, and
// zeros for the other columns up to nr.
func packTransposed(v *vectors, dst, src []float32, rows, cols, nr int) {
	if rows == nr && cols%8 == 0 {
		for r := 0; r < rows; r += 8 {
			v.transpose(dst[r:], src[r*cols:], nr, cols, cols)
		}
		return
	}
	// Blocks of 16 keep both sides in cache lines that are used whole.
	const block = 16
	if rows < nr {
		clear(dst[:cols*nr])
	}
	for k0 := 0; k0 < cols; k0 += block {
		k1 := min(k0+block, cols)
		for r := range rows {
			s := src[r*cols+k0 : r*cols+k1]
			d := dst[k0*nr+r:]
			for i, v := range s {
				d[i*nr] = v
			}
		}
	}
}

// A phase is one of the Stride*Stride interleaved grids of a transposed
// convolution's output: the pixels whose coordinate plus Pad leaves the
// remainder (ry, rx). Each is an ordinary stride-1 gather from the small side
// over the taps with that remainder.
type phase struct {
	ry, rx int
	th, tw int // taps
	y0, x0 int // first pixel of the grid on the big side
	gh, gw int // pixels of the grid
	sy, sx int // where the first tap of that pixel reads on the small side
}

func phasesOf(g Geom) []phase {
	var out []phase
	for ry := range g.Stride {
		for rx := range g.Stride {
			ph := phase{ry: ry, rx: rx}
			ph.th, ph.y0, ph.gh, ph.sy = phaseAxis(ry, g.KH, g.Stride, g.Pad, g.H)
			ph.tw, ph.x0, ph.gw, ph.sx = phaseAxis(rx, g.KW, g.Stride, g.Pad, g.W)
			out = append(out, ph)
		}
	}
	return out
}

// phaseAxis: along one axis, taps k = r, r+stride, ... of a kernel, the first
// pixel, the number of pixels below size, and the small coordinate that the
// highest tap, which reads the lowest coordinate, reads for the first pixel.
func phaseAxis(r, kernel, stride, pad, size int) (taps, first, count, start int) {
	taps = (kernel - r + stride - 1) / stride
	if r >= kernel {
		taps = 0
	}
	first = ((r-pad)%stride + stride) % stride
	if first < size {
		count = (size - first + stride - 1) / stride
	}
	// pixel + pad = stride*small + k with k = r + stride*t: small falls by one
	// with each tap.
	start = (first+pad-r)/stride - (taps - 1)
	return
}

// phaseForms returns, for each phase of g, the matrix [taps*K][C] of its
// gather, the taps in the order of rising small coordinates.
func (f *Filter) phaseForms(p *Pool, g Geom, phases []phase) []panels {
	nr := p.isa.nr
	key := packKey{nr: nr, stride: g.Stride, pad: g.Pad, parts: len(phases)}
	fresh := f.pack(&f.phases, key, func(i int) (k, n int) {
		return phases[i].th * phases[i].tw * f.K, f.C
	})
	if !fresh {
		return f.phases.parts
	}
	columns := (f.C + nr - 1) / nr
	p.run(len(phases)*columns, func(task, _ int) {
		i, j := task/columns, task%columns
		ph, m := phases[i], &f.phases.parts[i]
		for ty := range ph.th {
			for tx := range ph.tw {
				ky := ph.ry + (ph.th-1-ty)*g.Stride
				kx := ph.rx + (ph.tw-1-tx)*g.Stride
				src := f.W[((ky*f.KW+kx)*f.C+j*nr)*f.K:]
				packTransposed(p.isa.vec, m.at(j, (ty*ph.tw+tx)*f.K), src, min(nr, f.C-j*nr), f.K, nr)
			}
		}
	})
	return f.phases.parts
}
