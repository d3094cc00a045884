package figure

import "testing"

// TestRoundingIsBounded by the numbers that the README states.
func TestRoundingIsBounded(t *testing.T) {
	for _, c := range []struct {
		r    Redrawn
		want bool
	}{
		{Redrawn{Pixels: 1e6, Differ: 1000, Largest: 4}, true},
		{Redrawn{Pixels: 1e6, Differ: 1001, Largest: 1}, false},
		{Redrawn{Pixels: 1e6, Differ: 1, Largest: 5}, false},
		{Redrawn{Pixels: 1e6, Differ: 1, Largest: 16, GIF: true}, true},
		{Redrawn{Pixels: 1e6, Differ: 1, Largest: 17, GIF: true}, false},
		{Redrawn{Pixels: 100, Differ: 8, Largest: 1}, true},
		{Redrawn{Pixels: 100, Differ: 9, Largest: 1}, false},
		{Redrawn{Pixels: 1e6, Differ: 1, Largest: 1, Times: true}, false},
	} {
		if got := c.r.Rounding(); got != c.want {
			t.Errorf("%+v: %v", c.r, got)
		}
	}
}
