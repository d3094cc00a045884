package vector

import (
	"context"
	"math"
	"slices"
	"testing"

	"dcganviz/model"
	"dcganviz/probe/stats"
)

// TestTypicalByHand: two images of two values.
func TestTypicalByHand(t *testing.T) {
	x := model.Tensor{Shape: []int{2, 1, 2, 1}, Data: []float32{.25, 0, -.25, .5}}
	typical := TypicalOf(x)
	// The means are 0 and 1/4, and all four values lie 1/4 from them.
	if !slices.Equal(typical.Mean, []float64{0, .25}) || typical.Deviation != .25 {
		t.Fatalf("typical %+v", typical)
	}
	// A quarter as far from the mean, and far beyond it; the mean itself stays.
	faint := model.Tensor{Shape: []int{3, 1, 2, 1}, Data: []float32{.0625, .1875, 100, .25, 0, .25}}
	got := typical.Match(faint)
	if want := []float32{.25, 0, float32(math.Sqrt(.125)), .25, 0, .25}; !slices.Equal(got.Data, want) {
		t.Errorf("matched %v, want %v", got.Data, want)
	}
	if got := Overlay(x); !slices.Equal(got.Data, []float32{0, .25}) || got.Len() != 1 {
		t.Errorf("overlay %v", got)
	}
}

// TestNormsAreThoseOfLatents: the closed forms, against many latents.
func TestNormsAreThoseOfLatents(t *testing.T) {
	for law, reach := range map[model.Law]float64{model.Normal: math.Sqrt(3) / 4, model.Uniform: .25} {
		cfg := model.Config{LatentDim: 50, Law: law}
		z := model.Latents(1, 0, 2000, cfg)
		var square, most float64
		for i := range z.Len() {
			square += Norm(z.Row(i)) * Norm(z.Row(i)) / 2000
		}
		if got := TypicalNorm(cfg); math.Abs(got*got/square-1) > .02 { // its standard deviation is 0.5% at most
			t.Errorf("%v: typical norm %v, of 2,000 latents %v", law, got, math.Sqrt(square))
		}
		y := Rescaled(z.Row(0), 3)
		for j, v := range y {
			most = max(most, math.Abs(float64(v)/float64(z.Row(0)[j])-float64(y[0])/float64(z.Row(0)[0])))
		}
		if math.Abs(Norm(y)-3) > 1e-6 || most > 1e-6 {
			t.Errorf("%v: rescaled to %v, want 3, in the same direction", law, Norm(y))
		}
		if got := ReachOf(cfg); math.Abs(got-reach) > 1e-12 {
			t.Errorf("%v: reach %v, want %v", law, got, reach)
		}
	}
	if zero := []float32{0, 0}; !slices.Equal(Rescaled(zero, 1), zero) {
		t.Error("zeros have no direction to be rescaled in")
	}
}

// TestFreshDrawsShareNothing: with latents enough no exemplar is in two draws, and draws
// of few exemplars have some of those of many.
func TestFreshDrawsShareNothing(t *testing.T) {
	s := subject(t, 20, 40)
	got, err := MeasureStability(context.Background(), *s, model.RunOptions{}, Options{Counts: []int{1, 4}, Draws: 5, Neighbours: -1})
	if err != nil || len(got) != 2 || !got[0].Fresh || !got[1].Fresh {
		t.Fatalf("%+v, %v, want fresh draws", got, err)
	}
	draws := trial{Subject: s, opt: Options{Draws: 5}, most: 4, fresh: true}
	var exemplars, others []int
	for d := range 5 {
		a, _, _, o := draws.chosen(4, d)
		exemplars, others = append(exemplars, a...), append(others, o...)
		few, _, _, fewOthers := draws.chosen(1, d)
		if few[0] != a[0] || fewOthers[0] != o[0] || fewOthers[1] != o[4] {
			t.Errorf("draw %d of one exemplar %v, %v, of four %v, %v", d, few, fewOthers, a, o)
		}
	}
	slices.Sort(exemplars)
	slices.Sort(others)
	if len(slices.Compact(exemplars)) != 20 || len(slices.Compact(others)) != 40 {
		t.Errorf("draws share exemplars: %v, %v", exemplars, others)
	}
}

// TestPairedDifferencesAreOfDraws: against the means that they are differences of, and a
// distance that is known: to black.
func TestPairedDifferencesAreOfDraws(t *testing.T) {
	s := subject(t, 20, 40)
	s.Nearest = map[string]Scale{"black": func(ctx context.Context, x model.Tensor) ([]float64, error) {
		v, err := Brightness(ctx, x)
		for i := range v {
			v[i]++
		}
		return v, err
	}}
	got, err := MeasureStability(context.Background(), *s, model.RunOptions{}, Options{Counts: []int{1, 4}, Draws: 5})
	if err != nil {
		t.Fatal(err)
	}
	few, many := got[0], got[1]
	near := func(name string, got *stats.Paired, want float64) {
		if got == nil || !(math.Abs(got.Mean-want) <= 1e-12) || !(got.P >= 1./32 && got.P <= 1) {
			t.Errorf("%s: %+v, want a mean of %v", name, got, want)
		}
	}
	near("more", many.More, many.Latents.Wanted.Mean-few.Latents.Wanted.Mean)
	near("more, rescaled", many.MoreRescaled, many.Rescaled.Wanted.Mean-few.Rescaled.Wanted.Mean)
	near("logit", many.Ghosting.Logit, many.Rescaled.Logit.Mean-many.PixelsMatched.Logit.Mean)
	distance := many.Ghosting.Nearest["black"]
	near("distance", &distance, many.Rescaled.Logit.Mean-many.PixelsMatched.Logit.Mean)
	if few.More != nil || few.MoreRescaled != nil {
		t.Error("the fewest exemplars are compared with themselves")
	}
	if d := many.Latents.Nearest["black"].Mean - many.Latents.Logit.Mean; math.Abs(d-1) > 1e-9 {
		t.Errorf("the distance to black exceeds the brightness by %v, want 1", d)
	}
}
