package tsne

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

// Tolerances of the reference's figures, all in float64: affinities after a
// bisection, sums of 2,500 terms, and ten steps that amplify their rounding.
const (
	affinityTolerance = 1e-6
	gradientTolerance = 1e-9
	descentTolerance  = 1e-8
)

// TestReference compares with what NumPy and PyTorch computed in float64, the
// gradient by automatic differentiation: testdata/ref/gen.py, part 11.
func TestReference(t *testing.T) {
	dir := os.Getenv("DCGANVIZ_REF")
	if dir == "" {
		dir = filepath.Join("..", "..", "testdata", "ref")
	}
	file, err := safetensors.ReadFile(filepath.Join(dir, "tsne.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	get := func(name string) []float64 {
		t.Helper()
		v, err := file.Float64s(name)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
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
	x := model.NewTensor(50, 8)
	for i, v := range get("in/X") {
		x.Data[i] = float32(v)
	}
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
	within("squared distance", squared, get("f64/sqdist"), gradientTolerance)

	a, err := NewAffinities(pool, near, 10)
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
	within("P", dense, get("f64/P"), affinityTolerance)
	within("beta", a.Beta, get("f64/beta"), affinityTolerance)

	y := get("in/Y")
	g := make([]float64, len(y))
	kl, err := Gradient(pool, a, y, g, 1)
	if err != nil {
		t.Fatal(err)
	}
	within("KL", []float64{kl}, get("f64/KL"), gradientTolerance)
	within("gradient", g, get("f64/grad"), gradientTolerance)

	steps := get("f64/gd_Y")
	d := newDescent(pool, n, 20)
	d.momentum = .5
	f := &exactForces{pool, a, make([]float64, len(y))}
	for i := 0; i < len(steps); i += len(y) {
		if _, err := f.gradient(y, g, 12); err != nil {
			t.Fatal(err)
		}
		d.step(y, g)
		within("place after a step", y, steps[i:i+len(y)], descentTolerance)
	}
}
