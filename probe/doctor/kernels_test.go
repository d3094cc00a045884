package doctor

import (
	"fmt"
	"math"
	"testing"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// turn plants the fault: the kernels of G the wrong way round.
func turn(t *testing.T, c *checkpoint.Checkpoint) *checkpoint.Checkpoint {
	t.Helper()
	turned, err := turnedCopy(c.G)
	if err != nil {
		t.Fatal(err)
	}
	c.G = turned
	return c
}

func TestKernelsTurned(t *testing.T) {
	for name, open := range map[string]func(*testing.T) *checkpoint.Checkpoint{"facades": facades, "digits": digits, "pytorch": pytorch} {
		t.Run(name, func(t *testing.T) {
			c := open(t)
			right := examine(t, c).Finding("kernels")
			r := examine(t, turn(t, c))
			f := r.Finding("kernels")
			t.Log(f.Evidence)
			if right.Verdict != OK || f.Verdict != Wrong {
				t.Errorf("%v, and %v turned", right.Verdict, f.Verdict)
			}
			if a, b := right.Figure("reinforcement"), f.Figure("reinforcement"); !(math.Abs(a+b) <= 1e-12) {
				t.Errorf("reinforcement %v, turned %v, want the opposite", a, b)
			}
			if b := r.Finding("batchnorm"); b.Verdict != OK {
				t.Errorf("batchnorm is %v: %s; it should blame the kernels only", b.Verdict, b.Evidence)
			}
		})
	}
	t.Run("svhn", func(t *testing.T) {
		f := examine(t, svhn(t, true)).Finding("kernels")
		t.Log(f.Evidence)
		if f.Verdict != Wrong {
			t.Errorf("unflipped: %v", f.Verdict)
		}
	})
}

// TestKernelsOfRandomNets: in a net of random weights there is nothing to tell.
func TestKernelsOfRandomNets(t *testing.T) {
	worst := 0.0
	for _, cfg := range []model.Config{
		{Arch: model.PyTorch, Size: 28, Channels: 1, LatentDim: 10, GWidth: 2},
		{Arch: model.PyTorch, Size: 32, Channels: 3, LatentDim: 100, GWidth: 4},
		{Arch: model.Paper, Size: 32, Channels: 3, LatentDim: 20, GWidth: 4, Law: model.Uniform},
		{Arch: model.PyTorch, Size: 64, Channels: 3, LatentDim: 100, GWidth: 8},
	} {
		cfg.DWidth = cfg.GWidth
		for seed := range uint64(8) {
			g, err := model.NewG(cfg, seed)
			if err != nil {
				t.Fatal(err)
			}
			r := examine(t, &checkpoint.Checkpoint{G: g, Meta: checkpoint.Meta{BN: checkpoint.BatchStats}})
			f := r.Finding("kernels")
			worst = max(worst, math.Abs(f.Figure("reinforcement")))
			if f.Verdict != NotApplicable {
				t.Errorf("%v %d, seed %d: %v: %s", cfg.Arch, cfg.Size, seed, f.Verdict, f.Evidence)
			}
		}
	}
	t.Logf("reinforcement up to %.3f, limit %.1f", worst, reinforced)
}

func TestTurnKernelsByHand(t *testing.T) {
	specs := []model.LayerSpec{{Kind: model.ConvTranspose2D, Module: "a"}, {Kind: model.ConvTranspose2D, Module: "b"}, {Kind: model.Linear, Module: "c"}}
	values := func() []float32 { return []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12} }
	tensors := []model.NamedTensor{
		{Name: "a.weight", Shape: []int{1, 2, 2, 3}, Data: values()},
		{Name: "b.weight", Shape: []int{1, 2, 2, 3}, Data: values()},
		{Name: "c.weight", Shape: []int{3, 4}, Data: values()},
		{Name: "b.bias", Shape: []int{12}, Data: values()},
	}
	turnKernels(tensors, specs, 0)
	for i, want := range []string{"[1 2 3 4 5 6 7 8 9 10 11 12]", "[6 5 4 3 2 1 12 11 10 9 8 7]", "[1 2 3 4 5 6 7 8 9 10 11 12]", "[1 2 3 4 5 6 7 8 9 10 11 12]"} {
		if got := fmt.Sprint(tensors[i].Data); got != want {
			t.Errorf("%s: %s, want %s", tensors[i].Name, got, want)
		}
	}
}

// TestTurningAllKernelsTurnsImages is why the kernel at the latent is left
// alone: with it turned too, images are the same, upside down and mirrored.
func TestTurningAllKernelsTurnsImages(t *testing.T) {
	const tolerance = 1e-5 // other orders of summation
	g := facades(t).G
	z := model.Latents(1, 0, 2, g.Config())
	x, err := g.Generate(z, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	all, state := g.Clone(), g.State()
	turnKernels(state, g.Specs(), -1)
	if err := all.LoadState(state); err != nil {
		t.Fatal(err)
	}
	y, err := all.Generate(z, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	size := g.Config().Size
	for i := range x.Len() {
		for j, want := range x.Row(i) {
			pixel, c := j/3, j%3
			if got := y.Row(i)[3*(size*size-1-pixel)+c]; !(math.Abs(float64(got-want)) <= tolerance) {
				t.Fatalf("image %d, number %d: %v, want %v", i, j, got, want)
			}
		}
	}
}

func TestKernelsWithoutEvidence(t *testing.T) {
	// A net of two layers has nothing between the latent's and the image's.
	stack, err := model.NewStack(
		model.LayerSpec{Kind: model.ConvTranspose2D, Channels: 4, KernelHeight: 4, KernelWidth: 4, Norm: model.ChannelNorm, Activation: model.ReLU, Module: "a", NormModule: "b"},
		model.LayerSpec{Kind: model.ConvTranspose2D, Channels: 1, KernelHeight: 4, KernelWidth: 4, Stride: 2, Padding: 1, Activation: model.Tanh, Module: "c"},
	)
	if err != nil {
		t.Fatal(err)
	}
	g, err := model.NewG(model.Config{Arch: model.Custom, Size: 8, Channels: 1, LatentDim: 5, GStack: stack}, 1)
	if err != nil {
		t.Fatal(err)
	}
	r := examine(t, &checkpoint.Checkpoint{G: g})
	if f := r.Finding("kernels"); f.Verdict != NotApplicable {
		t.Errorf("%v: %s", f.Verdict, f.Evidence)
	}
	if f := r.Finding("batchnorm"); f.Verdict != Wrong {
		t.Errorf("batchnorm of a new net is %v: %s", f.Verdict, f.Evidence)
	}
}
