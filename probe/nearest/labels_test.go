package nearest

import (
	"slices"
	"testing"
)

// TestLabelsAreThoseOfTheNearest by definition, in two clouds that lie apart.
func TestLabelsAreThoseOfTheNearest(t *testing.T) {
	b := noisy(1, 0, 8, 5)
	for i := 4; i < 8; i++ {
		for k := range b.Row(i) {
			b.Row(i)[k] += 100
		}
	}
	labels := []int{3, 3, 3, 3, 7, 7, 7, 7}
	a := noisy(2, 0, 3, 5)
	for k := range a.Row(1) {
		a.Row(1)[k] += 99
	}
	got, err := Labels(t.Context(), nil, a, b, labels)
	if err != nil || !slices.Equal(got, []int{3, 7, 3}) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := Labels(t.Context(), nil, a, b, labels[1:]); err == nil {
		t.Error("7 labels of 8 rows: no error")
	}
}
