package stats

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// A Spread is a mean and a standard deviation.
type Spread struct {
	Mean float64 `json:"mean"`
	SD   float64 `json:"sd"`
}

// SpreadOf returns the mean of v and its standard deviation, 0 of one number.
func SpreadOf(v []float64) Spread {
	if len(v) == 1 {
		return Spread{Mean: v[0]}
	}
	m, sd := stat.MeanStdDev(v, nil)
	return Spread{m, sd}
}

// SpreadByShares is SpreadOf with each number divided before it is added. It
// rounds otherwise, so that the last digits may differ; and of no numbers it is
// zero, where SpreadOf is NaN.
func SpreadByShares(v []float64) Spread {
	var s Spread
	for _, x := range v {
		s.Mean += x / float64(len(v))
	}
	for _, x := range v {
		s.SD += (x - s.Mean) * (x - s.Mean) / float64(max(1, len(v)-1))
	}
	s.SD = math.Sqrt(s.SD)
	return s
}

// Sum returns the sum of v, added in its order.
func Sum(v []float64) (sum float64) {
	for _, x := range v {
		sum += x
	}
	return sum
}

// Share returns the share of v that is true.
func Share(v []bool) float64 {
	n := 0
	for _, yes := range v {
		if yes {
			n++
		}
	}
	return float64(n) / float64(len(v))
}
