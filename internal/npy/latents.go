package npy

import (
	"fmt"
	"math"

	"dcganviz/internal/refuse"
)

// Latents says how many latents of latentDim numbers the array holds: shape
// [N, latentDim] or [N, latentDim, 1, 1], N at least 1. Row n of a.Data is
// latent n.
//
// Any other shape gives ErrUnsupported, and so does a number that is NaN or
// infinite, with its row and column. So do big-endian numbers: nobody writes
// them today, and one flipped bit of a header makes them of any others.
func (a *Array) Latents(latentDim int) (n int, err error) {
	s := a.Shape
	if !(len(s) == 2 || len(s) == 4 && s[2] == 1 && s[3] == 1) || s[0] < 1 || s[1] != latentDim {
		return 0, fmt.Errorf("npy: %w", refuse.Unsupported("latents of shape %v, want [N %d] or [N %d 1 1]", s, latentDim, latentDim))
	}
	if a.BigEndian {
		return 0, fmt.Errorf("npy: %w", refuse.Unsupported("big-endian numbers, want little-endian ones: in Python, a.astype('<f4')"))
	}
	for i, v := range a.Data {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return 0, fmt.Errorf("npy: %w", refuse.Unsupported("latent %d has %v at %d, want finite numbers", i/latentDim, v, i%latentDim))
		}
	}
	return s[0], nil
}
