package main

import (
	"math"

	"dcganviz/model"
)

// A look is how light images are. Values go from -1, black, to 1.
type look struct {
	brightness           float64 // standard deviation, over images, of their means
	contrast, contrastSD float64 // mean and deviation of the deviation within an image
}

func lookOf(images model.Tensor) look {
	var means, deviations []float64
	for i := range images.Len() {
		values := make([]float64, 0, len(images.Row(i)))
		for _, v := range images.Row(i) {
			values = append(values, float64(v))
		}
		mean, sd := spread(values)
		means, deviations = append(means, mean), append(deviations, sd)
	}
	var l look
	_, l.brightness = spread(means)
	l.contrast, l.contrastSD = spread(deviations)
	return l
}

// spread returns the mean of x and its standard deviation.
func spread(x []float64) (mean, sd float64) {
	n := float64(len(x))
	for _, v := range x {
		mean += v / n
	}
	for _, v := range x {
		sd += (v - mean) * (v - mean) / (n - 1)
	}
	return mean, math.Sqrt(sd)
}

// White and black, in [-1, 1], as far as an eye sees: a twentieth of the range from
// either end.
const white, dark = 0.9, -0.9

// extremes counts images that are burnt out, white in half of their pixels or more, and
// black ones. A pixel is white if its darkest channel is, black if its lightest is.
func extremes(images model.Tensor) (burnt, black int) {
	c := images.Shape[3]
	for i := range images.Len() {
		row := images.Row(i)
		whites, blacks, pixels := 0, 0, len(row)/c
		for at := 0; at < len(row); at += c {
			low, high := row[at], row[at]
			for _, v := range row[at : at+c] {
				low, high = min(low, v), max(high, v)
			}
			if low >= white {
				whites++
			}
			if high <= dark {
				blacks++
			}
		}
		if 2*whites >= pixels {
			burnt++
		}
		if 2*blacks >= pixels {
			black++
		}
	}
	return burnt, black
}
