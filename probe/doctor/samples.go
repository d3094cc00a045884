package doctor

import (
	"context"
	"math"

	"dcganviz/model"
)

const (
	// leastVaried is the least share of the pixels' variance that latents make.
	leastVaried = 0.05
	// leastEffective is the least number of directions that images vary in. The
	// authors' SVHN net has 2.4, most of it brightness.
	leastEffective = 1.2
	// twin is the distance below which two images are the same, relative to the
	// mean distance; mostTwins the share of images that may have a twin.
	twin, mostTwins = 0.05, 0.05
	// leastApart is how far two images are apart at least, as a multiple of how far an
	// image is from itself moved by a pixel. The embedded models have 1.8 to 5.2, and one
	// that saw its pictures once 0.46; two nets that draw nearly one image have 0.14 and 0.25.
	leastApart = 0.35
)

// checkSamples finds a G that has collapsed: it draws the same one or few images for all
// latents.
//
// A part of the pixels' variance is the variance over images at one place: latents make
// it. The number of directions that images vary in is
// (Σλ)²/Σλ² of the eigenvalues λ of their covariance: the participation ratio.
// Twins are pairs of images that are nearly the same. Pairs are apart if they differ more
// than an image does from itself when it is moved by a pixel, which nobody sees: a net that
// has collapsed to one image with much texture differs less, and may have no twin.
//
// Method: for twins Arora & Zhang 2017 (arXiv:1706.08224), section 3: among n
// images of a few there are duplicates.
func checkSamples(_ context.Context, p *patient, f *Finding) error {
	over := 0.0
	s := spreadOf(p.images, model.ValueNorm)
	for _, v := range s.variance {
		over += v / float64(len(s.variance))
	}
	total := contrast(p.images)
	varied := 0.0
	if total > 0 {
		varied = over / (total * total)
	}
	effective, twins := likeness(p.images)
	apart := Apart(p.images)
	f.against(leastVaried, varied, "share of variance over latents")
	f.against(leastEffective, effective, "directions")
	f.against(mostTwins, twins, "share of images with a twin")
	f.against(leastApart, apart, "distance of pairs, by that of a shift by one pixel")
	evidence := sprintf("latents make %.0f%% of the pixels' variance, in %.1f directions; %.0f%% of %d images have a twin; two differ %.2f times as much as an image and itself moved by a pixel",
		100*varied, effective, 100*twins, p.images.Len(), apart)
	advice := "G has collapsed, or is hardly trained: take an earlier checkpoint, or train anew with another balance of G and D; see also whether the latents are the right ones"
	switch {
	case !(varied >= leastVaried/5) || twins > 0.5 || apart < leastApart/5:
		f.conclude(Wrong, advice, "images do not depend on the latent: %s", evidence)
	case varied < leastVaried || effective < leastEffective || twins > mostTwins || apart < leastApart:
		f.conclude(Doubtful, advice, "images differ little (limits %.0f%%, %.1f directions, %.0f%%, %.2f times): %s", 100*leastVaried, leastEffective, 100*mostTwins, leastApart, evidence)
	default:
		f.conclude(OK, "", "%s", evidence)
	}
	return nil
}

// likeness returns in how many directions images vary, and the share of them
// that have a twin.
func likeness(x model.Tensor) (directions, twins float64) {
	n := x.Len()
	size := len(x.Data) / n
	mean := make([]float64, size)
	for i, v := range x.Data {
		mean[i%size] += float64(v) / float64(n)
	}
	gram := make([]float64, n*n)
	row := make([]float64, size)
	trace, squares := 0.0, 0.0
	for i := range n {
		for k, v := range x.Row(i) {
			row[k] = float64(v) - mean[k]
		}
		for j := range i + 1 {
			sum := 0.0
			for k, v := range x.Row(j) {
				sum += row[k] * (float64(v) - mean[k])
			}
			gram[i*n+j], gram[j*n+i] = sum, sum
			squares += sum * sum
			if i != j {
				squares += sum * sum
			} else {
				trace += sum
			}
		}
	}
	if squares == 0 {
		return 0, 1
	}
	// The mean squared distance over pairs is twice the variance.
	limit := twin * twin * 2 * trace / float64(n)
	count := 0
	for i := range n {
		nearest := math.Inf(1)
		for j := range n {
			if i != j {
				nearest = min(nearest, gram[i*n+i]+gram[j*n+j]-2*gram[i*n+j])
			}
		}
		if nearest < limit {
			count++
		}
	}
	return trace * trace / squares, float64(count) / float64(n)
}
