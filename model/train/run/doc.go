// Package run keeps a training run on disk: the model, all that the run needs to go
// on, the losses of every step, and what it came to.
//
// A [Folder] is the folder of a run, which one process claims at a time. A [Session]
// trains there until the last step of its [Plan], or until its context ends, and saves
// on the way. A run that was stopped or killed is resumed bit for bit:
//
//	folder, err := run.Claim("runs/mine", run.New)
//	if err != nil {
//		return err
//	}
//	defer folder.Release()
//	t, err := folder.Trainer(cfg, pictures, train.SmallData(), pool)
//	if err != nil {
//		return err
//	}
//	defer t.Close()
//	s, err := folder.Start(ctx, t, run.Options{Plan: run.Plan{Steps: 10000, SaveEvery: 500}, Now: time.Now})
//	if err != nil {
//		return err
//	}
//	defer s.Close()
//	return s.Train(ctx)
//
// The package draws nothing: [Options] has functions that draw the pictures of a run, that
// measure its generator, and that write its page.
// It prints nothing and reads no clock but the one that it is given.
package run
