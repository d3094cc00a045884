package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"dcganviz/model"
	"dcganviz/probe/filters"
)

// filtersCmd shows what units of D respond to.
type filtersCmd struct {
	probeFlags
	photoFlags
	On    string `group:"Pictures" placeholder:"WHAT" help:"Look at real pictures, or at samples of G: pictures or samples (default: pictures, and samples for a model that no pictures come with)."`
	Count int    `group:"Pictures" default:"1000" placeholder:"N" help:"Pictures or samples to look at, at most (default: ${default})."`

	Layer    string `group:"Filters" placeholder:"NAME" help:"Layer of D (default: its last convolution before the logit)."`
	Units    []int  `group:"Filters" placeholder:"N" help:"Units of it, counted from 0 (default: the first 6)."`
	Rule     string `group:"Filters" enum:"guided,deconvnet,gradient" default:"guided" placeholder:"RULE" help:"How a response is taken back through the activation functions: guided, deconvnet (which does not see the picture) or gradient (default: ${default})."`
	Leak     string `group:"Filters" enum:"leaky,relu" default:"leaky" placeholder:"LEAK" help:"What guided and deconvnet, defined for ReLU, make of LeakyReLU below zero: leaky keeps its slope, relu blocks (default: ${default})."`
	Maximize bool   `group:"Filters" help:"Also draw, by gradient ascent, the image that each unit would respond to most."`
}

func (*filtersCmd) examples() []string {
	return []string{
		"dcganviz filters",
		"dcganviz filters --layer conv2 --units 0,3,5 --rule gradient --out conv2.png",
		"dcganviz filters --on samples --leak relu --maximize",
	}
}

// mostFilterImages bounds --count: responses are sought in all of the images at
// once, which must fit in memory.
const mostFilterImages = 20000

// What --on may be.
const onPictures, onSamples = "pictures", "samples"

var filterSources = []string{onPictures, onSamples}

// filtersAnswer is what the command answers.
type filtersAnswer struct {
	heading
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
}

// Run is the command.
func (c *filtersCmd) Run(e *env) error {
	if c.Count < 1 || c.Count > mostFilterImages {
		return usageError("--count is %d, want 1 to %d", c.Count, mostFilterImages)
	}
	switch c.On {
	case "", onPictures:
	case onSamples:
		if err := e.exclude("samples of G are looked at", "images", "list"); err != nil {
			return err
		}
	default:
		return usageError("--on is %.40q, want %s", c.On, strings.Join(filterSources, " or "))
	}
	return c.probe(e, "filters", c.look)
}

// look runs the probe.
func (c *filtersCmd) look(p *probing) (*finding, error) {
	d, err := p.discriminator()
	if err != nil {
		return nil, err
	}
	a := &filtersAnswer{heading: p.heading}
	images, err := c.images(p, a)
	if err != nil {
		return nil, err
	}
	opt := filters.Options{Layer: c.Layer, Units: c.Units, Seed: c.Seed, Run: p.RunOptions(p.pool)}
	if opt.Rule, err = filters.ParseRule(c.Rule); err != nil {
		return nil, err
	}
	if opt.Leak, err = filters.ParseLeak(c.Leak); err != nil {
		return nil, err
	}
	shown := newCount(p.stderr, "parts", 0)
	defer shown.close()
	opt.Progress = shown.part
	st, err := filters.Look(p.ctx, d, images.Tensor, opt)
	if err != nil {
		return nil, err
	}
	a.Report = st.Report
	var maxima model.Tensor
	if c.Maximize {
		a.Maximized, maxima, err = filters.Maximize(p.ctx, d, filters.MaximizeOptions{
			Layer: c.Layer, Units: c.Units, Seed: c.Seed, Run: opt.Run, Progress: shown.part})
		if err != nil {
			return nil, err
		}
	}
	if images.names != nil {
		a.Pictures.Names = map[int]string{}
		for _, r := range slices.Concat(st.Trained.Responses, st.Untrained.Responses) {
			a.Pictures.Names[r.Image] = images.names[r.Image]
		}
	}
	summary := a.summary()
	picture, err := drawFilters(a, st, maxima, summary)
	if err != nil {
		return nil, err
	}
	return &finding{answer: a, summary: summary, picture: picture}, nil
}

// units are those of the answer.
func (a *filtersAnswer) units() (units []int) {
	for _, u := range a.Trained.Units {
		units = append(units, u.Unit)
	}
	return units
}

// images returns what the responses are sought in; samples have no names.
func (c *filtersCmd) images(p *probing, a *filtersAnswer) (*photoSet, error) {
	samples := c.On == onSamples
	if _, ok := p.embeddedPhotos("train"); c.On == "" && !ok && c.Images == "" && p.G != nil {
		p.note("no pictures come with %s, so samples of G are looked at: name pictures by --images", p.Title)
		samples = true
	}
	var set *photoSet
	if samples {
		g, err := p.Generator()
		if err != nil {
			return nil, err
		}
		x, err := c.samples(p, g)
		if err != nil {
			return nil, err
		}
		set = &photoSet{Tensor: x, title: fmt.Sprintf("samples of G, seed %d", c.Seed), available: c.Count}
	} else {
		var err error
		if set, err = c.photos(p.env, p.opened, "train", c.Count, c.Threads); err != nil {
			return nil, err
		}
	}
	a.Pictures.Title, a.Pictures.Count, a.Pictures.Available = filepath.Base(set.title), set.Len(), set.available
	return set, nil
}

// samples draws from G, which has one Config with D.
func (c *filtersCmd) samples(p *probing, g *model.G) (model.Tensor, error) {
	cfg := g.Config()
	x := model.NewTensor(c.Count, cfg.Size, cfg.Size, cfg.Channels)
	for from := 0; from < c.Count; from += part {
		if err := p.ctx.Err(); err != nil {
			return x, err
		}
		to := min(from+part, c.Count)
		drawn, err := g.Generate(model.Latents(c.Seed, from, to-from, cfg), p.RunOptions(p.pool))
		if err != nil {
			return x, err
		}
		copy(x.Slice(from, to).Data, drawn.Data)
	}
	return x, nil
}
