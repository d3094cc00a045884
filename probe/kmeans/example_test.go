package kmeans_test

import (
	"context"
	"fmt"

	"dcganviz/model"
	"dcganviz/probe/kmeans"
)

// Points about 0 and about 10 make two clusters.
func ExampleFit() {
	x := model.Tensor{Shape: []int{5, 1}, Data: []float32{0, 9, 1, 10, 11}}
	c, err := kmeans.Fit(context.Background(), x, 2, model.RunOptions{}, kmeans.Options{
		Start: model.Tensor{Shape: []int{2, 1}, Data: []float32{0, 1}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Centres.Data, c.Nearest, c.Inertia)
	// Output: [0.5 10] [0 1 0 1 1] 2.5
}
