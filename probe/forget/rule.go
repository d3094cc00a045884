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

// rule tries the rule with so many probes, of which cs are the first. It returns the
// units that each drops, by layer.
func (b *Baseline) rule(ctx context.Context, s Subject, run model.RunOptions, cs []*Concept, probes int) (*Rule, [][][]int, error) {
	r := &Rule{Samples: b.x.Len()}
	var sets [][][]int
	var judge, scorer, second, squares [][]float64
	var counts []float64
	look := b.viewers()
	look.subject.Second = b.subject.Second
	for k := range probes {
		seed := cs[0].options.Seed + uint64(k)*seedsApart
		var units [][]int
		n := 0
		for _, c := range cs {
			if k > 0 {
				opt := c.options
				opt.Seed, opt.untested = seed, true
				var err error
				if c, err = s.Fit(ctx, run, opt); err != nil {
					return nil, nil, err
				}
			}
			units = append(units, c.Positive())
			n += len(c.Positive())
		}
		v, err := dropAll(cs, units)
		if err != nil {
			return nil, nil, err
		}
		x, err := b.Draw(ctx, v)
		if err != nil {
			return nil, nil, err
		}
		after, err := look.look(ctx, x)
		if err != nil {
			return nil, nil, err
		}
		var sums []float64
		sums, counts = b.squares(x)
		sets = append(sets, units)
		judge, squares = append(judge, after.judge.area), append(squares, sums)
		p := RuleProbe{Seed: seed, Units: n, Removed: gone(b.seen.judge, after.judge, r.Samples), OutsideRMSE: math.Sqrt(ratio(stats.Sum(sums), stats.Sum(counts)))}
		if after.scorer.area != nil {
			scorer = append(scorer, after.scorer.area)
			p.ScorerRemoved = gone(b.seen.scorer, after.scorer, r.Samples)
		}
		if after.second.area != nil {
			second = append(second, after.second.area)
			p.GuideRemoved = gone(b.seen.second, after.second, r.Samples)
		}
		r.Probes = append(r.Probes, p)
	}
	left := func(after, before float64) float64 { return 1 - ratio(after, before) }
	r.Removed = b.overProbes(judge, b.seen.judge.area, left)
	if scorer != nil {
		r.ScorerRemoved = b.overProbes(scorer, b.seen.scorer.area, left)
	}
	if second != nil {
		r.GuideRemoved = b.overProbes(second, b.seen.second.area, left)
	}
	r.OutsideRMSE = b.overProbes(squares, counts, func(sum, n float64) float64 { return math.Sqrt(ratio(sum, n)) })
	return r, sets, nil
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
