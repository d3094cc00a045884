package theano

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// nameG names the arrays of a generator, when their shapes fit each other:
// w [nz, C*s*s], gain, bias, then w [in, out, KH, KW], gain, bias for each
// transposed convolution but the last.
func nameG(all []Array) error {
	const want = "dense, gain, bias, transposed convolutions each with gain and bias, and a last one without"
	if len(all) < 4 || len(all)%3 != 1 {
		return unfit(all, len(all)-1, want)
	}
	if len(all[0].Shape) != 2 || all[0].Shape[0] < 1 || len(all[3].Shape) != 4 || !squareMaps(all[0].Shape[1], all[3].Shape[0]) {
		return unfit(all, 0, want)
	}
	features := all[0].Shape[1]
	in := all[3].Shape[0]
	for i := range all {
		a := &all[i]
		suffix := ""
		if layer := i/3 + 1; layer > 1 {
			suffix = strconv.Itoa(layer)
		}
		switch {
		case i%3 > 0:
			a.Name = [...]string{1: "gain", 2: "bias"}[i%3] + suffix
			if !slices.Equal(a.Shape, []int{features}) {
				return unfit(all, i, want)
			}
		case i > 0:
			if !kernel(a.Shape) || a.Shape[0] != in {
				return unfit(all, i, want)
			}
			in, features = a.Shape[1], a.Shape[1]
			fallthrough
		default:
			a.Name = "w" + suffix
		}
	}
	all[len(all)-1].Name = "wx"
	return nil
}

// nameD names the arrays of a discriminator, when their shapes fit each other:
// w [out, in, KH, KW], then w, gain, bias for each further convolution, and
// wy [C*s*s, 1].
func nameD(all []Array) error {
	const want = "a convolution, convolutions each with gain and bias, and dense [C*s*s, 1]"
	if len(all) < 2 || len(all)%3 != 2 {
		return unfit(all, len(all)-1, want)
	}
	in := -1
	for i := range all[:len(all)-1] {
		a := &all[i]
		suffix := ""
		if layer := (i+2)/3 + 1; layer > 1 {
			suffix = strconv.Itoa(layer)
		}
		if role := (i + 2) % 3; role > 0 && i > 0 {
			a.Name = [...]string{1: "gain", 2: "bias"}[role] + suffix
			if !slices.Equal(a.Shape, []int{in}) {
				return unfit(all, i, want)
			}
			continue
		}
		a.Name = "w" + suffix
		if !kernel(a.Shape) || i > 0 && a.Shape[1] != in {
			return unfit(all, i, want)
		}
		in = a.Shape[0]
	}
	last := &all[len(all)-1]
	last.Name = "wy"
	if len(last.Shape) != 2 || last.Shape[1] != 1 || !squareMaps(last.Shape[0], in) {
		return unfit(all, len(all)-1, want)
	}
	return nil
}

// kernel reports whether shape is one of a convolution.
func kernel(shape []int) bool {
	return len(shape) == 4 && shape[0] > 0 && shape[1] > 0 && shape[2] > 0 && shape[3] > 0
}

// squareMaps reports whether n numbers are c maps of s x s.
func squareMaps(n, c int) bool {
	if c < 1 || n < 1 || n%c != 0 {
		return false
	}
	s := int(math.Sqrt(float64(n / c)))
	return s*s == n/c
}

// unfit says that array i is not what it has to be.
func unfit(all []Array, i int, want string) error {
	if i < 0 || len(all[i].Shape) > 4 {
		return fmt.Errorf("%d arrays, array %d has more than 4 axes or is none, want %s: %w", len(all), i+1, want, ErrUnsupported)
	}
	return fmt.Errorf("%d arrays, array %d of shape %v does not fit, want %s: %w", len(all), i+1, all[i].Shape, want, ErrUnsupported)
}
