package run

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"dcganviz/internal/refuse"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
)

// Options say how a session trains, and whom it tells.
type Options struct {
	// Plan replaces the one in the folder.
	Plan
	// Now is the clock, for Summary and for the saves every ten minutes. Nil: there
	// are no such saves, and the summary holds no times.
	Now func() time.Time
	// Log is called with what a person should know, a line without its end. Nil:
	// nobody is told.
	Log func(text string)
	// Progress is called before the first step of the session. from steps of all
	// steps were made before, and a step takes batch pictures. Nil: nobody is told.
	Progress func(steps, from, batch int) Progress
	// Sheet draws samples of t's generator, Plot the losses of all steps, as the bytes
	// of a PNG file. Nil: the run writes no such file. Of a run of more than 65,536 steps
	// Plot gets every second step, or every fourth, and so on: at most so many.
	Sheet func(t *train.Trainer) ([]byte, error)
	Plot  func(t *train.Trainer, losses []train.Stats) ([]byte, error)
	// Health is called after each save with the losses that Plot gets. What it warns of is
	// told Log, each cause once until a save is without it. Nil: nobody looks.
	Health func(t *train.Trainer, losses []train.Stats) ([]Warning, error)
	// Threads is how many train, for what is said of the time. 0: unknown.
	Threads int
	// Look measures t's generator by the Holdout, whenever Sheet is called and LookEvery
	// steps or more were made since the measure before, and at the end; the first time after
	// LookEvery steps or the plan's SampleEvery. before are the earlier Measures. Nil: there
	// are no measures.
	Look      func(ctx context.Context, t *train.Trainer, before []Measure) (Measure, error)
	LookEvery int
	// Page makes PageFile, which begins with PageMark, after each save, after each sheet and
	// before the first step. Of a page that fails, or cannot be written, Log is told; the run goes on. Nil:
	// there is no page.
	Page func(*Report) ([]byte, error)
}

// A Warning says what is wrong with a run.
type Warning struct {
	Cause string // one word
	Text  string
	// Since is the first save with it without a break; the session sets it.
	Since int
}

// Progress is told how training goes on.
type Progress interface {
	// Step is called after each step.
	Step(train.Stats)
	// Close is called after the last one.
	Close()
}

// A Session is one start of a program on a run.
type Session struct {
	opt     Options
	folder  *Folder
	trainer *train.Trainer
	losses  *lossTable
	before  Summary   // of the sessions before
	from    int       // step at which this one began
	began   time.Time // zero without a clock, like all times
	saved   int       // step of the last save
	savedAt time.Time
	warned  map[string]Warning // by cause, at the last save

	measures []Measure
	timed    time.Time // after the first step
	told     bool      // the time that the run will take
	ended    Status    // Running until the session ends
	pageless bool      // the last page was not written
	pageErr  error     // and why
	drew     bool      // samples, or a measure
}

// Trainer begins the run as train.New does. In a folder that was claimed to resume it
// goes on with the run as train.Resume does: train.ReadRun returns the nets and options
// that it began with.
func (f *Folder) Trainer(cfg model.Config, src train.Source, opt train.Options, pool *model.Pool) (*train.Trainer, error) {
	if f.mode == Resume {
		return train.Resume(f.path, cfg, src, opt, pool)
	}
	return train.New(cfg, src, opt, pool)
}

// Start opens the run's files for t, which Trainer returned. Close the session in the
// end.
//
// A new run is saved at once. What would keep it from saving is found before any
// training, and before the run that it replaces is gone. A file of the folder that is
// damaged gives checkpoint.ErrRefused, a folder that cannot be written to ErrFolder.
func (f *Folder) Start(ctx context.Context, t *train.Trainer, opt Options) (*Session, error) {
	s := &Session{opt: opt, folder: f, trainer: t, from: t.Steps(), saved: t.Steps()}
	s.savedAt = s.now()
	if err := opt.Plan.Check(); err != nil {
		return nil, fmt.Errorf("run: %w", err)
	}
	if f.mode == Resume {
		if err := s.open(); err != nil {
			s.Close()
			return nil, err
		}
		return s, nil
	}
	if err := f.begin(); err != nil {
		return nil, unwritable(err)
	}
	err := s.open()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		s.Close()
		return nil, errors.Join(err, f.undo())
	}
	if err := f.commit(); err != nil {
		s.log("the replaced run is still there in part: %v", err)
	}
	return s, nil
}

// open makes the run's files, or opens them. The plan of a new run is written first,
// because it marks the folder as a run's. The plan of a resumed run is written last,
// so that a resume that fails changes nothing.
func (s *Session) open() (err error) {
	resume := s.folder.mode == Resume
	if resume {
		s.before, err = s.folder.readSummary()
	} else {
		err = s.folder.writeJSON(PlanFile, s.opt.Plan)
	}
	if err != nil {
		return err
	}
	if err := s.folder.dir().Mkdir(SamplesDir); err != nil {
		return unwritable(err)
	}
	if s.losses, err = openLosses(s.folder.dir(), LossesFile, s.from); err != nil {
		return err
	}
	if s.measures, err = s.folder.readMeasures(s.from); err != nil {
		return err
	}
	if resume {
		return s.folder.writeJSON(PlanFile, s.opt.Plan)
	}
	return s.trainer.Save(s.folder.path)
}

