package filters

import (
	"math"
	"math/rand/v2"

	"dcganviz/probe/score"
)

// figures are one figure of each map: [draw][map], where maps are lined up by
// unit, perUnit of each. NaN is a map that has no such figure.
type figures struct {
	of      [][]float64
	perUnit int
}

// forBootstrap keeps the bootstrap's draws apart from other uses of a seed.
const forBootstrap = 0x66696c74657273

// interval returns the mean, and the percentile interval of a bootstrap that
// draws units, images of each unit, and draws. Zero where there is no figure.
func (f figures) interval(seed uint64) score.Interval {
	var sum float64
	n := 0
	for _, row := range f.of {
		for _, v := range row {
			if !math.IsNaN(v) {
				sum += v
				n++
			}
		}
	}
	if n == 0 {
		return score.Interval{}
	}
	mean := sum / float64(n)
	rng := rand.New(rand.NewPCG(seed, forBootstrap))
	units := len(f.of[0]) / f.perUnit
	means := make([]float64, 0, score.Resamples)
	draws := make([]int, len(f.of))
	for range score.Resamples {
		for i := range draws {
			draws[i] = rng.IntN(len(draws))
		}
		var sum float64
		n := 0
		for range units {
			u := rng.IntN(units)
			for range f.perUnit {
				at := u*f.perUnit + rng.IntN(f.perUnit)
				for _, d := range draws {
					if v := f.of[d][at]; !math.IsNaN(v) {
						sum += v
						n++
					}
				}
			}
		}
		if n > 0 {
			means = append(means, sum/float64(n))
		}
	}
	return score.Percentiles(mean, means)
}
