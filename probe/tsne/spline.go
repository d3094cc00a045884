package tsne

import "math"

// order is the number of grid nodes that a cubic B-spline reaches along an
// axis.
const order = 4

// splines are the coefficients, by powers of t, of the B-splines of the four
// nodes around a place that lies t behind the second, in [0, 1).
var splines = [order][order]float32{
	{1. / 6, 2. / 3, 1. / 6, 0},
	{-.5, 0, .5, 0},
	{.5, -1, .5, 0},
	{-1. / 6, .5, -.5, 1. / 6},
}

// weights are the values of the splines at t.
func weights(t float32) (w [order]float32) {
	c := &splines
	for j := range w {
		w[j] = c[0][j] + float32(t*(c[1][j]+float32(t*(c[2][j]+float32(t*c[3][j])))))
	}
	return w
}

// slopes are the derivatives of weights by t.
func slopes(t float32) (s [order]float32) {
	c := &splines
	for j := range s {
		s[j] = c[1][j] + float32(t*(2*c[2][j]+float32(t*(3*c[3][j]))))
	}
	return s
}

// response is what spreading to a grid of n nodes by cubic B-splines and
// reading from it by them does to the wave of k periods; the kernel's transform
// is divided by it.
//
// It is the least-squares choice, which also counts the waves that the grid
// cannot tell from this one: the square of the sum of all their squared
// transforms by that of the wave itself. Method: Hockney and Eastwood 1988,
// "Computer Simulation Using Particles", section 8-3; for B-splines, Essmann et
// al. 1995 (doi:10.1063/1.470117).
func response(k, n int) float64 {
	w := 2 * math.Pi * float64(min(k, n-k)) / float64(n)
	sum := (2416 + 2382*math.Cos(w) + 240*math.Cos(2*w) + 2*math.Cos(3*w)) / 5040
	if k == 0 {
		return 1
	}
	sinc := math.Sin(w/2) / (w / 2)
	return sum * sum / math.Pow(sinc, 8)
}
