package model

import (
	"errors"
	"fmt"
	"slices"
)

// OpenOptions say what a checkpoint does not. The zero value takes what can be
// told from the file.
type OpenOptions struct {
	// Disc is the file that D is in, if it is another one. A D in the model's
	// file is left out then.
	Disc string
	// Key is where in the model's file the state dict is, such as "netG" or
	// "state.generator", and DiscKey where D's is, in Disc or else in the
	// model's file. They may be cut short to their last parts. "" takes the
	// only G and the only D that there are.
	Key, DiscKey string
	// Family is what sort of DCGAN the nets are.
	Family Family
	// G and D are the geometries of nets of no known family.
	G, D Geometry
	// BN is whose statistics batch norm uses when images are drawn; nil means
	// the running ones if the file has them, and those of the batch if not.
	BN *BNMode
	// BNEps is added to the variance in batch norm; 0 means 1e-5, and for the
	// authors' arrays 1e-8.
	BNEps float64
	// Law is what latents are drawn from; nil means what the family does.
	Law *Law
	// Unflipped takes the kernels of the authors' arrays as they are. Theano
	// turns kernels around and PyTorch does not, so that this is wrong; it is
	// there to show that.
	Unflipped bool
}

// Open reads a checkpoint, and finds out by its content what it is: a file of
// Save; a state dict of PyTorch (zip or legacy), bare or inside of a training
// checkpoint; one in a safetensors file; or a folder with the arrays that the
// paper's authors published.
//
// Kernels' sizes, widths, channels, biases and the latents' length follow from
// the shapes of the weights. What does not follows from the family, which is
// recognised by the shapes too, or from opt. The nets are plain stacks of
// ConvTranspose2d, Conv2d and Linear layers, each with a BatchNorm or without;
// D's last sigmoid, which leaves no trace, does not matter to logits. Nets as
// in one of our families have its Arch, all others are Custom.
//
// Nothing is allocated for a size in a file before it is known to be there.
// Errors wrap fs.ErrNotExist, ErrRefused, ErrUnsupported or ErrAmbiguous, the
// last maybe as an *UnknownGeometryError with candidates.
func Open(path string, opt OpenOptions) (*Checkpoint, error) {
	src, err := readSource(path, opt.Unflipped, nets)
	if err != nil {
		return nil, err
	}
	return openSource(path, src, opt)
}

// OpenBytes is Open for a file in memory, which is called name in errors.
func OpenBytes(name string, b []byte, opt OpenOptions) (*Checkpoint, error) {
	src, err := parseSource(b, nets)
	if err != nil {
		return nil, fmt.Errorf("model: %s: %w", name, classify(err))
	}
	return openSource(name, src, opt)
}

func openSource(name string, src *source, opt OpenOptions) (c *Checkpoint, err error) {
	disc := src
	if opt.Disc != "" {
		if disc, err = readSource(opt.Disc, opt.Unflipped, nets); err != nil {
			return nil, err
		}
	}
	o := opening{opt: opt, src: src, disc: disc}
	if c, err = o.open(); err != nil {
		return nil, fmt.Errorf("model: %s: %w", name, classify(err))
	}
	return c, nil
}

// An opening is one call of Open.
type opening struct {
	opt       OpenOptions
	src, disc *source // the same where there is no file for D
	g, d      *found
	notes     []string
}

func (o *opening) open() (*Checkpoint, error) {
	if err := o.find(); err != nil {
		return nil, err
	}
	if err := o.complete(); err != nil {
		return nil, err
	}
	c := new(Checkpoint)
	if err := o.describe(&c.Meta); err != nil {
		return nil, err
	}
	if o.g != nil {
		n, err := o.g.build(c.Meta.Config, c.Meta.Config.generatorLayers(), false)
		if err != nil {
			return nil, fmt.Errorf("G: %w", err)
		}
		c.G = &G{n}
	}
	if o.d != nil {
		n, err := o.d.build(c.Meta.Config, c.Meta.Config.discriminatorLayers(), true)
		if err != nil {
			return nil, fmt.Errorf("D: %w", err)
		}
		c.D = &D{n}
	}
	c.SHA256, c.Notes = o.src.sha256(), o.notes
	if o.disc != o.src {
		c.DiscSHA256 = o.disc.sha256()
	}
	return c, nil
}

