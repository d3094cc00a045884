package infer

import (
	"cmp"
	"fmt"
	"slices"

	"dcganviz/model"
)

// An Ask is what is known of a net besides its state dict.
type Ask struct {
	Family   Family
	Geometry Geometry
	// Size and Width are the height and width of the other net's images, 0 if they are
	// not known.
	Size, Width int
	// Law is what latents are drawn from; nil if it is not known.
	Law *model.Law
	// Classes is how many classes a G draws that is told by one number for each; 0 if
	// nothing is said. Join is how the class is joined to the noise; nil if not known.
	Classes int
	Join    *model.Join
	// Channels are those of the other net's images, 0 if they are not known.
	Channels int
	// BNEps is added to variances; 0 means 1e-5.
	BNEps float64
	// Images are what a D can be tried on; a nil Shape means none.
	Images model.Tensor
	// Statistics says that the tensors can be read, and that the batch norms'
	// statistics may tell what else is not known.
	Statistics bool
	Pool       *model.Pool
}

// An Understood is a net of another program, as far as it can be known without
// the net that belongs to it.
type Understood struct {
	Chain  *LayerChain
	Family Family // AnyFamily if a Geometry was given, or told by statistics
	Specs  []model.LayerSpec
	// Tied are the same layers with activations that the statistics do not tell from
	// these: slope 0.01 for ReLU. Nil if they tell all.
	Tied []model.LayerSpec
	// Height and Width are the images'.
	Height, Width int
	Law           model.Law
	// LawTold says that the statistics told the law.
	LawTold bool
	// Condition is how G is told its class.
	Condition model.Condition
	// Evidence has an entry for each batch norm whose statistics were asked, and
	// Readings say what was made of it and what was assumed.
	Evidence []Evidence
	Readings []Reading
}

// A plan is what a state dict does not say of a net's layers.
type plan struct {
	Geometry
	slopes []float64 // of each layer, the last one included
	last   []bool
	told   []bool // the statistics told the slope
	eps    []float64
}

// Infer finds out what net a chain is: of the geometry or family that it is told,
// of the only family that fits, or what its statistics tell.
func (c *LayerChain) Infer(o Ask) (*Understood, error) {
	p := &Understood{Chain: c, Family: o.Family}
	if c.height, c.width = o.Geometry.Size, cmp.Or(o.Geometry.Width, o.Geometry.Size); c.height == 0 {
		c.height, c.width = o.Size, cmp.Or(o.Width, o.Size)
	}
	if err := c.asClasses(&o); err != nil {
		return nil, err
	}
	if c.height == 0 && c.side > 0 {
		o.Size, o.Width = c.side, c.side
		c.height, c.width = c.side, c.side
	}
	said, usual, err := c.known(&o, p)
	if err != nil {
		return nil, err
	}
	var t *teller
	var found guess
	if c.Image && said == nil && usual == nil && o.Statistics && o.Images.Shape != nil {
		t, found, said, err = c.askedOfD(&o, p.Family.Law())
	}
	if t == nil && err == nil {
		t, found, err = c.asked(&o, said, usual, p.Family.Law())
	}
	if err != nil {
		return nil, err
	}
	p.Evidence = t.rows
	fits := len(t.rows) > 0 && !slices.ContainsFunc(t.rows, func(e Evidence) bool { return !e.Fits })
	g := said
	if said == nil {
		if g, err = c.decided(&o, t, found, usual, fits); err != nil {
			return nil, err
		}
		if usual != nil && fmt.Sprint(g.Strides, g.Paddings, g.OutputPaddings, g.Upsamples) != fmt.Sprint(usual.Strides, usual.Paddings, usual.OutputPaddings, usual.Upsamples) {
			p.Family = AnyFamily
		}
	}
	p.Law, p.Condition = found.law, found.condition
	p.LawTold = !c.Image && len(t.rows) > 0 && t.rows[0].Fits
	pl := c.planned(&o, t, *g, found)
	if p.Specs, err = c.layerSpecs(pl); err != nil {
		return nil, err
	}
	if other, tied := t.tied(found); tied {
		if p.Tied, err = c.layerSpecs(c.planned(&o, t, *g, other)); err != nil {
			return nil, err
		}
	}
	family := frame{}
	if usual != nil {
		family = frameOf(usual.Size, usual.Width)
	}
	size, err := c.sizeOf(p.Specs, frameOf(o.Geometry.Size, o.Geometry.Width), frameOf(o.Size, o.Width), family)
	if err != nil {
		return nil, err
	}
	p.Height, p.Width = size.h, size.w
	p.Readings = c.readings(&o, t, pl, found, usual)
	return p, nil
}

