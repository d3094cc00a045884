package figure

import (
	"context"
	"slices"

	"dcganviz/model"
	"dcganviz/probe/concept"
	"dcganviz/probe/vector"
)

// Turn goes along the difference of two concepts, through samples: probe/vector.
type Turn struct {
	Seed uint64 `group:"Output" default:"1" placeholder:"N" help:"Decides every random number (default: ${default})."`
	ConceptOptions
	From    string  `group:"Concepts" placeholder:"NAME" complete:"concepts" help:"Concept where each row begins, or sample numbers with commas between them; the first four are averaged (default: as the concept file's first turn)."`
	To      string  `group:"Concepts" placeholder:"NAME" complete:"concepts" help:"Where each row ends."`
	Score   string  `group:"Concepts" placeholder:"NAME" complete:"scores" help:"A score of the concept file to measure by too."`
	Through []int   `group:"Concepts" placeholder:"N,N" help:"Samples in the middle of the rows (default: the first five of --seed that are no exemplars)."`
	Steps   int     `group:"Concepts" placeholder:"N" default:"11" help:"Images a row (default: ${default})."`
	Reach   float64 `group:"Concepts" placeholder:"X" default:"1" help:"Length of the rows, in distances between the concepts (default: ${default})."`
	Draws   int     `group:"Concepts" placeholder:"N" default:"200" older:"20" help:"Random directions that the rows are compared with; more rank them more finely (default: ${default})."`
}

// The paper's turn: four exemplars an end, five rows.
const (
	turnExemplars = 4
	turnRows      = 5
	mostTurnTiles = 1000
)

// A TurnResult is what Turn found.
type TurnResult struct {
	Head
	Concepts    string          `json:"concepts,omitempty"`
	From        concept.Samples `json:"from"`
	To          concept.Samples `json:"to"`
	SampleSeeds [2]uint64       `json:"sample_seeds"`
	// Averaged exemplars are the first of each; the rest fit the direction.
	Averaged [2]int  `json:"averaged"`
	Through  []int   `json:"through"`
	Steps    int     `json:"steps"`
	Reach    float64 `json:"reach"`
	// ByScore is what a score says that was fitted on real pictures; nil without one.
	ByScore *vector.Turning `json:"by_score"`
	Score   *Criterion      `json:"score"`
	// ByDirection is what a direction in D's features says that was fitted on the
	// rest of the exemplars, samples of G; nil without enough of them, or without a D. It
	// flatters: G was trained to move these features.
	ByDirection *vector.Turning `json:"by_direction"`
	// DirectionAUC is how well that direction tells the averaged exemplars apart,
	// which it was not fitted on.
	DirectionAUC *float64 `json:"direction_auc"`

	images model.Tensor // row by row
}

// Check reports settings that no model allows.
func (c *Turn) Check() error {
	switch {
	case c.Steps < 2 || c.Steps > 100:
		return usage("--steps is %d, want 2 to 100", c.Steps)
	case !(c.Reach > 0 && c.Reach <= 10):
		return usage("--reach is %g, want above 0, at most 10", c.Reach)
	case c.Draws < 1 || c.Draws > mostDraws:
		return usage("--draws is %d, want 1 to %d", c.Draws, mostDraws)
	case len(c.Through)*c.Steps > mostTurnTiles:
		return usage("--through names %d samples, of %d steps each more than %d images", len(c.Through), c.Steps, mostTurnTiles)
	case (c.From == "") != (c.To == ""):
		return usage("want both --from and --to, or neither")
	}
	for _, n := range c.Through {
		if n < 0 || n >= controlFirst {
			return usage("--through names sample %d, want 0 to %d", n, controlFirst-1)
		}
	}
	return nil
}

// Make draws the rows and measures them.
func (c *Turn) Make(ctx context.Context, lab *Lab) (Result, error) {
	if _, err := lab.settled(); err != nil {
		return nil, err
	}
	set, err := c.open(lab, c.Seed)
	if err != nil {
		return nil, err
	}
	r := &TurnResult{Head: lab.head("turn", c.Seed), Concepts: set.name, Steps: c.Steps, Reach: c.Reach}
	scale, err := c.choose(set, r)
	if err != nil {
		return nil, err
	}
	return r, r.measure(ctx, lab, set, scale, c.Draws)
}

