package kid

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"dcganviz/model"
)

// TestFiguresEqualNumpys holds both measures against reference.json, which
// reference.py computes by their definitions.
func TestFiguresEqualNumpys(t *testing.T) {
	text, err := os.ReadFile("testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		N, M, Features, K int
		A, B              []float32
		KID, SE           float64
		Overlap
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	a := model.Tensor{Shape: []int{want.N, want.Features}, Data: want.A}
	b := model.Tensor{Shape: []int{want.M, want.Features}, Data: want.B}
	d, err := Between(a, b)
	if err != nil {
		t.Fatal(err)
	}
	const rounding = 1e-12 // of sums in another order
	if !(math.Abs(d.Value-want.KID) <= rounding*want.KID) || !(math.Abs(d.SE-want.SE) <= 1e-9*want.SE) {
		t.Errorf("KID %v ± %v, want %v ± %v", d.Value, d.SE, want.KID, want.SE)
	}
	o, err := OverlapOf(a, b, want.K)
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string][2]float64{
		"precision": {o.Precision, want.Precision}, "recall": {o.Recall, want.Recall},
		"density": {o.Density, want.Density}, "coverage": {o.Coverage, want.Coverage},
	} {
		if !(math.Abs(v[0]-v[1]) <= rounding) {
			t.Errorf("%s %v, want %v", name, v[0], v[1])
		}
	}
}
