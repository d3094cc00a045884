package model

import (
	"math"
	"testing"

	"dcganviz/internal/kernel"
)

// directional compares the derivative of value along a direction with the
// product of gradient and direction.
func directional(t *testing.T, what string, x Tensor, gradient []float32, value func(Tensor) float64) {
	t.Helper()
	// Rounding of a float32 forward pass over the step, the step's square, and
	// the bends of the activations that it crosses.
	const step, tolerance = 1.0 / 512, 5e-3
	var norm float64
	for _, v := range gradient {
		norm += float64(v) * float64(v)
	}
	norm = math.Sqrt(norm)
	if norm == 0 {
		t.Errorf("%s: the gradient is zero", what)
		return
	}
	// Along the gradient itself, where the derivative is its length.
	right, left := x.Clone(), x.Clone()
	for i, v := range gradient {
		d := step * float64(v) / norm
		right.Data[i] += float32(d)
		left.Data[i] -= float32(d)
	}
	got := (value(right) - value(left)) / (2 * step)
	if !(math.Abs(got-norm) <= tolerance*norm) {
		t.Errorf("%s: difference quotient %v along the gradient, want its length %v", what, got, norm)
	}
}

// liven makes an untrained net's activations large enough to differentiate:
// weights N(0, 0.02) make them vanish, and eval mode does not restore them. It
// also straightens the activations, for which reference files and the tests of
// ops stand, so that few differences cross a sharp bend. Before the first run.
func liven(n *net) {
	for i := range n.layers {
		if n.layers[i].slope != 1 {
			n.layers[i].slope = .9
		}
	}
	for i, b := range n.blocks {
		g := n.layers[i].geom
		fan := g.KH * g.KW * g.C
		if n.layers[i].up {
			fan = g.KH * g.KW * g.K / (g.Stride * g.Stride)
		}
		factor := float32(math.Sqrt(2/float64(fan)) / .02)
		for j := range b.weight.W {
			b.weight.W[j] *= factor
		}
		b.weight.Changed()
		if b.norm != nil {
			for c := range b.stats.mean {
				b.norm.W[len(b.stats.mean)+c] = .1 * float32(c%3-1)
				b.stats.mean[c] = .1 * float32(c%5-2)
				b.stats.variance[c] = .5 + .1*float32(c%7)
			}
			b.norm.Changed()
		}
	}
}

// TestGradientsThroughWholeNets follows G's and D's gradient from every layer,
// in both modes of batch norm, with and without a mask.
func TestGradientsThroughWholeNets(t *testing.T) {
	pool := testPool(t, 2)
	for _, arch := range []Arch{PyTorch, Paper} {
		cfg := tiny(arch, 32)
		cfg.GWidth, cfg.DWidth = 3, 3
		g, d := testPair(t, cfg)
		for _, c := range []struct {
			n *net
			x Tensor
		}{{g.net, Latents(4, 0, 4, cfg)}, {d.net, noise(4, cfg)}} {
			liven(c.n)
			for i, l := range c.n.Layers() {
				for _, tap := range []Tap{Pre, Post} {
					for _, batch := range []bool{false, true} {
						opt := GradientOptions{RunOptions: RunOptions{Pool: pool, BatchStats: batch}}
						if i > 0 { // drop a unit of the layer before
							before := c.n.Layers()[i-1]
							mask := make([]float32, before.Channels)
							for j := range mask {
								mask[j] = float32(min(j, 1)) * 1.5
							}
							opt.Masks = map[string][]float32{before.Name: mask}
						}
						p := Point{l.Name, tap}
						gy := NewTensor(4, l.Height, l.Width, l.Channels)
						for j := range gy.Data {
							gy.Data[j] = float32(j%7) - 2.5
						}
						got := must(c.n.InputGradient(c.x, Target{Point: p, Gradient: gy}, opt))(t)
						what := arch.String() + " " + p.String()
						if batch {
							what += " batch statistics"
						}
						directional(t, what, c.x, got.Gradient.Data, func(x Tensor) float64 {
							act := must(c.n.Activations(x, []Point{p}, opt.RunOptions))(t)[0]
							var s float64
							for j, v := range act.Data {
								s += float64(v) * float64(gy.Data[j])
							}
							return s
						})
					}
				}
			}
		}
	}
}

