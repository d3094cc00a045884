package forget

import (
	"cmp"
	"context"

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

// Curve drops 1, 2, 4, ... units in order of weight, and last all of them.
// Halves is the smallest number found to halve the judge's mean score, 0 if
// none: found by halving the step between points that lie to either side of it. By
// default it takes 200 of the baseline's samples, and 3 draws of random units at each
// point.
func (b *Baseline) Curve(ctx context.Context, cs []*Concept, opt MeasureOptions) (points []CurvePoint, halves int, err error) {
	opt.Samples = cmp.Or(opt.Samples, 200)
	opt.Draws = cmp.Or(opt.Draws, 3)
	part := b.part(opt.Samples)
	var order [][]int
	most := 0
	for _, c := range cs {
		order = append(order, c.Ranked())
		most = max(most, c.Units)
	}
	first := func(k int) (units [][]int) {
		for _, o := range order {
			units = append(units, o[:min(k, len(o))])
		}
		return units
	}
	half := stats.Sum(part.seen.score) / float64(part.x.Len()) / 2
	below := 0 // the largest number so far that does not halve the score
	for _, k := range Counts(most) {
		v, err := dropAll(cs, first(k))
		if err != nil {
			return nil, 0, err
		}
		o, err := part.Measure(ctx, v)
		if err != nil {
			return nil, 0, err
		}
		p := CurvePoint{Units: k, Outcome: *o}
		p.Random, err = part.Random(ctx, cs, first(k), MeasureOptions{Draws: opt.Draws, Samples: 50, Seed: opt.Seed})
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
		f, err := part.brief(ctx, cs, first(k))
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
