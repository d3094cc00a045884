package vector_test

import (
	"fmt"

	"dcganviz/model"
	"dcganviz/probe/vector"
)

// Exemplars of two numbers each, in place of latents: the mean of two, less one,
// plus one.
func ExampleExemplars_Sum() {
	a := model.Tensor{Shape: []int{2, 2}, Data: []float32{1, 4, 3, 4}}
	b := model.Tensor{Shape: []int{1, 2}, Data: []float32{1, 1}}
	c := model.Tensor{Shape: []int{1, 2}, Data: []float32{0, -2}}
	y, err := vector.Exemplars{A: a, B: b, C: c}.Sum()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(y)
	// Output: [1 1]
}
