package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"dcganviz/model/train"
)

// saveAtLeast is how much training a crash may cost at most.
const saveAtLeast = 10 * time.Minute

// due writes what is to be written after this step.
func (s *Session) due(ctx context.Context, now time.Time) error {
	step := s.trainer.Steps()
	if err := s.keep(step, false); err != nil {
		return err
	}
	draws := s.drawsAt(step)
	if draws {
		if err := s.draw(step); err != nil {
			return err
		}
		if err := s.look(ctx); err != nil {
			return err
		}
	}
	if s.Finished() || s.opt.SaveEvery > 0 && step%s.opt.SaveEvery == 0 || now.Sub(s.savedAt) > saveAtLeast {
		return s.save()
	}
	if draws {
		s.page()
	}
	return nil
}

// drawsAt reports whether pictures are due after the step that was made last.
func (s *Session) drawsAt(step int) bool { return s.Finished() || s.opt.draws(step) }

// catchUp writes what was due at the step that the session begins at and is not there:
// the session before saved its state, but could not write it.
func (s *Session) catchUp(ctx context.Context) error {
	step := s.trainer.Steps()
	if step == 0 {
		return nil
	}
	if err := s.keep(step, true); err != nil || !s.drawsAt(step) {
		return err
	}
	draw := s.plot
	if s.opt.Sheet != nil && !s.folder.dir().Has(SheetFile(step)) {
		draw = func() error { return s.draw(step) }
	}
	if err := draw(); err != nil {
		return err
	}
	return s.look(ctx)
}

// keep saves G after the last step of each epoch that the plan names; with missing only
// to files that are not there.
func (s *Session) keep(step int, missing bool) error {
	for _, epoch := range s.opt.KeepEpochs {
		if end, err := StepsOf(epoch, s.trainer); err != nil || step != end {
			continue
		}
		if missing && s.folder.dir().Has(EpochFile(epoch)) {
			continue
		}
		if err := s.keepG(EpochFile(epoch)); err != nil {
			return err
		}
	}
	return nil
}

// draw writes the pictures of this step.
func (s *Session) draw(step int) error {
	s.drew = true
	if s.opt.Sheet != nil {
		sheet, err := s.opt.Sheet(s.trainer)
		if err == nil {
			err = s.folder.write(SheetFile(step), sheet)
		}
		if err != nil {
			return err
		}
	}
	return s.plot()
}

func (s *Session) plot() error {
	if s.opt.Plot == nil || len(s.losses.rows) == 0 {
		return nil
	}
	plot, err := s.opt.Plot(s.trainer, s.losses.rows)
	if err != nil {
		return err
	}
	return s.folder.write(PlotFile, plot)
}

// save writes the checkpoint. The losses are written before it, so that no step of it
// lacks them, and the summary after it, so that it counts no step that was lost. The page
// comes between: where there is a summary of the last step, the page is of it, too.
func (s *Session) save() error {
	if err := s.losses.flush(); err != nil {
		return err
	}
	if err := s.trainer.Save(s.folder.path); err != nil {
		return err
	}
	s.saved, s.savedAt = s.trainer.Steps(), s.now()
	if err := s.warn(); err != nil {
		return err
	}
	s.page()
	return s.folder.writeJSON(SummaryFile, s.summary())
}

// warn tells what is wrong since the save before.
func (s *Session) warn() error {
	if s.opt.Health == nil {
		return nil
	}
	all, err := s.opt.Health(s.trainer, s.losses.rows)
	if err != nil {
		return err
	}
	now := make(map[string]Warning)
	for _, w := range all {
		before, known := s.warned[w.Cause]
		if w.Since = before.Since; !known {
			w.Since = s.saved
			s.log("step %d: %s", s.saved, w.Text)
		}
		now[w.Cause] = w
	}
	s.warned = now
	return nil
}

// summary returns what the run has come to.
func (s *Session) summary() Summary {
	sum := s.before
	if s.opt.Now != nil {
		sum = sum.plus(s.saved-s.from, s.savedAt.Sub(s.began))
	}
	return sum.at(s.saved, s.trainer.Options().Batch, s.losses.last())
}

// Skipped adds lines about pictures that were left out to SkippedFile, and returns
// how many lines it has now, over all sessions of the run.
func (f *Folder) Skipped(lines []string) (int, error) {
	before, err := f.read(SkippedFile, mostSkipped)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	if n := bytes.Count(before, []byte("\n")); n > mostSkippedLines {
		return 0, refused("%s: %d lines, want at most %d: remove the file", f.join(SkippedFile), n, mostSkippedLines)
	}
	all := slices.Collect(strings.Lines(string(before)))
	for _, line := range lines {
		all = append(all, line+"\n")
	}
	// Sorted by text, so that the file is the same whichever session met a picture.
	slices.Sort(all)
	all = slices.Compact(all)
	text := strings.Join(all[:min(len(all), mostSkippedLines)], "")
	if len(text) > mostSkipped {
		text = text[:strings.LastIndexByte(text[:mostSkipped], '\n')+1]
	}
	return len(all), f.write(SkippedFile, []byte(text))
}

// mostSkipped is how many bytes SkippedFile has at most, and mostSkippedLines how many
// lines. What would be more is left out.
const mostSkipped, mostSkippedLines = 64 << 20, 1 << 20

// now asks the clock. Without one it is always the same time.
func (s *Session) now() time.Time {
	if s.opt.Now == nil {
		return time.Time{}
	}
	return s.opt.Now()
}

// log tells the caller something.
func (s *Session) log(format string, args ...any) {
	if s.opt.Log != nil {
		s.opt.Log(fmt.Sprintf(format, args...))
	}
}

// progress returns what is told of the steps.
func (s *Session) progress() Progress {
	if s.opt.Progress == nil {
		return unseen{}
	}
	return s.opt.Progress(s.opt.Steps, s.from, s.trainer.Options().Batch)
}

// unseen is progress that nobody is told of.
type unseen struct{}

func (unseen) Step(train.Stats) {}
func (unseen) Close()           {}
