package model

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Latents draws latents first to first+n-1 of a seed by the config's law:
// [n, LatentDim]. Latent i of a seed is the same whatever first and n are. For a G
// that draws classes it is their noise alone, [n, NoiseDim]: see G.Latents.
func Latents(seed uint64, first, n int, cfg Config) Tensor {
	z := NewTensor(n, cfg.NoiseDim())
	for i := range n {
		r := rand.New(rand.NewPCG(mix(seed^streamLatent<<56), mix(uint64(first+i))))
		row := z.Row(i)
		for j := range row {
			if cfg.Law == Uniform {
				row[j] = float32(2*r.Float64() - 1)
			} else {
				row[j] = float32(r.NormFloat64())
			}
		}
	}
	return z
}

// Lerp writes the point at t of the straight line from a (t = 0) to b (t = 1)
// to dst: (1-t)a + tb. All three have one length; t may lie outside [0, 1].
func Lerp(dst, a, b []float32, t float64) error {
	if err := sameLength(dst, a, b); err != nil {
		return err
	}
	for i := range dst {
		dst[i] = float32(float64((1-t)*float64(a[i])) + float64(t*float64(b[i])))
	}
	return nil
}

// Slerp writes the point at t of the arc from a (t = 0) to b (t = 1) to dst:
// sin((1-t)w)/sin(w) a + sin(tw)/sin(w) b, where w is the angle between a and
// b. The lengths are not normalised, so the path's length runs from |a| to |b|.
// All three have one length; t may lie outside [0, 1].
//
// Where there is no arc, because a and b point the same way or opposite ways
// or one is zero, the straight line is taken.
//
// Method: Shoemake 1985 (doi:10.1145/325165.325242); for latents White 2016
// (arXiv:1609.04468), section 2.1.
func Slerp(dst, a, b []float32, t float64) error {
	if err := sameLength(dst, a, b); err != nil {
		return err
	}
	var ab, aa, bb float64
	for i, v := range a {
		ab += float64(float64(v) * float64(b[i]))
		aa += float64(float64(v) * float64(v))
		bb += float64(float64(b[i]) * float64(b[i]))
	}
	w := math.Acos(max(-1, min(1, ab/math.Sqrt(aa*bb))))
	// Below this the quotients lose more than the line differs from the arc.
	const flat = 1e-6
	sin := math.Sin(w)
	if !(sin > flat) { // NaN too, of a zero latent
		return Lerp(dst, a, b, t)
	}
	fa, fb := math.Sin((1-t)*w)/sin, math.Sin(t*w)/sin
	for i := range dst {
		dst[i] = float32(float64(fa*float64(a[i])) + float64(fb*float64(b[i])))
	}
	return nil
}

func sameLength(dst, a, b []float32) error {
	if len(dst) != len(a) || len(a) != len(b) {
		return fmt.Errorf("model: latents of %d, %d and %d numbers, want one length", len(dst), len(a), len(b))
	}
	return nil
}
