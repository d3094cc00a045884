package tsne

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/stats"
)

// Principal are points along their principal components.
type Principal struct {
	// X is the points, [N, K], about 0; component by component the variance
	// falls, and the coordinate of the largest magnitude is positive.
	X model.Tensor
	// Variance is the variance of each component, with N-1 as divisor, and Total
	// the sum of the variances of all coordinates before.
	Variance []float64
	Total    float64
}

// Components returns the first k principal components of the points x, [N, D].
//
// It is exact to float32 precision: eigenvectors of the covariance of the
// coordinates, or of the products of the points where these are fewer. Small
// matrices are decomposed as a whole; of large ones, Lanczos's iteration with
// full reorthogonalisation finds those asked for (Golub and Van Loan 2013,
// "Matrix Computations", section 10.3).
func Components(ctx context.Context, pool *model.Pool, x model.Tensor, k int) (*Principal, error) {
	if err := checkPoints(x); err != nil {
		return nil, err
	}
	n, d := x.Shape[0], x.Shape[1]
	if k < 1 || k > min(n, d) {
		return nil, fmt.Errorf("tsne: %d principal components of %d points with %d coordinates, want 1 to %d", k, n, d, min(n, d))
	}
	m := probe.Mean(x)
	p := &Principal{X: model.NewTensor(n, k)}
	for i := range n {
		for j, v := range x.Row(i) {
			c := float64(v) - m[j]
			p.Total += c * c
		}
	}
	divisor := float64(max(n-1, 1))
	p.Total /= divisor
	c := &centred{pool: pool, x: x, mean: m}
	values, vectors, err := c.largest(ctx, k)
	if err != nil {
		return nil, err
	}
	for j := range k {
		p.Variance = append(p.Variance, max(values[j], 0)/divisor)
	}
	c.project(p.X, values, vectors)
	for j := range k {
		positive(p.X, j)
	}
	return p, nil
}

// positive turns component j so that its largest coordinate is positive.
func positive(x model.Tensor, j int) {
	k := x.Shape[1]
	largest := float32(0)
	for i := j; i < len(x.Data); i += k {
		if v := x.Data[i]; math.Abs(float64(v)) > math.Abs(float64(largest)) {
			largest = v
		}
	}
	if largest < 0 {
		for i := j; i < len(x.Data); i += k {
			x.Data[i] = -x.Data[i]
		}
	}
}

// centred is points less their mean, as a matrix A.
type centred struct {
	pool *model.Pool
	x    model.Tensor
	mean []float64
}

// wide reports that there are fewer points than coordinates, so that AA^T is
// smaller than A^T A.
func (c *centred) wide() bool { return c.x.Shape[0] < c.x.Shape[1] }

const (
	// wholeUpTo is the largest matrix that is decomposed as a whole.
	wholeUpTo = 300
	// storedUpTo is the largest matrix that is stored; the iteration works on
	// the points themselves beyond.
	storedUpTo = 5000
)

// largest returns the k largest eigenvalues of A^T A or AA^T, and their
// eigenvectors, one a row.
func (c *centred) largest(ctx context.Context, k int) ([]float64, [][]float64, error) {
	size := min(c.x.Shape[0], c.x.Shape[1])
	if size <= storedUpTo {
		g, err := c.gram(ctx)
		if err != nil {
			return nil, nil, err
		}
		if size <= wholeUpTo {
			return decompose(g, size, k)
		}
		return lanczos(ctx, size, k, func(dst, v []float64) {
			eachPoint(c.pool, size, func(i int) { dst[i] = stats.Dot(g[i*size:(i+1)*size], v) })
		})
	}
	return lanczos(ctx, size, k, c.apply)
}

// project writes the points along the vectors.
func (c *centred) project(out model.Tensor, values []float64, vectors [][]float64) {
	n, k := out.Shape[0], out.Shape[1]
	if c.wide() { // the vectors are the points along each component already
		for j, v := range vectors {
			s := math.Sqrt(max(values[j], 0))
			for i := range n {
				out.Data[i*k+j] = float32(s * v[i])
			}
		}
		return
	}
	c.pool.Run(pointTasks(n), func(task, _ int) {
		row := make([]float64, len(c.mean))
		for i := pointTask * task; i < min(pointTask*(task+1), n); i++ {
			for j, v := range c.x.Row(i) {
				row[j] = float64(v) - c.mean[j]
			}
			for j, v := range vectors {
				out.Data[i*k+j] = float32(stats.Dot(row, v))
			}
		}
	})
}

// decompose returns the k largest eigenvalues and vectors of a symmetric
// matrix.
func decompose(g []float64, size, k int) ([]float64, [][]float64, error) {
	var e mat.EigenSym
	if !e.Factorize(mat.NewSymDense(size, g), true) {
		return nil, nil, model.Unusable("tsne: the eigenvalues of a %dx%d matrix do not converge", size, size)
	}
	all := e.Values(nil) // rising
	var v mat.Dense
	e.VectorsTo(&v)
	values, vectors := make([]float64, k), make([][]float64, k)
	for j := range k {
		values[j] = all[size-1-j]
		vectors[j] = mat.Col(nil, size-1-j, &v)
	}
	return values, vectors, nil
}
