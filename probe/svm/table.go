package svm

import (
	"context"

	"dcganviz/internal/kernel"
	"dcganviz/model"
	"dcganviz/probe"
)

// A table is features [n, d] with the products that a fit makes of them. It reads them
// where they are and adds a feature that is always 1.
type table struct {
	pool *model.Pool
	x    []float32
	n, d int
	// split is how many parts a row is cut into, so that threads share the products.
	split   int
	product []float32 // scratch of transposed
}

const (
	// blockFloats is about how many features are read at once: 8 MB, which stay in a
	// third-level cache from one product to the next.
	blockFloats = 2 << 20
	// blockRows is the fewest rows read at once.
	blockRows = 128
	mostParts = 16
)

func newTable(x model.Tensor, pool *model.Pool) (*table, error) {
	if len(x.Shape) != 2 || x.Shape[0] < 1 || x.Shape[1] < 1 || len(x.Data) != x.Shape[0]*x.Shape[1] {
		return nil, probe.Input("svm: features of shape %v with %d numbers, want [N, D]", x.Shape, len(x.Data))
	}
	t := &table{pool: pool, x: x.Data, n: x.Shape[0], d: x.Shape[1], split: 1}
	for s := 2; s <= mostParts; s++ {
		if t.d%s == 0 {
			t.split = s
		}
	}
	return t, nil
}

// columns returns k columns of zeros.
func (t *table) columns(k int) *columns {
	return &columns{f: kernel.NewFilter(1, 1, t.d, k), bias: make([]float32, k)}
}

// blocks calls f for all rows, a block after the other.
func (t *table) blocks(ctx context.Context, f func(from, to int)) error {
	rows := max(blockRows, blockFloats/t.d/blockRows*blockRows)
	return probe.InParts(ctx, t.n, rows, func(from, to int) error {
		f(from, to)
		return nil
	})
}

// times writes the products of rows from to to-1 with v to out, [to-from, k].
func (t *table) times(out []float32, from, to int, v *columns) {
	rows, k := to-from, v.f.K
	t.pool.Conv(kernel.Geom{N: 1, H: rows, W: 1, C: t.d, OH: rows, OW: 1, K: k, KH: 1, KW: 1, Stride: 1},
		out, t.x[from*t.d:to*t.d], v.f)
	for i := 0; i < len(out); i += k {
		for j, b := range v.bias {
			out[i+j] += b
		}
	}
}

// transposed adds the products of the columns of rows from to to-1 with those of z,
// [to-from, k], to sum, [d+1, k].
func (t *table) transposed(sum []float64, from, to int, z []float32, k int) {
	rows := to - from
	if len(t.product) != t.d*k {
		t.product = make([]float32, t.d*k)
	}
	// To the kernel a row is an image of split pixels.
	t.pool.ConvW(kernel.Geom{N: rows, H: t.split, W: 1, C: t.d / t.split, OH: 1, OW: 1, K: k, KH: t.split, KW: 1, Stride: 1},
		t.product, t.x[from*t.d:to*t.d], z)
	for i, v := range t.product {
		sum[i] += float64(v)
	}
	last := sum[t.d*k:]
	for i := 0; i < len(z); i += k {
		for j, v := range z[i : i+k] {
			last[j] += float64(v)
		}
	}
}