// known returns the geometry that was said, and the usual one of the only family that
// fits; both are nil if nothing is known.
func (c *LayerChain) known(o *Ask, p *Understood) (said, usual *Geometry, err error) {
	n := len(c.convolutions())
	switch {
	case o.Geometry.Strides != nil:
		p.Family = AnyFamily
		g, err := o.Geometry.spread(n)
		return &g, nil, err
	case o.Family != AnyFamily:
		g, ok := o.Family.of(c)
		if !ok {
			return nil, nil, Ambiguous("the %d layers are not those of the family %v", len(c.layers), o.Family)
		}
		g = g.with(o.Geometry)
		c.fromGAN = o.Family == UpsampleFamily
		return &g, &g, nil
	case c.enlarges && o.Geometry.Upsamples != nil:
		g, _ := c.upsampled()
		g = g.with(o.Geometry)
		g.Upsamples = o.Geometry.Upsamples
		g, err := g.spread(n)
		return &g, nil, err
	case n == 0:
		g, err := o.Geometry.spread(0)
		return &g, nil, err
	}
	if v := c.variants(max(o.Geometry.Size, o.Size)); len(v) == 1 {
		p.Family = v[0].family
		c.fromGAN = p.Family == UpsampleFamily
		return nil, &v[0].geometry, nil
	}
	return nil, nil, nil
}

// decided returns the geometry that the statistics tell, or else the family's.
func (c *LayerChain) decided(o *Ask, t *teller, found guess, usual *Geometry, fits bool) (*Geometry, error) {
	inPlace := c.normsInPlace()
	if inPlace != nil && !fits && o.Geometry.Order == AnyOrder && !c.fromGAN {
		return nil, inPlace
	}
	if fits && len(t.rows) > 0 {
		if g, ok := t.geometry(found); ok {
			g = g.with(o.Geometry)
			return &g, nil
		}
	}
	if usual != nil {
		g := usual.with(o.Geometry)
		return &g, nil
	}
	size := max(o.Geometry.Size, o.Size)
	return nil, c.unknown(c.variants(size), size, t)
}

// geometry returns the geometry that a guess has, with the usual steps from its last
// fingerprint on. It reports false if more than one is usual there.
func (t *teller) geometry(found guess) (g Geometry, ok bool) {
	side := t.paths.start
	for i := range t.c.layers {
		s := found.steps[i]
		if i > t.upTo {
			options := t.paths.from(i, side)
			if len(options) == 0 || len(options) > 1 && !t.c.usualAt(i, t.known) {
				return g, false
			}
			s = options[0]
		}
		side = s.side
		if t.c.layers[i].kind != model.Linear {
			g.add(s.stride, s.padding, s.outputPadding)
			if s.enlarge > 1 {
				g.Upsamples[len(g.Upsamples)-1] = s.enlarge
				if g.Upsampling == nil {
					g.Upsampling = &s.method // the first was told, if any was
				}
			}
		}
	}
	return g, true
}

// usualAt reports whether the commonest step of layer i can be taken for granted: in
// a known family, and where the kernel's size is even, as only doublings have it.
func (c *LayerChain) usualAt(i int, known bool) bool {
	l := &c.layers[i]
	if known || c.Image || l.kind == model.Linear {
		return true
	}
	k, _ := l.kernel()
	return k%2 == 0
}

