package main

import (
	"context"
	"slices"

	"dcganviz/model"
	"dcganviz/probe/concept"
	"dcganviz/probe/features"
	"dcganviz/probe/score"
	"dcganviz/probe/vector"
)

// turnCmd goes along the difference of two concepts.
type turnCmd struct {
	probeFlags
	conceptFlags
	From    string  `group:"Concepts" placeholder:"NAME" help:"Concept where each row begins, or sample numbers with commas between them; the first four are averaged (default: that of the concept file's first turn)."`
	To      string  `group:"Concepts" placeholder:"NAME" help:"Where each row ends."`
	Score   string  `group:"Concepts" placeholder:"NAME" help:"A score of the concept file to measure by too."`
	Through []int   `group:"Concepts" placeholder:"N,N" help:"Samples in the middle of the rows (default: the first five of --seed that are no exemplars)."`
	Steps   int     `group:"Concepts" placeholder:"N" default:"11" help:"Images a row (default: ${default})."`
	Reach   float64 `group:"Concepts" placeholder:"X" default:"1" help:"Length of the rows, in distances between the concepts (default: ${default})."`
}

func (*turnCmd) examples() []string {
	return []string{
		"dcganviz turn",
		"dcganviz turn --from 219,17,555,113,88,40 --to 14,285,396,239,70,94 --steps 5",
		"dcganviz turn runs/mine --from 1,2,3,4,5,6 --to 11,12,13,14,15,16 --out turn.png",
	}
}

// The paper's turn: four exemplars an end, five rows.
const (
	turnExemplars = 4
	turnRows      = 5
	mostTurnTiles = 1000
)

// turned is the command's answer.
type turned struct {
	heading
	Concepts    string          `json:"concepts,omitempty"`
	From        concept.Samples `json:"from"`
	To          concept.Samples `json:"to"`
	SampleSeeds [2]uint64       `json:"sample_seeds"`
	// Averaged exemplars are the first of each; the rest fit the direction.
	Averaged [2]int  `json:"averaged"`
	Through  []int   `json:"through"`
	Steps    int     `json:"steps"`
	Reach    float64 `json:"reach"`
	// ByDirection is what a direction in D's features says that was fitted on the
	// rest; nil without enough of them, or without a D.
	ByDirection *vector.Turning `json:"by_direction"`
	// DirectionAUC is how well that direction tells the averaged exemplars apart,
	// which it was not fitted on.
	DirectionAUC *float64 `json:"direction_auc"`
	// ByScore is what a score says; nil without one.
	ByScore *vector.Turning `json:"by_score"`
	Score   *criterion      `json:"score"`
}

// check refuses flags that no model allows.
func (c *turnCmd) check() error {
	switch {
	case c.Steps < 2 || c.Steps > 100:
		return usageError("--steps is %d, want 2 to 100", c.Steps)
	case !(c.Reach > 0 && c.Reach <= 10):
		return usageError("--reach is %g, want above 0, at most 10", c.Reach)
	case len(c.Through)*c.Steps > mostTurnTiles:
		return usageError("--through names %d samples, of %d steps each more than %d images", len(c.Through), c.Steps, mostTurnTiles)
	case (c.From == "") != (c.To == ""):
		return usageError("want both --from and --to, or neither")
	}
	for _, n := range c.Through {
		if n < 0 || n >= controlFirst {
			return usageError("--through names sample %d, want 0 to %d", n, controlFirst-1)
		}
	}
	return nil
}

// Run is the command.
func (c *turnCmd) Run(e *env) error {
	if err := c.check(); err != nil {
		return err
	}
	return c.probe(e, "turn", func(p *probing) (*finding, error) {
		if err := p.checkRunning(); err != nil {
			return nil, err
		}
		set, err := c.open(p)
		if err != nil {
			return nil, err
		}
		answer := &turned{heading: p.heading, Concepts: set.name, Steps: c.Steps, Reach: c.Reach}
		scale, err := c.choose(set, answer)
		if err != nil {
			return nil, err
		}
		images, err := answer.measure(p, set, scale)
		if err != nil {
			return nil, err
		}
		f := &finding{answer: answer, summary: answer.summary()}
		f.picture, err = drawTurn(images, answer, f.summary)
		return f, err
	})
}

