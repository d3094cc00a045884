package infer

import (
	"errors"
	"strings"
	"testing"

	"dcganviz/model"
)

// TestManyNames holds the search for nets in a state dict to little time.
func TestManyNames(t *testing.T) {
	d := &Dict{}
	for i := range 3000 {
		deep := strings.Repeat("a.", i%200)
		d.Tensors = append(d.Tensors, Tensor{Name: deep + "b" + strings.Repeat("c", i/200) + ".weight", Shape: []int{1, 1, 1, 1}})
	}
	for _, l := range d.Nets(MaxNesting) {
		if l.G != nil || l.D != nil {
			t.Errorf("%q is a net", l.Path())
		}
	}
	// Batch norms of one width that fit anywhere.
	d = &Dict{}
	for i := range model.MaxLayers {
		d.Tensors = append(d.Tensors, Tensor{Name: "c" + strings.Repeat("x", i) + ".weight", Shape: []int{1, 1, 3, 3}})
	}
	for i := range model.MaxLayers / 2 {
		n := "n" + strings.Repeat("x", i)
		d.Tensors = append(d.Tensors, Tensor{Name: n + ".weight", Shape: []int{1}}, Tensor{Name: n + ".bias", Shape: []int{1}})
	}
	c, err := chainOf(d, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Infer(Ask{}); !errors.Is(err, ErrAmbiguous) {
		t.Errorf("%v, want ErrAmbiguous", err)
	}
}
