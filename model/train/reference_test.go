package train

import (
	"math"
	"testing"

	"dcganviz/internal/reference"
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
func TestReferenceSteps(t *testing.T) { reference.Run(t, "dcgan_step_*", referenceSteps) }

func referenceSteps(t *testing.T, f *reference.File) {
	n := f.Net()
	cfg := model.Config{Size: n.Size, Channels: n.Channels, LatentDim: n.LatentDim, GWidth: n.GWidth, DWidth: n.DWidth}
	if n.Paper {
		cfg.Arch = model.Paper
	}
	batch, steps := f.Number("batch"), f.Number("steps")
	tr := newTrainer(t, cfg, Options{Batch: batch}, newPool(t, 2))
	if err := tr.g.LoadState(reference.State[model.NamedTensor](f, "in/G0/")); err != nil {
		t.Fatal(err)
	}
	if err := tr.d.LoadState(reference.State[model.NamedTensor](f, "in/D0/")); err != nil {
		t.Fatal(err)
	}
	z, real := f.Floats("in/z"), f.Floats("in/real")
	wantG, wantReal, wantFake := f.Doubles("f64/lossG"), f.Doubles("f64/lossD_real"), f.Doubles("f64/lossD_fake")
	size := batch * shapeOf(cfg).floats()
	for s := range steps {
		x, err := model.FromNCHW(model.Tensor{Shape: []int{batch, cfg.Channels, cfg.Size, cfg.Size}, Data: real[s*size : (s+1)*size]})
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
func compareState(t *testing.T, what string, state []model.NamedTensor, f *reference.File, prefix string, tolerance func(largest float64) float64) {
	t.Helper()
	worst := 0.0
	for _, s := range state {
		if s.Ints != nil {
			if want := f.Ints(prefix + s.Name); want[0] != s.Ints[0] {
				t.Errorf("%s: %s is %v, want %v", what, s.Name, s.Ints, want)
			}
			continue
		}
		want := f.Doubles(prefix + s.Name)
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
