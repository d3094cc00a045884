package checkpoint

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dcganviz/internal/refuse"
	"dcganviz/model"
	"dcganviz/model/checkpoint/internal/infer"
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
	// BN is whose statistics batch norm uses when images are drawn. Nil means
	// RunningStats if the file has running statistics, and else BatchStats.
	BN *BNMode
	// BNEps is added to the variance in batch norm; 0 means 1e-5, and for the
	// authors' arrays 1e-8.
	BNEps float64
	// Law is what latents are drawn from; nil means what the file's statistics tell,
	// or else what the family does.
	Law *model.Law
	// ByFamily leaves the running statistics aside that the file holds: activations,
	// their order and the law are the family's, as older versions had them.
	ByFamily bool
	// Classes is how many classes G draws, told which by as many numbers of its latent:
	// one at the class and zero elsewhere. 0 means none, or what trained rows say that
	// the file has, of PyTorch's Embedding. ClassJoin is how they are joined to the
	// noise; nil means last, or times if there are as many as numbers in a latent.
	Classes   int
	ClassJoin *model.Join
	// ClassNames are the classes', from the first on.
	ClassNames []string
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
	src, err := read(path, opt.Unflipped, wantNets)
	if err != nil {
		return nil, err
	}
	return openSource(path, src, opt)
}

// OpenBytes is Open for a file in memory, which is called name in errors.
func OpenBytes(name string, b []byte, opt OpenOptions) (*Checkpoint, error) {
	src, err := parseBytes(b, wantNets)
	if err != nil {
		return nil, fmt.Errorf("model: %s: %w", name, classify(err))
	}
	return openSource(name, src, opt)
}

func openSource(name string, src *source, opt OpenOptions) (*Checkpoint, error) {
	o, err := newOpenState(src, opt, wantNets)
	if err != nil {
		return nil, err
	}
	c, err := o.open(name)
	if err != nil {
		return nil, fmt.Errorf("model: %s: %w", name, classify(err))
	}
	return c, nil
}

// An openState is what one call of Open has found so far.
type openState struct {
	opt       OpenOptions
	src, disc *source // the same where there is no file for D
	g, d      *netFile
	notes     []string
	told      Told
	whole     bool // the tensors were read, too
}

// newOpenState begins with a model's file, and reads the one for D if there is one.
func newOpenState(src *source, opt OpenOptions, what wanted) (o *openState, err error) {
	o = &openState{opt: opt, src: src, disc: src, whole: what != wantHeaders}
	if opt.Disc != "" {
		o.disc, err = read(opt.Disc, opt.Unflipped, what)
	}
	return o, err
}

// open makes the checkpoint that a caller knows by title.
func (o *openState) open(title string) (*Checkpoint, error) {
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
	var err error
	if c.G, err = load(o.g, "G", c.Meta.Config, model.NewGFrom); err != nil {
		return nil, err
	}
	if c.D, err = load(o.d, "D", c.Meta.Config, model.NewDFrom); err != nil {
		return nil, err
	}
	if err := o.batchNorm(&c.Meta); err != nil {
		return nil, err
	}
	if err := o.tied(c); err != nil {
		return nil, err
	}
	c.Title, c.SHA256, c.Notes, c.Told = title, o.src.sha256(), o.notes, o.told
	if o.disc != o.src {
		c.DiscSHA256 = o.disc.sha256()
	}
	return c, nil
}

// complete reports a net that was asked for and is not there.
func (o *openState) complete() error {
	switch {
	case o.g == nil && o.d == nil:
		return o.src.nothing()
	case o.disc == o.src:
		return nil
	case o.g == nil:
		return infer.Unsupported("no G in it to go with the D of %s", o.opt.Disc)
	case o.d == nil:
		return fmt.Errorf("%s: %w", o.opt.Disc, o.disc.nothing())
	}
	return nil
}

// find finds the nets in their files.
func (o *openState) find() error {
	named, err := o.src.at(o.opt.Key)
	if err != nil {
		return err
	}
	if named != nil && named.G == nil && named.D == nil {
		return infer.Unsupported("state dict %q: %w", named.Path(), named.Why)
	}
	dictG := named
	if named == nil {
		if dictG, err = o.src.only(false, nil); err != nil {
			return err
		}
	} else if named.G == nil {
		dictG = nil
	}
	var dictD *infer.NetDict
	switch {
	case o.opt.DiscKey != "":
		if dictD, err = o.disc.at(o.opt.DiscKey); err == nil && dictD.D == nil {
			err = infer.Unsupported("state dict %q: %w", dictD.Path(), dictD.WhyNotD())
		}
	case named != nil && named.G == nil:
		dictD = named
	default:
		dictD, err = o.disc.only(true, dictG)
	}
	if err != nil {
		return err
	}
	o.leftOut(dictG, dictD)
	if o.g, err = o.infer(o.src, dictG, false, model.Config{}); err != nil {
		return fmt.Errorf("in G: %w", err)
	}
	var g model.Config
	if o.g != nil {
		g = o.g.outline.Config()
	}
	if o.d, err = o.infer(o.disc, dictD, true, g); err != nil {
		return fmt.Errorf("in D: %w", err)
	}
	return nil
}

// leftOut notes the state dicts that the files hold and that are not taken.
func (o *openState) leftOut(taken ...*infer.NetDict) {
	sources := []*source{o.src}
	if o.disc != o.src {
		sources = append(sources, o.disc)
	}
	for _, s := range sources {
		for _, l := range s.nets {
			switch {
			case slices.Contains(taken, l):
			case l.G == nil && l.D == nil:
				o.notes = append(o.notes, fmt.Sprintf("state dict %q is left out: %v", l.Path(), l.Why))
			default:
				o.notes = append(o.notes, fmt.Sprintf("state dict %q is left out", l.Path()))
			}
		}
	}
}

