package doctor

import (
	"fmt"
	"math"

	"dcganviz/model"
)

var sprintf = fmt.Sprintf

// rms returns the root mean square of a-b.
func rms(a, b []float32) float64 {
	sum := 0.0
	for i, v := range a {
		d := float64(v) - float64(b[i])
		sum += d * d
	}
	return math.Sqrt(sum / float64(len(a)))
}

// contrast returns the standard deviation of all pixels of all images.
func contrast(x model.Tensor) float64 {
	_, deviation := meanAndDeviation(x.Data)
	return deviation
}

// meanAndDeviation returns the mean and standard deviation of x.
func meanAndDeviation(x []float32) (mean, deviation float64) {
	squares := 0.0
	for _, v := range x {
		mean += float64(v) / float64(len(x))
	}
	for _, v := range x {
		d := float64(v) - mean
		squares += d * d / float64(len(x))
	}
	return mean, math.Sqrt(squares)
}
