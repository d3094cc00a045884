package forget

import (
	"math"
	"math/rand/v2"
	"slices"

	"dcganviz/probe/score"
)

func (b *Baseline) removed(before, after []float64) score.Interval {
	return b.interval(len(after), func(weight []float64) float64 {
		return 1 - ratio(weighted(weight, after), weighted(weight, before))
	})
}

func (b *Baseline) mean(v []float64) score.Interval {
	return b.interval(len(v), func(weight []float64) float64 {
		return weighted(weight, v) / float64(len(v))
	})
}

// ratio is 0 of nothing: no pixel lies outside, or nothing is there to remove.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

func weighted(weight, v []float64) (sum float64) {
	for i, w := range weight {
		sum += w * v[i]
	}
	return sum
}

const resamples = 1000

// forBootstrap keeps the bootstrap's draws apart from other uses of a seed.
const forBootstrap = 0x626f6f7473747261

// interval returns a figure of n samples, each counted as often as its weight
// says, and the percentile interval of the bootstrap.
func (b *Baseline) interval(n int, figure func(weight []float64) float64) score.Interval {
	weight := make([]float64, n)
	for i := range weight {
		weight[i] = 1
	}
	out := score.Interval{Mean: figure(weight)}
	rng := rand.New(rand.NewPCG(b.opt.Seed, forBootstrap))
	draws := make([]float64, resamples)
	for k := range draws {
		clear(weight)
		for range n {
			weight[rng.IntN(n)]++
		}
		draws[k] = figure(weight)
	}
	slices.Sort(draws)
	out.Lo, out.Hi = draws[resamples/40], draws[resamples-1-resamples/40]
	return out
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
