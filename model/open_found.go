package model

import (
	"fmt"
	"slices"
	"strings"
)

// spareNumbers is what a net's weights may take beyond twice its file, 64 MB.
const spareNumbers = 64 << 20 / 4

// A found is a net of a checkpoint: its layers, and where its weights are.
type found struct {
	own  *net  // of a checkpoint of ours
	part *part // of another
	most int   // numbers that its file can hold

	layers         []layer
	size, channels int
	latentDim      int
	law            Law
	eps            float64
	running        bool // batch norm has running statistics, or there is none
	origin         string
}

// found finishes a part: its layers are made.
func (p *part) found(s *source, eps float64) (*found, error) {
	f := &found{
		part: p, most: 2*s.size/4 + spareNumbers, size: p.size, channels: p.chain.channels, law: p.family.law(), eps: eps, running: true,
		origin: fmt.Sprintf("%s, family %v", s.format, p.family),
	}
	if p.family == AnyFamily {
		f.origin = s.format
	}
	if s.arrays {
		f.law = arraysLaw
		if eps == 0 {
			f.eps = arraysEps
		}
	}
	stack, err := NewStack(p.specs...)
	if err != nil {
		return nil, unsupportedBy(err)
	}
	if p.chain.image {
		f.layers, err = stack.discriminator(f.size, f.channels)
	} else {
		f.latentDim = p.chain.links[0].in
		f.layers, err = stack.generator(f.latentDim, f.size, f.channels)
	}
	if err != nil {
		return nil, unsupportedBy(err)
	}
	for _, l := range p.chain.links {
		f.running = f.running && (l.norm == nil || l.norm.mean != nil)
	}
	return f, nil
}

// ownNet returns the net of a checkpoint of ours; nil if there is none.
func (s *source) ownNet(image bool) *found {
	if s.own == nil {
		return nil
	}
	layers, n := s.ownG, (*net)(nil)
	switch {
	case image:
		if layers = s.ownD; s.own.D != nil {
			n = s.own.D.net
		}
	case s.own.G != nil:
		n = s.own.G.net
	}
	if layers == nil {
		return nil
	}
	m := &s.own.Meta
	f := &found{
		own: n, layers: layers, size: m.Config.Size, channels: m.Config.Channels, latentDim: m.Config.LatentDim,
		law: m.Config.Law, eps: m.Config.BNEps, running: m.BN == RunningStats, origin: m.Origin,
	}
	if n != nil {
		f.running = n.HasRunningStats()
	}
	return f
}

// configOf returns the Config of one or two nets: that of a family where it has
// just these layers, or else a Custom one.
func configOf(g, d *found) (Config, error) {
	first := g
	if g == nil {
		first = d
	}
	cfg := Config{Size: first.size, Channels: first.channels, Law: first.law, BNEps: first.eps}
	if cfg.BNEps == (Config{}).bnEps() {
		cfg.BNEps = 0
	}
	if g != nil {
		cfg.LatentDim = g.latentDim
	}
	if g != nil && d != nil {
		if g.size != d.size || g.channels != d.channels {
			return cfg, fmt.Errorf("G and D do not belong together: G draws %dx%dx%d, D scores %dx%dx%d",
				g.size, g.size, g.channels, d.size, d.size, d.channels)
		}
		if (Config{BNEps: g.eps}).bnEps() != (Config{BNEps: d.eps}).bnEps() {
			return cfg, fmt.Errorf("batch norm of G adds %g to the variance, that of D %g", g.eps, d.eps)
		}
	}
	for _, arch := range []Arch{PyTorch, Paper} {
		c := cfg
		c.Arch = arch
		if g != nil {
			c.GWidth = g.layers[len(g.layers)-1].geom.K
		}
		if d != nil {
			c.DWidth = d.layers[0].geom.K
		}
		if c.validate(g != nil, d != nil) == nil &&
			(g == nil || slices.Equal(c.generatorLayers(), g.layers)) &&
			(d == nil || slices.Equal(c.discriminatorLayers(), d.layers)) {
			return c, nil
		}
	}
	cfg.Arch = Custom
	var err error
	if g != nil {
		if cfg.GStack, err = stackOf(g.layers); err != nil {
			return cfg, err
		}
	}
	if d != nil {
		if cfg.DStack, err = stackOf(d.layers); err != nil {
			return cfg, err
		}
	}
	return cfg, cfg.validate(g != nil, d != nil)
}

// fits reports a net that is larger than its file can be: views of a small
// storage may claim to be large tensors.
func (f *found) fits() error {
	if p := parameters(f.layers); f.part != nil && p > f.most {
		return refuse("%d weights, want at most %d of a file of that size", p, f.most)
	}
	return nil
}

// build makes the net, as one of cfg, with its weights.
func (f *found) build(cfg Config, layers []layer, image bool) (*net, error) {
	if f.own != nil {
		// The same layers, maybe in the words of another config.
		f.own.cfg, f.own.layers = cfg, layers
		return f.own, nil
	}
	if err := f.fits(); err != nil {
		return nil, err
	}
	n := newNet(cfg, layers, image)
	return n, n.fill(f.part.chain.tensors())
}

// tensors returns what fill asks for. A batch norm without running statistics
// gets those that a new one has, one without gains ones and zeros.
func (c *chain) tensors() func(name string, count bool) (*NamedTensor, error) {
	given := map[string]*foreignTensor{}
	norms := map[string]int{}
	for _, l := range c.links {
		for _, m := range []*module{l.module, l.norm} {
			for t := range m.tensors() {
				given[t.name] = t
			}
		}
		if l.norm != nil {
			norms[l.norm.name] = l.norm.channels()
		}
	}
	return func(name string, count bool) (*NamedTensor, error) {
		t := given[name]
		switch {
		case t == nil && count:
			return nil, nil
		case t == nil:
			dot := strings.LastIndexByte(name, '.')
			return constant(name, norms[name[:dot]], name[dot+1:]), nil
		case count:
			ints, err := t.data.Int64s()
			if err != nil || len(ints) != 1 {
				return nil, nil // made half or double with the rest; nothing here needs it
			}
			return &NamedTensor{Name: name, Shape: []int{}, Ints: ints}, nil
		}
		data, err := t.data.Float32s()
		return &NamedTensor{Name: name, Shape: t.shape, Data: data}, err
	}
}

// constant returns a batch norm's tensor as it is in a new net.
func constant(name string, n int, what string) *NamedTensor {
	t := &NamedTensor{Name: name, Shape: []int{n}, Data: make([]float32, n)}
	if what == "weight" || what == "running_var" {
		for i := range t.Data {
			t.Data[i] = 1
		}
	}
	return t
}

// HasRunningStats reports that batch norm's running statistics, of which there
// are none in some other programs' checkpoints, are there; it is true of a net
// without batch norm. Statistics like those of a new net do not count.
func (n *net) HasRunningStats() bool {
	norms := false
	for _, b := range n.blocks {
		if b.stats == nil {
			continue
		}
		norms = true
		for i, m := range b.stats.mean {
			if m != 0 || b.stats.variance[i] != 1 {
				return true
			}
		}
	}
	return !norms
}
