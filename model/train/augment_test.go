package train

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dcganviz/model"
)

func randomFloats(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

func dot(a, b []float32) (sum, magnitude float64) {
	for i := range a {
		p := float64(a[i]) * float64(b[i])
		sum += p
		magnitude += math.Abs(p)
	}
	return sum, magnitude
}

// naive is the change written down step by step, in float64, as the paper's
// code orders it: brightness, saturation, contrast, translation, cutout.
func naive(d draw, x []float32, s dims) []float64 {
	v := make([]float64, len(x))
	for i := range x {
		v[i] = float64(x[i]) + float64(d.bright)
	}
	for p := 0; p < len(v); p += s.c {
		mean := 0.0
		for c := range s.c {
			mean += v[p+c] / float64(s.c)
		}
		for c := range s.c {
			v[p+c] = (v[p+c]-mean)*float64(d.saturation) + mean
		}
	}
	mean := 0.0
	for i := range v {
		mean += v[i] / float64(len(v))
	}
	for i := range v {
		v[i] = (v[i]-mean)*float64(d.contrast) + mean
	}
	y := make([]float64, len(v))
	for row := range s.h {
		for col := range s.w {
			from, at := row+d.dy, col+d.dx
			cut := row >= d.cut.y0 && row < d.cut.y1 && col >= d.cut.x0 && col < d.cut.x1
			for c := range s.c {
				if cut || from < 0 || from >= s.h || at < 0 || at >= s.w {
					y[(row*s.w+col)*s.c+c] = float64(d.border)
					continue
				}
				y[(row*s.w+col)*s.c+c] = v[(from*s.w+at)*s.c+c]
			}
		}
	}
	return y
}

// eachChange runs f for every set of changes on pictures of several shapes.
func eachChange(t *testing.T, f func(t *testing.T, kind Augment, s dims)) {
	for _, s := range []dims{{16, 16, 3}, {13, 9, 3}, {5, 8, 1}, {7, 6, 4}, {1, 1, 3}, {28, 28, 1}} {
		for kind := range allAugments + 1 {
			t.Run(fmt.Sprintf("%dx%dx%d/%v", s.h, s.w, s.c, kind), func(t *testing.T) { f(t, kind, s) })
		}
	}
}

func TestAugmentEqualsItsDefinition(t *testing.T) {
	const tolerance = 5e-6 // of values of about 1, in float32 sums of up to 2,000
	eachChange(t, func(t *testing.T, kind Augment, s dims) {
		r := rand.New(rand.NewPCG(1, uint64(kind)))
		x, y := randomFloats(r, s.floats()), make([]float32, s.floats())
		for range 50 {
			var d draw
			d.redraw(r, kind, s)
			d.border = 0.5 - r.Float32()
			d.apply(y, x, s)
			for i, want := range naive(d, x, s) {
				if !(math.Abs(float64(y[i])-want) <= tolerance) {
					t.Fatalf("%+v: element %d: %g, want %g", d, i, y[i], want)
				}
			}
		}
	})
}

// TestAugmentTransposeIsAdjoint checks <Ax, y> = <x, A'y>, with Ax the change
// without its constant part.
func TestAugmentTransposeIsAdjoint(t *testing.T) {
	const tolerance = 1e-6 // of the sum of the products' magnitudes
	eachChange(t, func(t *testing.T, kind Augment, s dims) {
		r := rand.New(rand.NewPCG(2, uint64(kind)))
		n := s.floats()
		ax, back := make([]float32, n), make([]float32, n)
		for range 50 {
			x, y := randomFloats(r, n), randomFloats(r, n)
			var d draw
			d.redraw(r, kind, s)
			d.bright = 0
			d.apply(ax, x, s)
			d.transpose(back, y, s)
			left, scale1 := dot(ax, y)
			right, scale2 := dot(x, back)
			if !(math.Abs(left-right) <= tolerance*(1+scale1+scale2)) {
				t.Fatalf("%+v: <Ax, y> = %g, <x, A'y> = %g", d, left, right)
			}
		}
	})
}

func TestAugmentGradientByFiniteDifferences(t *testing.T) {
	// The change is affine, so a step of 1 makes no error but rounding.
	const tolerance = 2e-5
	check := func(t *testing.T, kind Augment, s dims, chance float64) {
		r := rand.New(rand.NewPCG(3, uint64(kind)))
		n := s.floats()
		x, w := randomFloats(r, n), randomFloats(r, n)
		y, grad := make([]float32, n), make([]float32, n)
		var d draw
		d.redraw(r, kind, s)
		d.thin(r, chance)
		d.border = -1
		value := func() float64 { // w . T(x), by the naive form
			var sum float64
			for i, v := range naive(d, x, s) {
				sum += float64(w[i]) * v
			}
			return sum
		}
		d.apply(y, x, s)
		d.transpose(grad, w, s)
		for range min(n, 40) {
			i := r.IntN(n)
			old := x[i]
			x[i] = old + 1
			up := value()
			x[i] = old - 1
			down := value()
			x[i] = old
			if want := (up - down) / 2; !(math.Abs(float64(grad[i])-want) <= tolerance) {
				t.Fatalf("%+v: gradient to element %d is %g, want %g", d, i, grad[i], want)
			}
		}
	}
	eachChange(t, func(t *testing.T, kind Augment, s dims) {
		check(t, kind, s, 1)
		check(t, kind, s, 0.5)
	})
}

// TestAugmentChance counts how often each change of a picture is left: each by itself,
// and otherwise as it is without a chance.
func TestAugmentChance(t *testing.T) {
	const n, limit = 40000, 5 // standard deviations
	s := dims{64, 64, 3}
	changes := func(d draw) [5]bool {
		return [5]bool{d.bright != 0, d.saturation != 1, d.contrast != 1, d.dy != 0 || d.dx != 0, d.cut != rect{}}
	}
	pool := newPool(t, 1)
	whole := newAugmenter(allAugments, n, s, pool)
	whole.redraw(stream(7, forAugmentReal, 3))
	for _, p := range []float64{0, 0.3, 0.8} {
		a := newAugmenter(allAugments, n, s, pool)
		a.chance = p
		a.redraw(stream(7, forAugmentReal, 3))
		var of, left [5]int
		both, pairs := 0, 0 // brightness and contrast
		for i, d := range a.draws {
			was, is := changes(whole.draws[i]), changes(d)
			for k := range is {
				if was[k] {
					of[k]++
				}
				if is[k] {
					left[k]++
				}
			}
			if was[0] && was[2] {
				pairs++
				if is[0] && is[2] {
					both++
				}
			}
			w := whole.draws[i]
			if is[0] && d.bright != w.bright || is[1] && d.saturation != w.saturation || is[2] && d.contrast != w.contrast ||
				is[3] && (d.dy != w.dy || d.dx != w.dx) || is[4] && d.cut != w.cut {
				t.Fatalf("chance %g: picture %d gets %+v, without a chance %+v", p, i, d, w)
			}
		}
		near := func(what string, got, of int, p float64) {
			if sd := math.Sqrt(p * (1 - p) * float64(of)); !(math.Abs(float64(got)-p*float64(of)) <= limit*sd) {
				t.Errorf("chance %g: %s %d of %d times, want %g of them", p, what, got, of, p)
			}
		}
		for k, what := range []string{"brightness", "saturation", "contrast", "place", "cutout"} {
			near(what, left[k], of[k], p)
		}
		near("brightness and contrast", both, pairs, p*p)
	}
}

// TestDIsBlindToScale: D gives the same logits to pictures of half the contrast, whatever
// changes of place and saturation it sees them through, unless a border is there to
// compare with.
func TestDIsBlindToScale(t *testing.T) {
	const tolerance = 1e-3 // batch norm's epsilon, beside variances of 10 and more
	cfg := tiny
	d, err := model.NewD(cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range d.Params() {
		for i := range p.W {
			p.W[i] *= 20
		}
		p.Changed()
	}
	g, err := model.NewG(cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	const n = 8
	pool := newPool(t, 1)
	nets, err := model.NewStep(g, d, n, pool)
	if err != nil {
		t.Fatal(err)
	}
	s := shapeOf(cfg)
	x := randomFloats(rand.New(rand.NewPCG(1, 1)), n*s.floats())
	seen := make([]float32, len(x))
	logits := func(border, scale float32) []float32 {
		a := newAugmenter(allAugments, n, s, pool)
		a.dim, a.border = 0, border
		a.redraw(stream(1, forAugmentReal, 0))
		scaled := make([]float32, len(x))
		for i, v := range x {
			scaled[i] = scale * v
		}
		a.apply(seen, scaled)
		_, l, err := nets.DiscriminatorGrad(seen, 1, false)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Clone(l)
	}
	difference := func(border float32) (most, size float64) {
		whole, half := logits(border, 1), logits(border, 0.5)
		for i, v := range whole {
			most, size = max(most, math.Abs(float64(v-half[i]))), max(size, math.Abs(float64(v)))
		}
		return most, size
	}
	if most, size := difference(0); !(most <= tolerance*size) {
		t.Errorf("mid-gray border: logits of up to %g differ by %g, want none", size, most)
	}
	if most, size := difference(-1); !(most > 0.05*size) {
		t.Errorf("black border: logits of up to %g differ by %g, want a twentieth or more", size, most)
	}
}

// TestAugmentBrightness: a smaller range makes brightness smaller and changes nothing else.
func TestAugmentBrightness(t *testing.T) {
	opt := everything()
	usual := newTrainer(t, tiny, opt, newPool(t, 1)).augment
	opt.Brightness = 0.125
	less := newTrainer(t, tiny, opt, newPool(t, 1)).augment
	most := float32(0)
	for step := range 500 {
		usual.redraw(stream(1, forAugmentFake, step))
		less.redraw(stream(1, forAugmentFake, step))
		for i, d := range less.draws {
			want := usual.draws[i]
			want.bright /= 4
			if d != want {
				t.Fatalf("%+v, want %+v", d, want)
			}
			most = max(most, d.bright, -d.bright)
		}
	}
	if !(most <= 0.125 && most > 0.1249) {
		t.Errorf("brightness reaches %g, want 0.125", most)
	}
}

func TestAugmentNoneIsIdentity(t *testing.T) {
	pool := model.NewPool(1)
	defer pool.Close()
	s := dims{6, 5, 3}
	r := rand.New(rand.NewPCG(4, 0))
	x := randomFloats(r, 2*s.floats())
	y := make([]float32, len(x))
	a := newAugmenter(0, 2, s, pool)
	a.redraw(r)
	a.apply(y, x)
	if !slices.Equal(x, y) {
		t.Error("apply changed the pictures")
	}
	a.transpose(y, x)
	if !slices.Equal(x, y) {
		t.Error("transpose changed the gradient")
	}
}

// TestAugmentRanges looks at the extremes of many draws, from both sides.
func TestAugmentRanges(t *testing.T) {
	s := dims{64, 32, 3}
	r := rand.New(rand.NewPCG(5, 0))
	low := draw{bright: 9, saturation: 9, contrast: 9, dy: 99, dx: 99}
	high := draw{bright: -9, saturation: -9, contrast: -9, dy: -99, dx: -99}
	full := 0
	for range 20000 {
		var d draw
		d.redraw(r, allAugments, s)
		low.bright, high.bright = min(low.bright, d.bright), max(high.bright, d.bright)
		low.saturation, high.saturation = min(low.saturation, d.saturation), max(high.saturation, d.saturation)
		low.contrast, high.contrast = min(low.contrast, d.contrast), max(high.contrast, d.contrast)
		low.dy, high.dy = min(low.dy, d.dy), max(high.dy, d.dy)
		low.dx, high.dx = min(low.dx, d.dx), max(high.dx, d.dx)
		h, w := d.cut.y1-d.cut.y0, d.cut.x1-d.cut.x0
		if d.cut.intersect(rect{0, s.h, 0, s.w}) != d.cut || h < 16 || w < 8 || h > 32 || w > 16 {
			t.Fatalf("cutout %+v of a 64x32 picture", d.cut)
		}
		if h == 32 && w == 16 {
			full++
		}
	}
	near := func(what string, got, want float32) {
		if !(math.Abs(float64(got-want)) <= 1e-3) {
			t.Errorf("%s reaches %g, want %g", what, got, want)
		}
	}
	near("low brightness", low.bright, -0.5)
	near("high brightness", high.bright, 0.5)
	near("low saturation", low.saturation, 0)
	near("high saturation", high.saturation, 2)
	near("low contrast", low.contrast, 0.5)
	near("high contrast", high.contrast, 1.5)
	if low.dy != -8 || high.dy != 8 || low.dx != -4 || high.dx != 4 {
		t.Errorf("translation by rows %d to %d, columns %d to %d; want -8 to 8, -4 to 4", low.dy, high.dy, low.dx, high.dx)
	}
	// 33 of 65 centres by 17 of 33 leave it whole: a quarter.
	if share := float64(full) / 20000; !(share > 0.24 && share < 0.29) {
		t.Errorf("%g of the cutouts lie inside the picture, want about 0.26", share)
	}
}

func TestAugmentDoesNotDependOnThreads(t *testing.T) {
	s := dims{16, 12, 3}
	const n = 9
	results := make(map[int][]float32)
	for _, threads := range []int{1, 2, 3} {
		pool := model.NewPool(threads)
		a := newAugmenter(allAugments, n, s, pool)
		r := stream(7, forAugmentReal, 3)
		x := randomFloats(rand.New(rand.NewPCG(8, 0)), n*s.floats())
		y, dx := make([]float32, len(x)), make([]float32, len(x))
		a.redraw(r)
		a.apply(y, x)
		a.transpose(dx, x)
		pool.Close()
		results[threads] = append(y, dx...)
	}
	for _, threads := range []int{2, 3} {
		if !slices.Equal(results[1], results[threads]) {
			t.Errorf("%d threads differ from 1", threads)
		}
	}
}

func TestAugmentTextRoundTrip(t *testing.T) {
	for kind := range allAugments + 1 {
		b, err := kind.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var got Augment
		if err := got.UnmarshalText(b); err != nil || got != kind {
			t.Errorf("%q: %v, %v; want %v", b, got, err, kind)
		}
	}
	for _, bad := range []string{"colour", "color,", ",", "color;cutout", "Color"} {
		if a, err := ParseAugment(bad); err == nil {
			t.Errorf("%q gives %v, want an error", bad, a)
		}
	}
	if _, err := Augment(8).MarshalText(); err == nil {
		t.Error("Augment(8) has a text, want an error")
	}
}

func BenchmarkAugment(b *testing.B) {
	pool := model.NewPool(0)
	defer pool.Close()
	s := dims{64, 64, 3}
	const n = 64
	r := rand.New(rand.NewPCG(1, 1))
	x := randomFloats(r, n*s.floats())
	y := make([]float32, len(x))
	for _, kind := range []Augment{Color, Translation, Color | Translation, allAugments} {
		a := newAugmenter(kind, n, s, pool)
		for name, pass := range map[string]func(y, x []float32){"apply": a.apply, "transpose": a.transpose} {
			b.Run(fmt.Sprintf("kind=%v/pass=%s/batch=%d", kind, name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					a.redraw(r)
					pass(y, x)
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "images/s")
			})
		}
	}
}
