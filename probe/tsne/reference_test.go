package tsne

import (
	"math"
	"testing"

	"dcganviz/internal/reference"
	"dcganviz/model"
)

// Tolerances of the reference's figures, all in float64: affinities after a
// bisection, sums over all pairs, and ten steps that amplify their rounding.
const (
	affinityTolerance = 1e-6
	gradientTolerance = 1e-9
	descentTolerance  = 1e-8
)

// The steps that gen.py makes, whatever the points.
const (
	refRate         = 20
	refMomentum     = .5
	refExaggeration = 12
)

// TestReference compares with what NumPy and PyTorch computed in float64, the
// gradient by automatic differentiation: testdata/ref/gen.py, part 11.
func TestReference(t *testing.T) { reference.Run(t, "tsne", checkReference) }

func checkReference(t *testing.T, f *reference.File) {
	within := func(what string, got, want []float64, tol float64) {
		t.Helper()
		if len(got) != len(want) {
			t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
		}
		for i := range got {
			if !(math.Abs(got[i]-want[i]) <= tol) {
				t.Fatalf("%s[%d] = %v, want %v", what, i, got[i], want[i])
			}
		}
	}
	pool := model.NewPool(2)
	defer pool.Close()
	x := model.Tensor{Shape: f.Shape("in/X"), Data: f.Floats("in/X")}
	n := x.Len()
	near, err := Nearest(t.Context(), pool, x, n-1)
	if err != nil {
		t.Fatal(err)
	}
	squared := make([]float64, n*n)
	for i := range n {
		index, d := near.Row(i)
		for k, j := range index {
			squared[i*n+int(j)] = d[k]
		}
	}
	within("squared distance", squared, f.Doubles("f64/sqdist"), gradientTolerance)

	a, err := NewAffinities(pool, near, f.Real("perplexity"))
	if err != nil {
		t.Fatal(err)
	}
	dense := make([]float64, n*n)
	for i := range n {
		index, p := a.Row(i)
		for k, j := range index {
			dense[i*n+int(j)] = p[k]
		}
	}
	within("P", dense, f.Doubles("f64/P"), affinityTolerance)
	within("beta", a.Beta, f.Doubles("f64/beta"), affinityTolerance)

	y := f.Doubles("in/Y")
	g := make([]float64, len(y))
	kl, err := exactGradient(pool, a, y, g, 1)
	if err != nil {
		t.Fatal(err)
	}
	within("KL", []float64{kl}, f.Doubles("f64/KL"), gradientTolerance)
	within("gradient", g, f.Doubles("f64/grad"), gradientTolerance)

	steps := f.Doubles("f64/gd_Y")
	d := newDescent(pool, n, refRate)
	d.momentum = refMomentum
	exact := &exactForces{pool, a, make([]float64, len(y))}
	for i := 0; i < len(steps); i += len(y) {
		if _, err := exact.gradient(y, g, refExaggeration); err != nil {
			t.Fatal(err)
		}
		d.step(y, g)
		within("place after a step", y, steps[i:i+len(y)], descentTolerance)
	}
}
