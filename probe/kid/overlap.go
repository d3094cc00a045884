package kid

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/mat"

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
	return overlap(x, y, k), nil
}

func overlap(x, y *mat.Dense, k int) Overlap {
	n, _ := x.Dims()
	m, _ := y.Dims()
	ofX, ofY := radii(x, k), radii(y, k)
	covered, recalled := make([]bool, m), make([]bool, m)
	precise, balls := 0, 0
	between := newDistances(x, y)
	for i := range n {
		before := balls
		for j := range m {
			d := between.at(i, j)
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
	return Overlap{
		Precision: float64(precise) / float64(n),
		Recall:    stats.Share(recalled),
		Density:   float64(balls) / float64(k) / float64(n),
		Coverage:  stats.Share(covered),
	}
}

// radii returns the squared distance of each row of x from its k-th nearest
// other row.
func radii(x *mat.Dense, k int) []float64 {
	n, _ := x.Dims()
	among := newDistances(x, x)
	out, row := make([]float64, n), make([]float64, 0, n)
	for i := range n {
		row = row[:0]
		for j := range n {
			if j != i {
				row = append(row, among.at(i, j))
			}
		}
		slices.Sort(row)
		out[i] = row[k-1]
	}
	return out
}

// distances are the squared distances of the rows of two matrices.
type distances struct {
	products mat.Dense
	xx, yy   []float64
}

func newDistances(x, y *mat.Dense) *distances {
	d := &distances{xx: squares(x), yy: squares(y)}
	d.products.Mul(x, y.T())
	return d
}

func squares(x *mat.Dense) []float64 {
	n, _ := x.Dims()
	out := make([]float64, n)
	for i := range n {
		for _, v := range x.RawRowView(i) {
			out[i] += v * v
		}
	}
	return out
}

// closest is the least squared distance, relative to the squares of the rows, that counts
// as more than zero: the rounding of a product of some thousand numbers.
const closest = 1e-11

func (d *distances) at(i, j int) float64 {
	size := d.xx[i] + d.yy[j]
	if square := size - 2*d.products.At(i, j); square > closest*size {
		return square
	}
	return 0
}
