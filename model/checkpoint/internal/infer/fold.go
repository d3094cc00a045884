package infer

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// foldedSuffixes are how names end of tensors that make a weight together, and what
// each is of it. PyTorch has two generations of both norms.
var foldedSuffixes = []struct{ suffix, role string }{
	{".weight_orig", "weight"}, {".weight_u", "left"}, {".weight_v", "right"}, {".weight_g", "length"},
	{".parametrizations.weight.original", "weight"}, {".parametrizations.weight.0._u", "left"}, {".parametrizations.weight.0._v", "right"},
	{".parametrizations.weight.original0", "length"}, {".parametrizations.weight.original1", "right"},
}

// folded returns tensors with each weight that spectral norm or weight norm divides
// into several as one.
func folded(tensors []Tensor) ([]Tensor, error) {
	var out []Tensor
	parts := map[string]*foldedWeight{}
	at := map[string]int{}
	for i := range tensors {
		t := &tensors[i]
		module, role := "", ""
		for _, f := range foldedSuffixes {
			if m, ok := strings.CutSuffix(t.Name, f.suffix); ok && m != "" {
				module, role = m, f.role
			}
		}
		if role == "" {
			out = append(out, *t)
			continue
		}
		w := parts[module]
		if w == nil {
			w = &foldedWeight{}
			parts[module], at[module] = w, len(out)
			out = append(out, Tensor{Name: module + ".weight"})
		}
		place := map[string]**Tensor{"weight": &w.weight, "left": &w.left, "right": &w.right, "length": &w.length}[role]
		if *place != nil {
			return nil, fmt.Errorf("tensor %.80q is there twice", t.Name)
		}
		*place = t
	}
	for module, w := range parts {
		t, err := w.check()
		if err != nil {
			return nil, fmt.Errorf("module %.80q: %w", module, err)
		}
		o := &out[at[module]]
		o.Shape, o.DType, o.Data = t.Shape, t.DType, w
	}
	return out, nil
}

// A foldedWeight is a weight that a file holds in parts.
//
// Spectral norm divides a weight, as a matrix of one row for each channel of the
// result, by left^T matrix right (Miyato et al. 2018, arXiv:1802.05957, section 2.1).
// Weight norm is length*right/|right|, with a length for each index of one axis
// (Salimans & Kingma 2016, arXiv:1602.07868, section 2).
type foldedWeight struct{ weight, left, right, length *Tensor }

// check returns the tensor that has the weight's shape.
func (w *foldedWeight) check() (*Tensor, error) {
	switch {
	case w.length != nil && w.right != nil && w.weight == nil && w.left == nil:
		n := 1
		for _, d := range w.length.Shape {
			n *= d
		}
		if n != 1 && !slices.ContainsFunc([]int{0, 1}, func(axis int) bool { return w.lengthAlong(axis) }) {
			return nil, fmt.Errorf("lengths of shape %v of a weight norm of shape %v", w.length.Shape, w.right.Shape)
		}
		return w.right, nil
	case w.weight != nil && w.left != nil && w.length == nil:
		if len(w.weight.Shape) < 2 || len(w.left.Shape) != 1 || len(w.rowAxes()) == 0 {
			return nil, fmt.Errorf("a spectral norm of shape %v with a vector of shape %v", w.weight.Shape, w.left.Shape)
		}
		return w.weight, nil
	}
	return nil, fmt.Errorf("parts of a spectral norm or weight norm are missing")
}

// lengthAlong reports whether there is one length for each index of an axis.
func (w *foldedWeight) lengthAlong(axis int) bool {
	l, r := w.length.Shape, w.right.Shape
	if len(l) != len(r) || axis >= len(l) {
		return false
	}
	for i, d := range l {
		if i == axis && d != r[i] || i != axis && d != 1 {
			return false
		}
	}
	return true
}

// rowAxes returns the axes that may be the rows of spectral norm's matrix: 1 for a
// transposed convolution, and else 0.
func (w *foldedWeight) rowAxes() (axes []int) {
	for _, axis := range []int{0, 1} {
		rows := w.weight.Shape[axis]
		size := 1
		for _, d := range w.weight.Shape {
			size *= d
		}
		if rows == w.left.Shape[0] && (w.right == nil || len(w.right.Shape) == 1 && w.right.Shape[0] == size/rows) {
			axes = append(axes, axis)
		}
	}
	return axes
}

// Float32s returns the weight.
func (w *foldedWeight) Float32s() ([]float32, error) {
	if w.length != nil {
		return w.weightNorm()
	}
	return w.spectralNorm()
}

// Float32sInto is Float32s into memory of the caller's.
func (w *foldedWeight) Float32sInto(dst []float32) error {
	v, err := w.Float32s()
	copy(dst, v)
	return err
}

// Int64s is never asked for.
func (w *foldedWeight) Int64s() ([]int64, error) {
	return nil, fmt.Errorf("a weight is no whole number")
}

func (w *foldedWeight) weightNorm() ([]float32, error) {
	out, err := w.right.Data.Float32s()
	if err != nil {
		return nil, err
	}
	lengths, err := w.length.Data.Float32s()
	if err != nil {
		return nil, err
	}
	axis := 0
	if len(lengths) > 1 && !w.lengthAlong(0) {
		axis = 1
	}
	index := func(i int) int {
		if len(lengths) == 1 {
			return 0
		}
		return axisIndex(w.right.Shape, axis, i)
	}
	squares := make([]float64, len(lengths))
	for i, v := range out {
		squares[index(i)] += float64(float64(v) * float64(v))
	}
	for i, v := range out {
		k := index(i)
		out[i] = float32(float64(v) * float64(lengths[k]) / math.Sqrt(squares[k]))
	}
	return out, nil
}

func (w *foldedWeight) spectralNorm() ([]float32, error) {
	out, err := w.weight.Data.Float32s()
	if err != nil {
		return nil, err
	}
	left, err := w.left.Data.Float32s()
	if err != nil {
		return nil, err
	}
	var right []float32
	if w.right != nil {
		if right, err = w.right.Data.Float32s(); err != nil {
			return nil, err
		}
	}
	// Where two axes are equally long, the right one is that whose vectors stretch the
	// most, because they were iterated to.
	norm := 0.0
	for _, axis := range w.rowAxes() {
		if s := spectralNormOf(out, w.weight.Shape, axis, left, right); s > norm {
			norm = s
		}
	}
	for i, v := range out {
		out[i] = float32(float64(v) / norm)
	}
	return out, nil
}

// spectralNormOf returns left^T M right of the matrix with an axis as rows. Without
// right, as old files have it, that is |M^T left|.
func spectralNormOf(weight []float32, shape []int, axis int, left, right []float32) float64 {
	rows := shape[axis]
	columns := make([]float64, len(weight)/rows) // M^T left
	inner := 1
	for _, d := range shape[axis+1:] {
		inner *= d
	}
	for i, v := range weight {
		row := i / inner % rows
		column := i/(inner*rows)*inner + i%inner
		columns[column] += float64(float64(v) * float64(left[row]))
	}
	sum := 0.0
	for k, c := range columns {
		if right == nil {
			sum += float64(c * c)
		} else {
			sum += float64(c * float64(right[k]))
		}
	}
	if right == nil {
		return math.Sqrt(sum)
	}
	return sum
}

// axisIndex returns the index along an axis of element i.
func axisIndex(shape []int, axis, i int) int {
	inner := 1
	for _, d := range shape[axis+1:] {
		inner *= d
	}
	return i / inner % shape[axis]
}
