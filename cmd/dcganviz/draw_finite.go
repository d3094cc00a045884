package main

import (
	"fmt"
	"math"

	"dcganviz/model"
)

// ordinary bounds the numbers of latents that a model may be blamed for: no
// law that latents are drawn from gives any near it.
const ordinary = 100

// checkFinite refuses images x, drawn from z, that hold a number that is none.
// first is the number of the first of them. Latents from outside can be finite
// and still too large for the nets' float32.
func (d *drawing) checkFinite(x, z model.Tensor, first int, run model.RunOptions) error {
	bad := -1
	for i := range x.Len() {
		if !finite(x.Row(i)) {
			bad = i
			break
		}
	}
	if bad < 0 {
		return nil
	}
	if run.BatchStats { // each image depends on all latents
		for i := range z.Len() {
			if largest(z.Row(i)) > largest(z.Row(bad)) {
				bad = i
			}
		}
	}
	most := largest(z.Row(bad))
	if most <= ordinary {
		return &coded{fmt.Errorf("%s draws no picture of latent %d but NaN: its weights are too large for float32, get or train another", d.Title, first+bad), exitRefused}
	}
	near := "nearly all between -4 and 4"
	if d.g.Config().Law == model.Uniform {
		near = "between -1 and 1"
	}
	return usageError("latent %d has a number as large as %.3g, of which %s draws NaN and no picture: want %s, as in training", first+bad, most, d.Title, near)
}

// checkLogits refuses logits that are no numbers. first is the number of the
// first image.
func (d *drawing) checkLogits(logits []float32, first int) error {
	for i := range logits {
		if !finite(logits[i : i+1]) {
			return &coded{fmt.Errorf("%s: its D scores image %d with %g: its weights are too large for float32, get or train another", d.Title, first+i, logits[i]), exitRefused}
		}
	}
	return nil
}

func finite(data []float32) bool {
	for _, v := range data {
		if v-v != 0 {
			return false
		}
	}
	return true
}

// largest returns the largest magnitude.
func largest(data []float32) float64 {
	most := 0.0
	for _, v := range data {
		most = max(most, math.Abs(float64(v)))
	}
	return most
}
