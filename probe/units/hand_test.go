package units

import (
	"context"
	"math"
	"slices"
	"testing"

	"dcganviz/model"
)

// hand is a generator whose every number is known: 4x4 locations of 5 units,
// then a 4x4 kernel of stride 2 to an image of 8x8.
//
//	unit 0  2 at location (1, 2), paints 0.5 a tap: 4x4 pixels from (1, 3)
//	unit 1  z0 where that is positive, everywhere; paints 0.25 a tap
//	unit 2  never active; would paint 9
//	unit 3  z1 + 3 at location (0, 0); paints nothing
//	unit 4  z1 at location (3, 3) where that is positive; paints -1: rows and columns 5 to 7
func hand(t *testing.T) *model.G {
	t.Helper()
	const side, unitCount, kernel = 4, 5, 4
	stack, err := model.NewStack(
		model.LayerSpec{Kind: model.Linear, Channels: unitCount, Height: side, Width: side, Bias: true, Activation: model.ReLU, Module: "fc"},
		model.LayerSpec{Kind: model.ConvTranspose2D, Channels: 1, KernelHeight: kernel, KernelWidth: kernel, Stride: 2, Padding: 1, Module: "paint"},
	)
	if err != nil {
		t.Fatal(err)
	}
	g, err := model.NewG(model.Config{Arch: model.Custom, Size: 8, Channels: 1, LatentDim: 2, GStack: stack}, 1)
	if err != nil {
		t.Fatal(err)
	}
	w, b := make([]float32, unitCount*side*side*2), make([]float32, unitCount*side*side)
	at := func(unit, y, x int) int { return (unit*side+y)*side + x }
	b[at(0, 1, 2)] = 2
	for k := range side * side {
		w[(side*side+k)*2] = 1
		b[2*side*side+k] = -1
	}
	w[at(3, 0, 0)*2+1], b[at(3, 0, 0)] = 1, 3
	w[at(4, 3, 3)*2+1] = 1
	paint := make([]float32, unitCount*kernel*kernel)
	for u, v := range []float32{.5, .25, 9, 0, -1} {
		for k := range kernel * kernel {
			paint[u*kernel*kernel+k] = v
		}
	}
	if err := g.LoadState([]model.NamedTensor{
		{Name: "fc.weight", Shape: []int{unitCount * side * side, 2}, Data: w},
		{Name: "fc.bias", Shape: []int{unitCount * side * side}, Data: b},
		{Name: "paint.weight", Shape: []int{unitCount, 1, kernel, kernel}, Data: paint},
	}); err != nil {
		t.Fatal(err)
	}
	return g
}

// handLatents: z0 is positive in samples 0 and 3, z1 in 1 and 3.
var handLatents = model.Tensor{Shape: []int{4, 2}, Data: []float32{2, -1, -1, 2, -3, -2, 1, 1}}

func handStudy(t *testing.T, opt Options) *Result {
	t.Helper()
	opt.Layer, opt.Samples, opt.latents = "project", 4, handLatents
	if opt.Quantile == 0 {
		opt.Quantile = .1
	}
	st, err := Study(context.Background(), Subject{G: hand(t)}, model.RunOptions{}, opt)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// near is what float32 leaves of a number of order one.
const near = 1e-6

func equal(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= near) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// block returns the pixels of rows y0 to y1-1 and columns x0 to x1-1 of 8x8.
func block(y0, x0, y1, x1 int) []bool {
	out := make([]bool, 64)
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			out[y*8+x] = true
		}
	}
	return out
}

func TestAreaAndEffectOfAKnownUnit(t *testing.T) {
	st := handStudy(t, Options{})
	u := st.Report.Units[0]
	// Upsampled by two, one location reaches as far as its neighbours' middles.
	for i := range 4 {
		if got := st.Area(0, i); !slices.Equal(got, block(1, 3, 5, 7)) {
			t.Errorf("sample %d: area %v", i, got)
		}
	}
	equal(t, "area", u.Area, 16./64)
	equal(t, "seen", u.Seen, 1)
	equal(t, "mean", u.Mean, 2./16)
	equal(t, "SD", u.SD, math.Sqrt(4./16-4./256))
	equal(t, "energy", u.Energy, 4./16)
	equal(t, "active", u.Active, 1./16)
	equal(t, "max", float64(u.Max), 2)
	equal(t, "threshold", float64(u.Threshold), 0)
	// It paints 2*0.5 on a quarter of the pixels.
	equal(t, "effect", u.Effect.Mean, .5)
	equal(t, "inside", u.Inside.Mean, 1)
	if u.Outside.Mean != 0 || u.Outside.Hi != 0 {
		t.Errorf("effect outside of its reach %+v, want exactly 0", u.Outside)
	}
	if u.Concentration != nil {
		t.Errorf("concentration %+v of nothing outside, want none", u.Concentration)
	}
	if st.Report.ReachHeight != 4 || st.Report.ReachWidth != 4 {
		t.Errorf("reach %dx%d, want 4x4", st.Report.ReachHeight, st.Report.ReachWidth)
	}
	for at, v := range st.Difference(0) {
		want := 0.
		if block(1, 3, 5, 7)[at] {
			want = -1
		}
		if float64(v) != want {
			t.Errorf("mean difference at %d is %v, want %v", at, v, want)
		}
	}
	// Its area is the same in all samples: shuffles find the same inside.
	if u.Shuffled != nil {
		t.Errorf("shuffled %+v, want none, as of its own area", u.Shuffled)
	}
}

