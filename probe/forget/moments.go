package forget

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"dcganviz/model"
)

// classMoments are the mean and the covariance of the activations of a class
// of locations.
type classMoments struct {
	n    int
	mean []float64
	cov  *mat.SymDense
}

func momentsOf(act model.Tensor, rows []int) classMoments {
	k := act.Shape[1]
	m := classMoments{n: len(rows), mean: make([]float64, k), cov: mat.NewSymDense(k, nil)}
	for _, i := range rows {
		for u, v := range act.Row(i) {
			m.mean[u] += float64(v) / float64(m.n)
		}
	}
	d := mat.NewVecDense(k, nil)
	for _, i := range rows {
		for u, v := range act.Row(i) {
			d.SetVec(u, float64(v)-m.mean[u])
		}
		m.cov.SymRankOne(m.cov, 1/float64(m.n), d)
	}
	return m
}

// A direction tells how far a location's activations point towards a concept
// and how to take that away: along delta, until nothing of normal's is left.
type direction struct {
	normal, delta []float64
	at            float64 // normal·x of the class without the concept
	across        float64 // normal·delta
}

// directionOf returns the direction from class out to class in: Fisher's, whose
// normal is the difference of the means seen through the inverse of the
// covariance within classes.
func directionOf(in, out classMoments) (direction, error) {
	k := len(in.mean)
	within := mat.NewSymDense(k, nil)
	total := float64(in.n + out.n)
	within.AddSym(scaled(in.cov, float64(in.n)/total), scaled(out.cov, float64(out.n)/total))
	// A little of the mean variance on the diagonal, for units that never vary.
	ridge := 1e-3 * mat.Trace(within) / float64(k)
	if !(ridge > 0) {
		return direction{}, model.Unusable("forget: the activations do not vary")
	}
	for u := range k {
		within.SetSym(u, u, within.At(u, u)+ridge)
	}
	d := direction{delta: make([]float64, k)}
	for u := range k {
		d.delta[u] = in.mean[u] - out.mean[u]
	}
	var chol mat.Cholesky
	if !chol.Factorize(within) {
		return d, model.Unusable("forget: the covariance of the activations has no inverse")
	}
	var normal mat.VecDense
	if err := chol.SolveVecTo(&normal, mat.NewVecDense(k, d.delta)); err != nil {
		return d, fmt.Errorf("forget: the covariance of the activations: %w", err)
	}
	d.normal = normal.RawVector().Data
	for u, w := range d.normal {
		d.at += w * out.mean[u]
		d.across += w * d.delta[u]
	}
	if !(d.across > 0) {
		return d, model.Unusable("forget: locations with the concept and without have the same mean activations")
	}
	return d, nil
}

func scaled(m *mat.SymDense, f float64) *mat.SymDense {
	var out mat.SymDense
	out.ScaleSym(f, m)
	return &out
}

// erase takes from x what points towards the concept, beyond the class without
// it. What points away stays, and no activation goes below zero.
func (d *direction) erase(x []float32) {
	over := -d.at
	for u, v := range x {
		over += d.normal[u] * float64(v)
	}
	if over <= 0 {
		return
	}
	over /= d.across
	for u, v := range x {
		x[u] = max(0, float32(float64(v)-over*d.delta[u]))
	}
}
