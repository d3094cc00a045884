package features

import (
	"fmt"
	"math"

	"dcganviz/model"
)

// A Weighting makes D's layers count alike in distances. Without it the layers with the
// most or the largest features would decide every distance.
//
// Each layer is divided by the root mean square distance of two pictures of a
// reference set in it, and by the root of the number of layers. A distance is
// then about 1 between two unrelated pictures, and 0 between equal ones.
type Weighting struct {
	widths  []int
	factors []float32
}

// ErrAlike means that all reference pictures look alike to D. It is model.ErrUnusable.
var ErrAlike = model.Unusable("all look alike to D")

// Weigh takes the weighting of d's layers from the features of reference
// pictures, [N, Width] with N at least 2. A layer in which all of them are alike
// gets no weight. If that is every layer, the error is ErrAlike; a feature that is not
// finite is model.ErrUnusable.
func Weigh(d *model.D, reference model.Tensor) (Weighting, error) {
	var w Weighting
	for _, l := range layers(d) {
		w.widths = append(w.widths, min(grid, l.Height)*min(grid, l.Width)*l.Channels)
	}
	if len(reference.Shape) != 2 || reference.Len() < 2 || reference.Shape[1] != Width(d) {
		return w, fmt.Errorf("features: reference of shape %v, want [N %d] with N at least 2", reference.Shape, Width(d))
	}
	spread := make([]float64, len(w.widths)) // mean squared distance of two pictures
	live, at := 0, 0
	for k, width := range w.widths {
		for j := at; j < at+width; j++ {
			spread[k] += 2 * variance(reference, j)
		}
		if s := spread[k]; math.IsNaN(s) || math.IsInf(s, 0) {
			return w, model.Unusable("features: layer %s of the reference is not finite", layers(d)[k].Name)
		}
		if spread[k] > 0 {
			live++
		}
		at += width
	}
	if live == 0 {
		return w, fmt.Errorf("features: %d reference pictures: %w", reference.Len(), ErrAlike)
	}
	for _, s := range spread {
		f := 0.0
		if s > 0 {
			f = 1 / math.Sqrt(s*float64(live))
		}
		w.factors = append(w.factors, float32(f))
	}
	return w, nil
}

// variance is the unbiased one of a column: exactly 0 if all values are equal.
func variance(x model.Tensor, column int) float64 {
	n, origin, mean, sum := float64(x.Len()), float64(x.Row(0)[column]), 0.0, 0.0
	for i := range x.Len() {
		mean += (float64(x.Row(i)[column]) - origin) / n
	}
	for i := range x.Len() {
		d := float64(x.Row(i)[column]) - origin - mean
		sum += d * d
	}
	return sum / (n - 1)
}

// Apply weighs features, [N, Width], in place.
func (w Weighting) Apply(x model.Tensor) {
	for i := range x.Len() {
		row := x.Row(i)
		for k, width := range w.widths {
			for j := range row[:width] {
				row[j] *= w.factors[k]
			}
			row = row[width:]
		}
	}
}
