package tsne

import "math"

// order is the number of grid nodes that a cubic B-spline reaches along an
// axis.
const order = 4

// weights are the values of the B-splines of the four nodes around a place
// that lies t behind the second, in [0, 1).
func weights(t float32) [order]float32 {
	u := 1 - t
	t2, u2 := t*t, u*u
	const sixth = 1. / 6
	return [order]float32{
		sixth * float32(u2*u),
		2./3 - float32(t2*(1-float32(.5*t))),
		2./3 - float32(u2*(1-float32(.5*u))),
		sixth * float32(t2*t),
	}
}

// slopes are the derivatives of weights by t.
func slopes(t float32) [order]float32 {
	u := 1 - t
	return [order]float32{
		-.5 * float32(u*u),
		float32(t * (float32(1.5*t) - 2)),
		-float32(u * (float32(1.5*u) - 2)),
		.5 * float32(t*t),
	}
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
