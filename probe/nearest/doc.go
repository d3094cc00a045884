// Package nearest asks whether a generator copies: it finds the training
// pictures nearest to its samples, and tells whether samples are nearer to them
// than real pictures that were not trained on.
//
//	report, err := nearest.Study(ctx, nearest.Pictures{Training: train, Heldout: heldout, Samples: samples}, d, run, nearest.Options{})
//	if err != nil {
//		return err
//	}
//	for _, s := range report.Spaces {
//		fmt.Println(s.Name, s.Samples.Median, s.Heldout.Median, s.Samples.Copies, s.Samples.Flagged)
//	}
//
// Distances are taken in pixels and in D's features (see probe/features), since
// copies that are shifted by a pixel are far from their original in the former.
// Each answer comes with the answer for an artificial memoriser, which draws
// training pictures slightly changed: if the memoriser is not flagged, nothing can
// be concluded.
//
// Method: the three-sample comparison of training, held-out and generated
// pictures of Meehan et al. 2020 (arXiv:2004.05675), over all of the space at
// once.
package nearest
