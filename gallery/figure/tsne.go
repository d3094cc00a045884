package figure

import (
	"context"
	"fmt"
	"image"

	"dcganviz/model"
	"dcganviz/probe/features"
	"dcganviz/probe/tsne"
)

// TSNE lays latents, samples or pictures out in the plane: probe/tsne.
type TSNE struct {
	Of         string  `group:"Points" placeholder:"WHAT" choices:"samples,latents,images" help:"What to lay out: samples of G, the latents that they are drawn from, or real images (default: samples, or images with --images)."`
	N          int     `short:"n" name:"n" group:"Points" default:"2000" placeholder:"N" help:"How many, at most (default: ${default})."`
	Features   string  `group:"Points" placeholder:"WHAT" choices:"d,pixels" help:"What makes them alike: d, the features of D at all layers, or pixels (default: d, or pixels where there is no D)."`
	PCA        int     `name:"pca" group:"Points" default:"50" placeholder:"K" help:"First reduce the features to K principal components; 0 keeps them as they are (default: ${default})."`
	Perplexity float64 `group:"Points" default:"30" placeholder:"P" help:"How many neighbours each point cares for (default: ${default})."`
	Colour     string  `group:"Output" default:"auto" enum:"auto,value,class" older:"value" placeholder:"WHAT" help:"Colour samples by value, D's logit, by class, that which G was told or that of the nearest of labelled pictures that come with the model, or auto: by class where there are three or more (default: ${default})."`
	Grid       bool    `group:"Output" help:"Put the pictures of the atlas on a grid, side by side."`
	PhotoOptions
	Seed uint64 `group:"Output" default:"1" placeholder:"N" help:"Decides every random number (default: ${default})."`
}

const (
	ofSamples, ofLatents, ofImages = "samples", "latents", "images"
	ofD, ofPixels                  = "d", "pixels"
	// mostFeatures bounds the features in memory: 1 GB.
	mostFeatures = 1 << 28
	mostPCA      = 1000
)

// Check reports settings that make no sense.
func (c *TSNE) Check() error {
	if c.Of == "" {
		c.Of = ofSamples
		if c.Images != "" || c.List != "" {
			c.Of = ofImages
		}
	}
	switch c.Of {
	case ofSamples, ofLatents, ofImages:
	default:
		return usage("--of is %.60q, want samples, latents or images", c.Of)
	}
	switch c.Features {
	case "", ofD, ofPixels:
	default:
		return usage("--features is %.60q, want d or pixels", c.Features)
	}
	if c.PCA < 0 || c.PCA == 1 || c.PCA > mostPCA {
		return usage("--pca is %d, want 2 to %d, or 0 for none", c.PCA, mostPCA)
	}
	// Of images there may be fewer, which is seen when they are read.
	if err := tsne.CheckPerplexity(c.N, c.Perplexity); err != nil {
		return usage("-n %d, --perplexity %g: %w", c.N, c.Perplexity, err)
	}
	return nil
}

// Idle says what other options make do nothing.
func (c *TSNE) Idle() (all []Idle) {
	if c.Of == ofSamples || c.Of == ofLatents {
		all = append(all, Idle{"--of is " + c.Of, []string{"images", "list"}})
	}
	if c.Of == ofImages {
		all = append(all, Idle{"pictures are coloured by their classes, if they have some", []string{"colour"}})
	}
	if c.Of == ofLatents {
		all = append(all, Idle{"--of is latents, which are their own features", []string{"features"}})
	}
	return all
}

// MoreFiles are the pictures of all points.
func (c *TSNE) MoreFiles() []string { return []string{picturesEnd} }

// A TSNEResult is what TSNE laid out.
type TSNEResult struct {
	Head
	Of     string `json:"of"`
	Set    string `json:"set,omitempty"`
	Space  string `json:"space"`
	Colour string `json:"colour"`
	// Labelled says whence samples have their classes; nil where nobody guessed any.
	Labelled *Labelled `json:"labelled,omitempty"`
	tsne.Report
	Shown    int         `json:"shown"` // pictures in the atlas
	Pictures TSNESheet   `json:"pictures"`
	Places   []TSNEPlace `json:"places"`

	material *material
	grid     bool
}

// A TSNEPlace is one point.
type TSNEPlace struct {
	Number int     `json:"number"` // of the sample, or of the picture in its set
	Name   string  `json:"name,omitempty"`
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Label  string  `json:"label,omitempty"`
	Value  float64 `json:"value"`
	Shown  bool    `json:"shown"`
}

// Make draws or reads what is laid out, and lays it out.
func (c *TSNE) Make(ctx context.Context, lab *Lab) (Result, error) {
	m, err := c.material(ctx, lab)
	if err != nil {
		return nil, err
	}
	opt := tsne.StudyOptions{Options: tsne.Options{Perplexity: c.Perplexity, Settings: lab.settings(c.Seed)}, PCA: c.PCA, Labels: m.labels, Values: m.values}
	if c.PCA == 0 {
		opt.PCA = -1
	}
	report, err := tsne.Study(ctx, m.features, model.RunOptions{Pool: lab.Pool}, opt)
	if err != nil {
		return nil, err
	}
	r := &TSNEResult{Head: lab.head("tsne", c.Seed), Of: c.Of, Set: m.set, Space: m.space, Colour: m.colour, Labelled: m.labelled, Report: *report, material: m, grid: c.Grid}
	return r, nil
}

