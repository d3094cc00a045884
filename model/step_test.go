package model

import (
	"errors"
	"math"
	"strings"
	"testing"

	"dcganviz/internal/kernel"
)

// trainStep makes one step of strict alternation with Adam.
func trainStep(t testing.TB, s *Step, optG, optD *adam, real, z []float32) (lossD, lossG float64) {
	t.Helper()
	check := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	fake, err := s.Generate(z)
	check(err)
	a, _, err := s.DiscriminatorGrad(real, 1, false)
	check(err)
	b, _, err := s.DiscriminatorGrad(fake, 0, true)
	check(err)
	optD.update()
	lossG, _, dx, err := s.InputGrad(fake, 1)
	check(err)
	check(s.GeneratorGrad(dx))
	optG.update()
	return a + b, lossG
}

func trainer(t testing.TB, cfg Config, batch, threads int) (s *Step, optG, optD *adam, g *G, d *D) {
	t.Helper()
	pool := testPool(t, threads)
	g, d = testPair(t, cfg)
	s = must(NewStep(g, d, batch, pool))(t)
	o := kernel.AdamOptions{Rate: 2e-4, Beta1: .5, Beta2: .999, Eps: 1e-8}
	return s, newAdam(g.net, pool, o), newAdam(d.net, pool, o), g, d
}

func TestStepOnTwoThreadsGivesTheSameBits(t *testing.T) {
	for _, cfg := range []Config{tiny(PyTorch, 32), tiny(Paper, 32)} {
		var states [2][2][]NamedTensor
		for threads := 1; threads <= 2; threads++ {
			s, optG, optD, g, d := trainer(t, cfg, 5, threads)
			for i := range 3 {
				trainStep(t, s, optG, optD, noise(5, cfg).Data, Latents(1, 5*i, 5, cfg).Data)
			}
			states[threads-1] = [2][]NamedTensor{g.State(), d.State()}
		}
		for i := range states[0] {
			compareStates(t, states[1][i], states[0][i])
		}
	}
}

// TestStepGradientsByFiniteDifferences compares the gradients of both losses
// with differences along them.
func TestStepGradientsByFiniteDifferences(t *testing.T) {
	hidden := tiny(Paper, 16)
	hidden.Hidden = 7
	for name, cfg := range map[string]Config{
		"paper": tiny(Paper, 16), "hidden": hidden, "told": tiny(PyTorch, 16).Conditional(3), "hidden, told": hidden.Conditional(3),
	} {
		t.Run(name, func(t *testing.T) { stepGradients(t, cfg) })
	}
}

func stepGradients(t *testing.T, cfg Config) {
	const batch = 6
	g, d := testPair(t, cfg)
	for _, n := range []*net{g.net, d.net} {
		liven(n)
		for i := range n.layers {
			n.layers[i].clearUnused(n.blocks[i].weight.W)
		}
	}
	s := must(NewStep(g, d, batch, testPool(t, 2)))(t)
	real, z := noise(batch, cfg).Data, g.Latents(1, 0, batch).Data
	if cfg.DCondition.Classes > 0 {
		if _, _, err := s.DiscriminatorGrad(real, 1, false); !errors.Is(err, ErrNoClass) {
			t.Errorf("D was told no classes: %v", err)
		}
		if err := s.Tell(g.Classes(0, batch)); err != nil {
			t.Fatal(err)
		}
	}
	check := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	lossG := func() float64 {
		fake, err := s.Generate(z)
		check(err)
		loss, _, dx, err := s.InputGrad(fake, 1)
		check(err)
		check(s.GeneratorGrad(dx))
		return loss
	}
	lossD := func() float64 {
		a, _, err := s.DiscriminatorGrad(real, .9, false)
		check(err)
		fake, err := s.Generate(z)
		check(err)
		b, _, err := s.DiscriminatorGrad(fake, 0, true)
		check(err)
		return a + b
	}
	for _, c := range []struct {
		n    *net
		loss func() float64
	}{{g.net, lossG}, {d.net, lossD}} {
		for i, p := range c.n.Params() {
			c.loss()
			x := Tensor{[]int{len(p.W)}, append([]float32(nil), p.W...)}
			directional(t, p.Name, x, append([]float32(nil), p.Grad...), func(v Tensor) float64 {
				copy(p.W, v.Data)
				p.Changed()
				return c.loss()
			})
			copy(c.n.params[i].W, x.Data)
			p.Changed()
		}
	}
}

