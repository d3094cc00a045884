package forget

import (
	"context"
	"math"
	"math/rand/v2"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe/stats"
)

// A Rule is the paper's rule, tried with several probes: each was fitted on samples of a
// seed of its own and drops the units of positive weight. Means are over probes, and
// intervals hold what other samples and other probes would give.
type Rule struct {
	Probes        []RuleProbe    `json:"probes"`
	Samples       int            `json:"samples"`
	Removed       stats.Interval `json:"removed"`
	ScorerRemoved stats.Interval `json:"scorer_removed,omitzero"`
	GuideRemoved  stats.Interval `json:"guide_removed,omitzero"`
	OutsideRMSE   stats.Interval `json:"outside_rmse"`
}

// A RuleProbe is one of a Rule's probes: the seed of its samples, how many units have
// positive weights, and what dropping them does.
type RuleProbe struct {
	Seed          uint64  `json:"seed"`
	Units         int     `json:"units"`
	Removed       float64 `json:"removed"`
	ScorerRemoved float64 `json:"scorer_removed"`
	GuideRemoved  float64 `json:"guide_removed,omitzero"`
	OutsideRMSE   float64 `json:"outside_rmse"`
}

// seedsApart keeps the samples of probes apart from those of other uses of a seed.
const seedsApart = 100

// A tried is what dropping the units of a probe does, by sample.
type tried struct {
	seed  uint64
	units [][]int // by layer
	after *seen
	// squares is the squared change of the pixels outside, counts of how many numbers.
	squares, counts []float64
}

// rule tries the rule with so many probes, of which cs are the first. It returns the
// units that each drops, by layer.
func (b *Baseline) rule(ctx context.Context, s Subject, run model.RunOptions, cs []*Concept, probes int) (*Rule, [][][]int, error) {
	r := &Rule{Samples: b.x.Len()}
	var sets [][][]int
	var all []tried
	for k := range probes {
		p, err := b.try(ctx, s, run, cs, cs[0].options.Seed+uint64(k)*seedsApart)
		if err != nil {
			return nil, nil, err
		}
		sets, all = append(sets, p.units), append(all, p)
		r.Probes = append(r.Probes, b.probeOf(p))
	}
	removed := func(of func(*seen) sight) stats.Interval {
		var after [][]float64
		for _, p := range all {
			after = append(after, of(p.after).area)
		}
		if after[0] == nil {
			return stats.Interval{}
		}
		return b.overProbes(after, of(b.seen).area, func(after, before float64) float64 { return lost(before, after) })
	}
	r.Removed = removed(func(s *seen) sight { return s.judge })
	r.ScorerRemoved = removed(func(s *seen) sight { return s.scorer })
	r.GuideRemoved = removed(func(s *seen) sight { return s.second })
	var squares [][]float64
	for _, p := range all {
		squares = append(squares, p.squares)
	}
	r.OutsideRMSE = b.overProbes(squares, all[0].counts, func(sum, n float64) float64 { return math.Sqrt(ratio(sum, n)) })
	return r, sets, nil
}

// try drops what a probe of that seed finds in the layers of cs, which are the probe of
// their own seed.
func (b *Baseline) try(ctx context.Context, s Subject, run model.RunOptions, cs []*Concept, seed uint64) (p tried, err error) {
	p.seed = seed
	for _, c := range cs {
		if opt := c.options; opt.Seed != seed {
			opt.Seed, opt.Untested = seed, true
			if c, err = s.Fit(ctx, run, opt); err != nil {
				return p, err
			}
		}
		p.units = append(p.units, c.Positive())
	}
	v, err := dropAll(cs, p.units)
	if err != nil {
		return p, err
	}
	x, err := b.Draw(ctx, v)
	if err != nil {
		return p, err
	}
	look := b.viewers()
	look.subject.Second = b.subject.Second
	p.after, err = look.look(ctx, x)
	p.squares, p.counts = b.squares(x)
	return p, err
}

// probeOf is the figures of one probe.
func (b *Baseline) probeOf(p tried) RuleProbe {
	n := b.x.Len()
	r := RuleProbe{Seed: p.seed, Removed: gone(b.seen.judge, p.after.judge, n), OutsideRMSE: math.Sqrt(ratio(stats.Sum(p.squares), stats.Sum(p.counts)))}
	for _, units := range p.units {
		r.Units += len(units)
	}
	if p.after.scorer.area != nil {
		r.ScorerRemoved = gone(b.seen.scorer, p.after.scorer, n)
	}
	if p.after.second.area != nil {
		r.GuideRemoved = gone(b.seen.second, p.after.second, n)
	}
	return r
}

// overProbes returns the mean over probes of a figure of two sums over samples: of the
// probe's numbers, by sample, and of numbers that are the same for all. The interval is
// that of a bootstrap that draws samples and probes.
func (b *Baseline) overProbes(of [][]float64, with []float64, figure func(of, with float64) float64) stats.Interval {
	rng := random.New(b.opt.Seed, random.ForgetProbes)
	mean := func(weight []float64, probes []int) (m float64) {
		sum := weighted(weight, with)
		for _, p := range probes {
			m += figure(weighted(weight, of[p]), sum) / float64(len(probes))
		}
		return m
	}
	n := len(with)
	weight, probes := make([]float64, n), make([]int, len(of))
	for i := range weight {
		weight[i] = 1
	}
	for i := range probes {
		probes[i] = i
	}
	value := mean(weight, probes)
	var draws []float64
	for range stats.Resamples {
		drawn(rng, weight, probes)
		draws = append(draws, mean(weight, probes))
	}
	return stats.Percentiles(value, draws)
}

// drawn draws samples, which it counts, and probes, both with replacement.
func drawn(rng *rand.Rand, weight []float64, probes []int) {
	clear(weight)
	for range weight {
		weight[rng.IntN(len(weight))]++
	}
	for i := range probes {
		probes[i] = rng.IntN(len(probes))
	}
}
