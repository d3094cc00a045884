package main

import (
	"fmt"
	"image"
	"math"

	"dcganviz/model"
	"dcganviz/probe/features"
	"dcganviz/probe/tsne"
	"dcganviz/viz"
)

// tsneCmd lays latents, samples or pictures out in the plane.
type tsneCmd struct {
	Of         string  `group:"Points" placeholder:"WHAT" help:"What to lay out: samples of G, the latents that they are drawn from, or real images (default: samples, or images with --images)."`
	N          int     `short:"n" name:"n" group:"Points" default:"2000" placeholder:"N" help:"How many, at most (default: ${default})."`
	Features   string  `group:"Points" placeholder:"WHAT" help:"What makes them alike: d, the features of D at all layers, or pixels (default: d, or pixels where there is no D)."`
	PCA        int     `name:"pca" group:"Points" default:"50" placeholder:"K" help:"Reduce the features to so many principal components first; 0: do not (default: ${default})."`
	Perplexity float64 `group:"Points" default:"30" placeholder:"P" help:"How many neighbours each point cares for (default: ${default})."`
	Grid       bool    `group:"Output" help:"Put the pictures of the atlas on a grid, side by side."`
	photoFlags
	probeFlags
}

func (*tsneCmd) examples() []string {
	return []string{
		"dcganviz tsne",
		"dcganviz tsne -n 500 --features pixels --perplexity 15 --grid --out map.png",
		"dcganviz tsne -n 300 --of latents --pca 0 --seed 7 --json",
	}
}

const (
	ofSamples, ofLatents, ofImages = "samples", "latents", "images"
	ofD, ofPixels                  = "d", "pixels"
	// mostFeatures bounds the features in memory: 1 GB.
	mostFeatures = 1 << 28
	mostPCA      = 1000
)

func (c *tsneCmd) check(e *env) error {
	if c.Of == "" {
		c.Of = ofSamples
		if c.Images != "" || c.List != "" {
			c.Of = ofImages
		}
	}
	switch c.Of {
	case ofSamples, ofLatents:
		if err := e.exclude("--of is "+c.Of, "images", "list"); err != nil {
			return err
		}
	case ofImages:
	default:
		return usageError("--of is %.60q, want samples, latents or images", c.Of)
	}
	switch c.Features {
	case "", ofD, ofPixels:
	default:
		return usageError("--features is %.60q, want d or pixels", c.Features)
	}
	if c.Of == ofLatents {
		if err := e.exclude("--of is latents, which are their own features", "features"); err != nil {
			return err
		}
	}
	if c.PCA < 0 || c.PCA == 1 || c.PCA > mostPCA {
		return usageError("--pca is %d, want 2 to %d, or 0 for none", c.PCA, mostPCA)
	}
	// Of images there may be fewer, which is seen when they are read.
	if err := tsne.CheckPerplexity(c.N, c.Perplexity); err != nil {
		return usageError("-n %d, --perplexity %g: %w", c.N, c.Perplexity, err)
	}
	return nil
}

// tsneAnswer is what the command answers.
type tsneAnswer struct {
	heading
	Of     string `json:"of"`
	Set    string `json:"set,omitempty"`
	Space  string `json:"space"`
	Colour string `json:"colour"`
	tsne.Report
	Shown    int         `json:"shown"` // pictures in the atlas
	Pictures tsneSheet   `json:"pictures"`
	Places   []tsnePlace `json:"places"`
}

// A tsnePlace is one point.
type tsnePlace struct {
	Number int     `json:"number"` // of the sample, or of the picture in its set
	Name   string  `json:"name,omitempty"`
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Label  string  `json:"label,omitempty"`
	Value  float64 `json:"value"`
	Shown  bool    `json:"shown"`
}

// Run is the command.
func (c *tsneCmd) Run(e *env) error {
	if err := c.check(e); err != nil {
		return err
	}
	return c.probe(e, "tsne", func(p *probing) (*finding, error) {
		m, err := c.material(p)
		if err != nil {
			return nil, err
		}
		opt := tsne.StudyOptions{Options: tsne.Options{Perplexity: c.Perplexity, Seed: c.Seed}, PCA: c.PCA, Labels: m.labels, Values: m.values}
		if c.PCA == 0 {
			opt.PCA = -1
		}
		shown := newCount(e.stderr, "steps", 0)
		opt.Progress = shown.part
		r, err := tsne.Study(e.ctx, p.pool, m.features, opt)
		shown.close()
		if err != nil {
			return nil, err
		}
		a := &tsneAnswer{heading: p.heading, Of: c.Of, Set: m.set, Space: m.space, Colour: m.colour, Report: *r}
		picture, err := a.draw(m, c.Grid)
		if err != nil {
			return nil, err
		}
		sheet, err := a.drawAll(m.tiles)
		if err != nil {
			return nil, err
		}
		return &finding{answer: a, summary: a.summary(), picture: picture, beside: map[string][]byte{picturesEnd: sheet}}, nil
	}, picturesEnd)
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
	values   []float64
	colour   string // what the values are
}

