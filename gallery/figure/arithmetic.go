package figure

import (
	"context"

	"dcganviz/model"
	"dcganviz/model/zoo"
	"dcganviz/probe/concept"
	"dcganviz/probe/stats"
	"dcganviz/probe/vector"
)

// Arithmetic adds and subtracts concepts on latents: probe/vector.
type Arithmetic struct {
	Seed uint64 `group:"Output" default:"1" placeholder:"N" help:"Decides every random number (default: ${default})."`
	ConceptOptions
	PhotoOptions
	Formula string  `group:"Concepts" placeholder:"SUM" complete:"formulas" help:"A - B + C = D: names of concepts, or sample numbers with commas between them; = D, the concept that should come out, may be left out (default: the first of the concept file)."`
	Norm    string  `group:"Concepts" enum:"kept,typical" default:"kept" placeholder:"NORM" help:"Draw the sum of latents at the norm that comes of averaging, kept, which is shorter with more exemplars, or at the norm of a latent, typical; both are measured (default: ${default})."`
	Reach   float64 `group:"Concepts" default:"0" older:"0.25" placeholder:"X" help:"How far the results around the sum differ from it in each number (default: 0, which is 0.25 for uniform latents, as in the paper, and as much in standard deviations, 0.43, for normal ones)."`
}

// What the figure shows, as the paper's.
const (
	drawnExemplars = 3
	neighbours     = 8
)

// normTypical is a value of --norm.
const normTypical = "typical"

// An ArithmeticResult is what Arithmetic found.
type ArithmeticResult struct {
	Head
	Concepts string          `json:"concepts,omitempty"`
	Formula  string          `json:"formula"`
	A        concept.Samples `json:"a"`
	B        concept.Samples `json:"b"`
	C        concept.Samples `json:"c"`
	// SampleSeeds are those that the samples of A, B and C are of.
	SampleSeeds [3]uint64 `json:"sample_seeds"`
	// Drawn is how many exemplars of each concept the picture shows and adds.
	Drawn [3]int `json:"drawn"`
	// Norm of the sum that is drawn, and NormTypical of a latent.
	Norm        float64     `json:"norm"`
	NormTypical float64     `json:"norm_typical"`
	Reach       float64     `json:"reach"`
	Gives       string      `json:"gives,omitempty"`
	Wanted      []Criterion `json:"wanted"`
	Result      Outcome     `json:"result"`
	Pixels      Outcome     `json:"pixels"`
	// Samples are random ones: how often they are as wanted. Overlays are two of them
	// each, laid over each other at the contrast of one: what a ghost is.
	Samples  Outcome `json:"random_samples"`
	Overlays Outcome `json:"overlays"`
	// Seen is by how much a ghost exceeds the mean of the two samples that it is made of:
	// what D's logit and the distances see of ghosts.
	Seen vector.Ghosting `json:"ghosts_less_samples"`
	// Real are the pictures that distances to the nearest are of; nil without any.
	Real *RealPictures `json:"real_pictures"`
	// Chosen says how the exemplars of Stability were chosen; nil where they are those
	// of the concept file or of the formula.
	Chosen    *Chosen            `json:"exemplars_chosen"`
	Stability []vector.Stability `json:"stability"`

	drawn *calculation
}

// An Outcome is what is measured of images.
type Outcome struct {
	Images int `json:"images"`
	// Wanted is how many of them are as wanted; nil where nothing can tell.
	Wanted *int `json:"wanted"`
	// Logit is the mean of D's logits; nil without a D.
	Logit *float64 `json:"logit"`
	// Nearest is the mean distance to the nearest real picture, by space.
	Nearest map[string]float64 `json:"nearest_real,omitempty"`
}

// controlSamples is how many samples of no concept stand for all.
const controlSamples = 400

