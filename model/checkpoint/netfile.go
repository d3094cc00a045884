package checkpoint

import (
	"cmp"
	"fmt"
	"slices"

	"dcganviz/internal/refuse"
	"dcganviz/model"
	"dcganviz/model/checkpoint/internal/infer"
)

// spareNumbers is what a net's weights may take beyond twice its file, 64 MB.
const spareNumbers = 64 << 20 / 4

// A netFile is a net in a checkpoint: its layers, and where its weights are.
type netFile struct {
	outline model.Outline
	chain   *infer.LayerChain // of another program; nil in a file of Save
	dict    model.StateDict
	prefix  string // of its names in dict
	most    int    // numbers that the file can hold; 0 if that was checked
	running bool   // every batch norm, if there is one, has running statistics
	origin  string
	tied    []model.LayerSpec // see infer.Understood
}

// newNetFile makes the layers of a net of another program.
func newNetFile(p *infer.Understood, s *source, eps float64) (*netFile, error) {
	c := p.Chain
	f := &netFile{
		chain: c, dict: p.StateDict(), tied: p.Tied, most: 2*s.size/4 + spareNumbers, running: p.HasStatistics(),
		origin: fmt.Sprintf("%s, family %v", s.format, p.Family),
	}
	if p.Family == AnyFamily {
		f.origin = s.format
	}
	cfg := model.Config{Arch: model.Custom, Channels: c.Channels, Law: p.Law, BNEps: eps}.Sized(p.Height, p.Width)
	if s.arrays {
		cfg.Law, cfg.BNEps = arraysLaw, cmp.Or(eps, arraysEps)
	}
	stack, err := model.NewStack(p.Specs...)
	if err != nil {
		return nil, refuse.WithKind(err, ErrUnsupported)
	}
	if c.Image {
		cfg.DStack, cfg.DCondition = stack, p.Condition
		f.outline, err = cfg.DOutline()
	} else {
		cfg.GStack, cfg.LatentDim, cfg.Condition = stack, c.LatentDim(), p.Condition
		f.outline, err = cfg.GOutline()
	}
	if err != nil {
		return nil, refuse.WithKind(err, ErrUnsupported)
	}
	return f, nil
}

// ownNet returns a net of a file of Save; nil if it is not there.
func (s *source) ownNet(image bool) *netFile {
	if s.own == nil {
		return nil
	}
	n := s.own.g
	if image {
		n = s.own.d
	}
	if n == nil {
		return nil
	}
	m := &s.own.meta
	return &netFile{outline: n.outline, dict: n.dict, prefix: n.prefix, running: m.BN == RunningStats, origin: m.Origin}
}

// configOf returns the Config of one or two nets: a family's if it has the same
// layers, and else a Custom one.
func configOf(g, d *netFile) (model.Config, error) {
	c := cmp.Or(g, d).outline.Config()
	cfg := model.Config{Size: c.Size, Width: c.Width, Channels: c.Channels, Law: c.Law, BNEps: c.BNEps}
	if cfg.BNEps == model.DefaultBNEps {
		cfg.BNEps = 0
	}
	if g != nil {
		cfg.LatentDim, cfg.Condition = c.LatentDim, c.Condition
	}
	if d != nil {
		cfg.DCondition = d.outline.Config().DCondition
	}
	if g != nil && d != nil {
		other := d.outline.Config()
		if !c.SameImages(other) {
			gh, gw, gc := c.Dims()
			dh, dw, dc := other.Dims()
			return cfg, fmt.Errorf("nets do not belong together: G draws %dx%dx%d, D scores %dx%dx%d", gh, gw, gc, dh, dw, dc)
		}
		if cmp.Or(c.BNEps, model.DefaultBNEps) != cmp.Or(other.BNEps, model.DefaultBNEps) {
			return cfg, fmt.Errorf("batch norm of G adds %g to the variance, that of D %g", c.BNEps, other.BNEps)
		}
	}
	for _, arch := range []model.Arch{model.PyTorch, model.Paper} {
		c := cfg
		c.Arch = arch
		if g != nil {
			// The last layer's input is as wide as G's narrowest feature maps.
			specs := g.outline.Specs()
			c.GWidth = specs[max(0, len(specs)-2)].Channels
		}
		if d != nil {
			c.DWidth = d.outline.Specs()[0].Channels
		}
		if g.hasLayers(c.GOutline) && d.hasLayers(c.DOutline) {
			return c, nil
		}
	}
	cfg.Arch = model.Custom
	var err error
	if g != nil {
		if cfg.GStack, err = model.NewStack(g.outline.Specs()...); err != nil {
			return cfg, err
		}
	}
	if d != nil {
		if cfg.DStack, err = model.NewStack(d.outline.Specs()...); err != nil {
			return cfg, err
		}
	}
	return cfg, cfg.Validate()
}

// hasLayers reports whether the net has just the layers of that outline; a net
// that is not there has any.
func (f *netFile) hasLayers(outline func() (model.Outline, error)) bool {
	if f == nil {
		return true
	}
	o, err := outline()
	return err == nil && slices.Equal(o.Specs(), f.outline.Specs())
}

// fits reports a net that is larger than its file can be: views of a small
// storage may claim to be large tensors.
func (f *netFile) fits() error {
	n := 0
	for _, l := range f.outline.Layers() {
		n += l.Parameters
	}
	if f.most > 0 && n > f.most {
		return infer.Refuse("%d weights, want at most %d of a file of that size", n, f.most)
	}
	return nil
}

// load makes a net of cfg by NewGFrom or NewDFrom; nil of a net that is not there.
func load[N interface{ HasRunningStats() bool }](
	f *netFile, net string, cfg model.Config, from func(model.Config, string, model.StateDict) (N, error),
) (n N, err error) {
	if f == nil {
		return n, nil
	}
	if err = f.fits(); err == nil {
		n, err = from(cfg, f.prefix, f.dict)
		if err = classify(err); err != nil && !isAny(err, ErrUnsupported, ErrRefused) {
			err = infer.Refuse("%w", err)
		}
	}
	switch {
	case err != nil && f.prefix == "": // no name in the error says which net it is about
		err = fmt.Errorf("%s: %w", net, err)
	case err == nil && f.chain == nil:
		f.running = n.HasRunningStats()
	}
	return n, err
}
