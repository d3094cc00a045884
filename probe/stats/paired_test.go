package stats

import (
	"math"
	"testing"
)

// Of 9,999 random signs the share has a standard deviation of 0.005 at most.
const signTol = .025

// TestPairedIsFishersTest: the differences of Darwin's maize, in eighths of an inch.
// Fisher 1935, section 21, found 1,726 of the 32,768 ways to turn their signs to reach a
// sum of 314 or more in magnitude.
func TestPairedIsFishersTest(t *testing.T) {
	darwin := []float64{49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48}
	got := PairedOf(darwin, make([]float64, len(darwin)), 1)
	if want := 1726. / 32768; !(math.Abs(got.P-want) <= signTol/2) {
		t.Errorf("p %v, want %v", got.P, want)
	}
	// The mean is 20.933, and its standard error 37.744 / sqrt(15).
	if !(math.Abs(got.Mean-314./15) <= 1e-12) || !(math.Abs(got.SE-37.744/math.Sqrt(15)) <= 1e-3) {
		t.Errorf("mean %v, SE %v", got.Mean, got.SE)
	}
}

// TestPairedCountsTies: of four differences of one size two of the sixteen ways have the
// largest sum; without a difference all are as far.
func TestPairedCountsTies(t *testing.T) {
	a, b := []float64{.3, .4, .5, .6}, []float64{.2, .3, .4, .5}
	if got := PairedOf(a, b, 1); !(math.Abs(got.P-2./16) <= signTol) || !(math.Abs(got.Mean-.1) <= 1e-12) {
		t.Errorf("%+v, want p 0.125 and mean 0.1", got)
	}
	if got := PairedOf(a, a, 1); got != (Paired{P: 1}) {
		t.Errorf("of equal numbers: %+v", got)
	}
	if PairedOf(a, b, 1) != PairedOf(a, b, 1) {
		t.Error("the same seed gives another p-value")
	}
}
