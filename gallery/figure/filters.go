package figure

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/filters"
)

// Filters shows what units of D respond to: probe/filters.
type Filters struct {
	Seed uint64 `group:"Output" default:"1" placeholder:"N" help:"Decides every random number (default: ${default})."`
	PhotoOptions
	On    string `group:"Pictures" placeholder:"WHAT" choices:"pictures,samples" help:"Look at real pictures, or at samples of G: pictures or samples (default: pictures, and samples for a model that no pictures come with)."`
	Count int    `group:"Pictures" default:"1000" placeholder:"N" help:"Pictures or samples to look at, at most (default: ${default})."`

	Layer    string `group:"Filters" placeholder:"NAME" complete:"layers-of-D" help:"Layer of D (default: its last convolution before the logit)."`
	Units    []int  `group:"Filters" placeholder:"N" help:"Units of it, counted from 0 (default: the first 6)."`
	Rule     string `group:"Filters" enum:"guided,deconvnet,gradient" default:"guided" placeholder:"RULE" help:"How a response is taken back through the activation functions: guided, deconvnet (which does not see the picture) or gradient (default: ${default})."`
	Leak     string `group:"Filters" enum:"leaky,relu" default:"leaky" placeholder:"LEAK" help:"What guided and deconvnet, defined for ReLU, make of LeakyReLU below zero: leaky keeps its slope, relu blocks (default: ${default})."`
	Maximize bool   `group:"Filters" help:"Also draw, by gradient ascent, the image that each unit would respond to most."`
}

// mostFilterImages bounds --count: responses are sought in all of the images at
// once, which must fit in memory.
const mostFilterImages = 20000

// What --on may be.
const onPictures, onSamples = "pictures", "samples"

// A FiltersResult is what Filters found.
type FiltersResult struct {
	Head
	// Pictures are what the responses were sought in: Count of the Available
	// ones of Title, with the names of those in the figure by number.
	Pictures struct {
		Title     string         `json:"title"`
		Count     int            `json:"count"`
		Available int            `json:"available"`
		Names     map[int]string `json:"names,omitempty"`
	} `json:"pictures"`
	filters.Report
	// Maximized are the images of --maximize.
	Maximized []filters.Maximum `json:"maximized,omitempty"`

	study  *filters.Result
	maxima model.Tensor
}

// Check reports settings that make no sense.
func (c *Filters) Check() error {
	switch {
	case c.Count < 1 || c.Count > mostFilterImages:
		return usage("--count is %d, want 1 to %d", c.Count, mostFilterImages)
	case c.On != "" && c.On != onPictures && c.On != onSamples:
		return usage("--on is %.40q, want %s or %s", c.On, onPictures, onSamples)
	}
	return nil
}

// Idle says what samples make do nothing.
func (c *Filters) Idle() []Idle {
	if c.On != onSamples {
		return nil
	}
	return []Idle{{"samples of G are looked at", []string{"images", "list"}}}
}

// Make runs the experiment.
func (c *Filters) Make(ctx context.Context, lab *Lab) (Result, error) {
	d, err := lab.Discriminator()
	if err != nil {
		return nil, err
	}
	r := &FiltersResult{Head: lab.head("filters", c.Seed)}
	images, err := c.images(ctx, lab, r)
	if err != nil {
		return nil, err
	}
	run, opt := lab.run(), filters.Options{Layer: c.Layer, Units: c.Units, Settings: lab.settings(c.Seed)}
	if opt.Rule, err = filters.ParseRule(c.Rule); err != nil {
		return nil, err
	}
	if opt.Leak, err = filters.ParseLeak(c.Leak); err != nil {
		return nil, err
	}
	if r.study, err = filters.Look(ctx, d, images.Tensor, run, opt); err != nil {
		return nil, err
	}
	r.Report = r.study.Report
	if c.Maximize {
		r.Maximized, r.maxima, err = filters.Maximize(ctx, d, run, filters.MaximizeOptions{
			Layer: c.Layer, Units: c.Units, Settings: opt.Settings})
		if err != nil {
			return nil, err
		}
	}
	if images.names != nil {
		r.Pictures.Names = map[int]string{}
		for _, x := range slices.Concat(r.study.Trained.Responses, r.study.Untrained.Responses) {
			r.Pictures.Names[x.Image] = images.names[x.Image]
		}
	}
	return r, nil
}

// images returns what the responses are sought in; samples have no names.
func (c *Filters) images(ctx context.Context, lab *Lab, a *FiltersResult) (*photos, error) {
	samples := c.On == onSamples
	if _, ok := lab.embedded("train"); c.On == "" && !ok && c.Images == "" && lab.Model.G != nil {
		lab.note("no pictures come with %s, so samples of G are looked at: name pictures by --images", lab.Model.Title)
		samples = true
	}
	var set *photos
	if samples {
		g, err := lab.Generator()
		if err != nil {
			return nil, err
		}
		x, err := c.samples(ctx, lab, g)
		if err != nil {
			return nil, err
		}
		set = &photos{Tensor: x, title: fmt.Sprintf("samples of G, seed %d", c.Seed), available: c.Count}
	} else {
		var err error
		if set, err = lab.photos(ctx, c.PhotoOptions, "train", c.Count); err != nil {
			return nil, err
		}
	}
	a.Pictures.Title, a.Pictures.Count, a.Pictures.Available = filepath.Base(set.title), set.Len(), set.available
	return set, nil
}

// samples draws from G, which has one Config with D.
func (c *Filters) samples(ctx context.Context, lab *Lab, g *model.G) (model.Tensor, error) {
	return probe.Gather(ctx, c.Count, part, func(from, to int) (model.Tensor, error) {
		return g.Generate(g.Latents(c.Seed, from, to-from), lab.run())
	})
}
