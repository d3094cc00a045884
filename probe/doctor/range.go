package doctor

import (
	"context"
	"math"
)

const (
	// flat is a contrast that no picture has: a level of 8 bits is 0.008.
	flat = 0.02
	// A pixel beyond saturated is one that tanh can hardly move. Images with a larger
	// share of such pixels than mostSaturated are silhouettes. Digits on black have a
	// share of 0.9.
	saturated, mostSaturated = 0.99, 0.98
	// beyond is the share of pixels that may lie outside of [-1, 1], or below 0.
	beyond = 1e-3
)

// checkRange finds images that are not in [-1, 1], use only the upper half of
// it, are all black or white, or hardly differ from one grey.
func checkRange(_ context.Context, p *patient, f *Finding) error {
	low, high := math.Inf(1), math.Inf(-1)
	outside, below, ends := 0.0, 0.0, 0.0
	each := 1 / float64(len(p.images.Data))
	for _, x := range p.images.Data {
		v := float64(x)
		low, high = min(low, v), max(high, v)
		if math.Abs(v) > 1 {
			outside += each
		}
		if math.Abs(v) > saturated {
			ends += each
		}
		if v < -flat {
			below += each
		}
	}
	c := contrast(p.images)
	f.figure(low, "lowest")
	f.figure(high, "highest")
	f.against(beyond, outside, "share outside [-1, 1]")
	f.against(mostSaturated, ends, "share at -1 or 1")
	f.against(flat, c, "contrast")
	evidence := sprintf("pixels from %.2f to %.2f, contrast %.2f, %.0f%% at -1 or 1", low, high, c, 100*ends)
	switch {
	case c < flat:
		f.conclude(Wrong, "the net is untrained, has collapsed to grey, or lacks its batch norm's gains", "images are one grey (contrast below %.2f): %s", flat, evidence)
	case outside > beyond:
		f.conclude(Wrong, "if G ends in tanh or a sigmoid, say so; if it does not, scale what it draws to [-1, 1]", "%.1f%% of the pixels lie outside [-1, 1]: %s", 100*outside, evidence)
	case below < beyond && high > 0.5:
		f.conclude(Doubtful, "G draws in [0, 1]: it ends in a sigmoid, or was trained on pictures that were not scaled to [-1, 1]; multiply by 2 and subtract 1", "no pixel is below 0: %s", evidence)
	case ends > mostSaturated:
		f.conclude(Doubtful, "the layer before tanh gives too large numbers: compare the statistics and the family", "nearly every pixel is black or white (more than %.0f%%): %s", 100*mostSaturated, evidence)
	default:
		f.conclude(OK, "", "%s", evidence)
	}
	return nil
}
