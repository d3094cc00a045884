package svm

import (
	"context"
	"math"
)

// mostRounds bounds the rounds of one Newton step.
const mostRounds = 300

// direction solves H d = -gradient for each class that is not done by conjugate gradients
// (Golub & Van Loan 2013, "Matrix Computations", section 11.5), as exactly as the gradient
// is small. H is 1 + 2C times the sum of x x^T over the rows that count.
func (s *solver) direction(ctx context.Context) error {
	k := s.k
	clear(s.d)
	clear(s.along)
	r := make([]float64, len(s.gradient))
	for i, g := range s.gradient {
		if s.live[i%k] {
			r[i] = -g
		}
	}
	precondition := s.preconditioner()
	z := precondition(r)
	p := append([]float64(nil), z...)
	rz, start := columnDots(r, z, k), columnDots(r, r, k)
	open := append([]bool(nil), s.live...)
	hp, xp := make([]float64, len(p)), make([]float32, len(s.along))
	for range mostRounds {
		if err := s.curvature(ctx, hp, xp, p); err != nil {
			return err
		}
		php := columnDots(p, hp, k)
		step := make([]float64, k)
		for j := range k {
			if open[j] && php[j] > 0 {
				step[j] = rz[j] / php[j]
			}
		}
		addColumns(s.d, p, step)
		for i, v := range xp {
			s.along[i] += float64(step[i%k] * float64(v))
		}
		for j := range step {
			step[j] = -step[j]
		}
		addColumns(r, hp, step)
		left := columnDots(r, r, k)
		more := false
		for j := range k {
			length := math.Sqrt(start[j])
			near := min(0.1, math.Sqrt(length/s.first[j]))
			open[j] = open[j] && math.Sqrt(left[j]) > near*length
			more = more || open[j]
		}
		if !more {
			break
		}
		z = precondition(r)
		next := columnDots(r, z, k)
		for i := range p {
			if j := i % k; open[j] {
				p[i] = z[i] + float64(next[j]/rz[j]*p[i])
			} else {
				p[i] = 0
			}
		}
		rz = next
	}
	return nil
}

// curvature sets hp to H p, and xp to X p.
func (s *solver) curvature(ctx context.Context, hp []float64, xp []float32, p []float64) error {
	k := s.k
	s.single.set(p)
	copy(hp, p)
	var z []float32
	s.passes++
	return s.table.blocks(ctx, func(from, to int) {
		at := xp[from*k : to*k]
		s.table.times(at, from, to, s.single)
		z = resize(z, len(at))
		for i := from; i < to; i++ {
			for j := range k {
				here := (i-from)*k + j
				z[here] = 0
				if s.side(i, j)*s.decided[i*k+j] < 1 {
					z[here] = float32(2 * s.c * float64(at[here]))
				}
			}
		}
		s.table.transposed(hp, from, to, z, k)
	})
}

// addColumns adds b, each column times its factor, to a.
func addColumns(a, b, factor []float64) {
	k := len(factor)
	for i := 0; i < len(a); i += k {
		for j, f := range factor {
			a[i+j] += float64(f * b[i+j])
		}
	}
}
