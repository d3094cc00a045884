package score

import (
	"math"

	"dcganviz/model"
)

// An Affine changes the colours of an image: channel c of every pixel becomes
// Gain[c]*x + Shift[c], cut to [-1, 1]. A missing number is 1, or 0.
type Affine struct{ Gain, Shift []float32 }

// Apply returns the images, [N, H, W, C] in [-1, 1], in changed colours. They
// are left as they are.
func (a Affine) Apply(images model.Tensor) model.Tensor {
	out := images.Clone()
	c := images.Shape[len(images.Shape)-1]
	for i := range out.Data {
		gain, shift := float32(1), float32(0)
		if k := i % c; k < len(a.Gain) {
			gain = a.Gain[k]
		}
		if k := i % c; k < len(a.Shift) {
			shift = a.Shift[k]
		}
		out.Data[i] = clamp(gain*out.Data[i] + shift)
	}
	return out
}

func clamp(v float32) float32 { return max(-1, min(v, 1)) }

// Recolouring returns the change of colours and contrast between two sets of
// images, [N, H, W, C]: the affine one that gives each channel of before the
// mean and the standard deviation that it has in after. What else is different
// does not show. A channel that does not vary keeps its gain.
func Recolouring(before, after model.Tensor) Affine {
	m0, s0 := moments(before)
	m1, s1 := moments(after)
	a := Affine{Gain: make([]float32, len(m0)), Shift: make([]float32, len(m0))}
	for i := range m0 {
		gain := 1.0
		if s0[i] > 1e-6 && s1[i] > 1e-6 { // else it is rounding
			gain = s1[i] / s0[i]
		}
		a.Gain[i], a.Shift[i] = float32(gain), float32(m1[i]-gain*m0[i])
	}
	return a
}

// moments returns each channel's mean and standard deviation.
func moments(x model.Tensor) (mean, sd []float64) {
	c := x.Shape[len(x.Shape)-1]
	mean, sd = make([]float64, c), make([]float64, c)
	n := float64(len(x.Data) / c)
	for i, v := range x.Data {
		mean[i%c] += float64(v) / n
	}
	for i, v := range x.Data {
		d := float64(v) - mean[i%c]
		sd[i%c] += d * d / n
	}
	for i, v := range sd {
		sd[i] = math.Sqrt(v)
	}
	return mean, sd
}
