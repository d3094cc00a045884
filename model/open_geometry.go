package model

import (
	"fmt"
	"slices"
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

// An UnknownGeometryError says that a net is of no known family, or of several,
// so that its strides and paddings have to be said. It is an ErrAmbiguous.
type UnknownGeometryError struct {
	// Net is G or D.
	Net string
	// Kernels are the heights and widths of the convolutions' kernels.
	Kernels [][2]int
	// Families are those that it may be of.
	Families []Family
	// Candidates are geometries that the net may have, the likeliest first.
	Candidates []Geometry
}

func (e *UnknownGeometryError) Error() string {
	var kernels, candidates []string
	for _, k := range e.Kernels {
		kernels = append(kernels, fmt.Sprintf("%dx%d", k[0], k[1]))
	}
	for _, g := range e.Candidates {
		candidates = append(candidates, g.String())
	}
	text := fmt.Sprintf("convolutions with kernels of %s", strings.Join(kernels, ", "))
	if len(e.Families) > 0 {
		text += fmt.Sprintf(" may be of the families %v: say which, or their strides and paddings", e.Families)
	} else {
		text += " are of no known family: say their strides and paddings"
	}
	if len(candidates) > 0 {
		text += "; perhaps " + strings.Join(candidates, "; or ")
	}
	return text
}

// Is makes it an ErrAmbiguous.
func (e *UnknownGeometryError) Is(target error) bool { return target == ErrAmbiguous }

// unknown makes the error for a chain that has not one reading.
func (c *chain) unknown(readings []reading, size int) error {
	e := &UnknownGeometryError{Net: c.net()}
	for _, i := range c.convolutions() {
		h, w := c.links[i].kernel()
		e.Kernels = append(e.Kernels, [2]int{h, w})
	}
	for _, r := range readings {
		e.Families = append(e.Families, r.family)
		e.Candidates = append(e.Candidates, r.geometry)
	}
	if len(readings) == 0 {
		e.Candidates = c.guess(size)
	}
	return e
}

const (
	maxGuesses     = 4
	maxGuessesMade = 1 << 14
)

// guess returns geometries with which a chain draws, or scores, square images
// of a usual size. Those whose layers each do the usual thing come first.
func (c *chain) guess(size int) []Geometry {
	type guess struct {
		Geometry
		odd int // how unusual it is
	}
	var all []guess
	tries := 0
	var extend func(i, side int, g guess)
	extend = func(i, side int, g guess) {
		if tries++; tries > maxGuessesMade || side < 1 || side > maxSide {
			return
		}
		if i == len(c.links) {
			if c.image && side == 1 || !c.image && (side == size || size == 0 && slices.Contains(usualSizes, side)) {
				if !c.image {
					g.Size = side
				}
				all = append(all, g)
			}
			return
		}
		l := &c.links[i]
		if l.kind == Linear {
			if next, ok := c.linearSide(i, side); ok {
				extend(i+1, next, g)
			}
			return
		}
		for odd, s := range l.steps(side) {
			h := guess{Geometry{
				append(slices.Clip(g.Strides), s.stride), append(slices.Clip(g.Paddings), s.padding),
				append(slices.Clip(g.OutputPaddings), s.outputPadding), g.Size, nil, false,
			}, g.odd + odd}
			extend(i+1, s.side, h)
		}
	}
	switch {
	case !c.image:
		extend(0, 1, guess{})
	case size != 0:
		extend(0, size, guess{Geometry: Geometry{Size: size}})
	default:
		for _, s := range usualSizes {
			extend(0, s, guess{Geometry: Geometry{Size: s}})
		}
	}
	slices.SortStableFunc(all, func(a, b guess) int { return a.odd - b.odd })
	var out []Geometry
	for _, g := range all[:min(len(all), maxGuesses)] {
		out = append(out, g.Geometry)
	}
	return out
}

// linearSide returns the side after linear layer i, or false if it cannot be
// behind that side.
func (c *chain) linearSide(i, side int) (int, bool) {
	l := &c.links[i]
	if i > 0 && c.links[i-1].kind != Linear && squareRoot(l.in, c.links[i-1].out) != side {
		return 0, false
	}
	s := LayerSpec{Channels: l.out}
	if err := c.reshape(i, &s); err != nil {
		return 0, false
	}
	return max(s.Height, 1), true
}

// A step is what a convolution may do to the side of its input.
type step struct{ stride, padding, outputPadding, side int }

// steps returns the usual steps of a convolution, the commonest first.
func (l *link) steps(side int) []step {
	k, _ := l.kernel()
	if !l.square() {
		return nil
	}
	half := (k - 1) / 2
	all := []step{{stride: 2, padding: half, outputPadding: k % 2}, {stride: 1}, {stride: 2}, {stride: 1, padding: half}}
	if k == side && l.kind == Conv2D || side == 1 {
		all = []step{{stride: 1}, {stride: 2}}
	}
	var out []step
	for _, s := range all {
		if l.kind == ConvTranspose2D {
			s.side = (side-1)*s.stride - 2*s.padding + k + s.outputPadding
		} else {
			s.outputPadding = 0
			if side+2*s.padding < k {
				continue
			}
			s.side = (side+2*s.padding-k)/s.stride + 1
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
