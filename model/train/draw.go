package train

import (
	"math"
	"math/rand/v2"
)

// dims are the axes of one picture.
type dims struct{ h, w, c int }

func (d dims) floats() int { return d.h * d.w * d.c }

// A draw is the random change of one picture. On the picture as a vector x it
// is y = K T (A x + b) + e: A mixes colours, T translates, K cuts out, and e is
// border where T or K leave nothing. A is symmetric, the transposes of T and K are
// the opposite move and K itself, so the gradient goes back as A T' K.
//
// With s and t the factors of saturation and contrast, m(x) the mean of a
// pixel's channels, M(x) that of the picture, and b the brightness,
//
//	A x + b = s*t*x + (1-s)*t*m(x) + (1-t)*M(x) + b
//
// because saturation changes no mean, and contrast leaves b alone as it moves
// x and M(x) alike.
type draw struct {
	bright, saturation, contrast float32
	dy, dx                       int     // y reads x at (row+dy, column+dx)
	border                       float32 // of y where nothing is shown
	cut                          rect    // of y that shows nothing
}

// rect is the pixels with y0 <= y < y1 and x0 <= x < x1.
type rect struct{ y0, y1, x0, x1 int }

func (r rect) intersect(o rect) rect {
	return rect{max(r.y0, o.y0), min(r.y1, o.y1), max(r.x0, o.x0), min(r.x1, o.x1)}
}

func (r rect) move(dy, dx int) rect { return rect{r.y0 + dy, r.y1 + dy, r.x0 + dx, r.x1 + dx} }

// usualBrightness is how far redraw goes in brightness.
const usualBrightness = 0.5

// redraw draws all its numbers in any case, so that each kind of change is the
// same with and without the others.
func (d *draw) redraw(r *rand.Rand, kind Augment, s dims) {
	*d = draw{
		bright: r.Float32() - usualBrightness, saturation: r.Float32() * 2, contrast: r.Float32() + 0.5,
		dy: translation(r, s.h), dx: translation(r, s.w),
	}
	d.cut.y0, d.cut.y1 = cutout(r, s.h)
	d.cut.x0, d.cut.x1 = cutout(r, s.w)
	if kind&Color == 0 {
		d.bright, d.saturation, d.contrast = 0, 1, 1
	}
	if kind&Translation == 0 {
		d.dy, d.dx = 0, 0
	}
	if kind&Cutout == 0 {
		d.cut = rect{}
	}
}

// thin leaves each change as it is with the given probability, and undoes it otherwise.
// As in Karras et al. 2020 (arXiv:2006.06676), section 2.3, each has a die of its own.
func (d *draw) thin(r *rand.Rand, chance float64) {
	undo := func() bool { return r.Float64() >= chance }
	if undo() {
		d.bright = 0
	}
	if undo() {
		d.saturation = 1
	}
	if undo() {
		d.contrast = 1
	}
	if undo() {
		d.dy, d.dx = 0, 0
	}
	if undo() {
		d.cut = rect{}
	}
}

func translation(r *rand.Rand, side int) int {
	reach := (side + 4) / 8
	return r.IntN(2*reach+1) - reach
}

func cutout(r *rand.Rand, side int) (from, to int) {
	size := (side + 1) / 2
	from = r.IntN(side+1-size%2) - size/2
	return max(0, from), min(side, from+size)
}

// mixture is A and what it adds: y = own*x + sum*(x's channels added up) + add.
type mixture struct{ own, sum, add float32 }

func (d *draw) mixture(channels int, mean, bright float32) mixture {
	return mixture{
		own: d.saturation * d.contrast,
		sum: (1 - d.saturation) * d.contrast / float32(channels),
		add: float32((1-d.contrast)*mean) + bright,
	}
}

func (d *draw) apply(y, x []float32, s dims) {
	all := rect{0, s.h, 0, s.w}
	mean := float32(0)
	if d.contrast != 1 {
		mean = meanOf(x, s, all, rect{})
	}
	// The part of y that T fills. The rest is border.
	shown := all.move(-d.dy, -d.dx).intersect(all)
	transfer(y, x, s, shown, d.cut, d.dy, d.dx, d.mixture(s.c, mean, d.bright), d.border)
}

