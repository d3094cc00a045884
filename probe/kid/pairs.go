package kid

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// pairs are all pairs of a row of one matrix with a row of another: their products and
// squared distances.
type pairs struct {
	products mat.Dense
	xx, yy   []float64 // squares of the rows
}

func newPairs(x, y *mat.Dense) *pairs {
	p := &pairs{xx: squares(x), yy: squares(y)}
	p.products.Mul(x, y.T())
	return p
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

// square is the squared distance of row i from row j.
func (p *pairs) square(i, j int) float64 {
	size := p.xx[i] + p.yy[j]
	if square := size - 2*p.products.At(i, j); square > closest*size {
		return square
	}
	return 0
}

// A kernel says how alike two rows are.
type kernel func(p *pairs, i, j int) float64

// polynomial is the kernel of Bińkowski et al. for so many features. A single row far
// from all others can outweigh them: it grows with the third power of their sizes.
func polynomial(features int) kernel {
	return func(p *pairs, i, j int) float64 {
		t := p.products.At(i, j)/float64(features) + 1
		return t * t * t
	}
}

// bounded is a Gaussian, between 0 and 1, and 1/e at the squared distance scale.
func bounded(scale float64) kernel {
	return func(p *pairs, i, j int) float64 { return math.Exp(-p.square(i, j) / scale) }
}

// medianSquare is the median squared distance of rows of different groups, which is how
// wide the bounded kernel is: the usual choice (Gretton et al. 2012, JMLR 13, 723-773,
// section 8). p pairs a matrix with itself. It is 0 if most of them are equal.
func medianSquare(p *pairs, g groups) float64 {
	var all []float64
	for i := range g.of {
		for j := range i {
			if g.of[i] != g.of[j] {
				all = append(all, p.square(i, j))
			}
		}
	}
	slices.Sort(all)
	return all[len(all)/2]
}
