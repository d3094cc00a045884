package nearest

import (
	"math"
	"testing"

	"dcganviz/model"
)

// TestVarietyOfFlatPictures: of pictures of one value each, distances are those of
// the values, and moving them changes nothing.
func TestVarietyOfFlatPictures(t *testing.T) {
	x := model.NewTensor(4, 2, 3, 3)
	for i, v := range []float32{-1, .5, 1, -.25} {
		for k := range x.Row(i) {
			x.Row(i)[k] = v
		}
	}
	// Nearest: -1 to -.25, .5 to 1, 1 to .5, -.25 to .5 or -1.
	v, err := VarietyOf(t.Context(), nil, x)
	if err != nil {
		t.Fatal(err)
	}
	const tol = 1e-12 // of a few roundings
	if !(math.Abs(v.Median-.625) <= tol) || !(math.Abs(v.Least-.5) <= tol) || v.Pair != [2]int{1, 2} || v.Shifted != 0 || v.Pictures != 4 {
		t.Errorf("%+v, want a median of .625 and .5 between 1 and 2", v)
	}
	// A copy is at 0, also of three that are one, whose first two find each other.
	for _, copies := range [][]int{{3}, {2, 3}} {
		y := x.Clone()
		for _, k := range copies {
			copy(y.Row(k), x.Row(0))
		}
		if v, err = VarietyOf(t.Context(), nil, y); err != nil || v.Least != 0 || v.Pair[0] != 0 {
			t.Errorf("with copies %v: %+v, %v", copies, v, err)
		}
	}
}

// TestVarietyMovesToTheSide: stripes that go down change by their contrast, those
// that go across by nothing.
func TestVarietyMovesToTheSide(t *testing.T) {
	for _, down := range []bool{true, false} {
		x := model.NewTensor(2, 4, 6, 3)
		for i := range 2 {
			for y := range 4 {
				for u := range 6 {
					for c := range 3 {
						at := y
						if down {
							at = u
						}
						x.Row(i)[(y*6+u)*3+c] = float32(at%2) * .75
					}
				}
			}
		}
		v, err := VarietyOf(t.Context(), nil, x)
		if err != nil {
			t.Fatal(err)
		}
		if want := map[bool]float64{true: .75, false: 0}[down]; v.Shifted != want {
			t.Errorf("stripes down %v: moved by a pixel %g, want %g", down, v.Shifted, want)
		}
	}
	for _, shape := range [][]int{{1, 4, 4, 3}, {3, 4, 1, 3}, {3, 12}} {
		if _, err := VarietyOf(t.Context(), nil, model.NewTensor(shape...)); err == nil {
			t.Errorf("shape %v: no error", shape)
		}
	}
}
