package model

import (
	"math"
	"testing"
)

// hourglass is a small grid net's layers with each kind that a judge uses.
func hourglass(t testing.TB) Stack {
	return must(NewStack(
		LayerSpec{Kind: Conv2D, Channels: 4, KernelHeight: 4, KernelWidth: 4, Stride: 2, Padding: 1, Norm: ChannelNorm,
			Activation: LeakyReLU, Slope: .2, Module: "a", NormModule: "na"},
		LayerSpec{Kind: Conv2D, Channels: 5, KernelHeight: 4, KernelWidth: 4, Stride: 2, Padding: 1, Norm: ChannelNorm,
			Activation: LeakyReLU, Slope: .2, Module: "b", NormModule: "nb"},
		LayerSpec{Kind: ConvTranspose2D, Channels: 3, KernelHeight: 4, KernelWidth: 4, Stride: 2, Padding: 1, Norm: ChannelNorm,
			Activation: LeakyReLU, Slope: .2, Module: "c", NormModule: "nc"},
		LayerSpec{Kind: Conv2D, Channels: 1, KernelHeight: 3, KernelWidth: 3, Padding: 1, Bias: true, Module: "d"},
	))(t)
}

func testGridNet(t testing.TB) (*GridNet, Tensor) {
	m := must(NewGridNet(16, 2, hourglass(t), 5))(t)
	liven(m.net)
	return m, noise(6, m.cfg)
}

// TestGridNetIsD compares a grid net of one location with a D of the same layers,
// which PyTorch's tensors witness: logits, loss and gradients, to the last bit.
func TestGridNetIsD(t *testing.T) {
	const batch = 4
	cfg := tiny(Paper, 16)
	g, family := testPair(t, cfg)
	stack := must(NewStack(family.Specs()...))(t)
	m := must(NewGridNet(cfg.Size, cfg.Channels, stack, 1))(t)
	if err := m.LoadState(family.State()); err != nil {
		t.Fatal(err)
	}
	x := noise(batch, cfg)
	pool := testPool(t, 2)
	got, want := must(m.Logits(x, RunOptions{Pool: pool}))(t), must(family.Logits(x, RunOptions{Pool: pool}))(t)
	if !equalInts(got.Shape, []int{batch, 1, 1}) {
		t.Fatalf("logits %v", got.Shape)
	}
	compareBits(t, "logits", got.Data, want.Data)

	step := must(NewStep(g, family, batch, pool))(t)
	lossD, _, err := step.DiscriminatorGrad(x.Data, .9, false)
	if err != nil {
		t.Fatal(err)
	}
	targets := []float32{.9, .9, .9, .9}
	loss, logits, err := must(NewGridNetStep(m, batch, pool))(t).Grad(x.Data, targets)
	if err != nil {
		t.Fatal(err)
	}
	if len(logits) != batch || math.Abs(loss-lossD) > 1e-15 {
		t.Errorf("loss %v of %d logits, want %v of %d", loss, len(logits), lossD, batch)
	}
	for i, p := range m.Params() {
		compareBits(t, p.Name, p.Grad, family.Params()[i].Grad)
	}
	compareStates(t, m.State(), family.State())
}

