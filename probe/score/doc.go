// Package score finds a concept, such as windows, in images: a scorer gives
// each location of a grid laid over an image the probability that it is there.
//
// A scorer is fitted on pictures with boxes (Examples). There are two kinds,
// which check on each other: FitPixels fits a small convolutional net on pixels
// alone, the judge; FitFeatures one on what a D sees. A file keeps either
// (Scorer.Write, Load). Probes ask for no more than a Viewer.
//
//	s, err := score.Load("windows.safetensors")
//	if err != nil {
//		return err
//	}
//	before, err := s.Scores(images, model.RunOptions{})  // [N, 16, 16] in [0, 1]
//	if err != nil {
//		return err
//	}
//
// Evaluate measures a scorer on pictures that it has not seen. An Affine
// changes colours, to find out whether a scorer reacts to those in place of the
// concept.
//
// The package draws no pictures and reads no boxes: see package dataset.
package score