// A material is what is laid out.
type material struct {
	set      string // the name of the pictures
	space    string // what the features are
	features model.Tensor
	tiles    []image.Image
	names    []string // of pictures; nil for samples
	classes  []string // that labels count
	labels   []int    // of pictures with classes
	labelled *Labelled
	values   []float64
	colour   string // what the values are
}

// material draws or reads it.
func (c *TSNE) material(ctx context.Context, lab *Lab) (*material, error) {
	m := &material{}
	var x, z model.Tensor
	var told []int // the classes that samples are of
	if c.Of == ofImages {
		cfg, err := lab.pictures()
		if err != nil {
			return nil, err
		}
		if err := lab.checkCount("-n", c.N, 1, cfg, 1); err != nil {
			return nil, err
		}
		photos, err := lab.photos(ctx, c.PhotoOptions, "heldout", c.N)
		if err != nil {
			return nil, err
		}
		if err := tsne.CheckPerplexity(photos.Len(), c.Perplexity); err != nil {
			return nil, usage("%s: %w", photos.title, err)
		}
		if photos.available > photos.Len() {
			lab.note("%s: %d of %d pictures, evenly spaced, are used", photos.title, photos.Len(), photos.available)
		}
		x, m.set, m.names = photos.Tensor, photos.title, photos.names
		m.label(photos.classes)
		if m.tiles, err = pictures(x); err != nil {
			return nil, err
		}
	} else {
		g, err := lab.Generator()
		if err != nil {
			return nil, err
		}
		cfg := g.Config()
		if err := lab.checkCount("-n", c.N, 1, cfg, 1); err != nil {
			return nil, err
		}
		if err := lab.checkBatch(c.N, lab.Model.D != nil); err != nil {
			return nil, err
		}
		z, told = g.Latents(c.Seed, 0, c.N), g.Classes(0, c.N)
		if x, m.tiles, err = lab.generate(ctx, g, z); err != nil {
			return nil, err
		}
		if err := c.classify(ctx, lab, g, m, x); err != nil {
			return nil, err
		}
	}
	if err := m.value(ctx, lab, x, told); err != nil {
		return nil, err
	}
	return m, c.featuresOf(ctx, lab, m, x, z)
}

// featuresOf fills in the features.
func (c *TSNE) featuresOf(ctx context.Context, lab *Lab, m *material, x, z model.Tensor) error {
	use := c.Features
	if use == "" {
		use = ofPixels
		if d := lab.Model.D; d != nil && (d.Config().DCondition.Classes == 0 || d.Class() >= 0) {
			use = ofD
		} else if d != nil && c.Of != ofLatents {
			lab.note("D is told a class, so pixels make images alike: with --class its features do")
		}
	}
	switch {
	case c.Of == ofLatents:
		m.space, m.features = "z", z
		return nil
	}
	if err := tsne.CheckVaried(x); err != nil {
		return err
	}
	switch {
	case use == ofPixels:
		m.space, m.features = "pixels", flat(x)
	default:
		net, err := lab.Discriminator()
		if err != nil {
			return err
		}
		if most := mostFeatures / features.Width(net); x.Len() > most {
			return usage("-n is %d, want at most %d with %d features of D each: fewer, or --features pixels", x.Len(), most, features.Width(net))
		}
		m.space = "D's features"
		if m.features, err = features.Of(ctx, net, x, lab.run()); err != nil {
			return err
		}
		w, err := features.Weigh(net, m.features)
		if err != nil {
			return fmt.Errorf("%w: --features pixels does without D", err)
		}
		w.Apply(m.features)
	}
	return nil
}

// label takes the pictures' classes, if there are any.
func (m *material) label(classes []string) {
	if classes == nil {
		return
	}
	at := make(map[string]int)
	for _, name := range classes {
		if _, ok := at[name]; !ok {
			at[name] = len(m.classes)
			m.classes = append(m.classes, name)
		}
		m.labels = append(m.labels, at[name])
	}
}

// value takes D's logits, or how light the pictures are where there is no D, or one that is
// told a class that nobody knows.
func (m *material) value(ctx context.Context, lab *Lab, x model.Tensor, classes []int) error {
	m.values = make([]float64, x.Len())
	d := lab.Model.D
	if d != nil && d.Config().DCondition.Classes == 0 {
		classes = nil
	}
	if d != nil && (d.Config().DCondition.Classes == 0 || d.Class() >= 0 || classes != nil) {
		m.colour = "D's logit"
		logits, err := lab.scores(ctx, x, classes)
		for i, v := range logits {
			m.values[i] = float64(v)
		}
		return err
	}
	m.colour = "mean lightness"
	for i := range m.values {
		row := x.Row(i)
		for _, v := range row {
			m.values[i] += float64(v) / float64(len(row))
		}
	}
	return nil
}