// complete reports a net that is not there, and was asked for.
func (o *opening) complete() error {
	switch {
	case o.g == nil && o.d == nil:
		return o.src.nothing()
	case o.disc == o.src:
		return nil
	case o.g == nil:
		return unsupported("no G in it to go with the D of %s", o.opt.Disc)
	case o.d == nil:
		return fmt.Errorf("%s: %w", o.opt.Disc, o.disc.nothing())
	}
	return nil
}

// find finds the nets in their files.
func (o *opening) find() error {
	named, err := o.src.leaf(o.opt.Key)
	if err != nil {
		return err
	}
	if named != nil && named.g == nil && named.d == nil {
		return unsupported("state dict %q: %w", named.path(), named.why)
	}
	gLeaf := named
	if named == nil {
		if gLeaf, err = o.src.only(false, nil); err != nil {
			return err
		}
	} else if named.g == nil {
		gLeaf = nil
	}
	var dLeaf *leaf
	switch {
	case o.opt.DiscKey != "":
		if dLeaf, err = o.disc.leaf(o.opt.DiscKey); err == nil && dLeaf.d == nil {
			err = unsupported("state dict %q: %w", dLeaf.path(), dLeaf.whyNotD())
		}
	case named != nil && named.g == nil:
		dLeaf = named
	default:
		dLeaf, err = o.disc.only(true, gLeaf)
	}
	if err != nil {
		return err
	}
	o.leftOut(gLeaf, dLeaf)
	if o.g, err = o.understand(o.src, gLeaf, false, 0); err != nil {
		return fmt.Errorf("G: %w", err)
	}
	size := 0
	if o.g != nil {
		size = o.g.size
	}
	if o.d, err = o.understand(o.disc, dLeaf, true, size); err != nil {
		return fmt.Errorf("D: %w", err)
	}
	return nil
}

// leftOut notes the state dicts that are in the files and not taken.
func (o *opening) leftOut(taken ...*leaf) {
	sources := []*source{o.src}
	if o.disc != o.src {
		sources = append(sources, o.disc)
	}
	for _, s := range sources {
		for _, l := range s.leaves {
			switch {
			case slices.Contains(taken, l):
			case l.g == nil && l.d == nil:
				o.notes = append(o.notes, fmt.Sprintf("state dict %q is left out: %v", l.path(), l.why))
			default:
				o.notes = append(o.notes, fmt.Sprintf("state dict %q is left out", l.path()))
			}
		}
	}
}

// understand finds out what the net in a leaf is; without one, the net of a
// checkpoint of ours. It returns nil where there is neither.
func (o *opening) understand(s *source, l *leaf, image bool, size int) (*found, error) {
	if l == nil {
		return s.ownNet(image), nil
	}
	family, geometry, chain := o.opt.Family, o.opt.G, l.g
	if image {
		geometry, chain = o.opt.D, l.d
	}
	if s.arrays && family == AnyFamily {
		family = PaperFamily
	}
	if n := chain.doubles(); n > 0 {
		o.notes = append(o.notes, fmt.Sprintf("%s: %d tensors in double precision are rounded to float32", chain.net(), n))
	}
	p, err := chain.understand(family, geometry, size)
	if err != nil {
		// The caller can do something about it, unlike a damaged file.
		if !errors.Is(err, ErrAmbiguous) {
			err = unsupportedBy(err)
		}
		return nil, err
	}
	return p.found(s, o.opt.BNEps)
}

// describe fills in what the nets are.
func (o *opening) describe(m *Meta) error {
	g, d := o.g, o.d
	first := g
	if g == nil {
		first = d
	}
	if own := o.src.own; own != nil {
		*m = own.Meta
	} else {
		m.Origin = first.origin
	}
	cfg := m.Config
	if o.src.own == nil || o.src != o.disc {
		var err error
		if cfg, err = configOf(g, d); err != nil {
			return unsupportedBy(err)
		}
	}
	if o.opt.Law != nil {
		cfg.Law = *o.opt.Law
	}
	m.Config = cfg
	running := true
	for _, f := range []*found{g, d} {
		if f != nil {
			running = running && f.running
		}
	}
	if o.src.own == nil && !running {
		m.BN = BatchStats
	}
	if o.opt.BN != nil {
		if *o.opt.BN == RunningStats && !running {
			return unsupported("batch norm with running statistics, of which it has none")
		}
		m.BN = *o.opt.BN
	}
	return nil
}