// A calculation is what is drawn of an arithmetic.
type calculation struct {
	formula concept.Formula
	terms   [3]model.Tensor // images of the exemplars
	means   model.Tensor    // of the means of latents, [3, ...]
	result  model.Tensor    // the centre first
	pixels  model.Tensor
}

// Check reports settings that make no sense. A formula is held against its concept file.
func (c *Arithmetic) Check() error {
	if !(c.Reach >= 0 && c.Reach <= 10) {
		return usage("--reach is %g, want 0 to 10", c.Reach)
	}
	return nil
}

// Make draws the sum and measures it.
func (c *Arithmetic) Make(ctx context.Context, lab *Lab) (Result, error) {
	if _, err := lab.settled(); err != nil {
		return nil, err
	}
	set, err := c.open(lab, c.Seed)
	if err != nil {
		return nil, err
	}
	formula, err := c.formula(set)
	if err != nil {
		return nil, err
	}
	r := &ArithmeticResult{Head: lab.head("arithmetic", c.Seed), Concepts: set.name, Formula: formula.String(), A: formula.A, B: formula.B, C: formula.C,
		Gives: formula.Gives, SampleSeeds: [3]uint64{set.seed(formula.A), set.seed(formula.B), set.seed(formula.C)}}
	cfg := lab.Model.G.Config()
	r.NormTypical, r.Reach = vector.TypicalNorm(cfg), c.Reach
	if r.Reach == 0 {
		r.Reach = vector.ReachOf(cfg)
	}
	nearest, err := c.nearest(ctx, lab, r)
	if err != nil {
		return nil, err
	}
	return r, r.calculate(ctx, lab, set, formula, c.Norm, nearest)
}

func (c *Arithmetic) formula(set *conceptSet) (concept.Formula, error) {
	text := c.Formula
	if text == "" {
		if len(set.Arithmetic) == 0 {
			return concept.Formula{}, usage("no formula comes with %s: give sample numbers, as in --formula 1,2,3-4,5,6+7,8,9, or --concepts", set.lab.Model.Title)
		}
		text = set.Arithmetic[0].Formula
	}
	f, err := set.Formula(text)
	if err != nil {
		return f, usage("--formula: %w%s", err, hasConcepts(c.Formula))
	}
	return f, nil
}

// hasConcepts names the embedded models whose concepts a formula is of.
func hasConcepts(formula string) string {
	for _, name := range zoo.ConceptFiles() {
		file, err := zoo.Concepts(name)
		if err != nil {
			continue
		}
		if _, err := file.Formula(formula); err == nil {
			return "; " + name + " has these concepts: dcganviz arithmetic " + name
		}
	}
	return ""
}

// calculate draws the sum and measures it.
func (r *ArithmeticResult) calculate(ctx context.Context, lab *Lab, set *conceptSet, formula concept.Formula, norm string, nearest map[string]vector.Scale) error {
	wanted, said, err := set.wanted(formula.Gives)
	if err != nil {
		return err
	}
	r.Wanted = said
	g, run := lab.Model.G, lab.run()
	s := &vector.Subject{G: g, Wanted: wanted, Realism: lab.realism(), Nearest: nearest,
		Pools:  vector.Exemplars{A: set.latents(formula.A), B: set.latents(formula.B), C: set.latents(formula.C)},
		Others: g.Latents(r.Seed, controlFirst, controlSamples)}
	if r.drawn, err = drawSum(s, run, formula, norm, r); err != nil {
		return err
	}
	others, err := g.Generate(s.Others, run)
	if err != nil {
		return err
	}
	overlays := vector.TypicalOf(others).Match(vector.Overlay(others))
	var found [4]map[string][]float64
	for i, of := range []struct {
		images model.Tensor
		to     *Outcome
	}{{r.drawn.result, &r.Result}, {r.drawn.pixels, &r.Pixels}, {others, &r.Samples}, {overlays, &r.Overlays}} {
		if *of.to, found[i], err = outcomeOf(ctx, s, of.images); err != nil {
			return err
		}
	}
	r.Seen = ghostsLess(found[3], found[2], r.Seed)
	pools, chosen, err := set.fresh(ctx, formula)
	if err != nil {
		return err
	}
	if pools != nil {
		s.Pools, r.Chosen = *pools, chosen
	}
	r.Stability, err = vector.MeasureStability(ctx, *s, run, vector.Options{Settings: lab.settings(r.Seed), Reach: r.Reach})
	return err
}

