package spectrum

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe/stats"
)

// A purpose says what the draws of a seed are for.
type purpose uint64

const (
	forHalves  purpose = 0x73706563
	forSamples purpose = forHalves + 1 // behind it: for real pictures and for the halves
)

// draws are the means of columns over images, [1 + stats.Resamples][]: first of
// the images as they are, then of as many drawn with replacement. All figures of
// a set share the draws.
type draws [][]float64

func (c columns) resample(ctx context.Context, seed uint64, of purpose, pool *model.Pool) (draws, error) {
	d := make(draws, 1+stats.Resamples)
	pool.Run(len(d), func(k, _ int) {
		if ctx.Err() != nil {
			return
		}
		weights := slices.Repeat([]int{1}, len(c))
		if k > 0 {
			clear(weights)
			rng := random.At(seed, of, k)
			for range c {
				weights[rng.IntN(len(c))]++
			}
		}
		d[k] = make([]float64, len(c[0]))
		for i, weight := range weights {
			if weight > 0 {
				floats.AddScaled(d[k], float64(weight)/float64(len(c)), c[i])
			}
		}
	})
	return d, ctx.Err()
}

// interval returns the interval of one column.
func (d draws) interval(column int) stats.Interval {
	return intervalOf(d.each(func(columns []float64) float64 { return columns[column] }))
}

// intervalOf makes an interval of a figure and the same figure of the draws.
func intervalOf(values []float64) stats.Interval {
	return stats.Percentiles(values[0], values[1:])
}

// lower returns the value that a fraction of the draws is below.
func lower(values []float64, fraction float64) float64 {
	sorted := slices.Sorted(slices.Values(values[1:]))
	return sorted[int(fraction*float64(len(sorted)))]
}

// decibels returns the first n columns of each draw in decibels.
func (d draws) decibels(n int) draws {
	out := make(draws, len(d))
	for k := range d {
		out[k] = make([]float64, n)
		for j := range n {
			out[k][j] = 10 * math.Log10(d[k][j])
		}
	}
	return out
}

// each returns a figure of each draw.
func (d draws) each(figure func(columns []float64) float64) []float64 {
	out := make([]float64, len(d))
	for k := range d {
		out[k] = figure(d[k])
	}
	return out
}

func minus(a, b []float64) []float64 { return floats.SubTo(make([]float64, len(a)), a, b) }
