package svm_test

import (
	"context"
	"fmt"

	"dcganviz/model"
	"dcganviz/probe/svm"
)

// Two classes of numbers below and above 0.
func ExampleProblem_Fit() {
	ctx, run := context.Background(), model.RunOptions{}
	x := model.Tensor{Shape: []int{4, 1}, Data: []float32{-3, -1, 2, 3}}
	p, err := svm.New(ctx, x, []int{0, 0, 1, 1}, 2, run)
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := p.Fit(ctx, svm.Options{C: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	said, err := m.Classify(ctx, model.Tensor{Shape: []int{2, 1}, Data: []float32{-.5, 1.5}}, run)
	fmt.Println(said, err)
	// Output: [0 1] <nil>
}
