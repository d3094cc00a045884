package filters

import (
	"math"
	"testing"
)

func TestEnergyOfKnownMaps(t *testing.T) {
	all := Field{X1: 4, Y1: 3}
	even := make([]float32, 12)
	for i := range even {
		even[i] = 2 - 4*float32(i%2) // +2, -2: magnitudes count
	}
	rms, contrast, half := energy(even, 4, 1, all)
	near(t, "an even map's RMS", rms, 2, rounding)
	near(t, "its contrast", contrast, 1, rounding)
	near(t, "its half", half, .5, rounding)

	point := make([]float32, 24) // two channels
	point[9] = -3
	rms, contrast, half = energy(point, 4, 2, all)
	near(t, "a point's RMS", rms, 3/math.Sqrt(24), rounding)
	near(t, "its contrast", contrast, math.Sqrt(24), rounding)
	near(t, "its half", half, .5/12, rounding)

	// Energies 9 and 7 of 16: the first pixel holds half, 8/9 of it.
	_, _, half = energy([]float32{0, 3, 0, float32(math.Sqrt(7))}, 2, 1, Field{X1: 2, Y1: 2})
	near(t, "half of two pixels", half, 8./9/4, 1e-7)

	if rms, _, _ := energy(make([]float32, 12), 4, 1, all); !math.IsNaN(rms) {
		t.Errorf("an empty map's RMS is %v, want NaN", rms)
	}
}

func TestEnergyIsOfTheField(t *testing.T) {
	m := []float32{9, 9, 9, 9, 1, 9, 9, 1, 9}
	rms, contrast, _ := energy(m, 3, 1, Field{X0: 1, Y0: 1, X1: 2, Y1: 3})
	near(t, "RMS", rms, 1, rounding)
	near(t, "contrast", contrast, 1, rounding)
	if got := outside([]float32{0, 0, -2, 5}, 2, 1, Field{X0: 1, Y0: 1, X1: 2, Y1: 2}); got != 2 {
		t.Errorf("outside is %v, want 2", got)
	}
}

func TestSmoothnessOfKnownMaps(t *testing.T) {
	const h, w = 5, 6
	all := Field{X1: w, Y1: h}
	even, board, stripes := make([]float32, h*w), make([]float32, h*w), make([]float32, h*w)
	for y := range h {
		for x := range w {
			even[y*w+x] = -3
			board[y*w+x] = float32(1 - 2*((x+y)%2))
			stripes[y*w+x] = float32(1 - 2*(y%2))
		}
	}
	near(t, "an even map", smoothness(even, w, 1, all), 1, rounding)
	near(t, "a chess board", smoothness(board, w, 1, all), -1, rounding)
	// 25 pairs along the rows, 24 across.
	near(t, "stripes", smoothness(stripes, w, 1, all), (25.-24)/(25+24), rounding)
	if got := smoothness(make([]float32, h*w), w, 1, all); !math.IsNaN(got) {
		t.Errorf("an empty map has %v, want NaN", got)
	}
}
