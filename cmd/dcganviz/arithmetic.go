package main

import (
	"context"
	"fmt"

	"dcganviz/model"
	"dcganviz/probe/concept"
	"dcganviz/probe/vector"
)

// arithmeticCmd adds and subtracts concepts.
type arithmeticCmd struct {
	probeFlags
	conceptFlags
	Formula string `group:"Concepts" placeholder:"SUM" help:"A - B + C = D: names of concepts, or sample numbers with commas between them; = D, the concept that should come out, may be left out (default: the first of the concept file)."`
}

func (*arithmeticCmd) examples() []string {
	return []string{
		"dcganviz arithmetic",
		"dcganviz arithmetic --formula 3,128,967-219,17,555+287,1417,517",
		"dcganviz arithmetic runs/mine --formula 1,2,3-4,5,6+7,8,9 --seed 3 --out sum.png",
	}
}

// What the figure shows, as the paper's.
const (
	drawnExemplars = 3
	neighbours     = 8
)

// calculated is the command's answer.
type calculated struct {
	heading
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
	Wanted []criterion `json:"wanted"`
	Result outcome     `json:"result"`
	Pixels outcome     `json:"pixels"`
	// Samples are random ones: how often they are as wanted.
	Samples   outcome            `json:"random_samples"`
	Stability []vector.Stability `json:"stability"`
}

// An outcome is what is measured of images.
type outcome struct {
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

// Run is the command.
func (c *arithmeticCmd) Run(e *env) error {
	return c.probe(e, "arithmetic", func(p *probing) (*finding, error) {
		if err := p.checkRunning(); err != nil {
			return nil, err
		}
		set, err := c.open(p)
		if err != nil {
			return nil, err
		}
		formula, err := c.formula(set)
		if err != nil {
			return nil, err
		}
		answer, drawn, err := calculate(p, set, formula)
		if err != nil {
			return nil, err
		}
		f := &finding{answer: answer, summary: answer.summary()}
		f.picture, err = drawCalculation(drawn, answer, f.summary)
		return f, err
	})
}

func (c *arithmeticCmd) formula(set *conceptSet) (concept.Formula, error) {
	text := c.Formula
	if text == "" {
		if len(set.Arithmetic) == 0 {
			return concept.Formula{}, usageError("no formula comes with %s: give sample numbers, as in --formula 1,2,3-4,5,6+7,8,9, or --concepts", set.p.Title)
		}
		text = set.Arithmetic[0].Formula
	}
	f, err := set.Formula(text)
	if err != nil {
		return f, usageError("--formula: %w", err)
	}
	return f, nil
}

// calculate draws the sum and measures it.
func calculate(p *probing, set *conceptSet, formula concept.Formula) (*calculated, *calculation, error) {
	answer := &calculated{heading: p.heading, Concepts: set.name, Formula: formula.String(), A: formula.A, B: formula.B, C: formula.C,
		Reach: vector.DefaultReach, Gives: formula.Gives, SampleSeeds: [3]uint64{set.seed(formula.A), set.seed(formula.B), set.seed(formula.C)}}
	wanted, said, err := set.wanted(formula.Gives)
	if err != nil {
		return nil, nil, err
	}
	answer.Wanted = said
	run := p.RunOptions(p.pool)
	s := &vector.Subject{G: p.G, Run: run, Wanted: wanted, Realism: p.realism(),
		Pools:  vector.Exemplars{A: set.latents(formula.A), B: set.latents(formula.B), C: set.latents(formula.C)},
		Others: model.Latents(p.heading.Seed, controlFirst, controlSamples, p.G.Config())}
	drawn, err := drawSum(s, formula, answer)
	if err != nil {
		return nil, nil, err
	}
	if answer.Result, err = look(p.ctx, s, drawn.result); err != nil {
		return nil, nil, err
	}
	if answer.Pixels, err = look(p.ctx, s, drawn.pixels); err != nil {
		return nil, nil, err
	}
	others, err := p.G.Generate(s.Others, run)
	if err != nil {
		return nil, nil, err
	}
	if answer.Samples, err = look(p.ctx, s, others); err != nil {
		return nil, nil, err
	}
	shown := newCount(p.stderr, "parts", 0)
	defer shown.close()
	answer.Stability, err = s.Stability(p.ctx, vector.Options{Seed: p.heading.Seed, Progress: shown.part})
	return answer, drawn, err
}

// drawSum draws the first exemplars of each concept, their means, and what comes
// of them.
func drawSum(s *vector.Subject, formula concept.Formula, a *calculated) (*calculation, error) {
	d := &calculation{formula: formula}
	z := [3]model.Tensor{s.Pools.A, s.Pools.B, s.Pools.C}
	d.means = model.NewTensor(3, s.Pools.A.Shape[1])
	var err error
	for i := range z {
		a.Drawn[i] = min(drawnExemplars, z[i].Len())
		z[i] = z[i].Slice(0, a.Drawn[i])
		copy(d.means.Row(i), vector.Mean(z[i]))
		if d.terms[i], err = s.G.Generate(z[i], s.Run); err != nil {
			return nil, err
		}
	}
	if d.means, err = s.G.Generate(d.means, s.Run); err != nil {
		return nil, err
	}
	y, err := vector.Exemplars{A: z[0], B: z[1], C: z[2]}.Sum()
	if err != nil {
		return nil, err
	}
	if d.result, err = s.G.Generate(vector.Around(y, neighbours, vector.DefaultReach, a.heading.Seed), s.Run); err != nil {
		return nil, err
	}
	d.pixels, err = vector.Exemplars{A: d.terms[0], B: d.terms[1], C: d.terms[2]}.Pixels()
	return d, err
}

// look measures images.
func look(ctx context.Context, s *vector.Subject, images model.Tensor) (outcome, error) {
	o := outcome{Images: images.Len()}
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
			return o, fmt.Errorf("the logit of D is %v", *o.Logit)
		}
	}
	return o, nil
}
