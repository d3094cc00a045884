package kid

import (
	"fmt"
	"slices"

	"dcganviz/model"
	"dcganviz/probe/stats"
)

// An Overlap tells how far two sets lie in each other. A set's manifold is the
// union of balls around its points, each out to the point's k-th nearest
// neighbour in the set.
type Overlap struct {
	// Precision is the share of the first set in the second's manifold: how
	// many samples look real.
	Precision float64 `json:"precision"`
	// Recall is the share of the second set in the first's manifold: how much
	// of what is real could have been drawn.
	Recall float64 `json:"recall"`
	// Density is how many of the second set's balls a point of the first is in, divided
	// by k. It is 1 on average for sets of one distribution, and above 1 where samples
	// crowd the middle. An outlier among the real images matters less than for
	// Precision.
	Density float64 `json:"density"`
	// Coverage is the share of the second set's balls that a point of the first
	// is in: about 1 - 2^-k for equally large sets of one distribution.
	Coverage float64 `json:"coverage"`
}

// Neighbours is the usual k, which Naeem et al. take.
const Neighbours = 5

// OverlapOf returns the overlap of the features a, [N, F], with the features b,
// [M, F], which standardise both, by balls out to the k-th neighbour. A point
// on the surface of a ball is in it. Sets of k points or fewer are errors.
//
// It depends on the number of points: compare figures of equally large sets.
//
// Method: Kynkäänniemi et al. 2019 (arXiv:1904.06991), section 2, and for
// density and coverage Naeem et al. 2020 (arXiv:2002.09797), section 3.
func OverlapOf(a, b model.Tensor, k int) (Overlap, error) {
	x, y, err := standardised(a, b)
	if err != nil {
		return Overlap{}, err
	}
	if k < 1 || a.Len() <= k || b.Len() <= k {
		return Overlap{}, fmt.Errorf("kid: %d neighbours in sets of %d and %d images, want 1 or more and larger sets", k, a.Len(), b.Len())
	}
	return overlap(newPairs(x, x), newPairs(y, y), newPairs(x, y), all(alone(a.Len())).rows, all(alone(b.Len())).rows, k), nil
}

// overlap is that of some rows of one matrix with some of another.
func overlap(xx, yy, xy *pairs, a, b []int, k int) Overlap {
	ofX, ofY := radii(xx, a, k), radii(yy, b, k)
	covered, recalled := make([]bool, len(b)), make([]bool, len(b))
	precise, balls := 0, 0
	for i, r := range a {
		before := balls
		for j, c := range b {
			d := xy.square(r, c)
			if d <= ofY[j] {
				balls++
				covered[j] = true
			}
			recalled[j] = recalled[j] || d <= ofX[i]
		}
		if balls > before {
			precise++
		}
	}
	n := float64(len(a))
	return Overlap{
		Precision: float64(precise) / n,
		Recall:    stats.Share(recalled),
		Density:   float64(balls) / float64(k) / n,
		Coverage:  stats.Share(covered),
	}
}

// radii returns the squared distance of each row from its k-th nearest other row.
func radii(among *pairs, rows []int, k int) []float64 {
	out, row := make([]float64, len(rows)), make([]float64, 0, len(rows))
	for i, r := range rows {
		row = row[:0]
		for j, c := range rows {
			if j != i {
				row = append(row, among.square(r, c))
			}
		}
		slices.Sort(row)
		out[i] = row[k-1]
	}
	return out
}
