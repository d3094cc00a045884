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
// That a unit is active in a place does not say that it draws what is there:
// each figure comes with its control. The effect inside of a unit's area stands
// beside that inside of other samples' areas and beside what other units, as
// strong, do there; the overlap with a concept, beside that with the concept in
// other samples.
//
// Methods: Bau et al. 2017 (arXiv:1704.05796), section 2, for a unit's area and
// its overlap with a concept; Bau et al. 2019 (arXiv:1811.10597), section 3.2,
// for holding units, here one at a time. Pictures of it are package viz's.
package units
