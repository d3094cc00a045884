package spectrum

import (
	"context"
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/dsp/fourier"

	"dcganviz/model"
	"dcganviz/probe"
)

// luma weighs red, green and blue: Recommendation ITU-R BT.601.
var luma = [3]float64{0.299, 0.587, 0.114}

// floor is the power of rounding to 8 bits, a twelfth of a step squared. It is
// added to every power: samples are not rounded as real pictures are, and what
// is fainter cannot be seen.
const floor = (2.0 / 255) * (2.0 / 255) / 12

// A transformer computes power spectra, one after the other.
type transformer struct {
	row, column *fourier.CmplxFFT
	wave, line  []complex128 // [H, W] and [H]
	laplace     []float64    // [H, W], of Laplace's operator
}

func newTransformer(height, width int) *transformer {
	t := &transformer{row: fourier.NewCmplxFFT(width), column: fourier.NewCmplxFFT(height)}
	t.wave, t.line = make([]complex128, height*width), make([]complex128, height)
	for fy := range height {
		for fx := range width {
			y, x := float64(fy)/float64(height), float64(fx)/float64(width)
			t.laplace = append(t.laplace, float64(2*math.Cos(2*math.Pi*y))+float64(2*math.Cos(2*math.Pi*x))-4)
		}
	}
	return t
}

// power writes the power spectrum, [H, W], of the luma of pixels, [H, W, C].
// White noise has about its variance at each frequency but the lowest. The mean
// is left out.
//
// It is the spectrum of the periodic component of Moisan 2011
// (doi:10.1007/s10851-010-0227-1): an image less what the jumps between its
// opposite borders add. The image is the real part of what is transformed, and
// the jumps are the imaginary part.
func (t *transformer) power(dst []float64, pixels []float32) {
	h, w := t.column.Len(), t.row.Len()
	channels := len(pixels) / len(dst)
	for i := range t.wave {
		v := float64(pixels[i*channels])
		if channels == len(luma) {
			v = float64(luma[0]*v) + float64(luma[1]*float64(pixels[i*channels+1])) + float64(luma[2]*float64(pixels[i*channels+2]))
		}
		t.wave[i] = complex(v, 0)
	}
	for x := range w {
		t.jump(x, (h-1)*w+x)
	}
	for y := range h {
		t.jump(y*w, y*w+w-1)
	}
	for y := range h {
		t.row.Coefficients(t.wave[y*w:(y+1)*w], t.wave[y*w:(y+1)*w])
	}
	for x := range w {
		for y := range h {
			t.line[y] = t.wave[y*w+x]
		}
		t.column.Coefficients(t.line, t.line)
		for y := range h {
			t.wave[y*w+x] = t.line[y]
		}
	}
	for fy := range h {
		for fx := range w {
			a, b := t.wave[fy*w+fx], cmplx.Conj(t.wave[(h-fy)%h*w+(w-fx)%w])
			image, jumps := (a+b)/2, (a-b)/2i
			v := image - jumps/complex(t.laplace[fy*w+fx], 0)
			dst[fy*w+fx] = (float64(real(v)*real(v))+float64(imag(v)*imag(v)))/float64(h*w) + floor
		}
	}
	dst[0] = floor
}

// jump adds the jump between two places at opposite borders.
func (t *transformer) jump(first, last int) {
	j := complex(0, real(t.wave[last])-real(t.wave[first]))
	t.wave[first] += j
	t.wave[last] -= j
}

// part is how many images are transformed at once.
const part = 64

// transform returns the columns of images, and their mean power spectrum.
func (s *survey) transform(ctx context.Context, images model.Tensor, pool *model.Pool) (columns, model.Tensor, error) {
	n, size := images.Len(), s.height*s.width
	workers := make([]*transformer, pool.Threads())
	powers, sum, out := make([]float64, part*size), make([]float64, size), make(columns, n)
	err := probe.InParts(ctx, n, part, func(from, to int) error {
		pool.Run(to-from, func(i, worker int) {
			if workers[worker] == nil {
				workers[worker] = newTransformer(s.height, s.width)
			}
			power := powers[i*size : (i+1)*size]
			workers[worker].power(power, images.Row(from+i))
			out[from+i] = s.columns(power)
		})
		for k, v := range powers[:(to-from)*size] {
			sum[k%size] += v
		}
		return nil
	})
	mean := model.NewTensor(s.height, s.width)
	for y := range s.height {
		for x := range s.width {
			mean.Data[y*s.width+x] = float32(sum[s.place(y-s.height/2, x-s.width/2)] / float64(n))
		}
	}
	return out, mean, err
}
