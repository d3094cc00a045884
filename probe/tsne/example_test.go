package tsne_test

import (
	"context"
	"fmt"

	"dcganviz/model"
	"dcganviz/probe/tsne"
)

func ExampleEmbed() {
	pool := model.NewPool(0)
	defer pool.Close()
	// Two strings of pearls, far apart.
	x, labels := model.NewTensor(40, 3), make([]int, 40)
	for i := range x.Len() {
		labels[i] = i % 2
		x.Row(i)[0], x.Row(i)[1] = float32(i), 100*float32(i%2)
	}
	ctx := context.Background()
	e, err := tsne.Embed(ctx, pool, x, tsne.Options{Perplexity: 5})
	if err != nil {
		fmt.Println(err)
		return
	}
	same, err := tsne.NearestLabel(ctx, pool, tsne.Plane(e.Y), labels)
	fmt.Println(e.Method, same, err)
	// Output: exact 1 <nil>
}
