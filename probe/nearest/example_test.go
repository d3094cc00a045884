package nearest_test

import (
	"context"
	"fmt"

	"dcganviz/model"
	"dcganviz/probe/nearest"
)

func ExampleSearch() {
	samples := model.Tensor{Shape: []int{1, 2}, Data: []float32{1, 1}}
	training := model.Tensor{Shape: []int{3, 2}, Data: []float32{4, 5, 1, 0, 1, 3}}
	hits, err := nearest.Search(context.Background(), nil, samples, training, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, h := range hits[0] {
		fmt.Printf("picture %d at %g\n", h.Index, h.Distance)
	}
	// Output:
	// picture 1 at 1
	// picture 2 at 2
}