// infer finds out what net a state dict is. Without a state dict it returns the
// net of a file of Save, or nil if the file has no such net.
func (o *openState) infer(s *source, l *infer.NetDict, image bool, g model.Config) (*netFile, error) {
	if l == nil {
		return s.ownNet(image), nil
	}
	family, geometry, chain := o.opt.Family, o.opt.G, l.G
	if image {
		geometry, chain = o.opt.D, l.D
	}
	if s.arrays && family == AnyFamily {
		family = PaperFamily
	}
	if n := chain.CountFloat64(); n > 0 {
		o.notes = append(o.notes, fmt.Sprintf("%s: %d tensors in double precision are rounded to float32", chain.Net(), n))
	}
	ask := infer.Ask{
		Family: family, Geometry: geometry, Size: g.Size, Width: g.Width, Law: o.opt.Law, BNEps: o.opt.BNEps,
		Classes: o.opt.Classes, Join: o.opt.ClassJoin, Channels: g.Channels,
		Statistics: o.whole && !o.opt.ByFamily && !s.arrays,
	}
	if image && ask.Classes == 0 && g.Channels > 0 {
		ask.Classes = g.Condition.Classes
	}
	if image && ask.Statistics && chain.HasFingerprints() {
		var err error
		if ask.Images, err = o.draw(); err != nil {
			return nil, err
		}
	}
	p, err := chain.Infer(ask)
	if err != nil {
		// The caller can do something about it, unlike a damaged file.
		if !errors.Is(err, ErrAmbiguous) {
			err = refuse.WithKind(err, ErrUnsupported)
		}
		return nil, err
	}
	if !s.arrays {
		o.told.Evidence = append(o.told.Evidence, p.Evidence...)
		if !o.opt.ByFamily { // who asks for that knows what is not told
			o.told.Readings = append(o.told.Readings, p.Readings...)
		}
		o.told.Foreign = true
		o.told.Law = o.told.Law || p.LawTold
	}
	return newNetFile(p, s, o.opt.BNEps)
}

// triedOn is how many of G's images a D is tried on.
const triedOn = 64

// draw returns images of G, with the statistics of their batch, to try a D on; none
// without G.
func (o *openState) draw() (model.Tensor, error) {
	if o.g == nil {
		return model.Tensor{}, nil
	}
	cfg := o.g.outline.Config()
	g, err := load(o.g, "G", cfg, model.NewGFrom)
	if err != nil {
		return model.Tensor{}, err
	}
	const seed = 1
	return g.Generate(g.Latents(seed, 0, triedOn), model.RunOptions{BatchStats: true})
}

// describe fills in what the nets are, but for BN.
func (o *openState) describe(m *Meta) error {
	if own := o.src.own; own != nil {
		*m = own.meta
	} else {
		m.Origin = cmp.Or(o.g, o.d).origin
	}
	if o.src.own == nil || o.src != o.disc {
		var err error
		if m.Config, err = configOf(o.g, o.d); err != nil {
			return refuse.WithKind(err, ErrUnsupported)
		}
	}
	if o.opt.Law != nil {
		m.Config.Law = *o.opt.Law
	}
	return o.classes(m)
}

// classes says what the classes are called, what latents are made of, and what D is told.
func (o *openState) classes(m *Meta) error {
	c := m.Config.Condition
	if o.src.own != nil && (o.opt.Classes != 0 || o.opt.ClassJoin != nil) {
		return infer.Ambiguous("classes said of a checkpoint of this program, which says its own")
	}
	if names := o.opt.ClassNames; len(names) > 0 {
		if len(names) != c.Classes {
			return infer.Ambiguous("%d names for %d classes", len(names), c.Classes)
		}
		m.ClassNames = strings.Join(names, ",")
	}
	if c.Classes > 0 && o.g != nil {
		how := fmt.Sprintf("%d numbers of noise and, %v, %d of its class", m.Config.NoiseDim(), c.Join, c.Numbers)
		if c.Join == model.RowTimes {
			how = fmt.Sprintf("%d numbers of noise times %d of its class", m.Config.NoiseDim(), c.Numbers)
		}
		if n := toldLayers(o.g); n > 0 {
			how += fmt.Sprintf(", which %d more layers are told too", n)
		}
		o.read("G draws %d classes: a latent is %s; unless one class is asked for, they take turns", c.Classes, how)
	}
	if d := m.Config.DCondition; d.Classes > 0 && o.d != nil {
		o.read("D is told which of %d classes an image is of, in %d of its layers", d.Classes, toldLayers(o.d))
	}
	return nil
}

// read adds a reading that no option would change.
func (o *openState) read(text string, args ...any) {
	o.told.Readings = append(o.told.Readings, Reading{Text: fmt.Sprintf(text, args...)})
}

// toldLayers counts the layers that a class is joined to.
func toldLayers(f *netFile) (n int) {
	for _, s := range f.outline.Specs() {
		if s.Joined > 0 {
			n++
		}
	}
	return n
}

// batchNorm decides whose statistics batch norm uses.
func (o *openState) batchNorm(m *Meta) error {
	running := (o.g == nil || o.g.running) && (o.d == nil || o.d.running)
	if o.src.own == nil && !running {
		m.BN = BatchStats
	}
	if o.opt.BN != nil {
		if *o.opt.BN == RunningStats && !running {
			return infer.Unsupported("batch norm with running statistics, of which it has none")
		}
		m.BN = *o.opt.BN
	}
	return nil
}
