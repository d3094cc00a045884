package vector

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

// TestSumIsTheReference: the sum and its image are what PyTorch computed in
// float64.
func TestSumIsTheReference(t *testing.T) {
	dir := os.Getenv("DCGANVIZ_REF")
	if dir == "" {
		dir = "../../testdata/ref"
	}
	paths, err := filepath.Glob(filepath.Join(dir, "g_probe_*.safetensors"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no g_probe_* in %s: %v", dir, err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			f, err := safetensors.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			z, err := f.Tensor("in/arith_z") // [concept, exemplar, LatentDim]
			if err != nil {
				t.Fatal(err)
			}
			data, err := f.Float32s("in/arith_z")
			if err != nil {
				t.Fatal(err)
			}
			all := model.Tensor{Shape: []int{z.Shape[0] * z.Shape[1], z.Shape[2]}, Data: data}
			n := z.Shape[1]
			y, err := Exemplars{all.Slice(0, n), all.Slice(n, 2*n), all.Slice(2*n, 3*n)}.Sum()
			if err != nil {
				t.Fatal(err)
			}
			// Float32 rounds the sum once; the image goes through all of G in
			// float32.
			near(t, "sum", y, reference(t, f, "f64/arith"), 1e-6)
			x, err := referenceG(t, f).Generate(Around(y, 0, 0, 1), model.RunOptions{})
			if err != nil {
				t.Fatal(err)
			}
			want := reference(t, f, "f64/y_arith") // NCHW
			h, w, c := x.Shape[1], x.Shape[2], x.Shape[3]
			nhwc := make([]float64, len(want))
			for i := range nhwc {
				nhwc[i] = want[i%c*h*w+i/c]
			}
			near(t, "image", x.Data, nhwc, 1e-5)
		})
	}
}

func reference(t *testing.T, f *safetensors.File, name string) []float64 {
	t.Helper()
	v, err := f.Float64s(name)
	if err != nil {
		t.Fatal(err)
	}
	return v
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
func referenceG(t *testing.T, f *safetensors.File) *model.G {
	t.Helper()
	cfg := model.Config{Size: 16, Channels: 3, LatentDim: 7, GWidth: 4, DWidth: 4}
	if f.Metadata["arch"] == "newmu" {
		cfg.Arch, cfg.Law = model.Paper, model.Uniform
	}
	g, err := model.NewG(cfg, 0)
	if err != nil {
		t.Fatal(err)
	}
	state := g.State()
	for i := range state {
		s := &state[i]
		if s.Ints != nil {
			if s.Ints, err = f.Int64s("in/G/" + s.Name); err != nil {
				t.Fatal(err)
			}
		} else if s.Data, err = f.Float32s("in/G/" + s.Name); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.LoadState(state); err != nil {
		t.Fatal(err)
	}
	return g
}
