package figure

import (
	"math"

	"dcganviz/model"
)

// plausibleLatent bounds the numbers of latents that a model may be blamed for:
// latents larger than that are never drawn from a law.
const plausibleLatent = 100

// checkImages refuses images x, drawn from z, with NaN or Inf. first is the number
// of the first of them. Latents from outside can be finite and still too large for
// the nets' float32.
func (l *Lab) checkImages(x, z model.Tensor, first int) error {
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
	if l.run().BatchStats { // each image depends on all latents
		for i := range z.Len() {
			if largest(z.Row(i)) > largest(z.Row(bad)) {
				bad = i
			}
		}
	}
	most := largest(z.Row(bad))
	if most <= plausibleLatent {
		return refused("%s draws no picture of latent %d but NaN: its weights are too large for float32, get or train another", l.Model.Title, first+bad)
	}
	near := "nearly all between -4 and 4"
	if l.Model.G.Config().Law == model.Uniform {
		near = "between -1 and 1"
	}
	return usage("latent %d has a number as large as %.3g, of which %s draws NaN and no picture: want %s, as in training", first+bad, most, l.Model.Title, near)
}

// checkLogits refuses logits with NaN or Inf. first is the number of the first
// image.
func (l *Lab) checkLogits(logits []float32, first int) error {
	for i := range logits {
		if !finite(logits[i : i+1]) {
			return refused("%s: its D scores image %d with %g: its weights are too large for float32, get or train another", l.Model.Title, first+i, logits[i])
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
