package zoo_test

import (
	"fmt"

	"dcganviz/model"
	"dcganviz/model/zoo"
)

// Example draws two samples of the default model.
func Example() {
	c, err := zoo.Open(zoo.Default)
	if err != nil {
		fmt.Println(err)
		return
	}
	images, err := c.G.Generate(model.Latents(1, 0, 2, c.Meta.Config), c.RunOptions(nil))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(images.Shape)
	// Output: [2 64 64 3]
}