func (d *draw) transpose(dx, dy []float32, s dims) {
	all := rect{0, s.h, 0, s.w}
	shown := all.move(-d.dy, -d.dx).intersect(all)
	mean := float32(0)
	if d.contrast != 1 {
		mean = meanOf(dy, s, shown, d.cut)
	}
	// Where no gradient arrives, A still spreads the mean.
	m := d.mixture(s.c, mean, 0)
	transfer(dx, dy, s, shown.move(d.dy, d.dx), d.cut.move(d.dy, d.dx), -d.dy, -d.dx, m, m.add)
}

// transfer writes y: the mixture of x moved by (dy, dx) inside shown, but for
// cut, and fill elsewhere.
func transfer(y, x []float32, s dims, shown, cut rect, dy, dx int, m mixture, fill float32) {
	cut = cut.intersect(shown)
	for row := range s.h {
		out := y[row*s.w*s.c : (row+1)*s.w*s.c]
		if row < shown.y0 || row >= shown.y1 {
			setAll(out, fill)
			continue
		}
		in := x[(row+dy)*s.w*s.c : (row+dy+1)*s.w*s.c]
		setAll(out[:shown.x0*s.c], fill)
		setAll(out[shown.x1*s.c:], fill)
		from := shown.x0
		if row >= cut.y0 && row < cut.y1 && cut.x0 < cut.x1 {
			m.run(out[from*s.c:cut.x0*s.c], in[(from+dx)*s.c:], s.c)
			setAll(out[cut.x0*s.c:cut.x1*s.c], fill)
			from = cut.x1
		}
		m.run(out[from*s.c:shown.x1*s.c], in[(from+dx)*s.c:], s.c)
	}
}

// run mixes len(y) floats of x into y.
func (m mixture) run(y, x []float32, channels int) {
	x = x[:len(y)]
	switch {
	case m == mixture{own: 1}:
		copy(y, x)
	case channels == 3:
		for len(y) >= 3 && len(x) >= 3 {
			r, g, b := x[0], x[1], x[2]
			t := float32(m.sum*(r+g+b)) + m.add
			y[0], y[1], y[2] = float32(m.own*r)+t, float32(m.own*g)+t, float32(m.own*b)+t
			x, y = x[3:], y[3:]
		}
	default:
		for ; len(y) >= channels; x, y = x[channels:], y[channels:] {
			var sum float32
			for _, v := range x[:channels] {
				sum += v
			}
			t := float32(m.sum*sum) + m.add
			for i, v := range x[:channels] {
				y[i] = float32(m.own*v) + t
			}
		}
	}
}

// meanOf returns the sum over shown without cut, divided by the floats of the
// whole picture.
func meanOf(x []float32, s dims, shown, cut rect) float32 {
	cut = cut.intersect(shown)
	var sum float64
	for row := shown.y0; row < shown.y1; row++ {
		in := x[row*s.w*s.c : (row+1)*s.w*s.c]
		from := shown.x0
		if row >= cut.y0 && row < cut.y1 && cut.x0 < cut.x1 {
			sum += float64(sumOf(in[from*s.c : cut.x0*s.c]))
			from = cut.x1
		}
		sum += float64(sumOf(in[from*s.c : shown.x1*s.c]))
	}
	return float32(sum / float64(s.floats()))
}

// sumOf adds a row up in eight interleaved sums, which the processor keeps
// under way at once.
func sumOf(x []float32) float32 {
	var a [8]float32
	for ; len(x) >= 8; x = x[8:] {
		a[0] += x[0]
		a[1] += x[1]
		a[2] += x[2]
		a[3] += x[3]
		a[4] += x[4]
		a[5] += x[5]
		a[6] += x[6]
		a[7] += x[7]
	}
	for i, v := range x {
		a[i] += v
	}
	return ((a[0] + a[1]) + (a[2] + a[3])) + ((a[4] + a[5]) + (a[6] + a[7]))
}

func setAll(x []float32, v float32) {
	if math.Float32bits(v) == 0 {
		clear(x)
		return
	}
	for i := range x {
		x[i] = v
	}
}
