package train

import (
	"math"
	"slices"
	"testing"

	"dcganviz/model"
)

// tiny is the smallest pair that has every kind of layer.
var tiny = model.Config{Arch: model.PyTorch, Size: 16, Channels: 3, LatentDim: 5, GWidth: 4, DWidth: 4}

func newPool(t testing.TB, threads int) *model.Pool {
	p := model.NewPool(threads)
	t.Cleanup(p.Close)
	return p
}

// TestAverageClosedForm: of weights that are the constant t at step t, the
// moving average is a sum that can be written down.
func TestAverageClosedForm(t *testing.T) {
	const decay = 0.9
	const tolerance = 2e-6 // of float32 updates of values up to 200
	pool := newPool(t, 2)
	g, err := model.NewG(tiny, 1)
	if err != nil {
		t.Fatal(err)
	}
	set := func(v float32) {
		for _, p := range g.Params() {
			for i := range p.W {
				p.W[i] = v
			}
			p.Changed()
		}
	}
	set(0)
	ema := g.Clone()
	const steps = 200
	// The weight of step k in the end: (1-d_k) times all later decays.
	d := func(k int) float64 { return min(decay, float64(1+k)/float64(10+k)) }
	var want float64
	for k := 1; k <= steps; k++ {
		share := 1 - d(k)
		for later := k + 1; later <= steps; later++ {
			share *= d(later)
		}
		want += share * float64(k)
	}
	for k := 1; k <= steps; k++ {
		set(float32(k))
		Average(ema.Params(), g.Params(), decay, k, pool)
	}
	for _, p := range ema.Params() {
		for i, v := range p.W {
			if !(math.Abs(float64(v)-want) <= tolerance*want) {
				t.Fatalf("%s[%d] = %g, want %g", p.Name, i, v, want)
			}
		}
	}
	if d(1) != 2.0/11 || d(80) != 0.9 || d(500) != 0.9 {
		t.Errorf("decays %g, %g, %g", d(1), d(80), d(500))
	}
}

// TestNoMomentumClosedForm: without the first moment, and with gradients that
// are constant, the second one's correction cancels and every step is
// -rate*g/(|g|+eps).
func TestNoMomentumClosedForm(t *testing.T) {
	const tolerance = 2e-6 // relative, of a few float32 roundings a step
	o, err := Options{Rate: 0.25, NoMomentum: true, Eps: 0.125}.filled()
	if err != nil {
		t.Fatal(err)
	}
	pool := newPool(t, 1)
	p := &model.Param{W: []float32{0, 0, 0}, Grad: []float32{2, -0.5, 8}}
	a := NewAdam([]*model.Param{p}, o.Rate, o)
	want := make([]float64, 3)
	for step := 1; step <= 5; step++ {
		a.Step(pool, step)
		for i, g := range p.Grad {
			want[i] -= o.Rate * float64(g) / (math.Abs(float64(g)) + o.Eps)
			if !(math.Abs(float64(p.W[i])-want[i]) <= tolerance*math.Abs(want[i])) {
				t.Fatalf("step %d: weight %d is %g, want %g", step, i, p.W[i], want[i])
			}
		}
	}
	// A gradient of zero moves nothing: there is no momentum.
	before := slices.Clone(p.W)
	clear(p.Grad)
	a.Step(pool, 6)
	if !slices.Equal(p.W, before) {
		t.Errorf("weights %v after a gradient of 0, want %v", p.W, before)
	}
}

func TestGradNorm(t *testing.T) {
	pool := newPool(t, 1)
	params := []*model.Param{{W: make([]float32, 2), Grad: []float32{3, 0}}, {W: make([]float32, 1), Grad: []float32{-4}}}
	a := NewAdam(params, 1, Options{})
	if got := a.gradNorm(pool); got != 5 {
		t.Errorf("norm of (3, 0, -4) is %g, want 5", got)
	}
	params[1].Grad[0] = float32(math.NaN())
	if got := a.gradNorm(pool); got == got {
		t.Errorf("norm with a NaN is %g, want NaN", got)
	}
}
