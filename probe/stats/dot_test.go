package stats

import "testing"

// TestDotOfEachLength compares products with sums that are exact: of small whole numbers.
func TestDotOfEachLength(t *testing.T) {
	for n := range 14 {
		a, b, want := make([]float64, n), make([]float64, n), 0
		for i := range n {
			a[i], b[i] = float64(i+1), float64(3-i)
			want += (i + 1) * (3 - i)
		}
		if got := Dot(a, b); got != float64(want) {
			t.Errorf("of %d numbers: %v, want %d", n, got, want)
		}
	}
}
