// Package forget makes a generator draw without a concept, such as windows,
// and measures what that took away, what it damaged, and whether any other
// intervention of the same size would have done as much.
//
// A Subject is the generator and those who look at what it draws: a scorer,
// which may guide an intervention, and a judge, which only measures. Fit finds
// the concept in a layer of the generator; Methods make Interventions from it;
// Measure compares what is drawn with and without.
//
//	concept, err := subject.Fit(ctx, forget.FitOptions{Seed: 1})
//	if err != nil {
//		return err
//	}
//	drop := concept.Drop(concept.Positive())
//	outcome, err := subject.Measure(ctx, drop, forget.MeasureOptions{Seed: 2})
//
// The experiment is that of Radford et al. 2015 (arXiv:1511.06434), section
// 6.3.1, with the numbers and controls that it lacks. All methods act on
// activations; no pixel is ever pasted, and no weight changed.
package forget