// choose fills in what is turned, and returns the scale of the score asked for,
// or nil.
func (c *turnCmd) choose(set *conceptSet, a *turned) (scale vector.Scale, err error) {
	turn := concept.Turn{From: c.From, To: c.To, Score: c.Score}
	if c.From == "" {
		if len(set.Turns) == 0 {
			return nil, usageError("no turn comes with %s: give sample numbers, as in --from 1,2,3,4,5,6 --to 11,12,13,14,15,16, or --concepts", set.p.Title)
		}
		turn = set.Turns[0]
		if c.Score != "" {
			turn.Score = c.Score
		}
	}
	if a.From, err = set.Samples(turn.From); err != nil {
		return nil, usageError("--from: %w", err)
	}
	if a.To, err = set.Samples(turn.To); err != nil {
		return nil, usageError("--to: %w", err)
	}
	a.SampleSeeds = [2]uint64{set.seed(a.From), set.seed(a.To)}
	a.Averaged = [2]int{min(turnExemplars, len(a.From.Numbers)), min(turnExemplars, len(a.To.Numbers))}
	a.Through = c.Through
	for n := 0; c.Through == nil && len(a.Through) < turnRows; n++ {
		if !slices.Contains(a.From.Numbers, n) && !slices.Contains(a.To.Numbers, n) {
			a.Through = append(a.Through, n)
		}
	}
	if turn.Score == "" {
		return nil, nil
	}
	if _, ok := set.Scores[turn.Score]; !ok {
		return nil, usageError("--score: no score %q in the concept file", turn.Score)
	}
	if scale, err = set.scale(turn.Score); err != nil {
		return nil, err
	}
	said := set.criterion(turn.Score, false)
	a.Score = &said
	return scale, nil
}

// measure draws the rows and asks the scales.
func (a *turned) measure(p *probing, set *conceptSet, scale vector.Scale) (images model.Tensor, err error) {
	from, to := set.latents(a.From), set.latents(a.To)
	n, m := a.Averaged[0], a.Averaged[1]
	turn, err := vector.NewTurn(from.Slice(0, n), to.Slice(0, m))
	if err != nil {
		return images, err
	}
	turn.Steps, turn.Reach = a.Steps, a.Reach
	direction, err := a.direction(p, from, to)
	if err != nil {
		return images, err
	}
	if direction == nil && scale == nil {
		return images, usageError("nothing to measure by: name more than %d samples in --from and --to of a model with a D, the further ones fit a direction in its features, or a --score", turnExemplars+1)
	}
	rows := model.NewTensor(len(a.Through), from.Shape[1])
	for i, number := range a.Through {
		copy(rows.Row(i), model.Latents(p.heading.Seed, number, 1, p.G.Config()).Data)
	}
	shown := newCount(p.stderr, "parts", 0)
	defer shown.close()
	run := p.RunOptions(p.pool)
	opt := vector.TurningOptions{Seed: p.heading.Seed, Progress: shown.part}
	for _, by := range []struct {
		scale vector.Scale
		to    **vector.Turning
	}{{direction, &a.ByDirection}, {scale, &a.ByScore}} {
		if by.scale == nil {
			continue
		}
		if *by.to, err = turn.Measure(p.ctx, p.G, rows, by.scale, run, opt); err != nil {
			return images, err
		}
	}
	z := model.NewTensor(rows.Len()*a.Steps, rows.Shape[1])
	for i := range rows.Len() {
		copy(z.Slice(i*a.Steps, (i+1)*a.Steps).Data, turn.Points(rows.Row(i)).Data)
	}
	return p.G.Generate(z, run)
}

// directionL2 is so strong a penalty that the direction is close to the
// difference of means of standardised features: there are far more of those than
// exemplars.
const directionL2 = 1

// direction fits a direction in D's features on the exemplars that are not
// averaged: nil if there are fewer than two a side, or no D.
func (a *turned) direction(p *probing, from, to model.Tensor) (vector.Scale, error) {
	n, m := a.Averaged[0], a.Averaged[1]
	if p.D == nil || from.Len() < n+2 || to.Len() < m+2 {
		return nil, nil
	}
	run := p.RunOptions(p.pool)
	see := func(ctx context.Context, z ...model.Tensor) (x model.Tensor, labels []float32, err error) {
		all := model.NewTensor(z[0].Len()+z[1].Len(), z[0].Shape[1])
		copy(all.Data, z[0].Data)
		copy(all.Slice(z[0].Len(), all.Len()).Data, z[1].Data)
		labels = make([]float32, all.Len())
		for i := z[0].Len(); i < len(labels); i++ {
			labels[i] = 1
		}
		images, err := p.G.Generate(all, run)
		if err != nil {
			return x, nil, err
		}
		x, err = features.Of(ctx, p.D, images, run)
		return x, labels, err
	}
	x, labels, err := see(p.ctx, from.Slice(n, from.Len()), to.Slice(m, to.Len()))
	if err != nil {
		return nil, err
	}
	line, err := score.FitLogistic(x, labels, score.LogisticOptions{L2: directionL2, Pool: p.pool})
	if err != nil {
		return nil, err
	}
	if x, labels, err = see(p.ctx, from.Slice(0, n), to.Slice(0, m)); err != nil {
		return nil, err
	}
	logits, groups := make([]float32, x.Len()), make([]int, x.Len())
	for i := range logits {
		logits[i], groups[i] = float32(line.Logit(x.Row(i))), i
	}
	auc, err := score.AUC(logits, labels, groups, 1)
	if err != nil {
		return nil, err
	}
	a.DirectionAUC = &auc.Mean
	return func(ctx context.Context, images model.Tensor) ([]float64, error) {
		x, err := features.Of(ctx, p.D, images, run)
		if err != nil {
			return nil, err
		}
		out := make([]float64, x.Len())
		for i := range out {
			out[i] = line.Logit(x.Row(i))
		}
		return out, nil
	}, nil
}
