package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dcganviz/cmd/dcganviz/internal/progress"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/dataset"
	"dcganviz/model/train"
)

// saveAtLeast is how much training a crash may cost at most.
const saveAtLeast = 10 * time.Minute

// A session is one start of the program on a run.
type session struct {
	*plan
	env      *env
	trainer  *train.Trainer
	log      *lossLog
	sampler  *sampler
	progress progress.Training
	deadline time.Time // zero: none
	before   summary   // of the sessions before
	from     int       // step at which this one began
	began    time.Time
	saved    int // step of the last save
	savedAt  time.Time
}

// newSession prepares the run's folder. A new run is saved at once: what would
// keep it from saving is found before any training, and before the run that it
// replaces is gone.
func newSession(e *env, p *plan, t *train.Trainer, pool *model.Pool, folder *runFolder) (*session, error) {
	s := &session{plan: p, env: e, trainer: t, from: t.Steps(), saved: t.Steps(), savedAt: time.Now()}
	if p.resume {
		err := s.open(pool)
		if err != nil {
			s.close()
		}
		return s, err
	}
	if err := folder.begin(); err != nil {
		return nil, unwritable(err)
	}
	err := s.open(pool)
	if err == nil {
		err = e.ctx.Err()
	}
	if err != nil {
		s.close()
		return nil, errors.Join(err, folder.undo())
	}
	if err := folder.commit(); err != nil {
		e.note("the replaced run is still there in part: %v", err)
	}
	return s, nil
}

// open makes the run's files, or opens them. The plan of a new run goes first,
// for it marks the folder as a run's; that of a resumed one last, so that a
// resume that fails leaves it as it was.
func (s *session) open(pool *model.Pool) (err error) {
	s.sampler = newSampler(s.plan, s.trainer, pool)
	if s.resume {
		s.before, err = readSummary(filepath.Join(s.folder, summaryFile))
	} else {
		err = s.plan.write()
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(s.folder, samplesDir), 0o777); err != nil {
		return unwritable(err)
	}
	if s.log, err = openLossLog(filepath.Join(s.folder, lossesFile), s.trainer.Steps()); err != nil {
		return err
	}
	if s.resume {
		return s.plan.write()
	}
	return s.trainer.Save(s.folder)
}

func (s *session) close() {
	if s.log != nil {
		s.log.close()
	}
}

// run trains until the plan's last step, Ctrl-C or the deadline.
func (s *session) run() error {
	defer s.close()
	if s.from >= s.Steps {
		s.env.note("%s has its %d steps: train on with --steps N", s.folder, s.from)
		s.env.note("%v", s.before.at(s.from, s.trainer.Options().Batch, s.log))
		return s.complete()
	}
	s.env.note("%s: %s", s.folder, s.describe())
	s.progress = progress.NewTraining(s.env.stderr, time.Now, s.Steps, s.from, s.trainer.Options().Batch)
	s.began = time.Now()
	err := s.loop()
	s.progress.Close()
	return s.finish(err)
}

// complete writes the model again where it is not that of the state: a save
// that was killed between the two leaves it so, or leaves none.
func (s *session) complete() error {
	path := filepath.Join(s.folder, train.ModelFile)
	if c, err := checkpoint.Open(path, checkpoint.OpenOptions{}); err == nil && c.Meta.Step == s.trainer.Steps() {
		return nil
	}
	if err := s.trainer.Save(s.folder); err != nil {
		return err
	}
	s.env.note("%s was not that of step %d: written again", path, s.trainer.Steps())
	return nil
}

// loop makes steps, with what is due after each.
func (s *session) loop() error {
	for s.trainer.Steps() < s.Steps {
		if !s.deadline.IsZero() && time.Now().After(s.deadline) {
			return errTimeUp
		}
		stats, err := s.trainer.Step(s.env.ctx)
		if err != nil {
			return err
		}
		if err := s.log.add(stats); err != nil {
			return err
		}
		s.progress.Step(stats)
		if err := s.due(); err != nil {
			return err
		}
	}
	return nil
}

var errTimeUp = errors.New("time is up")

// due writes what is to be written after this step.
func (s *session) due() error {
	step := s.trainer.Steps()
	if err := s.keep(step); err != nil {
		return err
	}
	last := step == s.Steps
	if last || s.SampleEvery > 0 && step%s.SampleEvery == 0 {
		if err := s.sampler.draw(s.log); err != nil {
			return err
		}
	}
	if last || s.SaveEvery > 0 && step%s.SaveEvery == 0 || time.Since(s.savedAt) > saveAtLeast {
		return s.save()
	}
	return nil
}

