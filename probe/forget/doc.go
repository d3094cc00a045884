// Package forget makes a generator draw without a concept, such as windows,
// and measures what that took away, what it damaged, and whether any other
// intervention of the same size would have done as much.
//
// A Subject is the generator and those who look at what it draws: a scorer,
// which may guide an intervention, and a judge, which only measures. Fit finds
// the concept in a layer of the generator; Methods make Interventions from it; a
// Baseline compares what is drawn with and without. Study does all of it.
//
//	study, err := forget.Study(ctx, forget.Subject{G: g, D: d, Scorer: scorer, Judge: judge}, model.RunOptions{}, forget.Options{})
//	if err != nil {
//		return err
//	}
//	fmt.Println(study.Report.Area.Before.Mean, study.Report.Area.After.Mean)
//
// The experiment is from Radford et al. 2015 (arXiv:1511.06434), section 6.3.1,
// with the numbers and controls that it lacks. All methods act on activations, and no
// weight is changed. A control of those that fill pastes pixels, to show what needs no G.
package forget
