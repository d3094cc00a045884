package figure

import (
	"context"

	"dcganviz/model"
	"dcganviz/probe/concept"
	"dcganviz/probe/vector"
)

// Arithmetic adds and subtracts concepts on latents: probe/vector.
type Arithmetic struct {
	Seed uint64 `group:"Output" default:"1" placeholder:"N" help:"Decides every random number (default: ${default})."`
	ConceptOptions
	Formula string `group:"Concepts" placeholder:"SUM" complete:"formulas" help:"A - B + C = D: names of concepts, or sample numbers with commas between them; = D, the concept that should come out, may be left out (default: the first of the concept file)."`
}

// What the figure shows, as the paper's.
const (
	drawnExemplars = 3
	neighbours     = 8
)

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
	Drawn  [3]int      `json:"drawn"`
	Reach  float64     `json:"reach"`
	Gives  string      `json:"gives,omitempty"`
	Wanted []Criterion `json:"wanted"`
	Result Outcome     `json:"result"`
	Pixels Outcome     `json:"pixels"`
	// Samples are random ones: how often they are as wanted.
	Samples   Outcome            `json:"random_samples"`
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
}

// controlSamples is how many samples of no concept stand for all.
const controlSamples = 200

// A calculation is what is drawn of an arithmetic.
type calculation struct {
	formula concept.Formula
	terms   [3]model.Tensor // images of the exemplars
	means   model.Tensor    // of the means of latents, [3, ...]
	result  model.Tensor    // the centre first
	pixels  model.Tensor
}

// Check has nothing to report: a formula is held against its concept file.
func (c *Arithmetic) Check() error { return nil }

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
		Reach: vector.DefaultReach, Gives: formula.Gives, SampleSeeds: [3]uint64{set.seed(formula.A), set.seed(formula.B), set.seed(formula.C)}}
	return r, r.calculate(ctx, lab, set, formula)
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
		return f, usage("--formula: %w", err)
	}
	return f, nil
}

// calculate draws the sum and measures it.
func (r *ArithmeticResult) calculate(ctx context.Context, lab *Lab, set *conceptSet, formula concept.Formula) error {
	wanted, said, err := set.wanted(formula.Gives)
	if err != nil {
		return err
	}
	r.Wanted = said
	g, run := lab.Model.G, lab.run()
	s := &vector.Subject{G: g, Wanted: wanted, Realism: lab.realism(),
		Pools:  vector.Exemplars{A: set.latents(formula.A), B: set.latents(formula.B), C: set.latents(formula.C)},
		Others: g.Latents(r.Seed, controlFirst, controlSamples)}
	if r.drawn, err = drawSum(s, run, formula, r); err != nil {
		return err
	}
	others, err := g.Generate(s.Others, run)
	if err != nil {
		return err
	}
	for _, of := range []struct {
		images model.Tensor
		to     *Outcome
	}{{r.drawn.result, &r.Result}, {r.drawn.pixels, &r.Pixels}, {others, &r.Samples}} {
		if *of.to, err = outcomeOf(ctx, s, of.images); err != nil {
			return err
		}
	}
	r.Stability, err = vector.MeasureStability(ctx, *s, run, vector.Options{Settings: lab.settings(r.Seed)})
	return err
}

// drawSum draws the first exemplars of each concept, their means, and what comes
// of them.
func drawSum(s *vector.Subject, run model.RunOptions, formula concept.Formula, a *ArithmeticResult) (*calculation, error) {
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
	if d.result, err = s.G.Generate(vector.Around(y, neighbours, vector.DefaultReach, a.Seed), run); err != nil {
		return nil, err
	}
	d.pixels, err = vector.Exemplars{A: d.terms[0], B: d.terms[1], C: d.terms[2]}.Pixels()
	return d, err
}

// outcomeOf measures images.
func outcomeOf(ctx context.Context, s *vector.Subject, images model.Tensor) (Outcome, error) {
	o := Outcome{Images: images.Len()}
	if s.Wanted != nil {
		met, err := s.Wanted.Met(ctx, images)
		if err != nil {
			return o, err
		}
		o.Wanted = new(int)
		for _, m := range met {
			if m {
				*o.Wanted++
			}
		}
	}
	if s.Realism != nil {
		v, err := s.Realism(ctx, images)
		if err != nil {
			return o, err
		}
		o.Logit = new(float64)
		for _, l := range v {
			*o.Logit += l / float64(len(v))
		}
		if *o.Logit-*o.Logit != 0 {
			return o, model.Unusable("the logit of D is %v", *o.Logit)
		}
	}
	return o, nil
}
