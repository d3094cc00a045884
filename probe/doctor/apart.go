package doctor

import (
	"math"
	"slices"

	"dcganviz/model"
)

// Apart returns how far images, [N, H, W, C], are apart: the median distance of pairs by the
// median distance of an image from itself moved by one pixel, both root mean squares over
// pixels. A net that draws one image for all latents has 0. It is +Inf for images of one
// colour each that differ, and 0 for fewer than two images.
func Apart(images model.Tensor) float64 {
	n := images.Len()
	if n < 2 {
		return 0
	}
	var pairs, shifts []float64
	for i := range n {
		for j := range i {
			pairs = append(pairs, rms(images.Row(i), images.Row(j)))
		}
		shifts = append(shifts, shifted(images, i))
	}
	apart, shift := median(pairs), median(shifts)
	if apart == 0 {
		return 0
	}
	return apart / shift
}

// Collapsed reports whether images that are so far apart are nearly one.
func Collapsed(apart float64) bool { return apart < leastApart }

// shifted returns how far image i is from itself moved by a pixel, to the right or down.
func shifted(images model.Tensor, i int) float64 {
	h, w, c := images.Shape[1], images.Shape[2], images.Shape[3]
	x := images.Row(i)
	sum, count := 0.0, 0
	step := func(a, b int) {
		for k := range c {
			d := float64(x[a*c+k]) - float64(x[b*c+k])
			sum += d * d
			count++
		}
	}
	for y := range h {
		for at := y * w; at < (y+1)*w; at++ {
			if at+1 < (y+1)*w {
				step(at, at+1)
			}
			if y+1 < h {
				step(at, at+w)
			}
		}
	}
	return math.Sqrt(sum / float64(max(count, 1)))
}

// median returns the middle of x, which it sorts.
func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}
