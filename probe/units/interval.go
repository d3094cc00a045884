package units

import (
	"math"
	"math/rand/v2"

	"dcganviz/probe/score"
)

const (
	// forBootstrap and forShuffles keep the draws of a seed apart from its other
	// uses.
	forBootstrap = 0x756e69747362
	forShuffles  = 0x756e69747373
)

// A bootstrap is how often each draw has each sample. All figures share the
// draws, which makes figures of two units comparable.
type bootstrap [][]uint16

func newBootstrap(seed uint64, n int) bootstrap {
	rng := rand.New(rand.NewPCG(seed, forBootstrap))
	b := make(bootstrap, score.Resamples)
	for k := range b {
		b[k] = make([]uint16, n)
		for range n {
			b[k][rng.IntN(n)]++
		}
	}
	return b
}

// sums are the sums of columns, each a number a sample: first as they are, then
// in each draw.
type sums [][]float64

func (b bootstrap) sums(columns ...[]float64) sums {
	s := make(sums, 1+len(b))
	s[0] = make([]float64, len(columns))
	for c, v := range columns {
		s[0][c] = sum(v)
	}
	for k, weight := range b {
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

// interval returns the figure that is made of sums, and its percentile interval;
// nil where the figure is not a finite number, as of an area that is empty.
func (s sums) interval(figure func(sums []float64) float64) *score.Interval {
	value := figure(s[0])
	if !finite(value) {
		return nil
	}
	draws := make([]float64, 0, len(s))
	for _, draw := range s[1:] {
		// A draw without a sample that the figure needs says nothing.
		if f := figure(draw); finite(f) {
			draws = append(draws, f)
		}
	}
	out := score.Percentiles(value, draws)
	return &out
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// shuffles returns permutations of n samples, of which none leaves a sample in
// its place.
func shuffles(seed uint64, n, count int) [][]int {
	rng := rand.New(rand.NewPCG(seed, forShuffles))
	out := make([][]int, count)
	for k := range out {
		// One cycle through all.
		order := rng.Perm(n)
		out[k] = make([]int, n)
		for i, from := range order {
			out[k][from] = order[(i+1)%n]
		}
	}
	return out
}