func TestUnitsThatPaintElsewhereOrNothing(t *testing.T) {
	st := handStudy(t, Options{})
	u := st.Report.Units
	if !slices.Equal(st.Report.Dead, []int{2}) || !u[2].Dead || u[2].Effect.Mean != 0 || u[2].Effect.Hi != 0 || u[2].Matched != nil || u[2].Inside != nil {
		t.Errorf("dead %v, unit 2 %+v, want it dead, without an effect or a control", st.Report.Dead, u[2])
	}
	if u[3].Dead || u[3].Effect.Mean != 0 || !(u[3].Energy > 0) {
		t.Errorf("unit 3 %+v, want it active without an effect", u[3])
	}
	// Unit 4 is 2 in sample 1 and 1 in sample 3, at the corner.
	equal(t, "unit 4's mean", u[4].Mean, 3./64)
	equal(t, "unit 4's effect", u[4].Effect.Mean, math.Sqrt((4+1)*9/256.))
	equal(t, "unit 4's seen", u[4].Seen, .5)
	want := []Peak{{1, 2, 3, 3}, {3, 1, 3, 3}, {0, 0, 0, 0}, {2, 0, 0, 0}}
	if !slices.Equal(u[4].Top, want) {
		t.Errorf("top %v, want %v", u[4].Top, want)
	}
	h := st.Histogram(4, 2)
	if h.Lo != 1 || h.Hi != 2 || !slices.Equal(h.Counts, []int{1, 1}) || h.Zeros != 62 {
		t.Errorf("histogram %+v", h)
	}
	// Nearest to unit 4's energy, 5/64, in ratio: units 0 (16/64), 3 (46/64) and
	// 1 (80/64).
	if m := u[4].Matched; !slices.Equal(m.Units, []int{0, 3, 1}) {
		t.Errorf("matched with %v", m.Units)
	}
	// Unit 0 paints 1 on its 16 pixels in all four samples, of which unit 4's
	// area, from (5, 5), has none, unit 1 0.25*z0 times the locations that reach
	// a pixel: 2 in sample 0, 1 in 3; unit 3 nothing.
	var inside float64
	for y := 5; y < 8; y++ {
		for x := 5; x < 8; x++ {
			taps := func(p int) float64 { return map[bool]float64{true: 1, false: 2}[p == 7] }
			v := .25 * taps(y) * taps(x)
			inside += v * v // sample 3, z0 = 1; in sample 1 it is not active
		}
	}
	equal(t, "matched inside", *u[4].Matched.Inside, math.Sqrt(inside/(3*2*9)))
}

// TestHoldAtMean compares what is drawn, and the numbers, with an edit of the
// activations to their mean.
// TestControlWithoutSeers: leaving out the units that draw the concept is the same as not
// having them.
func TestControlWithoutSeers(t *testing.T) {
	st := handStudy(t, Options{})
	all := st.control(0, []int{1, 3, 4}, func(u int) bool { return u == 4 })
	without := st.control(0, []int{1, 3}, func(int) bool { return false })
	if !slices.Equal(all.Seers, []int{4}) || without.Seers != nil || without.Others != nil {
		t.Fatalf("units of the concept %v and %v, want unit 4 and none", all.Seers, without.Seers)
	}
	equal(t, "concentration of the others", *all.Others, *without.Concentration)
	if all.Concentration == nil || *all.Concentration == *all.Others {
		t.Errorf("concentration of all %v, want another one than %v", all.Concentration, *all.Others)
	}
	if only := st.control(0, []int{4}, func(int) bool { return true }); only.Others != nil {
		t.Errorf("without others there is none, and it is %v", *only.Others)
	}
}

func TestHoldAtMean(t *testing.T) {
	st := handStudy(t, Options{Hold: Mean})
	g := hand(t)
	for unit, u := range st.Report.Units {
		equal(t, "held", u.Held, u.Mean)
		want, err := g.Generate(handLatents, model.RunOptions{Edits: map[string]func(int, model.Tensor) error{
			"project": func(_ int, act model.Tensor) error {
				for at := unit; at < len(act.Data); at += 5 {
					act.Data[at] = float32(u.Mean)
				}
				return nil
			}}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := st.Held(context.Background(), unit, []int{0, 1, 2, 3})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Data, want.Data) {
			t.Errorf("unit %d: %v, want %v", unit, got.Data, want.Data)
		}
	}
}

func TestReachOfAStack(t *testing.T) {
	// By hand: 4x4 kernels of stride 2 and padding 1 take one location to 4,
	// then to 10, clipped by the image.
	cfg := model.Config{Arch: model.PyTorch, Size: 32, Channels: 3, LatentDim: 4, GWidth: 2, DWidth: 2}
	g, err := model.NewG(cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	for layer, want := range []int{22, 10, 4} {
		h, w := reach(g.Specs(), g.Layers(), layer)
		if h != want || w != want {
			t.Errorf("layer %d reaches %dx%d, want %d", layer, h, w, want)
		}
	}
	// A convolution of 3 and stride 1: of 5 pixels, one reaches 3 of them.
	specs := []model.LayerSpec{{}, {Kind: model.Conv2D, KernelHeight: 3, KernelWidth: 1, Stride: 1, Padding: 1}}
	layers := []model.LayerInfo{{Height: 5, Width: 5}, {Height: 5, Width: 7}}
	if h, w := reach(specs, layers, 0); h != 3 || w != 1 {
		t.Errorf("a convolution reaches %dx%d, want 3x1", h, w)
	}
}
