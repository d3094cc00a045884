package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"dcganviz/cmd/dcganviz/internal/progress"
	"dcganviz/gallery/figure"
	"dcganviz/internal/plain"
	"dcganviz/model"
	"dcganviz/model/dataset"
	"dcganviz/model/train"
	training "dcganviz/model/train/run"
)

// claim opens the folder that --out names. release is to be deferred.
func (c *trainCmd) claim(e *env) (folder *training.Folder, release func(), err error) {
	path, mode := filepath.Clean(c.Out), training.New
	switch {
	case c.Resume:
		mode = training.Resume
	case c.Force:
		mode = training.Replace
	}
	err = e.halt.during(func() error {
		if folder, err = training.Claim(path, mode); err == nil {
			release = e.halt.atExit(folder.Release)
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) && !errors.Is(err, training.ErrFolder) {
		return nil, nil, noRun(path, err)
	}
	return folder, release, ofOut(err)
}

// ofOut says of an error about the folder of a run which flags to change.
func ofOut(err error) error {
	switch {
	case errors.Is(err, training.ErrExists):
		return fmt.Errorf("--out %w: go on with it by --resume, or replace it by --force", err)
	case errors.Is(err, training.ErrTaken):
		return fmt.Errorf("--out %w", err)
	case errors.Is(err, training.ErrFolder):
		return fmt.Errorf("--out: %w", err)
	}
	return err
}

func noRun(folder string, why error) error {
	return fail(exitMissing, "--resume: no run in %s, want one that dcganviz train --out began: %w", folder, why)
}

// options returns the options of a session: what it does, and where it reports.
func (p *plan) options(e *env, pool *model.Pool, set *dataset.Set, t *train.Trainer) (training.Options, error) {
	var holdout *figure.Holdout
	o := training.Options{
		Threads: pool.Threads(),
		Page:    func(r *training.Report) ([]byte, error) { return figure.TrainingPage(p.folder, r, holdout) },
		Plan:    p.Plan,
		Now:     time.Now,
		Log:     func(text string) { e.note("%s", text) },
		Progress: func(steps, from, batch int) training.Progress {
			return progress.NewTraining(e.bar, time.Now, steps, from, batch)
		},
		Sheet: func(t *train.Trainer) ([]byte, error) { return figure.TrainingSheet(t, pool) },
		Plot:  figure.TrainingPlot,
		Health: func(t *train.Trainer, losses []train.Stats) ([]training.Warning, error) {
			return figure.TrainingHealth(t, losses, pool)
		},
	}
	if set.Held() == nil {
		return o, nil
	}
	var err error
	holdout, err = figure.NewHoldout(e.ctx, set.Held(), p.cfg, pool)
	if err != nil {
		return o, fmt.Errorf("--holdout: %w", err)
	}
	o.Look, o.LookEvery = holdout.Look, holdout.Every(t.Options().Batch)
	return o, nil
}

// sayBest notes which kept state of a finished run is the best, if that can be told: the run
// is saved whatever comes out.
func sayBest(e *env, p *plan, pool *model.Pool) {
	lab, err := figure.OpenLab(p.folder, nil)
	if err == nil {
		lab.Pool = pool
		var said string
		if said, err = lab.BestState(e.ctx, p.opt.Seed); err == nil {
			e.note("%s", said)
		}
	}
	if err != nil && e.ctx.Err() == nil {
		e.note("%v", err)
	}
}

// namedBad is how many bad pictures are named on the terminal.
const namedBad = 20

// reportBad names the pictures that were left out: the first ones on the terminal, and
// all in the folder, where earlier sessions named theirs. It returns an error with their
// number.
func reportBad(e *env, p *plan, folder *training.Folder, set *dataset.Set) error {
	bad := set.Bad()
	if held := set.Held(); held != nil {
		bad = append(bad, held.Bad()...)
	}
	if len(bad) == 0 {
		return nil
	}
	var lines []string
	for i, b := range bad {
		lines = append(lines, plain.Line(fmt.Sprintf("%q: %v", b.Name, b.Err)))
		if i < namedBad {
			e.note("skipped %s", lines[i])
		}
	}
	if more := len(bad) - namedBad; more > 0 {
		e.note("skipped %d more, see %s", more, filepath.Join(p.folder, training.SkippedFile))
	}
	n, err := folder.Skipped(lines)
	if err != nil {
		return err
	}
	return fail(exitPartly, "%d of %d pictures skipped", n, set.Len())
}
