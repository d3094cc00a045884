// Package train trains a DCGAN: one step for D, one for G, in turn.
//
// A Trainer holds a G and a D, Adam's moments for both, and where it stands.
// Step makes one step of each net; Save writes a run's folder, and Resume goes
// on from it bit for bit, whatever the number of threads: every random number
// of a step is a function of the seed and the step.
//
//	t, err := train.New(cfg, pictures, train.SmallData(), pool)
//	if err != nil {
//		return err
//	}
//	defer t.Close()
//	for t.Steps() < 10000 {
//		s, err := t.Step(ctx)
//		if err != nil {
//			return err // a *Diverged if the training broke
//		}
//		fmt.Fprintf(out, "%d: D %.2f, G %.2f\n", s.Step, s.LossD, s.LossG)
//	}
//	return t.Save("runs/mine")
//
// One step is the step of pytorch/examples: D learns from a batch of real pictures
// and one that G draws, then G from the same drawings as D, now a step wiser,
// sees them. Options' zero value is the paper's recipe; SmallData is one for a
// few thousand pictures.
//
// The package prints nothing, reads no clock and decides neither when to save
// nor when to stop.
package train