// planned joins what was said, what the statistics told and what is usual.
func (c *LayerChain) planned(o *Ask, t *teller, g Geometry, found guess) plan {
	p := plan{Geometry: g, slopes: slices.Clone(found.slopes), last: slices.Clone(found.last), told: slices.Clone(found.told), eps: make([]float64, len(c.layers))}
	for i, e := range found.eps {
		if e != t.eps {
			p.eps[i] = e
		}
	}
	slope := c.usualSlope()
	for i := range c.layers {
		switch {
		case o.Geometry.Slope != nil || found.told[i] && found.slopes[i] == 1:
		case found.told[i]:
			slope = found.slopes[i]
		case c.enlarges && i == 0 && c.hidden(1) == 1:
			p.slopes[i] = 1 // the one module between them is the upsampling
		default:
			p.slopes[i] = slope
		}
	}
	return p
}

// usualSlope is that of the hidden activations of a DCGAN.
func (c *LayerChain) usualSlope() float64 {
	if c.Image || c.enlarges {
		return 0.2
	}
	return 0
}

// layerSpecs returns the layers of a chain for a plan.
func (c *LayerChain) layerSpecs(p plan) ([]model.LayerSpec, error) {
	out := make([]model.LayerSpec, len(c.layers))
	conv, unclear := 0, 0
	if n := len(c.unclear()); len(p.Norms) > 1 && len(p.Norms) != n {
		return nil, Ambiguous("%d norms said for %d without running statistics", len(p.Norms), n)
	}
	for i := range c.layers {
		l, s := &c.layers[i], &out[i]
		*s = model.LayerSpec{Kind: l.kind, Channels: l.out, Joined: l.joined, Bias: l.bias != nil, Module: l.name}
		switch slope := p.slopes[i]; slope {
		case 0:
			s.Activation = model.ReLU
		case 1:
			s.Activation = model.NoActivation
		default:
			s.Activation, s.Slope = model.LeakyReLU, slope
		}
		if l.kind == model.Linear {
			if err := c.reshape(i, s); err != nil {
				return nil, err
			}
		} else {
			s.KernelHeight, s.KernelWidth = l.kernel()
			s.Stride, s.Padding, s.OutputPadding = p.Strides[conv], p.Paddings[conv], p.OutputPaddings[conv]
			if n := p.Upsamples[conv]; n > 1 {
				if s.Upsample = n; p.Upsampling != nil {
					s.Upsampling = *p.Upsampling
				}
			}
			conv++
		}
		if i == len(out)-1 {
			s.Activation, s.Slope = model.Tanh, 0
			if c.Image || p.NoTanh {
				s.Activation = model.NoActivation
			}
		}
		if l.norm != nil {
			n := BatchNorms
			if l.norm.unclear() {
				if unclear++; len(p.Norms) > 0 {
					n = p.Norms[min(unclear, len(p.Norms))-1]
				}
			}
			l.normSpec(s, n)
			s.NormEps = p.eps[i]
			s.NormLast = p.last[i] && s.Activation != model.NoActivation && s.Activation != model.Tanh
		}
	}
	return out, nil
}

// normSpec says which norm a layer has.
func (l *layerWithNorm) normSpec(s *model.LayerSpec, n Norms) {
	s.NormModule = l.norm.name
	switch {
	case l.norm.rank() == 3:
		s.Norm = model.LayerNorm
	case l.norm.channels() != s.Channels:
		s.Norm = model.ValueNorm
	case n == InstanceNorms:
		s.Norm, s.Groups = model.GroupNorm, s.Channels
	case n > 0:
		s.Norm, s.Groups = model.GroupNorm, int(n)
	default:
		s.Norm = model.ChannelNorm
	}
}

// unclear reports a norm that a file does not tell from others: it has one gain a
// channel and no running statistics.
func (m *moduleTensors) unclear() bool {
	return m != nil && m.mean == nil && m.rank() == 1 && m.weight != nil
}

// unclear names the norms that a file does not tell from others.
func (c *LayerChain) unclear() (names []string) {
	for i := range c.layers {
		if n := c.layers[i].norm; n.unclear() {
			names = append(names, n.name)
		}
	}
	return names
}
