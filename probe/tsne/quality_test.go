package tsne

import (
	"math"
	"testing"

	"dcganviz/model"
)

// On a line the places 0 to n-1 keep all neighbours. Where two far points swap
// places, the ranks by which strangers come close are countable.
func TestTrustworthiness(t *testing.T) {
	pool := model.NewPool(2)
	defer pool.Close()
	const n = 7
	x := model.NewTensor(n, 1)
	same, y := make([]float64, 2*n), make([]float64, 2*n)
	for i := range n {
		x.Data[i] = float32(i) + float32(i*i)/100 // no two distances are equal
		same[2*i] = float64(x.Data[i])
		y[2*i] = same[2*i]
	}
	y[0], y[12] = y[12], y[0] // points 0 and 6
	for name, c := range map[string]struct {
		y    []float64
		want float64
	}{
		"itself": {same, 1},
		// Nearest in the plane: 0 has 5 (rank 5), 6 has 1 (rank 5), 1 has 6 (rank
		// 6), and 2, 3, 4 and 5 have the point before, of rank 1: the excess is 13.
		"swapped": {y, 1 - 2*13./(n*1*(2*n-3-1))},
	} {
		got, err := Trustworthiness(t.Context(), pool, x, c.y, 1, 0)
		if err != nil || !(math.Abs(got.Value-c.want) <= 1e-12) || got.Points != n {
			t.Errorf("%s: got %+v (%v), want %v", name, got, err, c.want)
		}
	}
	if got, err := Trustworthiness(t.Context(), pool, x, same, 1, 3); err != nil || got.Value != 1 || got.Points != 3 {
		t.Errorf("of three points: got %+v (%v)", got, err)
	}
	for _, k := range []int{0, 4} {
		if _, err := Trustworthiness(t.Context(), pool, x, same, k, 0); err == nil {
			t.Errorf("%d neighbours of %d: no error", k, n)
		}
	}
	if _, err := Trustworthiness(t.Context(), pool, x, same[2:], 1, 0); err == nil {
		t.Error("too few places: no error")
	}
}

// The worst that places can be is 0: for one neighbour, the farthest point.
func TestTrustworthinessAtItsWorst(t *testing.T) {
	pool := model.NewPool(2)
	defer pool.Close()
	// Pairs at opposite ends lie together in the plane.
	x := model.Tensor{Shape: []int{4, 1}, Data: []float32{-11, -10, 10.5, 12}}
	y := []float64{0, 0, 50, 0, 50.1, 0, .1, 0}
	got, err := Trustworthiness(t.Context(), pool, x, y, 1, 0)
	// 0 and 3 are each other's farthest, rank 3; of 1 the farthest is 3 but 2 has
	// rank 2, and of 2 point 1 has rank 2: the excess is 2 + 2 + 1 + 1.
	if want := 1 - 2*6./(4*(8-3-1)); err != nil || !(math.Abs(got.Value-want) <= 1e-12) {
		t.Errorf("got %+v (%v), want %v", got, err, want)
	}
}

func TestNearestLabel(t *testing.T) {
	pool := model.NewPool(2)
	defer pool.Close()
	x := model.Tensor{Shape: []int{6, 1}, Data: []float32{0, 1, 3, 10, 11.5, 100}}
	for _, c := range []struct {
		labels []int
		want   float64
	}{
		{[]int{0, 0, 0, 1, 1, 1}, 1},
		{[]int{0, 0, 1, 1, 1, 1}, 5. / 6},    // 2's nearest is 1
		{[]int{0, 1, 0, 1, 0, 1}, 0},         // 5's nearest is 4
		{[]int{0, -1, 0, 1, -1, 1}, 3. / 4},  // without 1 and 4, the nearest of 3 is 2
		{[]int{0, 0, -1, -1, -1, -1}, 1},     // two are left
		{[]int{-1, -1, -1, 3, 3, 7}, 2. / 3}, // 5's nearest is 4
	} {
		got, err := NearestLabel(t.Context(), pool, x, c.labels)
		if err != nil || !(math.Abs(got-c.want) <= 1e-15) {
			t.Errorf("%v: got %v (%v), want %v", c.labels, got, err, c.want)
		}
	}
	for _, labels := range [][]int{nil, {0, 1}, {-1, -1, -1, -1, -1, 2}} {
		if _, err := NearestLabel(t.Context(), pool, x, labels); err == nil {
			t.Errorf("%v: no error", labels)
		}
	}
	if got := Majority([]int{2, 2, 0, -1, -1, 1, 2}); got != .6 {
		t.Errorf("the commonest label has a share of %v, want 0.6", got)
	}
	if got := Majority([]int{-1}); got != 0 {
		t.Errorf("without labels: %v", got)
	}
}
