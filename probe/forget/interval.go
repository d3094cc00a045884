package forget

import "dcganviz/probe/stats"

// removed is which share of the concept's area is gone. Draws of samples that show none
// of it do not count; if no sample does it is 0.
func (b *Baseline) removed(before, after []float64) stats.Interval {
	if stats.Sum(before) == 0 {
		return stats.Interval{}
	}
	return stats.Bootstrap(len(after), b.opt.Seed, func(weight []float64) (share float64, ok bool) {
		was := weighted(weight, before)
		return lost(was, weighted(weight, after)), was > 0
	})
}

// lost is which share of before is gone after; of nothing, nothing is.
func lost(before, after float64) float64 {
	if before == 0 {
		return 0
	}
	return 1 - after/before
}

func (b *Baseline) mean(v []float64) stats.Interval {
	return b.interval(len(v), func(weight []float64) float64 { return weighted(weight, v) / float64(len(v)) })
}

// ratio is 0 of nothing, as where no pixel lies outside.
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
