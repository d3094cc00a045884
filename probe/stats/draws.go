package stats

import (
	"math"
	"math/rand/v2"
)

// Draws are the samples of a bootstrap: how often each draw has each sample.
// Figures that share them can be compared.
type Draws [][]uint16

// NewDraws draws n samples with replacement, Resamples times.
func NewDraws(rng *rand.Rand, n int) Draws {
	d := make(Draws, Resamples)
	for k := range d {
		d[k] = make([]uint16, n)
		for range n {
			d[k][rng.IntN(n)]++
		}
	}
	return d
}

// Sums are the sums of columns: first over the samples as they are, then over
// each draw.
type Sums [][]float64

// Sums adds up columns, which hold one number a sample each.
func (d Draws) Sums(columns ...[]float64) Sums {
	s := make(Sums, 1+len(d))
	s[0] = make([]float64, len(columns))
	for c, column := range columns {
		for _, v := range column {
			s[0][c] += v
		}
	}
	for k, weight := range d {
		into := make([]float64, len(columns))
		for i, w := range weight {
			if w == 0 {
				continue
			}
			for c, v := range columns {
				into[c] += float64(float64(w) * v[i])
			}
		}
		s[1+k] = into
	}
	return s
}

// Interval returns the figure that is made of the sums of the columns, with the
// Percentiles of the draws. It is nil where the figure is not a finite number, as
// the mean over no pixels. Draws whose figure is not finite do not count.
func (s Sums) Interval(figure func(sums []float64) float64) *Interval {
	value := figure(s[0])
	if !Finite(value) {
		return nil
	}
	draws := make([]float64, 0, len(s))
	for _, draw := range s[1:] {
		if f := figure(draw); Finite(f) {
			draws = append(draws, f)
		}
	}
	out := Percentiles(value, draws)
	return &out
}

// Finite reports whether v is neither NaN nor infinite.
func Finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// A Nest is numbers that lie in each other: runs of groups of items. The runs are
// its slices, and Each items in a row make a group. A NaN stands for an item
// without a number.
type Nest struct {
	Runs [][]float64
	Each int
}

// Interval returns the mean of the numbers, with the Percentiles of a bootstrap
// that draws runs, groups, and items of each group. Without numbers it is zero.
func (n Nest) Interval(rng *rand.Rand) Interval {
	var all total
	for _, run := range n.Runs {
		for _, v := range run {
			all.add(v)
		}
	}
	if all.n == 0 {
		return Interval{}
	}
	groups := len(n.Runs[0]) / n.Each
	means := make([]float64, 0, Resamples)
	runs := make([]int, len(n.Runs))
	for range Resamples {
		for i := range runs {
			runs[i] = rng.IntN(len(runs))
		}
		var drawn total
		for range groups {
			group := rng.IntN(groups)
			for range n.Each {
				at := group*n.Each + rng.IntN(n.Each)
				for _, run := range runs {
					drawn.add(n.Runs[run][at])
				}
			}
		}
		if drawn.n > 0 {
			means = append(means, drawn.mean())
		}
	}
	return Percentiles(all.mean(), means)
}

// A total adds up the numbers that are not NaN.
type total struct {
	sum float64
	n   int
}

func (t *total) add(v float64) {
	if !math.IsNaN(v) {
		t.sum += v
		t.n++
	}
}

func (t *total) mean() float64 { return t.sum / float64(t.n) }

// OfSets returns figures that compare two sets, with the Percentiles of a
// bootstrap that draws from both. If b is nil, a is compared with itself, and a
// draw of it with itself.
func OfSets[T any](rng *rand.Rand, a, b []T, figures func(a, b []T) []float64) []Interval {
	draw := func(from []T) []T {
		to := make([]T, len(from))
		for i := range to {
			to[i] = from[rng.IntN(len(from))]
		}
		return to
	}
	other := b
	if b == nil {
		other = a
	}
	values := figures(a, other)
	draws := make([][]float64, len(values))
	for range Resamples {
		drawn := draw(a)
		beside := drawn
		if b != nil {
			beside = draw(b)
		}
		for i, v := range figures(drawn, beside) {
			draws[i] = append(draws[i], v)
		}
	}
	out := make([]Interval, len(values))
	for i, v := range values {
		out[i] = Percentiles(v, draws[i])
	}
	return out
}
