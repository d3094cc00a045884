package main

import (
	"os"
	"path/filepath"

	"dcganviz/gallery/figure"
	"dcganviz/model/train"
	training "dcganviz/model/train/run"
)

// checkFlags refuses values that other code would take for defaults, or does not check.
func (c *trainCmd) checkFlags() error {
	if c.Resume && c.Force {
		return usageError("--resume and --force exclude each other: one goes on with the run in %s, one replaces it", c.Out)
	}
	for _, f := range []struct {
		flag string
		v    *int
		low  int
	}{{"steps", c.Steps, 1}, {"epochs", c.Epochs, 1}, {"batch", c.Batch, 2}, {"sample-every", c.SampleEvery, 0}, {"save-every", c.SaveEvery, 0}, {"fall", c.Fall, 1}} {
		if f.v != nil && *f.v < f.low {
			return usageError("--%s is %d, want at least %d", f.flag, *f.v, f.low)
		}
	}
	if c.Steps != nil && *c.Steps > train.MaxSteps {
		return usageError("--steps is %d, want at most %d", *c.Steps, int64(train.MaxSteps))
	}
	if v := c.Holdout; v != nil && *v != 0 && (*v < figure.LeastHoldout || *v > figure.MostHoldout) {
		return usageError("--holdout is %d, want 0, or %d to %d", *v, figure.LeastHoldout, figure.MostHoldout)
	}
	if v := c.LR; v != nil && !(*v > 0 && *v < 1) {
		return usageError("--lr is %g, want above 0 and below 1", *v)
	}
	if v := c.Beta1; v != nil && !(*v >= 0 && *v < 1) {
		return usageError("--beta1 is %g, want at least 0 and below 1", *v)
	}
	for _, f := range []struct {
		flag string
		v    *float64
	}{{"augment-chance", c.Chance}, {"augment-target", c.Target}, {"brightness", c.Brightness}} {
		if f.v != nil && !(*f.v > 0 && *f.v <= 1) {
			return usageError("--%s is %g, want above 0 and at most 1", f.flag, *f.v)
		}
	}
	if c.KeepEpochs != nil {
		for _, n := range *c.KeepEpochs {
			if n < 1 {
				return usageError("--keep-epochs names epoch %d, want 1 or later", n)
			}
		}
	}
	if c.MaxTime != nil && *c.MaxTime <= 0 {
		return usageError("--max-time is %v, want a time above 0 such as 90m", *c.MaxTime)
	}
	return checkThreads(c.Threads)
}

// checkKept refuses epochs in --keep-epochs that this run does not reach.
func (p *plan) checkKept(t *train.Trainer) error {
	for _, epoch := range p.KeepEpochs {
		end, err := training.StepsOf(epoch, t)
		if err != nil {
			return usageError("--keep-epochs: %w", err)
		}
		if end > p.Steps {
			return usageError("--keep-epochs names epoch %d, which ends at step %d, but there are %d steps", epoch, end, p.Steps)
		}
		_, err = os.Stat(filepath.Join(p.folder, training.EpochFile(epoch)))
		if end <= t.Steps() && err != nil && p.resume {
			return usageError("--keep-epochs names epoch %d, which ended at step %d and was not kept: the run is at step %d", epoch, end, t.Steps())
		}
	}
	return nil
}

// inside reports whether path is folder or lies in it, wherever links lead.
func inside(path, folder string) bool {
	info, err := os.Stat(folder)
	if err != nil || !info.IsDir() {
		return false
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if path, err = filepath.Abs(path); err != nil {
		return false
	}
	for ; ; path = filepath.Dir(path) {
		// Comparing files sees through links to folder, and through case.
		if here, err := os.Stat(path); err == nil && os.SameFile(here, info) {
			return true
		}
		if path == filepath.Dir(path) {
			return false
		}
	}
}
