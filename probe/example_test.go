package probe_test

import (
	"fmt"

	"dcganviz/model"
	"dcganviz/probe"
)

// A way through two latents of two numbers, in three points.
func ExampleNewPath() {
	anchors := model.Tensor{Shape: []int{2, 2}, Data: []float32{0, 2, 4, 0}}
	path, err := probe.NewPath(anchors, probe.PathOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	z := path.Points(3)
	for i := range z.Len() {
		fmt.Printf("%.2f\n", z.Row(i))
	}
	// Output:
	// [0.00 2.00]
	// [2.00 1.00]
	// [4.00 0.00]
}
