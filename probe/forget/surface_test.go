package forget

import (
	"math"
	"testing"
)

// TestSurfaceIsHarmonic: a plane is its own mean, so that a hole in one is filled by it. At
// the border, where a neighbour is missing, the mean is of those that are there.
func TestSurfaceIsHarmonic(t *testing.T) {
	const h, w, units = 9, 7, 2
	plane := func(y, x, u int) float64 { return float64(y) + .5*float64(x*u) }
	act, mask := make([]float32, h*w*units), make([]bool, h*w)
	for at := range mask {
		y, x := at/w, at%w
		mask[at] = y > 0 && y < h-1 && x > 0 && x < w-1
		for u := range units {
			if act[at*units+u] = -3; !mask[at] {
				act[at*units+u] = float32(plane(y, x, u))
			}
		}
	}
	const settled = 1e-4 // after 60 sweeps
	relax(act, mask, h, w, units, layerRelaxation)
	for i, v := range act {
		if want := plane(i/units/w, i/units%w, i%units); !(math.Abs(float64(v)-want) <= settled) {
			t.Errorf("at %d, %d, unit %d: %v, want %v", i/units/w, i/units%w, i%units, v, want)
		}
	}
	// A row of one unit without a neighbour above or below: halves on the way from 0 to 2,
	// and in the corner what the one neighbour has.
	row := []float32{0, 9, 2, 9}
	relax(row, []bool{false, true, false, true}, 1, 4, 1, layerRelaxation)
	for i, want := range []float64{0, 1, 2, 2} {
		if !(math.Abs(float64(row[i])-want) <= settled) {
			t.Errorf("of a row %v, want 0 1 2 2", row)
		}
	}
}
