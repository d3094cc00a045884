package forget

import (
	"cmp"
	"context"
	"math/rand/v2"

	"dcganviz/probe/stats"
)

// A CurvePoint is what dropping the Units of largest weight does, and what as
// many random ones do. In several layers, Units of each are dropped, or
// all of a layer that has fewer.
type CurvePoint struct {
	Units int `json:"units"`
	Outcome
	Random Control `json:"random"`
}

// curveSamples is on how many samples a point's random units are measured.
const curveSamples = 50

// Curve drops 1, 2, 4, ... units in order of weight, and last all of them.
// Halves is the smallest number found to halve the judge's mean score, 0 if
// none: found by halving the step between points that lie to either side of it. By
// default it takes 200 of the baseline's samples, and 3 draws of random units at each
// point.
func (b *Baseline) Curve(ctx context.Context, cs []*Concept, opt MeasureOptions) (points []CurvePoint, halves int, err error) {
	opt.Samples = cmp.Or(opt.Samples, 200)
	opt.Draws = cmp.Or(opt.Draws, 3)
	part := b.part(b.subject.whole(opt.Samples, b.x.Len()))
	t, err := part.trial(ctx, cs, part.x.Len(), 0)
	if err != nil {
		return nil, 0, err
	}
	few, err := part.trial(ctx, cs, curveSamples, 0)
	if err != nil {
		return nil, 0, err
	}
	var order [][]int
	most := 0
	for _, c := range cs {
		order = append(order, c.Ranked())
		most = max(most, c.Units)
	}
	first := func(k int) [][]int { return leading(order, k) }
	half := stats.Sum(part.seen.judge.score) / float64(part.x.Len()) / 2
	below := 0 // the largest number so far that does not halve the score
	for _, k := range Counts(most) {
		x, err := t.samples(ctx, first(k))
		if err != nil {
			return nil, 0, err
		}
		o, err := part.compare(ctx, x)
		if err != nil {
			return nil, 0, err
		}
		p := CurvePoint{Units: k, Outcome: *o}
		p.Random, err = few.control(ctx, opt.Draws, 0, opt.Seed, nil, func(_, i int, rng *rand.Rand) []int {
			return rng.Perm(cs[i].Units)[:min(k, cs[i].Units)]
		})
		if err != nil {
			return nil, 0, err
		}
		points = append(points, p)
		switch {
		case halves == 0 && p.Score.Mean <= half:
			halves = k
		case halves == 0:
			below = k
		}
	}
	for halves > below+1 {
		k := (below + halves) / 2
		f, err := t.measure(ctx, first(k), false)
		if err != nil {
			return nil, 0, err
		}
		if f.score <= half {
			halves = k
		} else {
			below = k
		}
	}
	return points, halves, nil
}

// Counts returns 1, 2, 4, ... below units, and units.
func Counts(units int) (out []int) {
	for k := 1; k < units; k *= 2 {
		out = append(out, k)
	}
	return append(out, units)
}
