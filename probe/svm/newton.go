package svm

import (
	"context"
	"math"
	"slices"
)

// A solver is a fit under way. Its vectors are [d+1, k], a column for each class.
type solver struct {
	*Problem
	c    float64
	k    int
	live []bool // classes that are not done

	w, gradient, d    []float64
	objective, excess []float64
	first             []float64 // the length of the first gradient

	// decided and along are X w and X d, [n, k].
	decided, along []float64
	parts, single  *columns
	passes         int

	best          []float64 // w of the smallest excess so far
	bestObjective []float64
	bestExcess    []float64
	lowest        []float64 // the smallest objective so far
	idle          []int     // steps since either became smaller
}

func newSolver(p *Problem, c float64) *solver {
	k, t := p.classes, p.table
	size := (t.d + 1) * k
	s := &solver{Problem: p, c: c, k: k, live: slices.Repeat([]bool{true}, k),
		w: make([]float64, size), gradient: make([]float64, size), d: make([]float64, size), best: make([]float64, size),
		objective: make([]float64, k), excess: make([]float64, k),
		bestObjective: make([]float64, k), bestExcess: slices.Repeat([]float64{math.Inf(1)}, k),
		lowest: slices.Repeat([]float64{math.Inf(1)}, k), idle: make([]int, k),
		decided: make([]float64, t.n*k), along: make([]float64, t.n*k),
		parts: t.columns(2 * k), single: t.columns(k)}
	return s
}

// side is 1 if row i is of class k, otherwise -1.
func (s *solver) side(i, k int) float64 {
	if s.labels[i] == k {
		return 1
	}
	return -1
}

// evaluate computes the objective at w, its gradient and the decisions.
func (s *solver) evaluate(ctx context.Context) error {
	k := s.k
	s.parts.setParts(s.w, k)
	squares := columnDots(s.w, s.w, k)
	loss := make([]float64, k)
	copy(s.gradient, s.w)
	var both, z []float32
	err := s.table.blocks(ctx, func(from, to int) {
		both, z = resize(both, (to-from)*2*k), resize(z, (to-from)*k)
		s.table.times(both, from, to, s.parts)
		for i := from; i < to; i++ {
			row := both[(i-from)*2*k:]
			for j := range k {
				m := float64(row[j]) + float64(row[k+j])
				s.decided[i*k+j] = m
				side := s.side(i, j)
				slack := max(0, 1-side*m)
				loss[j] += float64(slack * slack)
				z[(i-from)*k+j] = float32(-2 * s.c * side * slack)
			}
		}
		s.table.transposed(s.gradient, from, to, z, k)
	})
	s.passes++
	for j := range k {
		s.objective[j] = squares[j]/2 + s.c*loss[j]
	}
	return err
}

const (
	// rounding is how exact an objective of float32 products is.
	rounding = 1e-7
	mostIdle = 3
)

// settle keeps the best weights, and reports whether all classes are done: those near
// enough to the smallest objective, and those that rounding keeps from getting nearer.
func (s *solver) settle(tolerance float64) bool {
	squares := columnDots(s.gradient, s.gradient, s.k)
	if s.first == nil {
		s.first = make([]float64, s.k)
		for j, v := range squares {
			s.first[j] = math.Sqrt(v)
		}
	}
	done := true
	for j := range s.k {
		if !s.live[j] {
			s.objective[j], s.excess[j] = s.bestObjective[j], s.bestExcess[j]
			continue
		}
		s.excess[j] = 0
		if s.objective[j] > 0 {
			s.excess[j] = squares[j] / 2 / s.objective[j]
		}
		s.idle[j]++
		if s.objective[j] < s.lowest[j]*(1-rounding) {
			s.lowest[j], s.idle[j] = s.objective[j], 0
		}
		if s.excess[j] < s.bestExcess[j] {
			s.bestObjective[j], s.bestExcess[j], s.idle[j] = s.objective[j], s.excess[j], 0
			for i := j; i < len(s.w); i += s.k {
				s.best[i] = s.w[i]
			}
		}
		if s.live[j] = s.bestExcess[j] > tolerance && s.idle[j] < mostIdle; !s.live[j] {
			s.objective[j], s.excess[j] = s.bestObjective[j], s.bestExcess[j]
			for i := j; i < len(s.w); i += s.k {
				s.w[i] = s.best[i]
			}
		}
		done = done && !s.live[j]
	}
	return done
}

// step goes along d to where the objective is smallest.
func (s *solver) step() {
	wd, dd := columnDots(s.w, s.d, s.k), columnDots(s.d, s.d, s.k)
	length := make([]float64, s.k)
	s.table.pool.Run(s.k, func(j, _ int) {
		if s.live[j] && dd[j] > 0 {
			length[j] = s.lineMinimum(j, wd[j], dd[j])
		}
	})
	for i := 0; i < len(s.w); i += s.k {
		for j, t := range length {
			s.w[i+j] += float64(t * s.d[i+j])
		}
	}
}

// mostLooks bounds the looks of a line search; fewer than ten are usual.
const mostLooks = 60

// lineMinimum returns how far along d the objective of class j is smallest. Its slope
// along d rises and is linear between the places where a row begins or ceases to count,
// so that Newton's method ends at the root itself; halves of an interval that holds the
// root catch its leaps. wd and dd are the products of w and d, and of d with itself.
func (s *solver) lineMinimum(j int, wd, dd float64) float64 {
	slopeAt := func(t float64) (slope, rise float64) {
		slope, rise = wd+float64(t*dd), dd
		for i, at := 0, j; at < len(s.along); i, at = i+1, at+s.k {
			side := s.side(i, j)
			a := side * s.along[at]
			if slack := 1 - side*s.decided[at] - float64(t*a); slack > 0 {
				slope -= 2 * s.c * float64(slack*a)
				rise += 2 * s.c * float64(a*a)
			}
		}
		return slope, rise
	}
	start, _ := slopeAt(0)
	if !(start < 0) {
		return 0
	}
	low, high, t := 0.0, math.Inf(1), 1.0
	for range mostLooks {
		slope, rise := slopeAt(t)
		if math.Abs(slope) <= 1e-12*-start {
			break
		}
		if slope < 0 {
			low = t
		} else {
			high = t
		}
		next := t - slope/rise
		if !(next > low && next < high) {
			next = (low + min(high, 2*low+1)) / 2
		}
		if next == t {
			break
		}
		t = next
	}
	return t
}

// columnDots returns the products of each column of a, [n, k], with that of b.
func columnDots(a, b []float64, k int) []float64 {
	sum := make([]float64, k)
	for i := 0; i < len(a); i += k {
		for j := range sum {
			sum[j] += float64(a[i+j] * b[i+j])
		}
	}
	return sum
}

// resize returns n numbers with any content, in the memory of s if it is enough.
func resize(s []float32, n int) []float32 {
	if cap(s) < n {
		return make([]float32, n)
	}
	return s[:n]
}
