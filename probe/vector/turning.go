package vector

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/stats"
)

// TurningOptions say how a turn is measured. The zero value compares it with 20
// random directions.
type TurningOptions struct {
	// Settings: the seed decides the random directions.
	probe.Settings
	// Draws of random directions. 0 means 20.
	Draws int
}

// A Way is what a scale says along the steps of one row.
type Way struct {
	Scores []float64 `json:"scores"`
	// Rho is Spearman's rank correlation of step and score; 0 where the score
	// does not vary.
	Rho float64 `json:"rho"`
	// Swing is the last score less the first.
	Swing float64 `json:"swing"`
}

// A Turning is how a scale follows a turn, beside random directions of the same
// length through the same latents.
type Turning struct {
	// Rows are the ways through the latents given.
	Rows []Way `json:"rows"`
	// Rho and Swing are over rows.
	Rho   stats.Spread `json:"rho"`
	Swing stats.Spread `json:"swing"`
	// Draws of random directions; RandomRho, RandomSize and RandomSwing are over
	// them, each draw the mean over rows of rho, of its magnitude, and of the
	// swing's.
	Draws       int          `json:"draws"`
	RandomRho   stats.Spread `json:"random_rho"`
	RandomSize  stats.Spread `json:"random_rho_magnitude"`
	RandomSwing stats.Spread `json:"random_swing_magnitude"`
	// RandomScores is over draws and rows, one a step.
	RandomScores []stats.Spread `json:"random_scores"`
	// P and SwingP are the p-values of a permutation test: the share of directions whose
	// mean rho, or magnitude of swing, is at least as large as the turn's. The turn
	// counts as one of the directions.
	P      float64 `json:"p"`
	SwingP float64 `json:"swing_p"`
}

// MeasureTurn goes through each of rows, [N, LatentDim], along the turn and along
// random directions, and asks scale about the images.
//
// A mean rho near 1 alone says little: along any direction images change steadily, and
// every score goes steadily up or down. A turn that means something differs in two ways
// from random directions: the score goes up in every row, and it goes far. ctx is heeded
// between directions.
func MeasureTurn(ctx context.Context, g *model.G, t *Turn, rows model.Tensor, scale Scale, run model.RunOptions, opt TurningOptions) (*Turning, error) {
	opt.Draws = cmp.Or(opt.Draws, 20)
	if err := t.check(g.Config().LatentDim); err != nil {
		return nil, err
	}
	if len(rows.Shape) != 2 || rows.Len() < 1 || rows.Shape[1] != len(t.From) {
		return nil, fmt.Errorf("vector: rows through latents of shape %v, want [N %d] with N above 0", rows.Shape, len(t.From))
	}
	if run.BatchStats {
		return nil, fmt.Errorf("vector: statistics of the batch, want running ones: an image would depend on the others")
	}
	progress := func(done int) { opt.Say("directions", done, 1+opt.Draws) }
	progress(0)
	v := t.Vector()
	out := &Turning{Draws: opt.Draws}
	var err error
	if out.Rows, err = t.ways(ctx, g, rows, v, scale, run); err != nil {
		return nil, err
	}
	out.Rho = over(out.Rows, func(w Way) float64 { return w.Rho })
	out.Swing = over(out.Rows, func(w Way) float64 { return w.Swing })
	var all []Way
	var rho, size, swing []float64
	noLess, asFar := 1, 1
	for i := range opt.Draws {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		progress(1 + i)
		ways, err := t.ways(ctx, g, rows, direction(v, opt.Seed, i), scale, run)
		if err != nil {
			return nil, err
		}
		all = append(all, ways...)
		rho = append(rho, over(ways, func(w Way) float64 { return w.Rho }).Mean)
		size = append(size, over(ways, func(w Way) float64 { return math.Abs(w.Rho) }).Mean)
		swing = append(swing, over(ways, func(w Way) float64 { return math.Abs(w.Swing) }).Mean)
		if rho[i] >= out.Rho.Mean {
			noLess++
		}
		if swing[i] >= out.Swing.Mean {
			asFar++
		}
	}
	out.RandomRho, out.RandomSize, out.RandomSwing = stats.SpreadOf(rho), stats.SpreadOf(size), stats.SpreadOf(swing)
	out.P, out.SwingP = float64(noLess)/float64(1+opt.Draws), float64(asFar)/float64(1+opt.Draws)
	for i := range t.steps() {
		out.RandomScores = append(out.RandomScores, over(all, func(w Way) float64 { return w.Scores[i] }))
	}
	return out, nil
}

// over is the spread of a number over ways.
func over(ways []Way, of func(Way) float64) stats.Spread {
	v := make([]float64, len(ways))
	for i := range ways {
		v[i] = of(ways[i])
	}
	return stats.SpreadOf(v)
}

// ways scores the rows along v.
func (t *Turn) ways(ctx context.Context, g *model.G, rows model.Tensor, v []float32, scale Scale, run model.RunOptions) ([]Way, error) {
	steps := make([]float64, t.steps())
	for i := range steps {
		steps[i] = float64(i)
	}
	z := model.NewTensor(rows.Len()*len(steps), len(v))
	for i := range rows.Len() {
		copy(z.Slice(i*len(steps), (i+1)*len(steps)).Data, t.along(rows.Row(i), v).Data)
	}
	x, err := g.Generate(z, run)
	if err != nil {
		return nil, err
	}
	scores, err := scale(ctx, x)
	if err != nil {
		return nil, err
	}
	out := make([]Way, rows.Len())
	for i := range out {
		w := &out[i]
		w.Scores = scores[i*len(steps) : (i+1)*len(steps)]
		w.Rho = stats.Spearman(steps, w.Scores)
		if math.IsNaN(w.Rho) && stat.StdDev(w.Scores, nil) == 0 {
			w.Rho = 0
		}
		if math.IsNaN(w.Rho) {
			return nil, model.Unusable("vector: row %d: a score is NaN", i)
		}
		w.Swing = w.Scores[len(steps)-1] - w.Scores[0]
	}
	return out, nil
}

// Step is the spread over rows of the scores at step i.
func (t *Turning) Step(i int) stats.Spread {
	return over(t.Rows, func(w Way) float64 { return w.Scores[i] })
}