// choose fills in what is turned, and returns the scale of the score asked for,
// or nil.
func (c *Turn) choose(set *conceptSet, a *TurnResult) (scale vector.Scale, err error) {
	turn := concept.Turn{From: c.From, To: c.To, Score: c.Score}
	if c.From == "" {
		if len(set.Turns) == 0 {
			return nil, usage("no turn comes with %s: give sample numbers, as in --from 1,2,3,4,5,6 --to 11,12,13,14,15,16, or --concepts", set.lab.Model.Title)
		}
		turn = set.Turns[0]
		if c.Score != "" {
			turn.Score = c.Score
		}
	}
	if a.From, err = set.Samples(turn.From); err != nil {
		return nil, usage("--from: %w", err)
	}
	if a.To, err = set.Samples(turn.To); err != nil {
		return nil, usage("--to: %w", err)
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
		return nil, usage("--score: no score %q in the concept file", turn.Score)
	}
	if scale, err = set.scale(turn.Score); err != nil {
		return nil, err
	}
	said := set.criterion(turn.Score, false)
	a.Score = &said
	return scale, nil
}

// measure draws the rows and asks the scales, beside so many random directions.
func (a *TurnResult) measure(ctx context.Context, lab *Lab, set *conceptSet, scale vector.Scale, draws int) error {
	from, to := set.latents(a.From), set.latents(a.To)
	n, m := a.Averaged[0], a.Averaged[1]
	turn, err := vector.NewTurn(from.Slice(0, n), to.Slice(0, m))
	if err != nil {
		return err
	}
	turn.Steps, turn.Reach = a.Steps, a.Reach
	direction, err := a.direction(ctx, lab, from, to)
	if err != nil {
		return err
	}
	if direction == nil && scale == nil {
		return usage("nothing to measure by: name more than %d samples in --from and --to of a model with a D, the further ones fit a direction in its features, or a --score", turnExemplars+1)
	}
	rows := numbered(a.Seed, a.Through, lab.Model.G)
	run := lab.run()
	var gauges []vector.Gauge
	var into []**vector.Turning
	if scale != nil {
		gauges, into = append(gauges, vector.Gauge{Scale: scale, Least: a.Score.Least}), append(into, &a.ByScore)
	}
	if direction != nil {
		gauges, into = append(gauges, vector.Gauge{Scale: direction}), append(into, &a.ByDirection)
	}
	found, err := vector.MeasureTurn(ctx, lab.Model.G, turn, rows, gauges, run, vector.TurningOptions{Settings: lab.settings(a.Seed), Draws: draws})
	if err != nil {
		return err
	}
	for i, t := range found {
		*into[i] = t
	}
	z := model.NewTensor(rows.Len()*a.Steps, rows.Shape[1])
	for i := range rows.Len() {
		copy(z.Slice(i*a.Steps, (i+1)*a.Steps).Data, turn.Points(rows.Row(i)).Data)
	}
	a.images, err = lab.Model.G.Generate(z, run)
	return err
}

// direction fits a direction in D's features on the exemplars that are not
// averaged: nil if there are fewer than two a side, or no D.
func (a *TurnResult) direction(ctx context.Context, lab *Lab, from, to model.Tensor) (vector.Scale, error) {
	n, m := a.Averaged[0], a.Averaged[1]
	if lab.Model.D == nil || from.Len() < n+2 || to.Len() < m+2 {
		return nil, nil
	}
	d, err := lab.Discriminator()
	if err != nil {
		return nil, err
	}
	scale, auc, err := vector.FitDirection(ctx, lab.Model.G, d, vector.Contrast{From: from.Slice(n, from.Len()), To: to.Slice(m, to.Len())},
		vector.Contrast{From: from.Slice(0, n), To: to.Slice(0, m)}, lab.run())
	if err != nil {
		return nil, err
	}
	a.DirectionAUC = &auc
	return scale, nil
}