// material draws or reads it.
func (c *tsneCmd) material(p *probing) (*material, error) {
	m := &material{}
	d := &drawing{opened: p.opened, pool: p.pool}
	var x, z model.Tensor
	if c.Of == ofImages {
		cfg, err := p.picturesOf()
		if err != nil {
			return nil, err
		}
		if err := checkCount("-n", c.N, 1, cfg.Size); err != nil {
			return nil, err
		}
		photos, err := c.photos(p.env, p.opened, "heldout", c.N, c.Threads)
		if err != nil {
			return nil, err
		}
		if err := tsne.CheckPerplexity(photos.Len(), c.Perplexity); err != nil {
			return nil, usageError("%s: %w", photos.title, err)
		}
		if photos.available > photos.Len() {
			p.note("%s: %d of %d pictures, evenly spaced, are used", photos.title, photos.Len(), photos.available)
		}
		x, m.set, m.names = photos.Tensor, photos.title, photos.names
		m.label(photos.classes)
		if m.tiles, err = viz.Images(x.Data, x.Len(), cfg.Size, cfg.Size, cfg.Channels); err != nil {
			return nil, err
		}
	} else {
		var err error
		if d.g, err = p.Generator(); err != nil {
			return nil, err
		}
		cfg := d.g.Config()
		if err := checkCount("-n", c.N, 1, cfg.Size); err != nil {
			return nil, err
		}
		if err := d.checkBatch(c.N, p.D != nil); err != nil {
			return nil, err
		}
		z = model.Latents(c.Seed, 0, c.N, cfg)
		if x, m.tiles, err = d.generate(p.env, z); err != nil {
			return nil, err
		}
	}
	if err := m.value(p, d, x); err != nil {
		return nil, err
	}
	return m, c.featuresOf(p, m, x, z)
}

// featuresOf fills in the features.
func (c *tsneCmd) featuresOf(p *probing, m *material, x, z model.Tensor) error {
	use := c.Features
	if use == "" {
		use = ofPixels
		if p.D != nil {
			use = ofD
		}
	}
	switch {
	case c.Of == ofLatents:
		m.space, m.features = "z", z
	case use == ofPixels:
		n := x.Len()
		m.space, m.features = "pixels", model.Tensor{Shape: []int{n, len(x.Data) / n}, Data: x.Data}
	default:
		net, err := p.discriminator()
		if err != nil {
			return err
		}
		if most := mostFeatures / features.Width(net); x.Len() > most {
			return usageError("-n is %d, want at most %d with %d features of D each: fewer, or --features pixels", x.Len(), most, features.Width(net))
		}
		m.space = "D's features"
		if m.features, err = features.Of(p.ctx, net, x, p.RunOptions(p.pool)); err != nil {
			return err
		}
		w, err := features.Weigh(net, m.features)
		if err != nil {
			return err
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

// value takes D's logits, or where there is no D how light the pictures are.
func (m *material) value(p *probing, d *drawing, x model.Tensor) error {
	m.values = make([]float64, x.Len())
	if p.D != nil {
		m.colour = "D's logit"
		logits, err := d.score(p.env, x)
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

// summary is three lines for people.
func (a *tsneAnswer) summary() []string {
	reduced := ""
	if a.Components > 0 {
		reduced = fmt.Sprintf(", %d principal components with %.0f%% of the variance", a.Components, 100*a.Variance)
	}
	lines := []string{
		fmt.Sprintf("%d %s in %s (%d values%s), perplexity %g: KL divergence %.3f after %d steps",
			a.Points, a.Of, a.Space, a.Features, reduced, a.Embedding.Perplexity, a.Embedding.Divergence, a.Embedding.Iterations),
		fmt.Sprintf("trustworthiness at %d neighbours %.3f; control, the first two principal components: %.3f", a.Trust.K, a.Trust.Value, a.Control.Value),
	}
	v := a.Values
	agree := fmt.Sprintf("%s of a point and of its nearest correlate by %.2f on the map, %.2f in %s, %.2f on the control", a.Colour, zeroed(v.Plane), zeroed(v.Features), a.Space, zeroed(v.Control))
	if l := a.Labels; l != nil {
		agree = fmt.Sprintf("nearest neighbour of the same label: %.1f%% on the map, %.1f%% in %s, %.1f%% on the control; the commonest label: %.1f%%; %s",
			100*l.Plane, 100*l.Features, a.Space, 100*l.Control, 100*l.Chance, agree)
	}
	return append(lines, agree)
}

// zeroed is v without the sign of what prints as zero.
func zeroed(v float64) float64 { return math.Round(v*100)/100 + 0 }
