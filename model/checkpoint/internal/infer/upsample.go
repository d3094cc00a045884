package infer

import (
	"strconv"
	"strings"

	"dcganviz/model"
)

// epsGAN is what the batch norms of PyTorch-GAN add to variances, but for G's first:
// its BatchNorm2d(n, 0.8) was meant to be a momentum.
const epsGAN = 0.8

// asConvolutions returns the chain of a G whose convolutions are plain ones, of odd
// kernels, behind a first layer that makes pixels of a latent: what enlarges their
// input leaves no trace in a state dict. It is nil if the chain is not so.
func (c *LayerChain) asConvolutions(norms []*moduleTensors, strays bool) *LayerChain {
	out := &LayerChain{layers: append([]layerWithNorm(nil), c.layers...), enlarges: true, loose: c.loose}
	for i := range out.layers {
		l := &out.layers[i]
		switch {
		case i == 0 && l.kind != model.Conv2D:
			continue
		case len(l.weight.Shape) != 4:
			return nil
		}
		l.be(model.Conv2D)
		if k, _ := l.kernel(); !l.square() || k%2 == 0 || i == 0 || !out.layers[i-1].precedes(l, c.loose) {
			return nil
		}
	}
	if len(out.layers) < 3 || out.ends() != nil || out.vectors(norms, strays) != nil {
		return nil
	}
	return out
}

// hidden returns how many modules without weights lie between layer i-1, with its norm,
// and layer i, by the numbers in their names; -1 if the names do not tell.
func (c *LayerChain) hidden(i int) int {
	if i == 0 {
		return -1
	}
	before := c.layers[i-1].name
	if m := c.layers[i-1].norm; m != nil {
		before = m.name
	}
	return between(before, c.layers[i].name)
}

// between returns how many numbers lie between the ones that two names of an
// nn.Sequential end in, -1 if they are of none.
func between(a, b string) int {
	x, y := trailingNumber(a), trailingNumber(b)
	if x == "" || y == "" || strings.TrimSuffix(a, x) != strings.TrimSuffix(b, y) {
		return -1
	}
	n, err1 := strconv.Atoi(x)
	m, err2 := strconv.Atoi(y)
	if err1 != nil || err2 != nil || m <= n {
		return -1
	}
	return m - n - 1
}

// upsampled returns the geometry that is usual for a G of upsampling and convolutions:
// by two before each but the last, unless the names leave no place for it.
func (c *LayerChain) upsampled() (g Geometry, ok bool) {
	side := 0
	for i := range c.layers {
		l := &c.layers[i]
		switch {
		case l.kind == model.Linear:
			side, _ = c.linearSide(i, 1)
		case l.kind == model.ConvTranspose2D:
			side, _ = l.kernel()
			g.add(1, 0, 0)
		default:
			k, _ := l.kernel()
			g.add(1, (k-1)/2, 0)
			enlarged := i < len(c.layers)-1
			if n := c.hidden(i); n >= 0 {
				// One module is the activation, but behind a linear layer PyTorch-GAN has none.
				enlarged = n > 1 || n == 1 && i == 1 && c.layers[0].kind == model.Linear
			}
			if enlarged {
				g.Upsamples[len(g.Upsamples)-1] = 2
				side *= 2
			}
			if side > model.MaxSide {
				return g, false
			}
		}
	}
	return g, c.enlarges
}

// halved returns the geometry of a D of 3x3 convolutions of stride 2 before a linear
// layer, as PyTorch-GAN's, in the place of which names leave something hidden before
// each norm.
func (c *LayerChain) halved() (g Geometry, ok bool) {
	last := len(c.layers) - 1
	if last < 1 || c.layers[last].kind != model.Linear {
		return g, false
	}
	for i := range last {
		l := &c.layers[i]
		if !l.is(model.Conv2D, 3) || l.norm != nil && between(l.name, l.norm.name) < 1 {
			return g, false
		}
		g.add(2, 1, 0)
	}
	h, w := c.sides(c.layers[last].in, c.layers[last-1].out)
	g.Size, g.Width = h<<last, w<<last
	return g, h > 0 && max(g.Size, g.Width) <= model.MaxSide
}

// epsilons returns what the norm of layer i may add to variances, the likeliest first.
func (c *LayerChain) epsilons(i int, said float64) []float64 {
	l := &c.layers[i]
	usual := []float64{model.DefaultBNEps, epsGAN}
	switch {
	case said != 0:
		return []float64{said}
	case !c.fromGAN:
		return usual[:1]
	case c.Image || i > 0 && strings.Contains(l.name, "conv_blocks"):
		return []float64{epsGAN, model.DefaultBNEps}
	}
	return usual
}
