package forget

import (
	"context"
	"math"
	"testing"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe/score"
)

// TestTrialDrawsTheSameBits: what is run from kept activations is what G draws of latents
// with the same units dropped, by either statistics of batch norm, in two layers, in a
// region.
func TestTrialDrawsTheSameBits(t *testing.T) {
	s := subject(t)
	s.Batch = 3
	ctx := context.Background()
	for _, batchStats := range []bool{false, true} {
		run := model.RunOptions{BatchStats: batchStats}
		var cs []*Concept
		for _, layer := range []string{"up2", "up1"} {
			c, err := s.Fit(ctx, run, FitOptions{Layer: layer, Samples: 30, Seed: 5, Region: []score.Box{{X0: 0, Y0: 0, X1: 16, Y1: 32}}})
			if err != nil {
				t.Fatal(err)
			}
			cs = append(cs, c)
		}
		b, err := s.Baseline(ctx, run, MeasureOptions{Samples: 8, Seed: 2})
		if err != nil {
			t.Fatal(err)
		}
		units := [][]int{{1, 3}, {0}}
		v, err := dropAll(cs, units)
		if err != nil {
			t.Fatal(err)
		}
		want, err := b.Draw(ctx, v)
		if err != nil {
			t.Fatal(err)
		}
		// Four samples are looked at: of batches of three, six are drawn.
		tr, err := b.trial(ctx, cs, 4, 2)
		if err != nil {
			t.Fatal(err)
		}
		got, err := tr.samples(ctx, units)
		if err != nil {
			t.Fatal(err)
		}
		if n := map[bool]int{false: 4, true: 6}[batchStats]; got.Len() != n {
			t.Fatalf("batch statistics %v: %d samples, want %d", batchStats, got.Len(), n)
		}
		changed := false
		for i, v := range got.Data {
			if math.Float32bits(v) != math.Float32bits(want.Data[i]) {
				t.Fatalf("batch statistics %v: [%d] = %v, want %v", batchStats, i, v, want.Data[i])
			}
			changed = changed || v != b.x.Data[i]
		}
		if !changed {
			t.Error("nothing was dropped")
		}
	}
}

// TestControlsOfAllUnits: who drops all units beats no draw of as many.
func TestControlsOfAllUnits(t *testing.T) {
	s := subject(t)
	s.Second = bright{4}
	c := fit(t, s, "")
	b, err := s.Baseline(context.Background(), model.RunOptions{}, MeasureOptions{Samples: 6, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	all := [][]int{c.Ranked()}
	got, err := b.Controls(context.Background(), []*Concept{c}, [][][]int{all}, MeasureOptions{Draws: 5, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	r := got.Random
	if r.P != 1 || r.Scorer.P != 1 || r.Guide.P != 1 || r.Units.Mean != float64(c.Units) || r.Removed.SD > 1e-12 || math.Abs(r.Removed.Mean-r.Method.Removed) > 1e-12 {
		t.Errorf("%+v", r)
	}
	if d := got.DamageMatched; d.Draws != 3 || !(math.Abs(d.OutsideRMSE.Mean/d.Method.OutsideRMSE-1) < .1) {
		t.Errorf("as much damage: %+v", d)
	}
	o, err := b.Measure(context.Background(), c.Drop(all[0]))
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(o.Removed.Mean-r.Method.Removed) > 1e-12 || math.Abs(o.ScorerRemoved.Mean-r.Scorer.Method) > 1e-12 || math.Abs(o.GuideRemoved.Mean-r.Guide.Method) > 1e-12 {
		t.Errorf("measured alone %v, %v, %v; beside its controls %+v", o.Removed.Mean, o.ScorerRemoved.Mean, o.GuideRemoved.Mean, r)
	}
}

// TestDamageIsMatched: the units drawn do about as much damage as one unit does.
func TestDamageIsMatched(t *testing.T) {
	s := subject(t)
	c := fit(t, s, "")
	b, err := s.Baseline(context.Background(), model.RunOptions{}, MeasureOptions{Samples: 6, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	tr, err := b.trial(context.Background(), []*Concept{c}, 6, 6)
	if err != nil {
		t.Fatal(err)
	}
	d, err := tr.damage(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	sets := [][][]int{{c.Ranked()[:3]}}
	want, err := d.of(context.Background(), sets[0])
	if err != nil {
		t.Fatal(err)
	}
	match, err := tr.damaging(context.Background(), sets)
	if err != nil {
		t.Fatal(err)
	}
	rng := random.New(1, random.ForgetControls)
	for range 10 {
		units, err := match(rng)
		if err != nil {
			t.Fatal(err)
		}
		k := len(units[0])
		at, err := d.of(context.Background(), units)
		if err != nil {
			t.Fatal(err)
		}
		// One unit fewer is further away, if that does too little.
		if k > 1 && at > want {
			less, err := d.of(context.Background(), [][]int{units[0][:k-1]})
			if err != nil {
				t.Fatal(err)
			}
			if less < want && want-less < at-want {
				t.Errorf("%d units do %v, one fewer %v, want %v", k, at, less, want)
			}
		}
	}
}

func TestRankCountsItself(t *testing.T) {
	for _, c := range []struct{ v, want float64 }{{0, 1}, {2, .75}, {2.5, .5}, {4, .25}} {
		if got := rank(c.v, []float64{1, 2, 3}); got != c.want {
			t.Errorf("rank of %v: %v, want %v", c.v, got, c.want)
		}
	}
}

// TestOverProbesHoldsTheirSpread: where samples are all alike, the interval is that of the
// probes; where probes are alike, that of the samples.
func TestOverProbesHoldsTheirSpread(t *testing.T) {
	b := &Baseline{opt: MeasureOptions{Seed: 1}}
	left := func(after, before float64) float64 { return 1 - ratio(after, before) }
	ones := []float64{1, 1, 1, 1}
	got := b.overProbes([][]float64{{.5, .5, .5, .5}, {.7, .7, .7, .7}}, ones, left)
	if math.Abs(got.Mean-.4) > 1e-12 || math.Abs(got.Lo-.3) > 1e-12 || math.Abs(got.Hi-.5) > 1e-12 {
		t.Errorf("two probes: %+v, want 0.4 (0.3 to 0.5)", got)
	}
	one := []float64{0, 1, 0, 1}
	got = b.overProbes([][]float64{one, one}, ones, left)
	if got.Mean != .5 || !(got.Lo < .2 && got.Hi > .8) {
		t.Errorf("probes alike: %+v, want 0.5 and the samples' spread", got)
	}
}
