package checkpoint_test

import (
	"errors"
	"fmt"
	"log"

	"dcganviz/model/checkpoint"
)

// Open G and D of another program: 28x28 digits, without padding anywhere.
func ExampleOpen() {
	c, err := checkpoint.Open("testdata/foreign/digits.pth", checkpoint.OpenOptions{Disc: "testdata/foreign/digits_d.pth"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Meta.Origin, c.Meta.Config.Arch, c.Meta.BN)
	for _, l := range append(c.G.Layers(), c.D.Layers()...) {
		fmt.Printf("%s %dx%d/%d -> %dx%dx%d\n", l.Name, l.Kernel, l.Kernel, l.Stride, l.Height, l.Width, l.Channels)
	}
	// Without D's file and its family, three 4x4 kernels may be of two.
	_, err = checkpoint.Open("testdata/foreign/digits_d.pth", checkpoint.OpenOptions{})
	fmt.Println(errors.Is(err, checkpoint.ErrAmbiguous))
	// Output:
	// PyTorch legacy file, family digits custom running
	// project 3x3/2 -> 3x3x4
	// up1 4x4/1 -> 6x6x2
	// up2 3x3/2 -> 13x13x2
	// image 4x4/2 -> 28x28x1
	// conv1 4x4/2 -> 13x13x2
	// conv2 4x4/2 -> 5x5x4
	// logit 4x4/2 -> 1x1x1
	// true
}