// TestGridNetGradientsByFiniteDifferences also leaves locations out.
func TestGridNetGradientsByFiniteDifferences(t *testing.T) {
	m, x := testGridNet(t)
	s := must(NewGridNetStep(m, x.Len(), testPool(t, 2)))(t)
	targets := someTargets(m, x.Len())
	loss := func() float64 {
		l, _, err := s.Grad(x.Data, targets)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	for i, p := range m.Params() {
		loss()
		w := Tensor{[]int{len(p.W)}, append([]float32(nil), p.W...)}
		directional(t, p.Name, w, append([]float32(nil), p.Grad...), func(v Tensor) float64 {
			copy(p.W, v.Data)
			p.Changed()
			return loss()
		})
		copy(m.params[i].W, w.Data)
		p.Changed()
	}
}

// someTargets are 0, 1, a half and none in turn.
func someTargets(m *GridNet, n int) []float32 {
	h, w := m.Grid()
	targets := make([]float32, n*h*w)
	for i := range targets {
		targets[i] = []float32{0, 1, .5, float32(math.NaN()), 0}[i%5]
	}
	return targets
}

// TestGridNetTargetsThatDoNotCount changes what a logit of no target is: nothing
// follows. The loss is that of a plain loop.
func TestGridNetTargetsThatDoNotCount(t *testing.T) {
	nan := float32(math.NaN())
	logits, targets := []float32{2, -1, 30, .5}, []float32{1, 0, nan, .25}
	var want float64
	for _, i := range []int{0, 1, 3} {
		s, y := 1/(1+math.Exp(-float64(logits[i]))), float64(targets[i])
		want -= (y*math.Log(s) + (1-y)*math.Log(1-s)) / 3
	}
	if got := meanCrossEntropy(logits, targets); math.Abs(got-want) > 1e-14 {
		t.Errorf("loss %v, want %v", got, want)
	}
	grad := make([]float32, 4)
	crossEntropyGradient(grad, logits, targets, 1)
	if grad[2] != 0 {
		t.Errorf("gradient %v where no target counts, want 0", grad[2])
	}
	if got := meanCrossEntropy(logits[:1], []float32{nan}); got != 0 {
		t.Errorf("loss %v without targets, want 0", got)
	}
}

func TestGridNetOnTwoThreadsGivesTheSameBits(t *testing.T) {
	var states [2][]NamedTensor
	for threads := 1; threads <= 2; threads++ {
		m, x := testGridNet(t)
		pool := testPool(t, threads)
		s := must(NewGridNetStep(m, x.Len(), pool))(t)
		if _, _, err := s.Grad(x.Data, someTargets(m, x.Len())); err != nil {
			t.Fatal(err)
		}
		if err := m.EstimateStatistics(x, 3, pool); err != nil {
			t.Fatal(err)
		}
		states[threads-1] = m.State()
		for _, p := range m.Params() {
			states[threads-1] = append(states[threads-1], NamedTensor{Name: p.Name, Data: p.Grad})
		}
	}
	compareStates(t, states[1], states[0])
}

func TestGridNetCloneIsEqual(t *testing.T) {
	m, x := testGridNet(t)
	back := m.Clone()
	compareStates(t, back.State(), m.State())
	h, w := back.Grid()
	if y := must(back.Logits(x, RunOptions{}))(t); !equalInts(y.Shape, []int{6, h, w}) || h != 8 || w != 8 {
		t.Errorf("logits %v of a grid %dx%d, want [6 8 8]", y.Shape, h, w)
	}
}

func TestNewGridNetRefuses(t *testing.T) {
	layer := func(change func(*LayerSpec)) Stack {
		s := LayerSpec{Kind: Conv2D, Channels: 1, KernelHeight: 3, KernelWidth: 3, Padding: 1, Module: "a"}
		change(&s)
		return must(NewStack(s))(t)
	}
	for what, c := range map[string]struct {
		size, channels int
		layers         Stack
	}{
		"no layers":     {16, 3, Stack{}},
		"no pixels":     {0, 3, layer(func(*LayerSpec) {})},
		"no channels":   {16, 0, layer(func(*LayerSpec) {})},
		"two logits":    {16, 3, layer(func(s *LayerSpec) { s.Channels = 2 })},
		"an activation": {16, 3, layer(func(s *LayerSpec) { s.Activation = ReLU })},
		"a norm":        {16, 3, layer(func(s *LayerSpec) { s.Norm, s.NormModule = ChannelNorm, "n" })},
		"a wide kernel": {1, 3, layer(func(s *LayerSpec) { s.Padding = 0 })},
	} {
		if _, err := NewGridNet(c.size, c.channels, c.layers, 1); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}
