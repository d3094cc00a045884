package train

import (
	"errors"
	"math"
	"testing"

	"dcganviz/model/checkpoint"
)

// TestAdaptationPace follows the paper's rule by hand: 4 steps of 64 pictures move the
// probability by 256/500,000, so from 0 to 1 it takes 7,812.5 steps.
func TestAdaptationPace(t *testing.T) {
	sure, unsure := make([]float32, 64), make([]float32, 64)
	for i := range sure {
		sure[i], unsure[i] = 2, 2
		if i%4 == 0 {
			unsure[i] = -3 // a mean sign of 1/2
		}
	}
	var a Adaptation
	step := 0
	see := func(logits []float32, steps int) float64 {
		for range steps {
			step++
			a.see(logits, step, 0.6)
		}
		return a.Chance
	}
	const pace = 256. / 500_000
	near := func(what string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) <= 1e-9) { // of thousands of additions
			t.Errorf("%s: probability %g, want %g", what, got, want)
		}
	}
	near("three steps", see(sure, 3), 0)
	near("four steps", see(sure, 1), pace)
	near("below the target", see(unsure, 4), 0)
	near("not below 0", see(unsure, 40), 0)
	near("3,904 steps", see(sure, 3904), 976*pace)
	near("10,000 steps", see(sure, 10000), 1)
	near("and back", see(unsure, 8), 1-2*pace)

	// At the target it stays: three of four above 0 are a mean sign of 1/2.
	half := Adaptation{Chance: 0.5}
	for step := 1; step <= 4; step++ {
		half.see([]float32{1, 1, 1, -1}, step, 0.5)
	}
	near("at the target", half.Chance, 0.5)
}

func TestAdaptationCheck(t *testing.T) {
	for _, a := range []Adaptation{{}, {1, 18}, {0.5, -18}} {
		if err := a.check(6); err != nil {
			t.Errorf("%+v: %v", a, err)
		}
	}
	for _, a := range []Adaptation{{Chance: -0.1}, {Chance: 1.1}, {Chance: math.NaN()}, {Signs: 19}, {Signs: -19}, {Signs: math.MinInt}} {
		if err := a.check(6); !errors.Is(err, checkpoint.ErrRefused) {
			t.Errorf("%+v: %v, want it refused", a, err)
		}
	}
}

// TestAugmentChanceFollowsD: D soon tells the pictures from what an untrained G draws, so
// a low target lets the probability rise, and it moves at every fourth step only.
func TestAugmentChanceFollowsD(t *testing.T) {
	opt := everything()
	opt.AugmentTarget = 0.01
	tr := newTrainer(t, tiny, opt, newPool(t, 1))
	const pace = adaptEvery * 6. / adaptImages
	before, rises := tr.AugmentChance(), 0
	if before != 0 {
		t.Errorf("begins at %g, want 0", before)
	}
	for range 100 {
		s := run(t, tr, 1)[0]
		now := tr.AugmentChance()
		moved := math.Round((now - before) / pace)
		if !(math.Abs(now-before-moved*pace) < 1e-12 && math.Abs(moved) <= 1) || s.Step%adaptEvery != 0 && moved != 0 {
			t.Errorf("step %d: from %g to %g, want moves of %g at each fourth step", s.Step, before, now, pace)
		}
		if moved > 0 {
			rises++
		}
		before = now
	}
	if rises < 15 {
		t.Errorf("the probability rose %d times in 25, want 15 or more", rises)
	}
	for chance, want := range map[float64]float64{0: 1, 0.25: 0.25} {
		opt := everything()
		opt.AugmentChance = chance
		if got := newTrainer(t, tiny, opt, newPool(t, 1)).AugmentChance(); got != want {
			t.Errorf("option %g: %g, want %g", chance, got, want)
		}
	}
}
