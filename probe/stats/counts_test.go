package stats

import (
	"math"
	"testing"
)

// TestCountsEqualScipys: scipy 1.8's fisher_exact with alternative="greater", and
// binom.sf.
func TestCountsEqualScipys(t *testing.T) {
	const rounding = 1e-9 // of logarithms of factorials
	for _, c := range []struct {
		a, n, b, m int
		want       float64
	}{
		{9, 300, 5, 392, 0.09325799672560198}, {13, 300, 5, 392, 0.01182950332397649}, {0, 20, 0, 20, 1},
		{12, 15, 3, 20, 0.00016593609353680928}, {27, 300, 5, 392, 1.2791425945928376e-06}, {3, 4, 1, 4, 0.24285714285714283},
	} {
		if got := MoreThan(c.a, c.n, c.b, c.m); !(math.Abs(got/c.want-1) <= rounding) {
			t.Errorf("%d of %d against %d of %d: %v, want %v", c.a, c.n, c.b, c.m, got, c.want)
		}
	}
	for _, c := range []struct {
		k, n    int
		p, want float64
	}{
		{13, 300, .09, 0.9993341169151531}, {0, 5, .3, 1}, {5, 5, .3, 0.0024299999999999994}, {7, 20, .5, 0.9423408508300781},
		{1, 5, 0, 0}, {5, 5, 1, 1},
	} {
		if got := AtLeast(c.k, c.n, c.p); !(math.Abs(got-c.want) <= rounding*c.want) {
			t.Errorf("%d of %d at %v: %v, want %v", c.k, c.n, c.p, got, c.want)
		}
	}
}
