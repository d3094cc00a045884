package figure

import (
	"slices"
	"testing"

	"dcganviz/probe/filters"
)

// TestCropMapKeepsTheNeuronsPlace cuts fields at each border.
func TestCropMapKeepsTheNeuronsPlace(t *testing.T) {
	// Four by four pixels of one channel, number 10y+x.
	m := make([]float32, 16)
	for i := range m {
		m[i] = float32(10*(i/4) + i%4)
	}
	for _, c := range []struct {
		field filters.Field
		want  []float32 // of 2x3
	}{
		{filters.Field{X0: 1, Y0: 1, X1: 4, Y1: 3}, []float32{11, 12, 13, 21, 22, 23}},
		{filters.Field{X0: 0, Y0: 0, X1: 2, Y1: 1}, []float32{0, 0, 0, 0, 0, 1}},
		{filters.Field{X0: 2, Y0: 3, X1: 4, Y1: 4}, []float32{32, 33, 0, 0, 0, 0}},
	} {
		if got := cropMap(m, 4, 1, c.field, 2, 3); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.field, got, c.want)
		}
	}
}
