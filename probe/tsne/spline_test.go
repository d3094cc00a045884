package tsne

import (
	"math"
	"testing"
)

// Splines sum to 1, keep the place that they stand for, and slope as finite
// differences do.
func TestSplines(t *testing.T) {
	for i := range 101 {
		at := float32(i) / 101
		w, s := weights(at), slopes(at)
		const step = 1. / 64
		up, down := weights(at+step), weights(at-step)
		var sum, place, slope float64
		for j := range w {
			sum += float64(w[j])
			place += float64(w[j]) * float64(j-1)
			slope += float64(s[j])
			// A cubic's central difference is off by step^2/6 of its third
			// derivative, which is at most 3.
			if want := float64(up[j]-down[j]) / (2 * step); !(math.Abs(float64(s[j])-want) <= 2e-4) {
				t.Errorf("slope %d at %v is %v, want %v", j, at, s[j], want)
			}
		}
		if !(math.Abs(sum-1) <= 1e-6) || !(math.Abs(place-float64(at)) <= 1e-6) || !(math.Abs(slope) <= 1e-6) {
			t.Errorf("at %v: sum %v, place %v, sum of slopes %v", at, sum, place, slope)
		}
	}
}
