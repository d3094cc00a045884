package train

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

// Tolerances of 20 steps in float32 against PyTorch in float64.
const (
	refWeights = 2e-6 // absolute, of weights and statistics after one step
	refLosses  = 1e-5 // relative, of the losses of 20 steps
	refEnd     = 1e-5 // of each tensor's largest magnitude after 20 steps
)

// TestReferenceSteps trains by Trainer on the pictures and latents that
// PyTorch trained on (testdata/ref, dcgan_step_*; made by gen.py there).
func TestReferenceSteps(t *testing.T) {
	dir := os.Getenv("DCGANVIZ_REF")
	if dir == "" {
		dir = filepath.Join("..", "..", "testdata", "ref")
	}
	files, err := filepath.Glob(filepath.Join(dir, "dcgan_step_*.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("no dcgan_step_*.safetensors in %s", dir)
	}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".safetensors")
		t.Run(name, func(t *testing.T) { referenceSteps(t, path) })
	}
}

func referenceSteps(t *testing.T, path string) {
	f, err := safetensors.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	number := func(key string) int {
		n, err := strconv.Atoi(f.Metadata[key])
		if err != nil {
			t.Fatalf("metadata %s: %v", key, err)
		}
		return n
	}
	floats := func(name string) []float64 {
		x, err := f.Float64s(name)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	cfg := model.Config{Size: number("size"), Channels: 3, LatentDim: number("nz"), GWidth: number("ngf"), DWidth: number("ndf")}
	switch f.Metadata["arch"] {
	case "examples":
		cfg.Arch = model.PyTorch
	case "newmu":
		cfg.Arch = model.Paper
	default:
		t.Fatalf("architecture %q", f.Metadata["arch"])
	}
	batch, steps := number("batch"), number("steps")
	tr := newTrainer(t, cfg, Options{Batch: batch}, newPool(t, 2))
	load := func(net interface {
		State() []model.NamedTensor
		LoadState([]model.NamedTensor) error
	}, prefix string) {
		state := net.State()
		for i := range state {
			var err error
			if s := &state[i]; s.Ints != nil {
				x, err := f.Tensor(prefix + s.Name)
				if err != nil {
					t.Fatal(err)
				}
				s.Ints, err = x.Int64s()
				if err != nil {
					t.Fatal(err)
				}
			} else if s.Data, err = f.Float32s(prefix + s.Name); err != nil {
				t.Fatal(err)
			}
		}
		if err := net.LoadState(state); err != nil {
			t.Fatal(err)
		}
	}
	load(tr.g, "in/G0/")
	load(tr.d, "in/D0/")

	z, err := f.Float32s("in/z")
	if err != nil {
		t.Fatal(err)
	}
	real, err := f.Float32s("in/real")
	if err != nil {
		t.Fatal(err)
	}
	wantG, wantReal, wantFake := floats("f64/lossG"), floats("f64/lossD_real"), floats("f64/lossD_fake")
	size := batch * shapeOf(cfg).floats()
	for s := range steps {
		x, err := model.FromNCHW(model.Tensor{Shape: []int{batch, 3, cfg.Size, cfg.Size}, Data: real[s*size : (s+1)*size]})
		if err != nil {
			t.Fatal(err)
		}
		got, err := tr.update(x.Data, z[s*batch*cfg.LatentDim:(s+1)*batch*cfg.LatentDim])
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name      string
			got, want float64
		}{{"G", got.LossG, wantG[s]}, {"D on real", got.LossDReal, wantReal[s]}, {"D on drawn", got.LossDFake, wantFake[s]}} {
			if !(math.Abs(c.got-c.want) <= refLosses*c.want) {
				t.Errorf("step %d: loss of %s %.9g, want %.9g", s+1, c.name, c.got, c.want)
			}
		}
		if s == 0 {
			compareState(t, "G1", tr.g.State(), f, "f64/step1/G1/", func(float64) float64 { return refWeights })
			compareState(t, "D1", tr.d.State(), f, "f64/step1/D1/", func(float64) float64 { return refWeights })
		}
	}
	relative := func(largest float64) float64 { return refEnd * largest }
	compareState(t, "G20", tr.g.State(), f, "f64/G20/", relative)
	compareState(t, "D20", tr.d.State(), f, "f64/D20/", relative)
}

// compareState compares with the tensors of a file, to a tolerance that may
// depend on a tensor's largest magnitude.
func compareState(t *testing.T, what string, state []model.NamedTensor, f *safetensors.File, prefix string, tolerance func(largest float64) float64) {
	t.Helper()
	worst := 0.0
	for _, s := range state {
		if s.Ints != nil {
			x, err := f.Tensor(prefix + s.Name)
			if err != nil {
				t.Fatal(err)
			}
			if want, err := x.Int64s(); err != nil || want[0] != s.Ints[0] {
				t.Errorf("%s: %s is %v, want %v (%v)", what, s.Name, s.Ints, want, err)
			}
			continue
		}
		want, err := f.Float64s(prefix + s.Name)
		if err != nil {
			t.Fatal(err)
		}
		largest := 0.0
		for _, w := range want {
			largest = max(largest, math.Abs(w))
		}
		limit := tolerance(largest)
		for i, w := range want {
			diff := math.Abs(float64(s.Data[i]) - w)
			if !(diff <= limit) {
				t.Errorf("%s: %s[%d] is %.9g, want %.9g within %.2g", what, s.Name, i, s.Data[i], w, limit)
				break
			}
			worst = max(worst, diff/limit)
		}
	}
	t.Logf("%s: largest difference %.2g of the tolerance", what, worst)
}
