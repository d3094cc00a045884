package tsne

import (
	"context"
	"math"

	"dcganviz/internal/random"
	"dcganviz/probe/stats"
)

// lanczos returns the k largest eigenvalues and vectors of the symmetric
// positive matrix that apply multiplies by.
func lanczos(ctx context.Context, size, k int, apply func(dst, v []float64)) ([]float64, [][]float64, error) {
	const precision = 1e-9 // of the largest eigenvalue: an eigenvector's residual
	r := random.New(uint64(size), random.Stream(k))
	var basis [][]float64
	var alpha, beta []float64 // diagonal and off-diagonal
	random := func() []float64 {
		for {
			v := make([]float64, size)
			for i := range v {
				v[i] = r.NormFloat64()
			}
			before := math.Sqrt(stats.Dot(v, v))
			if after := orthogonalize(v, basis); after > 1e-8*before {
				scaleBy(v, 1/after)
				return v
			}
		}
	}
	next := random()
	for check := min(size, 2*k+20); ; {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		v := next
		basis = append(basis, v)
		w := make([]float64, size)
		apply(w, v)
		alpha = append(alpha, stats.Dot(w, v))
		before := math.Sqrt(stats.Dot(w, w))
		b := orthogonalize(w, basis)
		m := len(basis)
		if m == size || m >= check {
			values, inner, err := decompose(tridiagonal(alpha, beta), m, min(k, m))
			if err != nil {
				return nil, nil, err
			}
			worst := 0.
			for _, u := range inner {
				worst = max(worst, math.Abs(b*u[m-1]))
			}
			if m == size || worst <= precision*math.Abs(values[0]) {
				return values, combine(basis, inner), nil
			}
			check = min(size, m+m/4+1)
		}
		if b <= 1e-12*before || before == 0 {
			// The basis spans all that v reaches: go on elsewhere.
			beta, next = append(beta, 0), random()
			continue
		}
		scaleBy(w, 1/b)
		beta, next = append(beta, b), w
	}
}

// orthogonalize takes from v what lies along the basis, twice, as once leaves
// rounding errors, and returns the length of the rest.
func orthogonalize(v []float64, basis [][]float64) float64 {
	for range 2 {
		for _, b := range basis {
			s := stats.Dot(v, b)
			for i, x := range b {
				v[i] -= float64(s * x)
			}
		}
	}
	return math.Sqrt(stats.Dot(v, v))
}

func scaleBy(v []float64, s float64) {
	for i := range v {
		v[i] *= s
	}
}

func tridiagonal(alpha, beta []float64) []float64 {
	m := len(alpha)
	t := make([]float64, m*m)
	for i, a := range alpha {
		t[i*m+i] = a
		if i+1 < m {
			t[i*m+i+1], t[(i+1)*m+i] = beta[i], beta[i]
		}
	}
	return t
}

// combine returns the sums of basis vectors that each of inner describes.
func combine(basis, inner [][]float64) [][]float64 {
	out := make([][]float64, len(inner))
	for j, u := range inner {
		v := make([]float64, len(basis[0]))
		for i, s := range u {
			for l, x := range basis[i] {
				v[l] += float64(s * x)
			}
		}
		out[j] = v
	}
	return out
}
