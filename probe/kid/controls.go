package kid

import (
	"math"
	"math/rand/v2"

	"dcganviz/internal/enum"
	"dcganviz/model"
)

// A Control is a set of images that is compared with one half of the real pictures, as
// the samples are. It is the other half, or is made of it.
type Control uint8

const (
	// Real is the other half as it is. No images come nearer than real ones.
	Real Control = iota
	// Blurred is the other half, blurred.
	Blurred
	// EightReal is eight pictures of it over and over: real, but without variety.
	EightReal
	// Noise is noise in the colours of the other half. No images are farther off.
	Noise
)

var controlNames = [...]string{"real", "blurred", "eight real", "noise"}

// Controls returns all controls, the nearest first.
func Controls() []Control { return []Control{Real, Blurred, EightReal, Noise} }

func (c Control) String() string { return enum.Name(c, controlNames[:]) }

// of makes the control of pictures, one of each.
func (c Control) of(x model.Tensor, rng *rand.Rand) model.Tensor {
	switch c {
	case Blurred:
		return blurred(x, float64(x.Shape[1])/32)
	case Noise:
		return noise(x, rng)
	}
	return x
}

// rows says which of the pictures a half of them becomes.
func (c Control) rows(half []int) []int {
	if c != EightReal {
		return half
	}
	out := make([]int, len(half))
	for i := range out {
		out[i] = half[i%8]
	}
	return out
}

// blurred convolves pictures with a Gaussian of a deviation in pixels. Beyond
// the edge their last pixel goes on.
func blurred(x model.Tensor, deviation float64) model.Tensor {
	reach := int(math.Ceil(3 * deviation))
	weights, sum := make([]float64, 2*reach+1), 0.0
	for i := range weights {
		d := float64(i-reach) / deviation
		weights[i] = math.Exp(-d * d / 2)
		sum += weights[i]
	}
	h, w, c := x.Shape[1], x.Shape[2], x.Shape[3]
	// pass blurs a line of n pixels, next apart.
	pass := func(dst, src []float32, n, next int) {
		for i := range n {
			v := 0.0
			for k, weight := range weights {
				v += weight * float64(src[min(max(i+k-reach, 0), n-1)*next])
			}
			dst[i*next] = float32(v / sum)
		}
	}
	out, rows := model.NewTensor(x.Shape...), make([]float32, h*w*c)
	for i := range x.Len() {
		for y := range h {
			for k := range c {
				pass(rows[y*w*c+k:], x.Row(i)[y*w*c+k:], w, c)
			}
		}
		for at := range w * c {
			pass(out.Row(i)[at:], rows[at:], h, w*c)
		}
	}
	return out
}

// noise draws pictures as many as x, each value on its own, by the mean and
// deviation of x in each channel.
func noise(x model.Tensor, rng *rand.Rand) model.Tensor {
	c := x.Shape[3]
	mean, square := make([]float64, c), make([]float64, c)
	each := float64(c) / float64(len(x.Data))
	for i, v := range x.Data {
		mean[i%c] += float64(v) * each
		square[i%c] += float64(v) * float64(v) * each
	}
	out := model.NewTensor(x.Shape...)
	for i := range out.Data {
		m := mean[i%c]
		v := m + math.Sqrt(max(0, square[i%c]-m*m))*rng.NormFloat64()
		out.Data[i] = float32(min(max(v, -1), 1))
	}
	return out
}
