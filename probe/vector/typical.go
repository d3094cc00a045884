package vector

import (
	"math"

	"dcganviz/model"
	"dcganviz/probe"
)

// spreadOf is the standard deviation of each component of a latent.
func spreadOf(cfg model.Config) float64 {
	if cfg.Law == model.Uniform {
		return 1 / math.Sqrt(3)
	}
	return 1
}

// TypicalNorm is the root mean square norm of the latents that G was trained on: the
// square root of LatentDim for normal ones.
func TypicalNorm(cfg model.Config) float64 {
	return spreadOf(cfg) * math.Sqrt(float64(cfg.LatentDim))
}

// Norm is the Euclidean norm of a latent.
func Norm(y []float32) float64 { return probe.Distance(y, make([]float32, len(y))) }

// Rescaled returns the latent y at another norm; one of zeros as it is.
func Rescaled(y []float32, norm float64) []float32 {
	factor := norm / Norm(y)
	if math.IsInf(factor, 0) || math.IsNaN(factor) {
		factor = 1
	}
	out := make([]float32, len(y))
	for i, v := range y {
		out[i] = float32(factor * float64(v))
	}
	return out
}

// PaperReach is how far the paper's neighbours lie from their centre in each dimension.
// Its latents were uniform, between -1 and 1.
const PaperReach = 0.25

// ReachOf is PaperReach in the same share of the latents' standard deviation: 0.25 for
// uniform latents, 0.433 for normal ones.
func ReachOf(cfg model.Config) float64 {
	if cfg.Law == model.Uniform {
		return PaperReach
	}
	return PaperReach * math.Sqrt(3)
}

// A Typical is what images are like on the whole: their mean, and how far they lie from
// it, root mean square over images and values.
type Typical struct {
	Mean      []float64 // [H*W*C]
	Deviation float64
}

// TypicalOf describes images, [N, H, W, C].
func TypicalOf(images model.Tensor) Typical {
	t := Typical{Mean: probe.Mean(images)}
	var sum float64
	for i := range images.Len() {
		for j, v := range images.Row(i) {
			d := float64(v) - t.Mean[j]
			sum += d * d
		}
	}
	t.Deviation = math.Sqrt(sum / float64(len(images.Data)))
	return t
}

// Match gives each of images, [N, H, W, C], the contrast of a typical one: it stretches
// its difference from the mean to Deviation, and cuts off what leaves [-1, 1]. Overlaid
// pictures average out, as latents do whose mean is short; without this their lower
// contrast alone would make them look nearer to every picture.
func (t Typical) Match(images model.Tensor) model.Tensor {
	out := model.NewTensor(images.Shape...)
	for i := range images.Len() {
		copy(out.Row(i), t.match(images.Row(i)))
	}
	return out
}

func (t Typical) match(x []float32) []float32 {
	var sum float64
	for j, v := range x {
		d := float64(v) - t.Mean[j]
		sum += d * d
	}
	out := make([]float32, len(x))
	factor := t.Deviation / math.Sqrt(sum/float64(len(x)))
	if math.IsInf(factor, 0) || math.IsNaN(factor) {
		factor = 1 // the mean itself
	}
	for j, v := range x {
		out[j] = float32(t.Mean[j] + factor*(float64(v)-t.Mean[j]))
	}
	cut(out, out)
	return out
}

// cut writes x to dst and cuts off what leaves [-1, 1].
func cut(dst, x []float32) {
	for i, v := range x {
		dst[i] = max(-1, min(v, 1))
	}
}

// Overlay lays images 0 and 1, 2 and 3, and so on, [N, H, W, C], over each other, half of
// each: [N/2, H, W, C]. That is what a ghost looks like.
func Overlay(images model.Tensor) model.Tensor {
	out := model.NewTensor(append([]int{images.Len() / 2}, images.Shape[1:]...)...)
	for i := range out.Len() {
		a, b, to := images.Row(2*i), images.Row(2*i+1), out.Row(i)
		for j := range to {
			to[j] = (a[j] + b[j]) / 2
		}
	}
	return out
}
