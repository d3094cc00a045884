package stats

import (
	"math"
	"slices"

	"dcganviz/internal/random"
)

// An Interval is a figure and its 95% interval.
type Interval struct {
	Mean float64 `json:"mean"`
	Lo   float64 `json:"lo"`
	Hi   float64 `json:"hi"`
}

// Resamples is how many draws of a bootstrap an interval is made of.
const Resamples = 1000

// forBootstrap keeps the draws of Bootstrap apart from other uses of a seed.
const forBootstrap uint64 = 3

// Bootstrap returns a figure of n things, each counted as often as its weight
// says, and the percentile interval over draws of n of them with replacement. An
// end of the interval is interpolated between two draws. The figure says by ok
// whether a draw has a value; draws without one do not count. seed decides the
// draws.
//
// Method: the percentile interval of Efron 1981 (doi:10.1139/cjs-1981-0022).
func Bootstrap(n int, seed uint64, figure func(weight []float64) (value float64, ok bool)) Interval {
	weight := slices.Repeat([]float64{1}, n)
	mean, _ := figure(weight)
	draws := make([]float64, 0, Resamples)
	rng := random.At(seed, forBootstrap, 0)
	for range Resamples {
		clear(weight)
		for range n {
			weight[rng.IntN(n)]++
		}
		if v, ok := figure(weight); ok {
			draws = append(draws, v)
		}
	}
	slices.Sort(draws)
	return Interval{mean, quantile(draws, .025), quantile(draws, .975)}
}

// Percentiles returns a value with the interval that holds the middle 95% of its
// draws. An end of the interval is itself one of the draws, where Bootstrap
// interpolates. Without draws the interval is the value alone.
func Percentiles(value float64, draws []float64) Interval {
	if len(draws) == 0 {
		return Interval{value, value, value}
	}
	sorted := slices.Sorted(slices.Values(draws))
	cut := len(sorted) / 40
	return Interval{value, sorted[cut], sorted[len(sorted)-1-cut]}
}

// quantile interpolates between the sorted values; without values it is NaN.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 == len(sorted) {
		return sorted[i]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
