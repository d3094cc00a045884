package tsne

import "dcganviz/model"

// exactDivergence is divergence with the sum of q over all pairs.
func exactDivergence(pool *model.Pool, a *Affinities, y []float64) float64 {
	return divergence(pool, a, y, repelExactly(pool, y, nil))
}

// exactGradient sets gradient to the exact gradient by y, with the affinities times
// exaggeration, and returns the divergence.
//
// Method: van der Maaten and Hinton 2008, equation 5.
func exactGradient(pool *model.Pool, a *Affinities, y, gradient []float64, exaggeration float64) (float64, error) {
	f := exactForces{pool, a, make([]float64, len(y))}
	z, err := f.gradient(y, gradient, exaggeration)
	return divergence(pool, a, y, z), err
}