// TestUnitsGradientIsTheGivenOnes takes a unit at its maximum, at the same
// location by number, and as a gradient given by hand.
func TestUnitsGradientIsTheGivenOnes(t *testing.T) {
	cfg := tiny(PyTorch, 32)
	_, d := testPair(t, cfg)
	liven(d.net)
	const n, unit = maxBatch + 3, 4
	x := noise(n, cfg)
	p := Point{Layer: "conv2"}
	opt := GradientOptions{RunOptions: RunOptions{Pool: testPool(t, 2)}, Rule: kernel.GuidedLeaky}
	most := must(d.InputGradient(x, Target{Point: p, Unit: unit}, opt))(t)
	at := must(d.InputGradient(x, Target{Point: p, Unit: unit, At: most.Location}, opt))(t)
	act := must(d.Activations(x, []Point{p}, opt.RunOptions))(t)[0]
	gy := NewTensor(act.Shape...)
	c := act.Shape[3]
	for i := range n {
		row, best := act.Row(i), 0
		for j := range len(row) / c {
			if row[j*c+unit] > row[best*c+unit] {
				best = j
			}
		}
		if most.Location[i] != best || most.Value[i] != row[best*c+unit] {
			t.Errorf("image %d: %v at %d, want %v at %d", i, most.Value[i], most.Location[i], row[best*c+unit], best)
		}
		gy.Row(i)[best*c+unit] = 1
	}
	given := must(d.InputGradient(x, Target{Point: p, Gradient: gy}, opt))(t)
	compareBits(t, "by location", at.Gradient.Data, most.Gradient.Data)
	compareBits(t, "given", given.Gradient.Data, most.Gradient.Data)
	if given.Value != nil || given.Location != nil {
		t.Error("a given gradient has a unit's value")
	}
	zero := must(d.InputGradient(x, Target{Point: p, Gradient: NewTensor(act.Shape...)}, opt))(t)
	for i, v := range zero.Gradient.Data {
		if v != 0 {
			t.Fatalf("gradient of nothing: [%d] = %v", i, v)
		}
	}
}

func TestLatentGradient(t *testing.T) {
	cfg := tiny(Paper, 16)
	g, _ := testPair(t, cfg)
	liven(g.net)
	opt := RunOptions{Pool: testPool(t, 2)}
	z := Latents(5, 0, 3, cfg)
	gy := noise(3, cfg)
	gz := must(g.LatentGradient(z, gy, opt))(t)
	if !equalInts(gz.Shape, z.Shape) {
		t.Fatalf("shape %v, want %v", gz.Shape, z.Shape)
	}
	directional(t, "z", z, gz.Data, func(z Tensor) float64 {
		var s float64
		for i, v := range must(g.Generate(z, opt))(t).Data {
			s += float64(v) * float64(gy.Data[i])
		}
		return s
	})
}

// TestGradientFromLastConvLayerSkipsLogit spoils the logit layer's weights,
// which must not matter.
func TestGradientFromLastConvLayerSkipsLogit(t *testing.T) {
	cfg := tiny(PyTorch, 64)
	_, d := testPair(t, cfg)
	opt := GradientOptions{RunOptions: RunOptions{Pool: testPool(t, 2)}, Rule: kernel.GuidedReLU}
	x, target := noise(2, cfg), Target{Point: Point{Layer: "conv4"}, Unit: 1}
	want := must(d.InputGradient(x, target, opt))(t)
	last := d.Params()[len(d.Params())-1]
	last.W[0] = float32(math.NaN())
	last.Changed()
	compareBits(t, "gradient", must(d.InputGradient(x, target, opt))(t).Gradient.Data, want.Gradient.Data)
	if d.machine.forward.values(activationAt{4, true}) != nil {
		t.Error("the logit layer ran")
	}
}
