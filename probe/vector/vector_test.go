package vector

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"dcganviz/model"
)

func rows(v ...[]float32) model.Tensor {
	z := model.NewTensor(len(v), len(v[0]))
	for i, r := range v {
		copy(z.Row(i), r)
	}
	return z
}

// testG draws images that differ: new weights are so small that all would be
// gray.
func testG(t *testing.T) *model.G {
	t.Helper()
	g, err := model.NewG(model.Config{Size: 16, Channels: 3, LatentDim: 6, GWidth: 4, DWidth: 4}, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range g.Params() {
		for i := range p.W {
			if len(p.W) > 64 { // gains of batch norm stay
				p.W[i] *= 10
			}
		}
		p.Changed()
	}
	return g
}

// TestSumOfAMinusAPlusCIsC holds bit for bit, for any numbers.
func TestSumOfAMinusAPlusCIsC(t *testing.T) {
	cfg := testG(t).Config()
	a, c := model.Latents(1, 0, 3, cfg), model.Latents(1, 7, 4, cfg)
	y, err := Exemplars{a, a, c}.Sum()
	if err != nil || !slices.Equal(y, Mean(c)) {
		t.Errorf("sum %v, %v, want %v", y, err, Mean(c))
	}
	if y, err := (Exemplars{c.Slice(0, 1), c.Slice(0, 1), c.Slice(2, 3)}).Sum(); err != nil || !slices.Equal(y, c.Row(2)) {
		t.Errorf("sum of single exemplars %v, %v, want the latent itself", y, err)
	}
}

// TestPixelsByHand: means of two, one and one pixels, cut off where they leave
// [-1, 1].
func TestPixelsByHand(t *testing.T) {
	image := func(v ...float32) model.Tensor {
		return model.Tensor{Shape: []int{len(v) / 2, 1, 2, 1}, Data: v}
	}
	x, err := Exemplars{image(1, 0.5, 0, -0.5), image(-0.5, 1), image(0.75, -0.5)}.Pixels()
	if err != nil {
		t.Fatal(err)
	}
	// (1+0)/2 + 0.5 + 0.75 = 1.75 -> 1; (0.5-0.5)/2 - 1 - 0.5 = -1.5 -> -1.
	if !slices.Equal(x.Shape, []int{1, 1, 2, 1}) || !slices.Equal(x.Data, []float32{1, -1}) {
		t.Errorf("pixels %v of shape %v", x.Data, x.Shape)
	}
	x, err = Exemplars{image(0.5, 0.25), image(0.25, 0.5), image(-0.5, 0)}.Pixels()
	if err != nil || !slices.Equal(x.Data, []float32{-0.25, -0.25}) {
		t.Errorf("pixels %v, %v, want -0.25 twice", x.Data, err)
	}
	if _, err := (Exemplars{rows([]float32{1}), rows([]float32{1}), rows([]float32{1})}).Pixels(); err == nil {
		t.Error("latents were taken for images")
	}
}

func TestExemplarsOfOtherSizesAreRefused(t *testing.T) {
	one, two := rows([]float32{1}), rows([]float32{1, 2})
	for _, e := range []Exemplars{{one, two, one}, {one, one, two}, {one, model.Tensor{Shape: []int{0, 1}}, one}, {}} {
		if _, err := e.Sum(); err == nil {
			t.Errorf("shapes %v, %v and %v were added", e.A.Shape, e.B.Shape, e.C.Shape)
		}
	}
}

// TestNeighboursStayNear: the centre is the latent itself, the others within
// reach of it, spread over it, and the same however many there are.
func TestNeighboursStayNear(t *testing.T) {
	y := make([]float32, 50)
	for i := range y {
		y[i] = float32(i) - 25
	}
	z := Around(y, 40, PaperReach, 3)
	if !slices.Equal(z.Row(0), y) {
		t.Error("the first is not the centre")
	}
	var sum, square float64
	for i := 1; i <= 40; i++ {
		for j, v := range z.Row(i) {
			d := float64(v - y[j])
			if !(math.Abs(d) <= PaperReach+1e-5) { // float32 rounds the sum
				t.Fatalf("neighbour %d lies %v away in dimension %d", i, d, j)
			}
			sum, square = sum+d, square+d*d
		}
	}
	// Even numbers in ±1/4 have variance 1/48; 2,000 of them estimate the mean
	// to 0.0032 and the variance to 2% (one standard deviation).
	if n := 40. * 50; math.Abs(sum/n) > .016 || math.Abs(square/n*48-1) > .1 {
		t.Errorf("mean %v and variance %v, want 0 and %v", sum/n, square/n, 1./48)
	}
	if !slices.Equal(Around(y, 8, PaperReach, 3).Data, z.Slice(0, 9).Data) {
		t.Error("neighbours depend on how many there are")
	}
}

func TestBrightnessByHand(t *testing.T) {
	x := model.Tensor{Shape: []int{2, 1, 2, 3}, Data: []float32{1, 1, 1, -1, -1, -1, 1, 0, 0, 0, 0, 1}}
	got, err := Brightness(context.Background(), x)
	if err != nil || math.Abs(got[0]) > 1e-12 || math.Abs(got[1]-(.299+.114)/2) > 1e-12 {
		t.Errorf("brightness %v, %v", got, err)
	}
	gray := model.Tensor{Shape: []int{1, 2, 1, 1}, Data: []float32{.5, 0}}
	if got, err := Brightness(context.Background(), gray); err != nil || got[0] != .25 {
		t.Errorf("brightness of gray %v, %v", got, err)
	}
}

// TestWantedIsAllConditions goes through the four cases of two conditions.
func TestWantedIsAllConditions(t *testing.T) {
	of := func(v ...float64) Scale {
		return func(context.Context, model.Tensor) ([]float64, error) { return v, nil }
	}
	x := model.NewTensor(4, 1, 1, 1)
	w := Wanted{{Scale: of(0, 0, 1, 1), Least: 1}, {Scale: of(0, .5, .25, .5), Least: .5, Below: true}}
	got, err := w.Met(context.Background(), x)
	if err != nil || !slices.Equal(got, []bool{false, false, true, false}) {
		t.Errorf("met %v, %v", got, err)
	}
	if _, err := (Wanted{{Scale: of(1)}}).Met(context.Background(), x); err == nil {
		t.Error("one number for four images was taken")
	}
}

func subject(t *testing.T, pools, others int) *Subject {
	g := testG(t)
	cfg := g.Config()
	return &Subject{G: g, Others: model.Latents(1, 1000, others, cfg), Realism: Brightness,
		Pools:  Exemplars{model.Latents(1, 0, pools, cfg), model.Latents(1, 100, pools, cfg), model.Latents(1, 200, pools, cfg)},
		Wanted: Wanted{{Name: "light", Scale: Brightness}}}
}

// TestStabilityOfEqualExemplars: where the exemplars of each concept are all the
// same one, no draw differs from another, C is left alone when A is B, and pixels
// are those of the three images.
func TestStabilityOfEqualExemplars(t *testing.T) {
	s := subject(t, 4, 8)
	for _, p := range []model.Tensor{s.Pools.A, s.Pools.B, s.Pools.C} {
		for i := range p.Len() {
			copy(p.Row(i), p.Row(0))
		}
	}
	s.Pools.B = s.Pools.A
	got, err := MeasureStability(context.Background(), *s, model.RunOptions{}, Options{Counts: []int{1, 3, 4}, Draws: 5, Neighbours: -1})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 { // of pools of 4, draws of 4 are all alike
		t.Fatalf("%d counts measured, want 2", len(got))
	}
	c, err := s.G.Generate(s.Pools.C.Slice(0, 1), model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	light, _ := Brightness(context.Background(), c)
	for _, p := range got {
		for name, m := range map[string]Measure{"latents": p.Latents, "unchanged": p.Unchanged, "pixels": p.Pixels} {
			if m.Apart > 1e-6 || m.Logit.SD > 1e-6 || math.Abs(m.Logit.Mean-light[0]) > 1e-6 {
				t.Errorf("%d exemplars, %s: %+v and %+v, want %v and no spread", p.Exemplars, name, m, m.Logit, light[0])
			}
			if m.Wanted.SD != 0 || (m.Wanted.Mean == 1) != (light[0] >= 0) {
				t.Errorf("%d exemplars, %s: wanted %+v of brightness %v", p.Exemplars, name, m.Wanted, light[0])
			}
		}
		if p.Fresh {
			t.Errorf("five draws of %d of 4 exemplars are called fresh", p.Exemplars)
		}
		if norm := math.Sqrt(6); math.Abs(p.Rescaled.Norm.Mean-norm) > 1e-6 || p.Rescaled.Norm.SD > 1e-6 { // six normal numbers
			t.Errorf("rescaled norm %+v, want %v", p.Rescaled.Norm, norm)
		}
		if p.Random.Apart < 1e-4 {
			t.Errorf("random A and B leave the results %v apart", p.Random.Apart)
		}
	}
}

// TestMoreExemplarsLieCloser: the mean of n latents of one law varies with 1/n,
// so the results of single exemplars lie further apart than those of ten.
func TestMoreExemplarsLieCloser(t *testing.T) {
	s := subject(t, 40, 40)
	got, err := MeasureStability(context.Background(), *s, model.RunOptions{}, Options{Draws: 12, Neighbours: -1})
	if err != nil || len(got) != 3 {
		t.Fatal(len(got), err)
	}
	if !(got[0].Latents.Apart > got[1].Latents.Apart && got[1].Latents.Apart > got[2].Latents.Apart) {
		t.Errorf("apart %v, %v, %v with 1, 3 and 10 exemplars, want it to fall", got[0].Latents.Apart, got[1].Latents.Apart, got[2].Latents.Apart)
	}
}

func TestStabilityIsRepeatable(t *testing.T) {
	s := subject(t, 5, 10)
	before := s.G.State()
	one, err := MeasureStability(context.Background(), *s, model.RunOptions{}, Options{Draws: 3})
	if err != nil {
		t.Fatal(err)
	}
	pool := model.NewPool(2)
	defer pool.Close()
	two, err := MeasureStability(context.Background(), *s, model.RunOptions{Pool: pool}, Options{Draws: 3})
	if err != nil {
		t.Fatal(err)
	}
	for i := range one {
		if a, b := one[i].Latents, two[i].Latents; *a.Wanted != *b.Wanted || *a.Logit != *b.Logit || a.Apart != b.Apart {
			t.Errorf("with two threads %+v, with one %+v", b, a)
		}
	}
	for i, e := range s.G.State() {
		if !slices.Equal(e.Data, before[i].Data) {
			t.Errorf("%s was changed", e.Name)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := MeasureStability(ctx, *s, model.RunOptions{}, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("after Ctrl-C: %v", err)
	}
}
