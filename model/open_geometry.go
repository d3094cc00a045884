package model

import (
	"fmt"
	"strconv"
	"strings"
)

// usualSizes are the images' sizes that one expects.
var usualSizes = []int{16, 28, 32, 48, 64, 96, 128, 256}

// A part is a net of a checkpoint that is not ours, as far as one net of it can
// be known without the other.
type part struct {
	chain  *chain
	family Family // AnyFamily if a Geometry was given
	specs  []LayerSpec
	size   int // of the images
}

// understand finds out what a chain is: what it is told, or what a family has.
// size is that of the other net's images, 0 if it is not known.
func (c *chain) understand(family Family, g Geometry, size int) (*part, error) {
	p := &part{chain: c, family: family}
	switch {
	case g.Strides != nil:
		p.family = AnyFamily
	case family != AnyFamily:
		known, ok := family.of(c)
		if !ok {
			return nil, ambiguous("the %d layers are not those of the family %v", len(c.links), family)
		}
		g = known.with(g)
	default:
		readings := c.readings(max(g.Size, size))
		if len(readings) != 1 {
			return nil, c.unknown(readings, max(g.Size, size))
		}
		if err := c.between(); err != nil {
			return nil, err
		}
		p.family, g = readings[0].family, readings[0].geometry.with(g)
	}
	g, err := g.spread(len(c.convolutions()))
	if err != nil {
		return nil, err
	}
	if p.specs, err = c.layerSpecs(g); err != nil {
		return nil, err
	}
	p.size, err = c.sizeOf(p.specs, g.Size, size)
	return p, err
}

// with returns a family's geometry with what the caller said besides.
func (g Geometry) with(said Geometry) Geometry {
	g.Slope, g.NoTanh = said.Slope, said.NoTanh
	if said.Size != 0 {
		g.Size = said.Size
	}
	return g
}

// layerSpecs returns the layers of a chain for a spread geometry.
func (c *chain) layerSpecs(g Geometry) ([]LayerSpec, error) {
	slope := 0.0
	if c.image {
		slope = 0.2
	}
	if g.Slope != nil {
		slope = *g.Slope
	}
	out := make([]LayerSpec, len(c.links))
	conv := 0
	for i := range c.links {
		l, s := &c.links[i], &out[i]
		*s = LayerSpec{Kind: l.kind, Channels: l.out, Bias: l.bias != nil, Module: l.name, Activation: ReLU}
		if slope != 0 {
			s.Activation, s.Slope = LeakyReLU, slope
		}
		if l.kind == Linear {
			if err := c.reshape(i, s); err != nil {
				return nil, err
			}
		} else {
			s.KernelHeight, s.KernelWidth = l.kernel()
			s.Stride, s.Padding, s.OutputPadding = g.Strides[conv], g.Paddings[conv], g.OutputPaddings[conv]
			conv++
		}
		if l.norm != nil {
			s.Norm, s.NormModule = ChannelNorm, l.norm.name
			if l.norm.channels() != s.Channels {
				s.Norm = ValueNorm
			}
		}
	}
	last := &out[len(out)-1]
	last.Activation, last.Slope = Tanh, 0
	if c.image || g.NoTanh {
		last.Activation = NoActivation
	}
	return out, nil
}

// reshape finds the channels and the square of pixels of a linear layer's
// result.
func (c *chain) reshape(i int, s *LayerSpec) error {
	switch last := i == len(c.links)-1; {
	case last && !c.image:
		s.Channels = c.channels
	case !last && c.links[i+1].kind != Linear:
		s.Channels = c.links[i+1].in
	default:
		return nil
	}
	side := squareRoot(c.links[i].out, s.Channels)
	if side == 0 {
		return fmt.Errorf("%.80q makes %d numbers, want a square of %d channels", c.links[i].name, c.links[i].out, s.Channels)
	}
	s.Height, s.Width = side, side
	return nil
}

// sizeOf returns the size of the images that the layers draw or score: said if
// it is given, for D that of the other net, and else a usual one.
func (c *chain) sizeOf(specs []LayerSpec, said, other int) (int, error) {
	stack, err := NewStack(specs...)
	if err != nil {
		return 0, err
	}
	if !c.image {
		layers, err := stack.layers(volumeOf{1, 1, c.links[0].in})
		if err != nil {
			return 0, err
		}
		h, w, _ := layers[len(layers)-1].out()
		if h != w {
			return 0, fmt.Errorf("it draws images of %dx%d, want square ones", h, w)
		}
		if said != 0 && said != h {
			return 0, ambiguous("it draws images of %dx%d, not of %dx%d", h, h, said, said)
		}
		return h, nil
	}
	sizes := usualSizes
	for _, s := range []int{said, other} {
		if s != 0 {
			sizes = []int{s}
			break
		}
	}
	var fits []string
	found := 0
	for _, size := range sizes {
		if _, err = stack.discriminator(size, c.channels); err == nil {
			found = size
			fits = append(fits, strconv.Itoa(size))
		}
	}
	switch {
	case len(fits) == 1:
		return found, nil
	case len(fits) > 1:
		return 0, undecided([]string{"D.Size"}, "it may score images of a size of %s: say which", strings.Join(fits, ", "))
	}
	return 0, fmt.Errorf("images of %v pixels a side do not fit it: %w", sizes, err)
}

// between reports a batch norm that is not right behind its convolution in an
// nn.Sequential: what is between them, an activation or a pooling, a state dict
// does not say.
func (c *chain) between() error {
	for i := range c.links {
		l := &c.links[i]
		if l.norm == nil || l.kind == Linear { // a linear layer has its reshape there
			continue
		}
		a, b := trailingNumber(l.name), trailingNumber(l.norm.name)
		if a == "" || b == "" || strings.TrimSuffix(l.name, a) != strings.TrimSuffix(l.norm.name, b) {
			continue
		}
		n, err1 := strconv.Atoi(a)
		m, err2 := strconv.Atoi(b)
		if err1 == nil && err2 == nil && m > n+1 {
			return undecided([]string{"Family", c.net() + ".Strides"}, "between %.80q and its batch norm %.80q there is something that the file does not name: say the family or the strides if it makes no difference", l.name, l.norm.name)
		}
	}
	return nil
}