// keep saves G after the last step of each epoch that the plan names.
func (s *session) keep(step int) error {
	for _, epoch := range s.KeepEpochs {
		if end, err := stepsOf(epoch, s.trainer); err != nil || step != end {
			continue
		}
		c := s.trainer.Checkpoint()
		c.D = nil
		path := filepath.Join(s.folder, fmt.Sprintf(epochName, epoch))
		if err := checkpoint.Save(path, c, checkpoint.SaveOptions{Half: true}); err != nil {
			return err
		}
	}
	return nil
}

// save writes the checkpoint. The losses go first, so that they are never
// behind it, the summary last, so that it never counts steps that were lost.
func (s *session) save() error {
	if err := s.log.flush(); err != nil {
		return err
	}
	if err := s.trainer.Save(s.folder); err != nil {
		return err
	}
	s.saved, s.savedAt = s.trainer.Steps(), time.Now()
	return s.summary().write(filepath.Join(s.folder, summaryFile))
}

// summary returns what the run has come to.
func (s *session) summary() summary {
	return s.before.plus(s.saved-s.from, s.savedAt.Sub(s.began)).at(s.saved, s.trainer.Options().Batch, s.log)
}

// finish ends a session that loop left with err.
func (s *session) finish(err error) error {
	step := s.trainer.Steps()
	var diverged *train.Diverged
	switch {
	case err == nil:
		s.env.note("%v", s.summary())
		s.env.printf("%s", filepath.Join(s.folder, train.ModelFile))
		return nil
	case errors.As(err, &diverged):
		// The losses up to here show how it came.
		err = fmt.Errorf("%w; %s is that of step %d", err, filepath.Join(s.folder, train.ModelFile), s.saved)
		return errors.Join(err, s.log.flush(), s.sampler.plot(s.log))
	case errors.Is(err, errTimeUp), errors.Is(err, context.Canceled) && s.env.ctx.Err() != nil:
		if err := s.save(); err != nil {
			return err
		}
		s.env.note("%v", s.summary())
		again := fmt.Sprintf("stopped and saved at step %d of %d: go on with dcganviz train --out %s --resume", step, s.Steps, s.folder)
		if errors.Is(err, errTimeUp) {
			s.env.note("%s", again)
			return nil
		}
		return &coded{errors.New(again), exitInterrupted}
	}
	// Pictures that cannot be read, or a folder that cannot be written: what
	// was trained is still good, if it can be saved.
	if s.saved < step && s.save() != nil {
		return fmt.Errorf("%w; the last checkpoint is that of step %d", err, s.saved)
	}
	return fmt.Errorf("%w; saved at step %d", err, step)
}

// describe says in a line what is trained on what.
func (s *session) describe() string {
	c, o, d := s.cfg, s.trainer.Options(), s.trainer.Data()
	text := fmt.Sprintf("arch %v, width %d/%d, %dx%dx%d on %d pictures, batch %d, %d steps, seed %d",
		c.Arch, c.GWidth, c.DWidth, c.Size, c.Size, c.Channels, d.Images, o.Batch, s.Steps, o.Seed)
	if n := s.trainer.Steps(); n > 0 {
		text += fmt.Sprintf(", going on after step %d", n)
	}
	return text
}

// namedBad is how many bad pictures are named on the terminal.
const namedBad = 20

// reportBad names the pictures that were left out, on the terminal the first
// and in the folder all, with those of the sessions before, and returns an
// error that counts them.
func (s *session) reportBad(bad []dataset.BadItem, pictures int) error {
	if len(bad) == 0 {
		return nil
	}
	path := filepath.Join(s.folder, skippedFile)
	for i, b := range bad {
		if i == namedBad {
			s.env.note("skipped %d more, see %s", len(bad)-i, path)
			break
		}
		s.env.note("skipped %q: %v", b.Name, b.Err)
	}
	before, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	all := slices.Collect(strings.Lines(string(before)))
	for _, b := range bad {
		all = append(all, fmt.Sprintf("%q: %v\n", b.Name, b.Err))
	}
	// In the order of the text, so that it does not depend on who met which.
	slices.Sort(all)
	all = slices.Compact(all)
	if err := replaceFile(path, []byte(strings.Join(all, ""))); err != nil {
		return err
	}
	return partlyError("%d of %d pictures skipped", len(all), pictures)
}
