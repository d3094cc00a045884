package forget

import (
	"math"
	"testing"
)

// TestSurfaceAtTheBorder: where a neighbour is missing, the mean is of those that are there.
// A row goes halfway from 0 to 2, and at its end stays at what its one neighbour has.
func TestSurfaceAtTheBorder(t *testing.T) {
	const settled = 1e-5 // after 60 sweeps
	row := []float32{0, 9, 2, 9}
	relax(row, []bool{false, true, false, true}, 1, 4, 1, layerRelaxation)
	for i, want := range []float64{0, 1, 2, 2} {
		if !(math.Abs(float64(row[i])-want) <= settled) {
			t.Errorf("the row became %v, want 0 1 2 2", row)
		}
	}
}
