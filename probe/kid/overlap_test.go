package kid

import (
	"math"
	"testing"

	"dcganviz/model"
)

// column makes a set of points on a line.
func column(v ...float32) model.Tensor { return model.Tensor{Shape: []int{len(v), 1}, Data: v} }

// TestOverlapOfPointsOnALine counts by hand: with one neighbour the balls of
// real points 0, 1, 10, 12 reach out by 1, 1, 2, 2, those of samples 0.5, 4,
// 11 and 30 by 3.5, 3.5, 7 and 19.
func TestOverlapOfPointsOnALine(t *testing.T) {
	got, err := OverlapOf(column(.5, 4, 11, 30), column(0, 1, 10, 12), 1)
	if err != nil {
		t.Fatal(err)
	}
	want := Overlap{
		Precision: 2. / 4, // 0.5 and 11 lie among the real
		Recall:    4. / 4, // the balls of 0.5 and 11 hold all
		Density:   4. / 4, // 0.5 and 11 are in two balls each
		Coverage:  4. / 4,
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	back, err := OverlapOf(column(0, 1, 10, 12), column(.5, 4, 11, 30), 1)
	if err != nil {
		t.Fatal(err)
	}
	// The balls of 0.5, 4, 11 and 30 hold 0 and 1; 1; 10 and 12; 12. Those of
	// 0, 1, 10 and 12 hold none of 4 and 30.
	want = Overlap{Precision: 1, Recall: 2. / 4, Density: 6. / 4, Coverage: 1}
	if back != want {
		t.Errorf("the other way got %+v, want %+v", back, want)
	}
}

func TestOverlapOfASetWithItself(t *testing.T) {
	a := normals(5, 70, 9, 1, 2)
	for _, k := range []int{1, 3, 5} {
		got, err := OverlapOf(a, a, k)
		if err != nil {
			t.Fatal(err)
		}
		// Each point is in its own ball and in those of its neighbours: k+1 in
		// each ball.
		want := Overlap{1, 1, float64(k+1) / float64(k), 1}
		if !(math.Abs(got.Density-want.Density) <= 1e-12) || got.Precision != 1 || got.Recall != 1 || got.Coverage != 1 {
			t.Errorf("k %d: got %+v, want %+v", k, got, want)
		}
	}
}

func TestOverlapOfFarSetsIsNone(t *testing.T) {
	got, err := OverlapOf(normals(6, 40, 4, 100, 1), normals(7, 50, 4, 0, 1), Neighbours)
	if err != nil || got != (Overlap{}) {
		t.Errorf("got %+v (%v), want nothing", got, err)
	}
}

// TestOverlapTellsFidelityFromVariety: copies of few real pictures are precise
// and recall little; a wide cloud is the other way round.
func TestOverlapTellsFidelityFromVariety(t *testing.T) {
	b := normals(8, 200, 4, 0, 1)
	few, wide := model.NewTensor(200, 4), normals(9, 200, 4, 0, 5)
	for i := range few.Len() {
		copy(few.Row(i), b.Row(i%5))
	}
	narrow, err := OverlapOf(few, b, Neighbours)
	if err != nil {
		t.Fatal(err)
	}
	if narrow.Precision != 1 || !(narrow.Recall <= 5./200) || !(narrow.Coverage < .3) {
		t.Errorf("five of 200 pictures, repeated: %+v", narrow)
	}
	broad, err := OverlapOf(wide, b, Neighbours)
	if err != nil {
		t.Fatal(err)
	}
	if !(broad.Recall > .9) || !(broad.Precision < .5) {
		t.Errorf("a cloud five times as wide: %+v", broad)
	}
}

// TestOverlapOfOneDistribution holds density and coverage against what Naeem et
// al. derive: 1, and 1 less the chance that the k nearest of a real point are
// all real.
func TestOverlapOfOneDistribution(t *testing.T) {
	const n, pairs, k = 100, 20, 5
	chance := 1.0
	for i := range k {
		chance *= float64(n-1-i) / float64(2*n-1-i)
	}
	var density, coverage float64
	for i := range uint64(pairs) {
		o, err := OverlapOf(normals(100+2*i, n, 3, 0, 1), normals(101+2*i, n, 3, 0, 1), k)
		if err != nil {
			t.Fatal(err)
		}
		density, coverage = density+o.Density/pairs, coverage+o.Coverage/pairs
	}
	const within = .03 // some five standard errors of 20 pairs
	if !(math.Abs(density-1) <= 2*within) || !(math.Abs(coverage-(1-chance)) <= within) {
		t.Errorf("density %v, coverage %v, want 1 and %v", density, coverage, 1-chance)
	}
}

func TestOverlapRefuses(t *testing.T) {
	ok := normals(1, 6, 3, 0, 1)
	nan := ok.Clone()
	nan.Data[4] = float32(math.NaN())
	for name, c := range map[string]struct {
		a, b model.Tensor
		k    int
	}{
		"no neighbour":   {ok, ok, 0},
		"too few":        {ok, normals(1, 5, 3, 0, 1), 5},
		"other features": {ok, normals(1, 6, 4, 0, 1), 2},
		"NaN":            {nan, ok, 2},
	} {
		if _, err := OverlapOf(c.a, c.b, c.k); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
