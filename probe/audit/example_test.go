package audit_test

import (
	"context"
	"fmt"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/audit"
)

// A walk over images of one pixel that stands still and then jumps.
func ExampleWalk() {
	images := model.Tensor{Shape: []int{5, 1, 1, 1}, Data: []float32{0, 0, 0, 1, 1}}
	stored := model.Tensor{Shape: []int{2, 1, 1, 1}, Data: []float32{0, 1}}
	r, err := audit.Walk(context.Background(), audit.Course{Images: images, Stored: stored}, nil, model.RunOptions{}, probe.Settings{})
	if err != nil {
		fmt.Println(err)
		return
	}
	j := r.Spaces[0].Walk
	fmt.Printf("step %d jumps by %g: flagged %v\n", j.Sharpest, j.Largest, j.Sharp)
	// Output: step 2 jumps by 1: flagged true
}
