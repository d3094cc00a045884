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

// TurningOptions say how a turn is measured. The zero value compares it with 200
// random directions.
type TurningOptions struct {
	// Settings: the seed decides the random directions.
	probe.Settings
	// Draws of random directions. 0 means 200.
	Draws int
}

// A Gauge is a scale that a turn is measured by.
type Gauge struct {
	Scale Scale
	// Least is the number on the scale from which an image shows what the turn leads to.
	Least float64
}

// A Way is what a scale says along the steps of one row.
type Way struct {
	Scores []float64 `json:"scores"`
	// Rho is Spearman's rank correlation of step and score; 0 where the score
	// does not vary.
	Rho float64 `json:"rho"`
	// Swing is the last score less the first.
	Swing float64 `json:"swing"`
	// Turned says that the row begins below the gauge's Least and ends at or above it.
	Turned bool `json:"turned"`
}

// A Turning is how a scale follows a turn, beside random directions of the same
// length through the same latents.
type Turning struct {
	// Rows are the ways through the latents given.
	Rows []Way `json:"rows"`
	// Rho and Swing are over rows.
	Rho   stats.Spread `json:"rho"`
	Swing stats.Spread `json:"swing"`
	// Turned is how many rows turned.
	Turned int `json:"turned"`
	// Draws of random directions; RandomRho, RandomSize and RandomSwing are over
	// them, each draw the mean over rows of rho, of its magnitude, and of the
	// swing's. RandomTurned is the number of rows that turn.
	Draws        int          `json:"draws"`
	RandomRho    stats.Spread `json:"random_rho"`
	RandomSize   stats.Spread `json:"random_rho_magnitude"`
	RandomSwing  stats.Spread `json:"random_swing_magnitude"`
	RandomTurned stats.Spread `json:"random_turned"`
	// RandomScores is over draws and rows, one a step.
	RandomScores []stats.Spread `json:"random_scores"`
	// P, SwingP and TurnedP are the p-values of a permutation test: the share of
	// directions whose mean rho, magnitude of swing, or number of rows that turn is at
	// least as large as the turn's. The turn counts as one of the directions.
	P       float64 `json:"p"`
	SwingP  float64 `json:"swing_p"`
	TurnedP float64 `json:"turned_p"`
}

// MeasureTurn goes through each of rows, [N, LatentDim], along the turn and along
// random directions, and asks the gauges about the images: one Turning each.
//
// A mean rho near 1 alone says little: along any direction images change steadily, and
// every score goes steadily up or down. A turn that means something differs in two ways
// from random directions: the score goes up in every row, and it goes far. ctx is heeded
// between directions.
func MeasureTurn(ctx context.Context, g *model.G, t *Turn, rows model.Tensor, gauges []Gauge, run model.RunOptions, opt TurningOptions) ([]*Turning, error) {
	opt.Draws = cmp.Or(opt.Draws, 200)
	if err := t.check(g.Config().LatentDim); err != nil {
		return nil, err
	}
	if len(rows.Shape) != 2 || rows.Len() < 1 || rows.Shape[1] != len(t.From) {
		return nil, fmt.Errorf("vector: rows through latents of shape %v, want [N %d] with N above 0", rows.Shape, len(t.From))
	}
	if run.BatchStats {
		return nil, fmt.Errorf("vector: statistics of the batch, want running ones: an image would depend on the others")
	}
	v := t.Vector()
	along := make([][]directed, len(gauges)) // the turn first, then random directions
	for i := range 1 + opt.Draws {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		opt.Say("directions", i, 1+opt.Draws)
		u := v
		if i > 0 {
			u = direction(v, opt.Seed, i-1)
		}
		x, err := g.Generate(t.through(rows, u), run)
		if err != nil {
			return nil, err
		}
		for k, gauge := range gauges {
			ways, err := t.ways(ctx, x, gauge)
			if err != nil {
				return nil, err
			}
			along[k] = append(along[k], directionOf(ways))
		}
	}
	out := make([]*Turning, len(gauges))
	for k := range out {
		out[k] = turningOf(along[k], t.steps())
	}
	return out, nil
}

// A directed is the ways along one direction, and their means over rows.
type directed struct {
	ways             []Way
	rho, size, swing float64
	turned           int
}

func directionOf(ways []Way) directed {
	d := directed{ways: ways}
	d.rho = over(ways, func(w Way) float64 { return w.Rho }).Mean
	d.size = over(ways, func(w Way) float64 { return math.Abs(w.Rho) }).Mean
	d.swing = over(ways, func(w Way) float64 { return math.Abs(w.Swing) }).Mean
	for _, w := range ways {
		if w.Turned {
			d.turned++
		}
	}
	return d
}

// turningOf compares the first direction with the others.
func turningOf(all []directed, steps int) *Turning {
	turn, random := all[0], all[1:]
	out := &Turning{Rows: turn.ways, Turned: turn.turned, Draws: len(random)}
	out.Rho = over(out.Rows, func(w Way) float64 { return w.Rho })
	out.Swing = over(out.Rows, func(w Way) float64 { return w.Swing })
	var ways []Way
	var rho, size, swing, turned []float64
	noLess, asFar, asMany := 1, 1, 1
	for _, d := range random {
		ways = append(ways, d.ways...)
		rho, size, swing, turned = append(rho, d.rho), append(size, d.size), append(swing, d.swing), append(turned, float64(d.turned))
		if d.rho >= out.Rho.Mean {
			noLess++
		}
		if d.swing >= out.Swing.Mean {
			asFar++
		}
		if d.turned >= turn.turned {
			asMany++
		}
	}
	out.RandomRho, out.RandomSize, out.RandomSwing, out.RandomTurned = stats.SpreadOf(rho), stats.SpreadOf(size), stats.SpreadOf(swing), stats.SpreadOf(turned)
	n := float64(len(all))
	out.P, out.SwingP, out.TurnedP = float64(noLess)/n, float64(asFar)/n, float64(asMany)/n
	for i := range steps {
		out.RandomScores = append(out.RandomScores, over(ways, func(w Way) float64 { return w.Scores[i] }))
	}
	return out
}

// over is the spread of a number over ways.
func over(ways []Way, of func(Way) float64) stats.Spread {
	v := make([]float64, len(ways))
	for i := range ways {
		v[i] = of(ways[i])
	}
	return stats.SpreadOf(v)
}

// through returns the latents of the rows along v, row by row.
func (t *Turn) through(rows model.Tensor, v []float32) model.Tensor {
	steps := t.steps()
	z := model.NewTensor(rows.Len()*steps, len(v))
	for i := range rows.Len() {
		copy(z.Slice(i*steps, (i+1)*steps).Data, t.along(rows.Row(i), v).Data)
	}
	return z
}

// ways scores the images of rows.
func (t *Turn) ways(ctx context.Context, x model.Tensor, gauge Gauge) ([]Way, error) {
	steps := make([]float64, t.steps())
	for i := range steps {
		steps[i] = float64(i)
	}
	scores, err := gauge.Scale(ctx, x)
	if err != nil {
		return nil, err
	}
	out := make([]Way, x.Len()/len(steps))
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
		first, last := w.Scores[0], w.Scores[len(steps)-1]
		w.Swing, w.Turned = last-first, first < gauge.Least && last >= gauge.Least
	}
	return out, nil
}

// Step is the spread over rows of the scores at step i.
func (t *Turning) Step(i int) stats.Spread {
	return over(t.Rows, func(w Way) float64 { return w.Scores[i] })
}
