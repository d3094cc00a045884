package stats

import (
	"math"

	"dcganviz/model"
)

const (
	// newtonSteps is far more than a fit takes that does not fail: ten or so.
	newtonSteps = 100
	// gradientGoal is where a fit ends: the largest derivative of the mean
	// loss, in nats a standard deviation.
	gradientGoal = 1e-7
)

// minimise returns the weights of the smallest loss, the bias last.
func (l *logistic) minimise() ([]float64, error) {
	w := make([]float64, l.features()+1)
	at := l.loss(w)
	for range newtonSteps {
		g := l.gradient(w)
		var largest, norm float64
		for _, v := range g {
			largest = max(largest, math.Abs(v))
			norm += v * v
		}
		if largest <= gradientGoal {
			return w, nil
		}
		d := l.direction(g, math.Sqrt(norm))
		slope := product(g, d)
		next := make([]float64, len(w))
		for t := 1.0; ; t /= 2 {
			for i := range w {
				next[i] = w[i] + t*d[i]
			}
			v := l.loss(next)
			if v <= at+1e-4*t*slope {
				w, at = next, v
				break
			}
			if t < 1e-9 {
				return w, nil // as low as rounding lets it come
			}
		}
	}
	return nil, model.Unusable("stats: logistic: no minimum after %d steps: the labels follow from the features, want a penalty", newtonSteps)
}

// direction solves hessian·d = -g by conjugate gradients, the more closely the
// smaller the gradient.
func (l *logistic) direction(g []float64, norm float64) []float64 {
	goal := norm * min(.1, math.Sqrt(norm))
	d, r, p := make([]float64, len(g)), make([]float64, len(g)), make([]float64, len(g))
	for i, v := range g {
		r[i], p[i] = -v, -v
	}
	rr := product(r, r)
	for range len(g) {
		h := l.hessian(p)
		curvature := product(p, h)
		if !(curvature > 0) {
			break // flat: nothing is known beyond
		}
		a := rr / curvature
		for i := range d {
			d[i] += a * p[i]
			r[i] -= a * h[i]
		}
		next := product(r, r)
		if math.Sqrt(next) <= goal {
			break
		}
		for i := range p {
			p[i] = r[i] + next/rr*p[i]
		}
		rr = next
	}
	if product(d, d) == 0 {
		copy(d, r)
	}
	return d
}

func product(a, b []float64) (sum float64) {
	for i, v := range a {
		sum += float64(v * b[i])
	}
	return sum
}
