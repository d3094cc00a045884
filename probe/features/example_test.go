package features_test

import (
	"context"
	"fmt"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/features"
)

// Nobody trained this discriminator, yet it sees a black image as farther from a
// white one than from a dark one.
func ExampleOf() {
	d, err := model.NewD(model.Config{Size: 16, Channels: 1, LatentDim: 1, GWidth: 1, DWidth: 4}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	images := model.NewTensor(3, 16, 16, 1)
	for i, value := range []float32{-1, -.8, 1} {
		for k := range images.Row(i) {
			images.Row(i)[k] = value
		}
	}
	x, err := features.Of(context.Background(), d, images, model.RunOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	black, dark, white := x.Row(0), x.Row(1), x.Row(2)
	fmt.Println(x.Shape, probe.Distance(black, white) > probe.Distance(black, dark))
	// Output: [3 192] true
}
