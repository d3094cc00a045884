package train

import (
	"errors"
	"math"
	"strings"
	"testing"
)

// TestFallIsALine: 1 up to FallFrom, then equal steps down, which would be at 0 one step
// after FallTo.
func TestFallIsALine(t *testing.T) {
	o := Options{FallFrom: 6, FallTo: 9}
	for i, want := range []float64{1, 1, 1, 1, 1, 1, 0.75, 0.5, 0.25} {
		if got := o.fall(i + 1); got != want {
			t.Errorf("step %d: %g, want %g", i+1, got, want)
		}
	}
	if got := (&Options{}).fall(1e6); got != 1 {
		t.Errorf("no fall: %g, want 1", got)
	}
}

// TestFallScalesAdam: Adam's step is its rate times what the gradients say. A first step
// at half of the rate moves each weight by half, for G and D at rates of their own.
func TestFallScalesAdam(t *testing.T) {
	const tolerance = 1e-7 // of weights below 2, in float32
	opt := everything()
	opt.WeightDecay = 0
	begin := newTrainer(t, tiny, opt, newPool(t, 1))
	full := newTrainer(t, tiny, opt, newPool(t, 1))
	run(t, full, 1)
	opt.FallTo = 1
	half := newTrainer(t, tiny, opt, newPool(t, 1))
	run(t, half, 1)
	// D moves first, so G's gradients differ, but for the sign that a first step follows.
	moved := 0
	for i, p := range begin.d.Params() {
		for k, w := range p.W {
			a, b := full.d.Params()[i].W[k]-w, half.d.Params()[i].W[k]-w
			if !(math.Abs(float64(a/2-b)) <= tolerance) {
				t.Fatalf("%s, weight %d: moved by %g and %g, want half", p.Name, k, a, b)
			}
			if a != 0 {
				moved++
			}
		}
	}
	if moved == 0 {
		t.Error("no weight of D moved")
	}
	if full.optG.Rate != 1e-3 || half.optG.Rate != 5e-4 {
		t.Errorf("rates of G %g and %g, want 0.001 and 0.0005", full.optG.Rate, half.optG.Rate)
	}
}

// TestFallMayBeginWhenResumed: a run that is told late to fall is the one that knew it
// from the start, and ends where it is at 0.
func TestFallMayBeginWhenResumed(t *testing.T) {
	describe := func(t *testing.T, tr *Trainer) string {
		tr.Generator() // with statistics of its own, as a save leaves it
		return describe(t, tr)
	}
	falling := everything()
	falling.FallFrom, falling.FallTo = 6, 10
	whole := newTrainer(t, tiny, falling, newPool(t, 2))
	run(t, whole, 10)

	dir := t.TempDir()
	tr := newTrainer(t, tiny, everything(), newPool(t, 1))
	run(t, tr, 6)
	early := describe(t, tr)
	if err := tr.Save(dir); err != nil {
		t.Fatal(err)
	}
	tr = resume(t, dir, tiny, falling, 1)
	run(t, tr, 2)
	if err := tr.Save(dir); err != nil {
		t.Fatal(err)
	}
	for _, to := range []Options{everything(), {}, following()} {
		if _, err := Resume(dir, tiny, &pictures{n: 20, shape: shapeOf(tiny)}, to, newPool(t, 1)); !errors.Is(err, ErrChanged) {
			t.Errorf("the fall has begun, and changes to %+v: %v, want ErrChanged", to, err)
		}
	}
	tr = resume(t, dir, tiny, falling, 1)
	run(t, tr, 2)
	if describe(t, tr) != describe(t, whole) {
		t.Error("told at step 6 to fall from there, it ends with other weights than told at the start")
	}
	if _, err := tr.Step(t.Context()); err == nil || !strings.Contains(err.Error(), "fallen to 0 after step 10") {
		t.Errorf("a step after the last: %v", err)
	}
	straight := newTrainer(t, tiny, everything(), newPool(t, 1))
	run(t, straight, 6)
	if describe(t, straight) != early {
		t.Error("six steps differ from six")
	}
	run(t, straight, 4)
	if describe(t, straight) == describe(t, whole) {
		t.Error("the fall changes nothing")
	}
}
