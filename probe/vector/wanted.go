package vector

import (
	"context"
	"fmt"
	"slices"

	"dcganviz/model"
)

// A Scale gives each of images, [N, H, W, C] in [-1, 1], a number: [N].
type Scale func(ctx context.Context, images model.Tensor) ([]float64, error)

// A Condition says what an image has to be like: its number on the scale is at least
// Least, or with Below it is less than Least.
type Condition struct {
	Name  string
	Scale Scale
	Least float64
	Below bool
}

// Wanted describes how images of a concept look: all of its conditions hold.
type Wanted []Condition

// Met says of each image whether it is as wanted.
func (w Wanted) Met(ctx context.Context, images model.Tensor) ([]bool, error) {
	met := slices.Repeat([]bool{true}, images.Len())
	for _, c := range w {
		v, err := c.Scale(ctx, images)
		if err != nil {
			return nil, err
		}
		if len(v) != len(met) {
			return nil, fmt.Errorf("vector: %s gives %d images %d numbers", c.Name, len(met), len(v))
		}
		for i := range met {
			met[i] = met[i] && v[i] >= c.Least != c.Below
		}
	}
	return met, nil
}

// Brightness is the Scale of an image's mean luma (Rec. 601), from -1, black, to
// 1, white.
func Brightness(_ context.Context, images model.Tensor) ([]float64, error) {
	if len(images.Shape) != 4 {
		return nil, fmt.Errorf("vector: images of shape %v, want [N H W C]", images.Shape)
	}
	out := make([]float64, images.Len())
	weight := []float64{1}
	if images.Shape[3] == 3 {
		weight = []float64{.299, .587, .114}
	}
	for i := range out {
		row := images.Row(i)
		for j, v := range row {
			out[i] += weight[j%len(weight)] * float64(v)
		}
		out[i] /= float64(len(row) / len(weight))
	}
	return out, nil
}
