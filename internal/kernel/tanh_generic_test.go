package kernel

import (
	"math"
	"testing"
)

// TestPortableTanhIsThatOfMath: to far more digits than a float32 has.
func TestPortableTanhIsThatOfMath(t *testing.T) {
	const exact = 1e-11
	for x := 1e-30; x < 9.1; x *= 1.0001 {
		for _, x := range []float64{x, -x} {
			if got, want := tanh64(x), math.Tanh(x); !(math.Abs(got-want) <= exact*math.Abs(want)) {
				t.Fatalf("tanh(%g) = %.17g, want %.17g", x, got, want)
			}
		}
	}
	for _, x := range []float64{9.1, math.MaxFloat32, math.Inf(1)} {
		if got := tanh64(x); float32(got) != 1 {
			t.Errorf("tanh(%g) = %.17g, want 1 in float32", x, got)
		}
	}
	negative := math.Copysign(0, -1)
	if got := tanh64(negative); got != 0 || !math.Signbit(got) || tanh64(math.NaN()) == tanh64(math.NaN()) {
		t.Errorf("tanh(-0) = %v, want -0; tanh(NaN) = %v", got, tanh64(math.NaN()))
	}
}
