// Package vector does arithmetic on latents: concepts are means of exemplars,
// and what a generator draws of their sums and differences shows whether
// directions in latent space mean anything.
//
//	e := vector.Exemplars{A: smilingWomen, B: neutralWomen, C: neutralMen} // latents, [3, LatentDim] each
//	y, err := e.Sum()                                                      // A - B + C
//	if err != nil {
//		return err
//	}
//	images, err := g.Generate(vector.Around(y, 8, vector.PaperReach, 1), model.RunOptions{})
//
// A Sum that is taken of few exemplars depends on which: MeasureStability tells how
// far, beside controls. A Turn goes along the difference of two concepts, and
// MeasureTurn tells whether the images do, too. FitDirection fits a scale for that,
// in the features of a discriminator.
//
// Method: Radford et al. 2015 (arXiv:1511.06434), section 6.3, figures 7 and 8.
// They show pictures; the numbers and the controls are ours.
//
// The package chooses no exemplars and judges no images: callers bring both.
package vector
