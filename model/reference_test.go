package model

import (
	"math"
	"path"
	"strings"
	"testing"

	"dcganviz/internal/kernel"
	ref "dcganviz/internal/reference"
)

// A reference is one file of tensors that PyTorch computed.
type reference struct{ *ref.File }

// TestReference runs every file of testdata/ref, or of $DCGANVIZ_REF, through the
// code that computes the same thing. testdata/ref/gen.py documents the files.
func TestReference(t *testing.T) {
	ref.Run(t, "*", func(t *testing.T, f *ref.File) {
		r := &reference{f}
		check := r.checker(path.Base(t.Name()))
		if check == nil {
			t.Fatalf("no test understands this file (metadata %v)", f.Metadata)
		}
		check(r)
	})
}

// checker chooses the test of a file from what the file says it is.
func (r *reference) checker(name string) func(*reference) {
	switch r.Metadata["op"] {
	case "conv2d":
		return checkConv
	case "conv_transpose2d":
		return checkConvTranspose
	}
	for prefix, check := range map[string]func(*reference){
		"batch_norm":  checkBatchNorm,
		"activations": checkActivations,
		"bce":         checkCrossEntropy,
		"adam":        checkAdam,
		"dcgan_step":  checkSteps,
		"guided":      checkGuided,
		"g_probe":     checkProbes,
		"tsne":        func(r *reference) { r.Skip("t-SNE is not part of package model: see probe/tsne") },
		"l2svm":       func(r *reference) { r.Skip("the linear SVM is not part of package model: a later probe's") },
	} {
		if name == prefix || strings.HasPrefix(name, prefix+"_") {
			return check
		}
	}
	return nil
}

// tolerance of float32 results against PyTorch's float64 ones, relative to the
// largest magnitude of the tensor.
const tolerance = 1e-5

// nhwc returns an [N, C, H, W] tensor as [N, H, W, C].
func (r *reference) nhwc(name string) Tensor {
	r.Helper()
	t, err := FromNCHW(Tensor{r.Shape(name), r.Floats(name)})
	if err != nil {
		r.Fatal(err)
	}
	return t
}

// near compares got with want, relative to the largest magnitude of want.
func (r *reference) near(what string, got []float32, want []float64, relative float64) {
	r.Helper()
	var largest float64
	for _, v := range want {
		largest = max(largest, math.Abs(v))
	}
	r.within(what, got, want, relative*largest)
}

// within compares got with want.
func (r *reference) within(what string, got []float32, want []float64, tolerance float64) {
	r.Helper()
	if len(got) != len(want) {
		r.Errorf("%s: %d values, want %d", what, len(got), len(want))
		return
	}
	worst, at := -1.0, 0
	for i, v := range got {
		d := math.Abs(float64(v) - want[i])
		if math.IsNaN(d) {
			d = math.Inf(1)
		}
		if d > worst {
			worst, at = d, i
		}
	}
	if !(worst <= tolerance) {
		r.Errorf("%s[%d] = %v, want %v: off by %.3g, tolerance %.3g", what, at, got[at], want[at], worst, tolerance)
	}
}

// images compares an NHWC tensor with an NCHW one of the file.
func (r *reference) images(what string, got Tensor, name string) {
	r.Helper()
	back, err := got.ToNCHW()
	if err != nil {
		r.Fatal(err)
	}
	r.near(what, back.Data, r.Doubles(name), tolerance)
}

// config returns the tiny DCGAN that the file is about.
func (r *reference) config() Config {
	r.Helper()
	n := r.Net()
	cfg := Config{Size: n.Size, Channels: n.Channels, LatentDim: n.LatentDim, GWidth: n.GWidth, DWidth: n.DWidth}
	if n.Paper {
		cfg.Arch = Paper
	}
	return cfg
}

func (r *reference) generator(prefix string) *G {
	r.Helper()
	g, err := NewG(r.config(), 0)
	if err == nil {
		err = g.LoadState(ref.State[NamedTensor](r.File, prefix))
	}
	if err != nil {
		r.Fatal(err)
	}
	return g
}

func (r *reference) discriminator(prefix string) *D {
	r.Helper()
	d, err := NewD(r.config(), 0)
	if err == nil {
		err = d.LoadState(ref.State[NamedTensor](r.File, prefix))
	}
	if err != nil {
		r.Fatal(err)
	}
	return d
}

// testPool returns a pool of the given number of threads for one test.
func testPool(t testing.TB, threads int) *kernel.Pool {
	p := kernel.NewPool(threads)
	t.Cleanup(p.Close)
	return p
}
