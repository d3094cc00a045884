package kid_test

import (
	"fmt"

	"dcganviz/model"
	"dcganviz/probe/kid"
)

// Noise is nearer to other noise than to images that are all of one value.
func ExampleBetween() {
	net, err := kid.NewNet(32, 32, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	noise := func(seed uint64, contrast float32) model.Tensor {
		x := model.Latents(seed, 0, 8, model.Config{LatentDim: 32 * 32})
		for i := range x.Data {
			x.Data[i] *= contrast
		}
		f, err := net.Features(model.Tensor{Shape: []int{8, 32, 32, 1}, Data: x.Data}, model.RunOptions{})
		if err != nil {
			fmt.Println(err)
		}
		return f
	}
	real := noise(1, .5)
	near, err := kid.Between(noise(2, .5), real)
	if err != nil {
		fmt.Println(err)
		return
	}
	far, err := kid.Between(noise(3, .01), real)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(near.Value < far.Value, far.Value > 2*far.SE)
	// Output: true true
}
