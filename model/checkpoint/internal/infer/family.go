package infer

import (
	"dcganviz/internal/enum"
	"dcganviz/model"
)

// A Family is a sort of DCGAN whose strides, paddings, activations and law of
// the latents are known. A state dict says none of them.
type Family uint8

// The families, which package checkpoint documents.
const (
	AnyFamily Family = iota
	ExamplesFamily
	PaperFamily
	DigitsFamily
	UpsampleFamily
)

var familyNames = [...]string{"any", "pytorch", "paper", "digits", "upsample"}

func (f Family) String() string { return enum.Name(f, familyNames[:]) }

// MarshalText writes any, pytorch, paper or digits.
func (f Family) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (f *Family) UnmarshalText(text []byte) (err error) {
	*f, err = enum.Parse[Family]("model: family", string(text), familyNames[:])
	return err
}

// Law returns what the family's latents are drawn from.
func (f Family) Law() model.Law {
	if f == PaperFamily {
		return model.Uniform
	}
	return model.Normal
}

// of returns the geometry that the family gives a chain; false if the chain is
// not of the family.
func (f Family) of(c *LayerChain) (Geometry, bool) {
	switch {
	case f == DigitsFamily:
		return digits(c)
	case f == UpsampleFamily && c.Image:
		return c.halved()
	case f == UpsampleFamily:
		return c.upsampled()
	case c.Image:
		return f.discriminator(c)
	default:
		return f.generator(c)
	}
}

func (f Family) generator(c *LayerChain) (g Geometry, ok bool) {
	if len(c.layers) < 2 {
		return g, false
	}
	for i := range c.layers {
		l := &c.layers[i]
		switch {
		case i == 0 && l.kind == model.Linear, f == PaperFamily && l.kind == model.Linear && c.layers[i-1].kind == model.Linear:
		case i == 0 && l.kind == model.ConvTranspose2D:
			g.add(1, 0, 0)
		case f == ExamplesFamily && i > 0 && l.is(model.ConvTranspose2D, 4):
			g.add(2, 1, 0)
		case f == PaperFamily && i > 0 && l.is(model.ConvTranspose2D, 5):
			g.add(2, 2, 1)
		default:
			return g, false
		}
	}
	return g, true
}

func (f Family) discriminator(c *LayerChain) (g Geometry, ok bool) {
	last := len(c.layers) - 1
	for f == PaperFamily && last > 0 && c.layers[last].kind == model.Linear && c.layers[last-1].kind == model.Linear {
		last-- // as the nets of the authors for MNIST end
	}
	if last < 1 {
		return g, false
	}
	for i := range last + 1 {
		l := &c.layers[i]
		switch {
		case i < last && f == ExamplesFamily && l.is(model.Conv2D, 4):
			g.add(2, 1, 0)
		case i < last && f == PaperFamily && l.is(model.Conv2D, 5):
			g.add(2, 2, 0)
		case i == last && l.kind == model.Linear:
			g.Size, g.Width = c.sides(l.in, c.layers[i-1].out)
		case i == last && l.kind == model.Conv2D:
			g.add(1, 0, 0)
			g.Size, g.Width = l.kernel()
		default:
			return g, false
		}
	}
	for range last {
		g.Size, g.Width = 2*g.Size, 2*g.Width
		if max(g.Size, g.Width) > model.MaxSide {
			return g, false
		}
	}
	return g, true
}

func digits(c *LayerChain) (g Geometry, ok bool) {
	kernels, strides, kind := []int{3, 4, 3, 4}, []int{2, 1, 2, 2}, model.ConvTranspose2D
	if c.Image {
		kernels, strides, kind = []int{4, 4, 4}, []int{2, 2, 2}, model.Conv2D
		g.Size = 28
	}
	if len(c.layers) != len(kernels) || c.Channels != 1 {
		return g, false
	}
	for i := range c.layers {
		if l := &c.layers[i]; !l.is(kind, kernels[i]) || l.bias == nil {
			return g, false
		}
		g.add(strides[i], 0, 0)
	}
	return g, true
}

// A variant is a family that a chain may be of, and the geometry that it then
// has.
type variant struct {
	family   Family
	geometry Geometry
}

// variants returns the families that a chain may be of. If there are several, only
// those whose images have that size count, unless it is 0.
func (c *LayerChain) variants(size int) []variant {
	var all, sized []variant
	for _, f := range []Family{ExamplesFamily, PaperFamily, DigitsFamily, UpsampleFamily} {
		if g, ok := f.of(c); ok {
			all = append(all, variant{f, g})
			if g.Size == size {
				sized = append(sized, variant{f, g})
			}
		}
	}
	if len(all) > 1 && size != 0 {
		return sized
	}
	return all
}
