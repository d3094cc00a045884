package filters_test

import (
	"context"
	"fmt"
	"math"

	"dcganviz/model"
	"dcganviz/probe/filters"
)

// Stripes in which direction drive a unit? Here nobody trained the net.
func ExampleLook() {
	cfg := model.Config{Size: 16, Channels: 1, LatentDim: 1, GWidth: 1, DWidth: 4}
	d, err := model.NewD(cfg, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	images := model.NewTensor(8, 16, 16, 1)
	for i := range images.Len() {
		s, c := math.Sincos(math.Pi * float64(i) / 8)
		for p := range images.Row(i) {
			images.Row(i)[p] = float32(math.Sin(c*float64(p%16) + s*float64(p/16)))
		}
	}
	study, err := filters.Look(context.Background(), d, images, model.RunOptions{}, filters.Options{Layer: "conv1", Units: []int{0}, Top: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := study.Report
	top := r.Trained.Units[0].Top[0]
	fmt.Printf("%s: fields of %dx%d, %d maps\n", r.Layer, r.FieldHeight, r.FieldWidth, study.Trained.Maps.Len())
	fmt.Println("field:", top.Field)
	fmt.Println("energy outside:", r.Trained.Maps.Outside)
	fmt.Println("ignores the weights:", r.Sanity.Curves[0].IgnoresWeights)
	// Output:
	// conv1: fields of 4x4, 2 maps
	// field: {5 13 9 16}
	// energy outside: 0
	// ignores the weights: false
}
