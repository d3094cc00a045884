package model_test

import (
	"errors"
	"fmt"
	"log"

	"dcganviz/model"
)

var cfg = model.Config{Arch: model.PyTorch, Size: 32, Channels: 3, LatentDim: 10, GWidth: 4, DWidth: 4}

// Draw images, with one feature map of a layer dropped and without.
func ExampleG_Generate() {
	g, err := model.NewG(cfg, 1)
	if err != nil {
		log.Fatal(err)
	}
	z := model.Latents(7, 0, 5, cfg)
	images, err := g.Generate(z, model.RunOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(images.Shape)

	_, err = g.Generate(z, model.RunOptions{Masks: map[string][]float32{"up9": {0, 1, 1, 1}}})
	fmt.Println(err)
	// Output:
	// [5 32 32 3]
	// model: no layer "up9", want one of project, up1, up2, image
}

// Guided backpropagation from the place of each image that drives unit 2 of a
// layer most.
func ExampleD_InputGradient() {
	d, err := model.NewD(cfg, 1)
	if err != nil {
		log.Fatal(err)
	}
	images := model.NewTensor(2, 32, 32, 3)
	for i := range images.Data {
		images.Data[i] = float32(i%7-3) / 3
	}
	unit := model.Target{Point: model.Point{Layer: "conv3"}, Unit: 2}
	got, err := d.InputGradient(images, unit, model.GradientOptions{Rule: model.GuidedReLU})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(got.Gradient.Shape, got.Location)
	for _, v := range got.Value {
		fmt.Printf("%.4f\n", v)
	}
	// Output:
	// [2 32 32 3] [9 12]
	// 0.0017
	// 0.0017
}

// Open G and D of another program: 28x28 digits, without padding anywhere.
func ExampleOpen() {
	c, err := model.Open("testdata/foreign/digits.pth", model.OpenOptions{Disc: "testdata/foreign/digits_d.pth"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Meta.Origin, c.Meta.Config.Arch, c.Meta.BN)
	for _, l := range append(c.G.Layers(), c.D.Layers()...) {
		fmt.Printf("%s %dx%d/%d -> %dx%dx%d\n", l.Name, l.Kernel, l.Kernel, l.Stride, l.Height, l.Width, l.Channels)
	}
	// Without D's file and its family, three 4x4 kernels may be of two.
	_, err = model.Open("testdata/foreign/digits_d.pth", model.OpenOptions{})
	fmt.Println(errors.Is(err, model.ErrAmbiguous))
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

// Points on the straight line between two latents.
func ExampleLerp() {
	path := model.NewTensor(3, 2)
	for i := range 3 {
		if err := model.Lerp(path.Row(i), []float32{0, 1}, []float32{1, -1}, float64(i)/2); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(path.Data)
	// Output: [0 1 0.5 0 1 -1]
}
