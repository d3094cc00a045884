// Package features turns images into what a discriminator sees in them: one
// vector an image, for distances and maps.
//
//	x, err := features.Of(ctx, d, images, model.RunOptions{})
//	if err != nil {
//		return err
//	}
//	near := probe.Distance(x.Row(0), x.Row(1))
//
// Radford et al. 2015 (arXiv:1511.06434), section 5.1, classify CIFAR-10 by such
// features: the maxima of all of D's convolution layers on a grid of 4x4.
package features
