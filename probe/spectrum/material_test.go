package spectrum

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/dsp/fourier"

	"dcganviz/model"
)

// naturals draws images whose amplitude falls as 1/f, as in photographs, of
// deviation 0.25 on average, with contrasts that differ from image to image.
// They are cut out of larger ones, so that opposite borders differ.
func naturals(seed uint64, n, h, w int) model.Tensor {
	rng := rand.New(rand.NewPCG(seed, 1))
	out := model.NewTensor(n, h, w, 1)
	for i := range n {
		field, square := make([]float64, 9*h*w/4), 0.0
		transformed(field, 3*h/2, 3*w/2, func(fy, fx float64) complex128 {
			a := 1 / math.Hypot(fy, fx)
			square += float64(a * a)
			return complex(a*rng.NormFloat64(), a*rng.NormFloat64())
		})
		contrast := 0.25 * math.Exp(0.5*rng.NormFloat64()) / math.Sqrt(square)
		for y := range h {
			for x := range w {
				out.Row(i)[y*w+x] = float32(contrast * field[y*(3*w/2)+x])
			}
		}
	}
	return out
}

// transformed writes the real part of the transform of amplitudes, but for
// frequency zero.
func transformed(dst []float64, h, w int, amplitude func(fy, fx float64) complex128) {
	rows, columns := fourier.NewCmplxFFT(w), fourier.NewCmplxFFT(h)
	grid, line := make([]complex128, h*w), make([]complex128, h)
	for y := range h {
		row := grid[y*w : (y+1)*w]
		for x := range w {
			if y+x > 0 {
				row[x] = amplitude(float64(min(y, h-y))/float64(h), float64(min(x, w-x))/float64(w))
			}
		}
		rows.Coefficients(row, row)
	}
	for x := range w {
		for y := range h {
			line[y] = grid[y*w+x]
		}
		columns.Coefficients(line, line)
		for y := range h {
			dst[y*w+x] = real(line[y])
		}
	}
}

// white draws images of independent values of a deviation.
func white(seed uint64, n, h, w, c int, deviation float64) model.Tensor {
	rng := rand.New(rand.NewPCG(seed, 2))
	out := model.NewTensor(n, h, w, c)
	for i := range out.Data {
		out.Data[i] = float32(deviation * rng.NormFloat64())
	}
	return out
}

// add adds a pattern to all channels of images.
func add(images model.Tensor, pattern func(y, x int) float64) model.Tensor {
	w, c := images.Shape[2], images.Shape[3]
	size := images.Shape[1] * w * c
	for i := range images.Data {
		at := i % size / c
		images.Data[i] += float32(pattern(at/w, at%w))
	}
	return images
}

func board(amplitude float64) func(y, x int) float64 {
	return func(y, x int) float64 { return amplitude * float64(1-2*((y+x)%2)) }
}

// powerOf is the power spectrum of one image.
func powerOf(image model.Tensor) []float64 {
	h, w := image.Shape[1], image.Shape[2]
	out := make([]float64, h*w)
	newTransformer(h, w).power(out, image.Row(0))
	return out
}

// near fails the test unless got is within a tolerance of want.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %v, want %v within %v", what, got, want, tolerance)
	}
}
