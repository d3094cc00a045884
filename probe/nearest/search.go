package nearest

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"dcganviz/internal/kernel"
	"dcganviz/model"
	"dcganviz/probe"
)

// A Hit is one of the nearest rows.
type Hit struct {
	Index    int     `json:"index"`
	Distance float64 `json:"distance"`
	// Mirrored says that the row is near to the mirror image.
	Mirrored bool `json:"mirrored,omitempty"`
}

// Search returns for each row of a, [N, ...], the k nearest rows of b, [M, ...]
// with rows of the same length: [N][min(k, M)], nearest first, of equal ones the
// first. Distances are Euclidean, summed in float64.
//
// The result is exact. Products of matrices find which rows can be among the
// nearest, by the bounds of their rounding; only those distances are then taken
// by definition. So it depends neither on the threads nor on the processor.
// A nil pool runs on one of its own; ctx is heeded between blocks. Rows that are not
// finite, or of different lengths, are errors.
func Search(ctx context.Context, pool *model.Pool, a, b model.Tensor, k int) ([][]Hit, error) {
	if len(a.Shape) < 2 || len(b.Shape) < 2 || !slices.Equal(a.Shape[1:], b.Shape[1:]) {
		return nil, fmt.Errorf("nearest: rows of shapes %v and %v, want alike but for their number", a.Shape, b.Shape)
	}
	if k < 1 || b.Len() == 0 {
		return nil, fmt.Errorf("nearest: %d of %d rows, want at least one of one", k, b.Len())
	}
	s, err := newScreen(b, min(a.Len(), rowBlock))
	if err != nil {
		return nil, err
	}
	var out [][]Hit
	for from := 0; from < a.Len(); from += rowBlock {
		to := min(from+rowBlock, a.Len())
		block := a.Slice(from, to)
		if err := s.estimate(ctx, pool, block, b); err != nil {
			return nil, err
		}
		for i := range to - from {
			out = append(out, s.pick(i, block.Row(i), b, k))
		}
	}
	return out, nil
}

// Blocks of rows whose products are taken at once: of 12,288 pixels' values a
// block is 13 MB.
const (
	rowBlock    = 256
	columnBlock = 256
)

// A screen bounds distances to the rows of b from products of matrices.
type screen struct {
	mean  []float32 // of b; it is subtracted because distances are small beside the rows
	norms []float64 // squared, of b's rows less the mean
	// estimates are the squared distances of a block of a, [rowBlock, M], and slack
	// is how far each may be off.
	estimates, slack []float32
	rows, columns    []float32
	product          []float32
}

// newScreen is for blocks of up to so many rows.
func newScreen(b model.Tensor, rows int) (*screen, error) {
	f := len(b.Row(0))
	s := &screen{mean: make([]float32, f), norms: make([]float64, b.Len())}
	sum := make([]float64, f)
	for i := range b.Len() {
		for j, v := range b.Row(i) {
			if v-v != 0 {
				return nil, model.Unusable("nearest: row %d of the rows to search holds %v, want finite numbers", i, v)
			}
			sum[j] += float64(v)
		}
	}
	for j, v := range sum {
		s.mean[j] = float32(v / float64(b.Len()))
	}
	columns := min(columnBlock, b.Len())
	s.rows, s.columns = make([]float32, max(rows, 1)*f), make([]float32, columns*f)
	s.product = make([]float32, rows*columns)
	s.estimates, s.slack = make([]float32, rows*b.Len()), make([]float32, rows*b.Len())
	for i := range b.Len() {
		if s.norms[i] = s.center(s.rows[:f], b.Row(i)); !(s.norms[i] <= math.MaxFloat32) {
			return nil, model.Unusable("nearest: row %d of the rows to search is too large: its square has no float32", i)
		}
	}
	return s, nil
}

// center writes a row less the mean, and returns its squared norm.
func (s *screen) center(dst, row []float32) (norm float64) {
	for j, v := range row {
		d := v - s.mean[j]
		dst[j] = d
		norm += float64(d) * float64(d)
	}
	return norm
}

// estimate fills in estimates and slack for a block of rows.
func (s *screen) estimate(ctx context.Context, pool *model.Pool, a, b model.Tensor) error {
	f, n, m := len(s.mean), a.Len(), b.Len()
	norms := make([]float64, n)
	for i := range n {
		if norms[i] = s.center(s.rows[i*f:][:f], a.Row(i)); !(norms[i] <= math.MaxFloat32) {
			return model.Unusable("nearest: a row is not finite, or too large")
		}
	}
	// Rounding of a product is at most (f-1)u times the sum of the products'
	// sizes, with u = 2^-24 (Higham 2002, Accuracy and Stability of Numerical
	// Algorithms, section 3.1): by Cauchy-Schwarz and the means' inequality at
	// most half the sum of the squared norms, and it counts twice. The rest is
	// for the subtraction of the mean and for these numbers themselves.
	relative := float64(f+64) / (1 << 24)
	for from := 0; from < m; from += columnBlock {
		if err := ctx.Err(); err != nil {
			return err
		}
		to := min(from+columnBlock, m)
		for j := from; j < to; j++ {
			s.center(s.columns[(j-from)*f:][:f], b.Row(j))
		}
		// big = small times W transposed: a product of rows with rows.
		g := kernel.Geom{N: 1, H: n, W: 1, C: to - from, OH: n, OW: 1, K: f, KH: 1, KW: 1, Stride: 1}
		w := &kernel.Filter{KH: 1, KW: 1, C: to - from, K: f, W: s.columns[:(to-from)*f]}
		pool.ConvT(g, s.product[:n*(to-from)], s.rows[:n*f], w)
		for i := range n {
			for j := from; j < to; j++ {
				sum := norms[i] + s.norms[j]
				s.estimates[i*m+j] = float32(sum - 2*float64(s.product[i*(to-from)+j-from]))
				s.slack[i*m+j] = float32(relative * sum)
			}
		}
	}
	return nil
}

// pick returns the nearest rows of b to row i of the block that was estimated.
func (s *screen) pick(i int, row []float32, b model.Tensor, k int) []Hit {
	m := b.Len()
	k = min(k, m)
	estimates, slack := s.estimates[i*m:][:m], s.slack[i*m:][:m]
	most := make([]float32, m)
	for j, e := range estimates {
		most[j] = e + slack[j]
	}
	slices.Sort(most)
	limit := most[k-1] // k distances are at most this
	var hits []Hit
	for j, e := range estimates {
		if e-slack[j] <= limit {
			hits = append(hits, Hit{Index: j, Distance: probe.Distance(row, b.Row(j))})
		}
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(a.Distance, b.Distance) })
	return hits[:k:k]
}
