package nearest

import (
	"dcganviz/internal/random"
	"dcganviz/model"
)

// How the control changes a training picture: every pixel, and hardly visibly.
const (
	gainSD  = 0.05 // of a factor about 1
	noiseSD = 0.05 // of values in [-1, 1]: 6 of 255 levels
)

// memorise draws n pictures as an artificial memoriser does. It takes training pictures,
// evenly spaced, and begins again with the first if there are fewer than n. It moves each
// by a pixel across or down or both, changes its contrast, and adds noise. With mirrors
// every second copy is mirrored.
func memorise(training model.Tensor, n int, seed uint64, mirrors bool) model.Tensor {
	h, w, c := training.Shape[1], training.Shape[2], training.Shape[3]
	out := model.NewTensor(n, h, w, c)
	rng := random.New(seed, random.NearestMemoriser)
	turned := make([]float32, h*w*c)
	for i := range n {
		src, dst := training.Row(source(i, n, training.Len())), out.Row(i)
		if mirrors && i%2 == 1 {
			Mirror(turned, src, w, c)
			src = turned
		}
		way := 1 + rng.IntN(8) // of the 3x3 places, without the middle
		if way > 4 {
			way++
		}
		dy, dx := (way-1)/3-1, (way-1)%3-1
		gain := 1 + gainSD*rng.NormFloat64()
		for y := range h {
			for x := range w {
				from := src[(min(max(y+dy, 0), h-1)*w+min(max(x+dx, 0), w-1))*c:]
				for k := range c {
					v := gain*float64(from[k]) + noiseSD*rng.NormFloat64()
					dst[(y*w+x)*c+k] = float32(min(max(v, -1), 1))
				}
			}
		}
	}
	return out
}

// source is the training picture that the control's picture i of n is made of.
func source(i, n, training int) int {
	if n <= training {
		return i * training / n
	}
	return i % training
}
