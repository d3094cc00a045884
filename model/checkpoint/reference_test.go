package checkpoint

import (
	"iter"
	"math"
	"testing"

	ref "dcganviz/internal/reference"
	"dcganviz/model"
)

// A net is what tests ask of a G and of a D.
type net interface {
	Layers() []model.LayerInfo
	Params() []*model.Param
	State() []model.NamedTensor
	Tensors() iter.Seq[model.NamedTensor]
	Activations(x model.Tensor, points []model.Point, opt model.RunOptions) ([]model.Tensor, error)
	InputGradient(x model.Tensor, target model.Target, opt model.GradientOptions) (model.InputGradient, error)
}

// A reference is a file with what PyTorch computed.
type reference struct{ *ref.File }

// tolerance of float32 results against PyTorch's float64 ones, relative to the
// largest magnitude of the tensor.
const tolerance = 1e-5

// nhwc returns an [N, C, H, W] tensor as [N, H, W, C].
func (r *reference) nhwc(name string) model.Tensor {
	r.Helper()
	return must(model.FromNCHW(model.Tensor{Shape: r.Shape(name), Data: r.Floats(name)}))(r)
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
func (r *reference) images(what string, got model.Tensor, name string) {
	r.Helper()
	r.near(what, must(got.ToNCHW())(r).Data, r.Doubles(name), tolerance)
}

// gradState returns the gradients of n as a state dict, in PyTorch's order; the
// statistics among them mean nothing. like is a net of the same layers, which it
// overwrites.
func gradState(n, like net) []model.NamedTensor {
	for i, p := range like.Params() {
		copy(p.W, n.Params()[i].Grad)
	}
	return like.State()
}

// must is for calls that do not fail: must(f(x))(t).
func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// testPool returns a pool of the given number of threads for one test.
func testPool(t testing.TB, threads int) *model.Pool {
	p := model.NewPool(threads)
	t.Cleanup(p.Close)
	return p
}
