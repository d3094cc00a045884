package infer

import (
	"fmt"
	"strconv"
	"strings"

	"dcganviz/model"
)

// usualSizes are the images' sizes that one expects.
var usualSizes = []int{16, 28, 32, 48, 64, 96, 128, 256}

// An Understood is a net of another program, as far as it can be known without
// the net that belongs to it.
type Understood struct {
	Chain  *LayerChain
	Family Family // AnyFamily if a Geometry was given
	Specs  []model.LayerSpec
	Size   int // of the images
}

// Infer finds out what net a chain is: of the Geometry or family that it is told,
// or of the only family that fits. size is the size of the other net's images, 0
// if it is not known.
func (c *LayerChain) Infer(family Family, g Geometry, size int) (*Understood, error) {
	p := &Understood{Chain: c, Family: family}
	switch {
	case g.Strides != nil:
		p.Family = AnyFamily
	case family != AnyFamily:
		known, ok := family.of(c)
		if !ok {
			return nil, Ambiguous("the %d layers are not those of the family %v", len(c.layers), family)
		}
		g = known.with(g)
	default:
		variants := c.variants(max(g.Size, size))
		if len(variants) != 1 {
			return nil, c.unknown(variants, max(g.Size, size))
		}
		if err := c.normsInPlace(); err != nil {
			return nil, err
		}
		p.Family, g = variants[0].family, variants[0].geometry.with(g)
	}
	g, err := g.spread(len(c.convolutions()))
	if err != nil {
		return nil, err
	}
	if p.Specs, err = c.layerSpecs(g); err != nil {
		return nil, err
	}
	p.Size, err = c.sizeOf(p.Specs, g.Size, size)
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
func (c *LayerChain) layerSpecs(g Geometry) ([]model.LayerSpec, error) {
	slope := 0.0
	if c.Image {
		slope = 0.2
	}
	if g.Slope != nil {
		slope = *g.Slope
	}
	out := make([]model.LayerSpec, len(c.layers))
	conv := 0
	for i := range c.layers {
		l, s := &c.layers[i], &out[i]
		*s = model.LayerSpec{Kind: l.kind, Channels: l.out, Bias: l.bias != nil, Module: l.name, Activation: model.ReLU}
		if slope != 0 {
			s.Activation, s.Slope = model.LeakyReLU, slope
		}
		if l.kind == model.Linear {
			if err := c.reshape(i, s); err != nil {
				return nil, err
			}
		} else {
			s.KernelHeight, s.KernelWidth = l.kernel()
			s.Stride, s.Padding, s.OutputPadding = g.Strides[conv], g.Paddings[conv], g.OutputPaddings[conv]
			conv++
		}
		if l.norm != nil {
			s.Norm, s.NormModule = model.ChannelNorm, l.norm.name
			if l.norm.channels() != s.Channels {
				s.Norm = model.ValueNorm
			}
		}
	}
	last := &out[len(out)-1]
	last.Activation, last.Slope = model.Tanh, 0
	if c.Image || g.NoTanh {
		last.Activation = model.NoActivation
	}
	return out, nil
}

// reshape finds the channels and the square of pixels of a linear layer's
// result.
func (c *LayerChain) reshape(i int, s *model.LayerSpec) error {
	switch last := i == len(c.layers)-1; {
	case last && !c.Image:
		s.Channels = c.Channels
	case !last && c.layers[i+1].kind != model.Linear:
		s.Channels = c.layers[i+1].in
	default:
		return nil
	}
	side := squareRoot(c.layers[i].out, s.Channels)
	if side == 0 {
		return fmt.Errorf("%.80q makes %d numbers, want a square of %d channels", c.layers[i].name, c.layers[i].out, s.Channels)
	}
	s.Height, s.Width = side, side
	return nil
}

// sizeOf returns the size of the images that the layers draw or score. For D it is
// said, or the other net's size, or a usual size that fits. Each is 0 if unknown.
func (c *LayerChain) sizeOf(specs []model.LayerSpec, said, other int) (int, error) {
	stack, err := model.NewStack(specs...)
	if err != nil {
		return 0, err
	}
	if !c.Image {
		h, w, _, err := stack.Output(1, 1, c.layers[0].in)
		if err != nil {
			return 0, err
		}
		if h != w {
			return 0, fmt.Errorf("it draws images of %dx%d, want square ones", h, w)
		}
		if said != 0 && said != h {
			return 0, Ambiguous("it draws images of %dx%d, not of %dx%d", h, h, said, said)
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
		if err = c.scores(stack, size); err == nil {
			found = size
			fits = append(fits, strconv.Itoa(size))
		}
	}
	switch {
	case len(fits) == 1:
		return found, nil
	case len(fits) > 1:
		return 0, Undecided([]string{"D.Size"}, "it may score images of a size of %s: say which", strings.Join(fits, ", "))
	}
	return 0, fmt.Errorf("images of %v pixels a side do not fit it: %w", sizes, err)
}

// scores reports layers that do not make one logit of an image of that size.
func (c *LayerChain) scores(stack model.Stack, size int) error {
	h, w, n, err := stack.Output(size, size, c.Channels)
	if err == nil && h*w*n != 1 {
		err = fmt.Errorf("it ends in %dx%dx%d, want one logit", h, w, n)
	}
	return err
}

// normsInPlace reports a batch norm that is not right behind its convolution in an
// nn.Sequential: what is between them, an activation or a pooling, a state dict
// does not say.
func (c *LayerChain) normsInPlace() error {
	for i := range c.layers {
		l := &c.layers[i]
		if l.norm == nil || l.kind == model.Linear { // a linear layer has its reshape there
			continue
		}
		a, b := trailingNumber(l.name), trailingNumber(l.norm.name)
		if a == "" || b == "" || strings.TrimSuffix(l.name, a) != strings.TrimSuffix(l.norm.name, b) {
			continue
		}
		n, err1 := strconv.Atoi(a)
		m, err2 := strconv.Atoi(b)
		if err1 == nil && err2 == nil && m > n+1 {
			return Undecided([]string{"Family", c.Net() + ".Strides"}, "between %.80q and its batch norm %.80q there is something that the file does not name: say the family or the strides if it makes no difference", l.name, l.norm.name)
		}
	}
	return nil
}
