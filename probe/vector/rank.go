package vector

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Spearman returns the rank correlation of x and y, in [-1, 1]: 1 where y rises
// with x throughout. Equal values share the mean of their ranks. It is NaN
// where x or y does not vary, or holds a NaN.
//
// Method: Spearman 1904 (doi:10.2307/1412159), with Pearson's formula on the
// ranks.
func Spearman(x, y []float64) (float64, error) {
	if len(x) != len(y) || len(x) < 2 {
		return 0, fmt.Errorf("vector: %d and %d values to correlate, want two or more pairs", len(x), len(y))
	}
	for _, v := range [][]float64{x, y} {
		if slices.ContainsFunc(v, math.IsNaN) {
			return math.NaN(), nil
		}
	}
	rx, ry := ranks(x), ranks(y)
	for _, r := range [][]float64{rx, ry} {
		if slices.Min(r) == slices.Max(r) {
			return math.NaN(), nil
		}
	}
	return max(-1, min(stat.Correlation(rx, ry, nil), 1)), nil
}

// ranks returns the rank of each value, from 1.
func ranks(v []float64) []float64 {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case v[a] < v[b]:
			return -1
		case v[a] > v[b]:
			return 1
		}
		return 0
	})
	out := make([]float64, len(v))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && v[order[to]] == v[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			out[i] = float64(from+1+to) / 2
		}
		from = to
	}
	return out
}
