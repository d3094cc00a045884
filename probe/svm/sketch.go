package svm

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"dcganviz/internal/kernel"
	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe/stats"
)

// A sketch is the largest eigenvalues of the second moment of the features, the mean of
// x x^T, roughly: of some of the rows, in a space that random directions led to.
type sketch struct {
	values  []float64 // falling
	vectors *table    // [d+1, rank]
	width   int
}

const (
	sketchRows = 8192
	// A larger sketch saves rounds and takes longer to make: a direction for so many rows.
	rowsPerDirection = 10
	mostDirections   = 256
)

// newSketch returns the sketch of t, nil where the features are too few for one to pay.
func newSketch(ctx context.Context, t *table) (*sketch, error) {
	rank := min(t.n/rowsPerDirection, mostDirections, t.d/4)
	if rank < 8 {
		return nil, nil
	}
	rows, d := min(t.n, sketchRows), t.d+1
	some := model.NewTensor(rows, d)
	for i := range rows {
		row := some.Row(i)
		copy(row, t.x[i*t.n/rows*t.d:][:t.d])
		row[t.d] = 1
	}
	s, err := newTable(some, t.pool)
	if err != nil {
		return nil, err
	}
	rng := random.New(0, random.SVMSketch)
	draw := make([]float64, (s.d+1)*rank)
	for i := range s.d * rank {
		draw[i] = rng.NormFloat64()
	}
	// The range of the moment: S^T (S draw), made orthonormal.
	image := make([]float64, len(draw))
	if err := s.moment(ctx, image, draw, rank); err != nil {
		return nil, err
	}
	basis := make([]float64, rank*d)
	for i := range d {
		for j := range rank {
			basis[j*d+i] = image[i*rank+j]
		}
	}
	orthonormal(t.pool, basis, rank, d)
	q := model.NewTensor(d, rank)
	for i := range d {
		for j := range rank {
			draw[i*rank+j] = basis[j*d+i]
			q.Data[i*rank+j] = float32(basis[j*d+i])
		}
	}
	clear(image)
	if err := s.moment(ctx, image, draw, rank); err != nil {
		return nil, err
	}
	return newEigen(q, image, float64(rows), t.pool)
}

// newEigen returns the sketch of the moment whose products with the orthonormal columns of
// q, [d, rank], image holds, times rows.
func newEigen(q model.Tensor, image []float64, rows float64, pool *model.Pool) (*sketch, error) {
	basis, err := newTable(q, pool)
	if err != nil {
		return nil, err
	}
	d, rank := q.Shape[0], q.Shape[1]
	half := make([]float32, d*rank)
	for i := range half {
		half[i] = float32(image[i] / rows)
	}
	inner := make([]float64, (rank+1)*rank)
	basis.transposed(inner, 0, d, half, rank)
	symmetric := mat.NewSymDense(rank, nil)
	for i := range rank {
		for j := range i + 1 {
			symmetric.SetSym(i, j, (inner[i*rank+j]+inner[j*rank+i])/2)
		}
	}
	var e mat.EigenSym
	if !e.Factorize(symmetric, true) {
		return nil, nil // a fit without a sketch takes longer
	}
	var v mat.Dense
	e.VectorsTo(&v)
	out := &sketch{width: rank, values: e.Values(nil)}
	slices.Reverse(out.values)
	turn := basis.columns(rank)
	for i := range rank {
		out.values[i] = max(out.values[i], 0)
		for j := range rank {
			turn.f.W[j*rank+i] = float32(v.At(j, rank-1-i))
		}
	}
	turned := model.NewTensor(d, rank)
	basis.times(turned.Data, 0, d, turn)
	out.vectors, err = newTable(turned, pool)
	return out, err
}

// moment adds X^T X v to sum, both [d+1, k].
func (t *table) moment(ctx context.Context, sum, v []float64, k int) error {
	c := t.columns(k)
	c.set(v)
	var z []float32
	return t.blocks(ctx, func(from, to int) {
		z = resize(z, (to-from)*k)
		t.times(z, from, to, c)
		t.transposed(sum, from, to, z, k)
	})
}

// orthonormal makes the rows of b, [n, d], orthonormal: Gram and Schmidt's method in its
// modified form. A row that hangs on those before it becomes zero.
func orthonormal(pool *model.Pool, b []float64, n, d int) {
	for i := range n {
		row := b[i*d : (i+1)*d]
		length := math.Sqrt(stats.Dot(row, row))
		if length > 0 {
			for l := range row {
				row[l] /= length
			}
		}
		pool.Run(n-i-1, func(task, _ int) {
			other := b[(i+1+task)*d : (i+2+task)*d]
			along := stats.Dot(row, other)
			for l, v := range row {
				other[l] -= float64(along * v)
			}
		})
	}
}

// preconditioner returns a function that divides vectors [d+1, k] by about H: along the
// sketch's eigenvectors by their eigenvalues, otherwise by the smallest of these.
func (s *solver) preconditioner() func(r []float64) []float64 {
	q := s.sketch
	if q == nil {
		return func(r []float64) []float64 { return append([]float64(nil), r...) }
	}
	k, rank := s.k, q.width
	counts := make([]float64, k)
	for i, m := range s.decided {
		if s.side(i/k, i%k)*m < 1 {
			counts[i%k]++
		}
	}
	// factor is what the part of a vector along an eigenvector is multiplied by, less rest,
	// which all of it is.
	factor, rest := make([]float64, rank*k), make([]float64, k)
	for j, n := range counts {
		weight := 2 * s.c * n
		rest[j] = 1 / (1 + weight*q.values[rank-1])
		for i, v := range q.values {
			factor[i*k+j] = 1/(1+weight*v) - rest[j]
		}
	}
	rows := q.vectors.n // d+1
	back := &columns{f: kernel.NewFilter(1, 1, rank, k), bias: make([]float32, k)}
	return func(r []float64) []float64 {
		z := make([]float32, len(r))
		for i, v := range r {
			z[i] = float32(v)
		}
		inside := make([]float64, (rank+1)*k)
		q.vectors.transposed(inside, 0, rows, z, k)
		clear(inside[rank*k:]) // what its constant feature gives
		for i, f := range factor {
			inside[i] *= f
		}
		back.set(inside)
		q.vectors.times(z, 0, rows, back)
		out := make([]float64, len(r))
		for i, v := range z {
			out[i] = float64(v) + float64(rest[i%k]*r[i])
		}
		return out
	}
}
