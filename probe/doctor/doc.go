// Package doctor tells what is wrong or doubtful with a trained DCGAN.
//
// Examine runs every check on a checkpoint and returns a Report: one Finding a
// check, with the numbers that it rests on and the limits they are held
// against, and Exhibits, images to look at side by side. Where it can, a check
// compares the nets with what they would be if the fault were there, or were
// not, rather than with an absolute figure.
//
//	report, err := doctor.Examine(ctx, checkpoint, model.RunOptions{}, doctor.Options{})
//	if err != nil {
//		return err
//	}
//	for _, f := range report.Findings {
//		fmt.Println(f.Check, f.Verdict, f.Evidence)
//	}
//
// Nothing here says how good the images are, only whether they are those that
// the net was trained to draw.
package doctor
