package represent_test

import (
	"context"
	"fmt"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/represent"
)

// Pictures that are light or dark are told apart by any features, those of a D that nobody
// trained among them.
func ExampleStudy() {
	d, err := model.NewD(model.Config{Size: 16, Channels: 1, LatentDim: 1, GWidth: 1, DWidth: 4}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	images, labels := model.NewTensor(40, 16, 16, 1), make([]int, 40)
	for i := range labels {
		labels[i] = i % 2
		for k := range images.Row(i) {
			images.Row(i)[k] = float32(labels[i]) - .5 + float32(i*k%7)/50
		}
	}
	pictures := represent.Pictures{Labels: labels, Load: func(_ context.Context, numbers []int) (model.Tensor, error) {
		return probe.Pick(images, numbers), nil
	}}
	r, err := represent.Study(context.Background(), d, pictures, pictures, model.RunOptions{}, represent.Options{Classes: []string{"dark", "light"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Row(represent.Trained).Accuracy.Mean, r.Row(represent.Pixels).Accuracy.Mean)
	// Output: 1 1
}