// TestInputGradLeavesParams checks that D's gradients and weights stay while
// its statistics move, as in PyTorch.
func TestInputGradLeavesParams(t *testing.T) {
	cfg := tiny(PyTorch, 16)
	s, _, _, _, d := trainer(t, cfg, 4, 2)
	x := noise(4, cfg).Data
	if _, _, err := s.DiscriminatorGrad(x, 1, false); err != nil {
		t.Fatal(err)
	}
	before, grads := d.State(), [][]float32{}
	for _, p := range d.Params() {
		grads = append(grads, append([]float32(nil), p.Grad...))
	}
	if _, _, _, err := s.InputGrad(x, 0); err != nil {
		t.Fatal(err)
	}
	for i, p := range d.Params() {
		compareBits(t, p.Name, p.Grad, grads[i])
	}
	after := d.State()
	for i, e := range before {
		switch {
		case e.Ints != nil:
			if after[i].Ints[0] != e.Ints[0]+1 {
				t.Errorf("%s went from %d to %d", e.Name, e.Ints[0], after[i].Ints[0])
			}
		case strings.HasSuffix(e.Name, "weight"), strings.HasSuffix(e.Name, "bias"):
			compareBits(t, e.Name, after[i].Data, e.Data)
		}
	}
}

// TestStepAndProbesShareWeights draws with the net that a Step is training.
func TestStepAndProbesShareWeights(t *testing.T) {
	cfg := tiny(PyTorch, 16)
	s, optG, optD, g, _ := trainer(t, cfg, 4, 2)
	z := Latents(7, 0, 4, cfg)
	opt := RunOptions{Pool: testPool(t, 2)}
	before := must(g.Generate(z, opt))(t)
	trainStep(t, s, optG, optD, noise(4, cfg).Data, z.Data)
	after := must(g.Generate(z, opt))(t)
	fresh := must(g.Clone().Generate(z, opt))(t)
	compareBits(t, "images", after.Data, fresh.Data)
	differ := false
	for i, v := range after.Data {
		differ = differ || v != before.Data[i]
	}
	if !differ {
		t.Error("a step changed nothing that Generate draws")
	}
	opt.BatchStats = true
	compareBits(t, "batch statistics", must(g.Generate(z, opt))(t).Data, must(s.Generate(z.Data))(t))
}

func TestStepRefusesBadInput(t *testing.T) {
	cfg := tiny(PyTorch, 16)
	s, _, _, g, d := trainer(t, cfg, 2, 1)
	other := cfg
	other.Size = 32
	_, big := testPair(t, other)
	for what, err := range map[string]error{
		"batch":     second(NewStep(g, d, 0, nil)),
		"sizes":     second(NewStep(g, big, 2, nil)),
		"latents":   second(s.Generate(make([]float32, 3))),
		"too early": s.GeneratorGrad(make([]float32, 2*16*16*3)),
		"gradients": s.GeneratorGrad(nil),
	} {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
	if _, _, err := s.DiscriminatorGrad(make([]float32, 5), 1, false); err == nil {
		t.Error("images: no error")
	}
}

func second[T any](_ T, err error) error { return err }

// TestStepReportsNaN lets a loss of NaN through as a number: the trainer
// watches for it.
func TestStepReportsNaN(t *testing.T) {
	cfg := tiny(PyTorch, 16)
	s, _, _, _, d := trainer(t, cfg, 2, 1)
	p := d.Params()[0]
	p.W[0] = float32(math.NaN())
	p.Changed()
	loss, _, err := s.DiscriminatorGrad(noise(2, cfg).Data, 1, false)
	if err != nil || !math.IsNaN(loss) {
		t.Errorf("loss %v, error %v; want NaN", loss, err)
	}
}

// TestStepAllocatesLittle bounds the garbage of a training step: gorgonia's
// interpreter makes some small objects an op.
func TestStepAllocatesLittle(t *testing.T) {
	cfg := tiny(PyTorch, 64)
	s, optG, optD, _, _ := trainer(t, cfg, 2, 2)
	real, z := noise(2, cfg).Data, Latents(1, 0, 2, cfg).Data
	const most = 1500
	allocs := testing.AllocsPerRun(5, func() { trainStep(t, s, optG, optD, real, z) })
	t.Logf("%v allocations a step", allocs)
	if allocs > most {
		t.Errorf("%v allocations a step, want at most %d", allocs, most)
	}
}
