package kmeans

import (
	"math"
	"math/rand/v2"

	"dcganviz/model"
)

// contrastFloor is added to the variance of a patch, in levels of 255, before it is divided
// by its root: an even patch is not blown up to noise. Coates et al. 2011, section 3.1.2,
// name 10.
const contrastFloor = 10

// writePatch writes the patch of side x side pixels at row y, column x of an image
// [h, w, c] in [-1, 1], brought to mean 0 and about variance 1.
func writePatch(dst, image []float32, w, c, y, x, side int) {
	for r := range side {
		copy(dst[r*side*c:][:side*c], image[((y+r)*w+x)*c:])
	}
	sum := 0.0
	for _, v := range dst {
		sum += float64(v)
	}
	mean := sum / float64(len(dst))
	squares := 0.0
	for _, v := range dst {
		d := float64(v) - mean
		squares += float64(d * d)
	}
	const levels = 127.5 // from [-1, 1] to [0, 255]
	variance := squares / float64(max(1, len(dst)-1)) * levels * levels
	scale := levels / math.Sqrt(variance+contrastFloor)
	for i, v := range dst {
		dst[i] = float32((float64(v) - mean) * scale)
	}
}

// somePatches returns n patches from random places of the images, [N, H, W, C].
func somePatches(images model.Tensor, n, side int, rng *rand.Rand) model.Tensor {
	h, w, c := images.Shape[1], images.Shape[2], images.Shape[3]
	out := model.NewTensor(n, side*side*c)
	for i := range n {
		image := images.Row(rng.IntN(images.Len()))
		writePatch(out.Row(i), image, w, c, rng.IntN(h-side+1), rng.IntN(w-side+1), side)
	}
	return out
}
