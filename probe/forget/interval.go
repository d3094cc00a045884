package forget

import "dcganviz/probe/stats"

func (b *Baseline) removed(before, after []float64) stats.Interval {
	return b.interval(len(after), func(weight []float64) float64 { return 1 - ratio(weighted(weight, after), weighted(weight, before)) })
}

func (b *Baseline) mean(v []float64) stats.Interval {
	return b.interval(len(v), func(weight []float64) float64 { return weighted(weight, v) / float64(len(v)) })
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

// interval returns a figure of n samples, each counted as often as its weight
// says.
func (b *Baseline) interval(n int, figure func(weight []float64) float64) stats.Interval {
	return stats.Bootstrap(n, b.opt.Seed, func(weight []float64) (float64, bool) { return figure(weight), true })
}
