package model_test

import (
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