// Close closes the session's files. It does not save.
func (s *Session) Close() {
	if s.losses != nil {
		s.losses.close()
	}
}

// Finished reports whether the run has made all its steps.
func (s *Session) Finished() bool { return s.trainer.Steps() >= s.opt.Steps }

// Train trains until the plan's last step. If the run is finished already, it only
// writes files that are missing or not of the last step. Call it once.
//
// If ctx ends, Train saves the run and returns an error that wraps ctx.Err(). After any
// other error the folder holds the last step that could be saved; the error names it.
func (s *Session) Train(ctx context.Context) error {
	if s.Finished() {
		s.log("%v", s.before.at(s.from, s.trainer.Options().Batch, s.losses.last()))
		return s.complete(ctx)
	}
	s.log("%s: %s", s.folder.path, s.describe())
	if s.opt.Page != nil {
		s.log("watch it in a browser: %s", s.folder.join(PageFile))
	}
	progress := s.progress()
	s.began = s.now()
	err := s.catchUp(ctx)
	if err == nil {
		s.page()
		err = s.loop(ctx, progress)
	}
	progress.Close()
	return s.finish(ctx, err)
}

// complete writes the model and the summary again if they are not those of the state. A
// save that was killed between them leaves older ones, or none.
func (s *Session) complete(ctx context.Context) error {
	path, step := s.folder.join(train.ModelFile), s.trainer.Steps()
	if c, err := checkpoint.Open(path, checkpoint.OpenOptions{}); err != nil || c.Meta.Step != step {
		if err := s.trainer.Save(s.folder.path); err != nil {
			return err
		}
		s.log("%s was not that of step %d: written again", path, step)
	}
	if err := s.catchUp(ctx); err != nil {
		return err
	}
	written := s.before.Step == step
	if !written || s.drew || !s.folder.dir().Has(PageFile) {
		s.page()
	}
	if written {
		return nil
	}
	return s.folder.writeJSON(SummaryFile, s.before.at(step, s.trainer.Options().Batch, s.losses.last()))
}

// loop makes steps, with what is due after each.
func (s *Session) loop(ctx context.Context, progress Progress) error {
	for !s.Finished() {
		stats, err := s.trainer.Step(ctx)
		if err != nil {
			return err
		}
		if err := s.losses.add(stats); err != nil {
			return err
		}
		progress.Step(stats)
		now := s.now()
		s.tellTime(now)
		if err := s.due(ctx, now); err != nil {
			return err
		}
	}
	return nil
}

// finish ends a session that loop left with err.
func (s *Session) finish(ctx context.Context, err error) error {
	step := s.trainer.Steps()
	var diverged *train.Diverged
	switch {
	case err == nil:
		s.log("%v", s.summary())
		return nil
	case errors.As(err, &diverged):
		// The losses up to here show how it came.
		err = fmt.Errorf("%w; %s is that of step %d", err, filepath.Join(s.folder.path, train.ModelFile), s.saved)
		err = errors.Join(err, s.losses.flush(), s.plot())
		s.ended = Diverged
		s.page()
		return err
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		s.ended = Stopped
		if err := s.save(); err != nil {
			return err
		}
		s.log("%v", s.summary())
		return refuse.Of(ctx.Err(), "stopped and saved at step %d of %d", step, s.opt.Steps)
	}
	// Pictures that cannot be read, or a folder that cannot be written: what
	// was trained is still good, if it can be saved.
	s.ended = Stopped
	if s.saved < step && s.save() != nil {
		return fmt.Errorf("%w; the last checkpoint is that of step %d", err, s.saved)
	}
	return fmt.Errorf("%w; saved at step %d", err, step)
}

// describe says in a line what is trained on what.
func (s *Session) describe() string {
	c, o, d := s.trainer.Config(), s.trainer.Options(), s.trainer.Data()
	height, width, channels := c.Dims()
	text := fmt.Sprintf("arch %v, width %d/%d, %dx%dx%d on %d pictures, batch %d, %d steps, seed %d",
		c.Arch, c.GWidth, c.DWidth, height, width, channels, d.Images, o.Batch, s.opt.Steps, o.Seed)
	if c.Hidden > 0 {
		text += fmt.Sprintf(", %d hidden units", c.Hidden)
	}
	if n := c.DCondition.Classes; n > 0 {
		text += fmt.Sprintf(", %d classes", n)
	}
	if n := s.trainer.Steps(); n > 0 {
		text += fmt.Sprintf(", going on after step %d", n)
	}
	return text
}
