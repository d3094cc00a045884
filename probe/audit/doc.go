// Package audit tells a walk on which images turn into each other from one that
// jumps between stored images.
//
//	report, err := audit.Walk(ctx, audit.Course{Images: images, Refine: 8, Stored: samples}, d, run, probe.Settings{})
//	if err != nil {
//		return err
//	}
//	for _, s := range report.Spaces {
//		fmt.Println(s.Name, s.Walk.Largest, s.Walk.Median, s.Walk.Sharp, s.Memoriser.Sharp)
//	}
//
// Radford et al. 2015 (arXiv:1511.06434), section 6.1: "walking on the manifold
// that is learnt can usually tell us about signs of memorization (if there are
// sharp transitions)". The paper goes by eye; here it is a number, with the
// control of an artificial memoriser on the very same path.
//
// The memoriser is an artificial one, which no G is: a G is continuous, so that one which
// knows pictures by heart may turn them into each other as smoothly as any. No walk of such
// a net was audited yet. A smooth walk is no proof that nothing was memorised; package
// nearest looks for copies.
//
// Walk looks at all parts of the walk. Quick asks only for the images between which a
// sharp part may lie, about an eighth of them.
package audit
