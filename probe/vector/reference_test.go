package vector

import (
	"math"
	"testing"

	"dcganviz/internal/reference"
	"dcganviz/model"
)

// TestSumIsTheReference: the sum and its image are what PyTorch computed in
// float64.
func TestSumIsTheReference(t *testing.T) {
	reference.Run(t, "g_probe_*", func(t *testing.T, f *reference.File) {
		shape := f.Shape("in/arith_z") // [concept, exemplar, LatentDim]
		n := shape[1]
		all := model.Tensor{Shape: []int{shape[0] * n, shape[2]}, Data: f.Floats("in/arith_z")}
		y, err := Exemplars{all.Slice(0, n), all.Slice(n, 2*n), all.Slice(2*n, 3*n)}.Sum()
		if err != nil {
			t.Fatal(err)
		}
		// Float32 rounds the sum once; the image goes through all of G in float32.
		near(t, "sum", y, f.Doubles("f64/arith"), 1e-6)
		x, err := referenceG(t, f).Generate(Around(y, 0, 0, 1), model.RunOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if x, err = x.ToNCHW(); err != nil {
			t.Fatal(err)
		}
		near(t, "image", x.Data, f.Doubles("f64/y_arith"), 1e-5)
	})
}

func near(t *testing.T, what string, got []float32, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	for i, v := range got {
		if !(math.Abs(float64(v)-want[i]) <= tolerance) {
			t.Fatalf("%s: number %d is %v, want %v", what, i, v, want[i])
		}
	}
}

// referenceG is the G of a file of reference tensors.
func referenceG(t *testing.T, f *reference.File) *model.G {
	t.Helper()
	n := f.Net()
	cfg := model.Config{Size: n.Size, Channels: n.Channels, LatentDim: n.LatentDim, GWidth: n.GWidth, DWidth: n.DWidth}
	if n.Paper {
		cfg.Arch, cfg.Law = model.Paper, model.Uniform
	}
	g, err := model.NewG(cfg, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.LoadState(reference.State[model.NamedTensor](f, "in/G/")); err != nil {
		t.Fatal(err)
	}
	return g
}
