package stats

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Spearman returns the rank correlation of x and y, of one length, in [-1, 1]: 1
// where y rises with x throughout. Equal values share the mean of their ranks. It
// is NaN where x or y does not vary or holds a NaN, and for fewer than two values.
//
// Method: Spearman 1904 (doi:10.2307/1412159), with Pearson's formula on the
// ranks.
func Spearman(x, y []float64) float64 {
	rx, ry := ranks(x), ranks(y)
	for _, r := range [][]float64{rx, ry} {
		if len(r) < 2 || slices.Min(r) == slices.Max(r) || slices.ContainsFunc(r, math.IsNaN) {
			return math.NaN()
		}
	}
	return max(-1, min(stat.Correlation(rx, ry, nil), 1))
}

// ranks returns the rank of each value, counted from 1: NaN for all of them if
// one is NaN.
func ranks(v []float64) []float64 {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(v[i], v[j]) })
	out := make([]float64, len(v))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && v[order[to]] == v[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			out[i] = float64(from+1+to) / 2
		}
		if math.IsNaN(v[order[from]]) {
			out[order[from]] = math.NaN()
		}
		from = to
	}
	return out
}
