// Package units tells what each unit of a layer of a generator draws: which
// samples drive it most, where in them it is active, and what changes when it
// alone is held at a value.
//
//	study, err := units.Study(ctx, units.Subject{G: g, D: d}, model.RunOptions{}, units.Options{})
//	if err != nil {
//		return err
//	}
//	for _, u := range study.Report.Units {
//		fmt.Println(u.Unit, u.Effect.Mean, u.Area)
//	}
//
// A unit that is active in a place need not draw what is there, so each figure comes
// with its control. The effect inside of a unit's area stands beside two others: the
// effect inside of other samples' areas, and the effect of other units of the same
// strength. The overlap with a concept stands beside the overlap with the concept in
// other samples.
//
// Methods: Bau et al. 2017 (arXiv:1704.05796), section 2, for a unit's area and
// its overlap with a concept; Bau et al. 2019 (arXiv:1811.10597), section 3.2,
// for holding units, here one at a time. Pictures of it are package viz's.
package units