// drawSum draws the first exemplars of each concept, their means, and what comes
// of them.
func drawSum(s *vector.Subject, run model.RunOptions, formula concept.Formula, norm string, a *ArithmeticResult) (*calculation, error) {
	d := &calculation{formula: formula}
	z := [3]model.Tensor{s.Pools.A, s.Pools.B, s.Pools.C}
	d.means = model.NewTensor(3, s.Pools.A.Shape[1])
	var err error
	for i := range z {
		a.Drawn[i] = min(drawnExemplars, z[i].Len())
		z[i] = z[i].Slice(0, a.Drawn[i])
		copy(d.means.Row(i), vector.Mean(z[i]))
		if d.terms[i], err = s.G.Generate(z[i], run); err != nil {
			return nil, err
		}
	}
	if d.means, err = s.G.Generate(d.means, run); err != nil {
		return nil, err
	}
	y, err := vector.Exemplars{A: z[0], B: z[1], C: z[2]}.Sum()
	if err != nil {
		return nil, err
	}
	if norm == normTypical {
		y = vector.Rescaled(y, a.NormTypical)
	}
	a.Norm = vector.Norm(y)
	if d.result, err = s.G.Generate(vector.Around(y, neighbours, a.Reach, a.Seed), run); err != nil {
		return nil, err
	}
	d.pixels, err = vector.Exemplars{A: d.terms[0], B: d.terms[1], C: d.terms[2]}.Pixels()
	return d, err
}

// outcomeOf measures images, and returns the logit and the distances of each.
func outcomeOf(ctx context.Context, s *vector.Subject, images model.Tensor) (o Outcome, each map[string][]float64, err error) {
	o.Images = images.Len()
	if s.Wanted != nil {
		met, err := s.Wanted.Met(ctx, images)
		if err != nil {
			return o, nil, err
		}
		o.Wanted = new(int)
		for _, m := range met {
			if m {
				*o.Wanted++
			}
		}
	}
	each = map[string][]float64{}
	if s.Realism != nil {
		v, err := s.Realism(ctx, images)
		if err != nil {
			return o, nil, err
		}
		o.Logit = new(float64)
		for _, l := range v {
			*o.Logit += l / float64(len(v))
		}
		if *o.Logit-*o.Logit != 0 {
			return o, nil, model.Unusable("the logit of D is %v", *o.Logit)
		}
		each[ofLogit] = v
	}
	for space, scale := range s.Nearest {
		v, err := scale(ctx, images)
		if err != nil {
			return o, nil, err
		}
		if o.Nearest == nil {
			o.Nearest = map[string]float64{}
		}
		o.Nearest[space], each[space] = stats.SpreadOf(v).Mean, v
	}
	return o, each, nil
}

// ofLogit is the name of D's logit among the numbers of images; the others are spaces.
const ofLogit = "logit"

// ghostsLess compares each ghost with the mean of the two samples that it is made of.
func ghostsLess(ghosts, samples map[string][]float64, seed uint64) (g vector.Ghosting) {
	for name, ghost := range ghosts {
		mean := make([]float64, len(ghost))
		for i := range mean {
			mean[i] = (samples[name][2*i] + samples[name][2*i+1]) / 2
		}
		p := stats.PairedOf(ghost, mean, seed)
		if name == ofLogit {
			g.Logit = &p
			continue
		}
		if g.Nearest == nil {
			g.Nearest = map[string]stats.Paired{}
		}
		g.Nearest[name] = p
	}
	return g
}
