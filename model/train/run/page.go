package run

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"dcganviz/internal/fileio"
	"dcganviz/model/train"
)

// PageMark is how PageFile begins. A file of its name that begins otherwise is not the
// run's: it stays.
const PageMark = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta name=\"generator\" content=\"dcganviz train\">\n"

// A Status says whether a run goes on.
type Status int

const (
	// Running trains at this moment.
	Running Status = iota
	// Stopped has steps to make, by another session.
	Stopped
	// Finished has made all its steps.
	Finished
	// Diverged cannot go on: its numbers are no longer finite.
	Diverged
)

// A Report is what a page says of a run.
type Report struct {
	Trainer *train.Trainer
	Plan    Plan
	Status  Status
	// Saved is the step of the last save.
	Saved int
	// Losses are what Options.Plot gets.
	Losses   []train.Stats
	Measures []Measure
	Warnings []Warning
	// Sheets are the steps that a SheetFile is of.
	Sheets []int
	// Written is when; Left is how long the rest takes, and Next how long it is to the next
	// page, by the pace of this session. 0: unknown.
	Written    time.Time
	Left, Next time.Duration
}

// page writes the page. The run does not depend on it.
func (s *Session) page() {
	if s.opt.Page == nil {
		return
	}
	html, err := s.writePage()
	if err != nil && !s.pageless {
		s.log("%s is not written: %v", s.folder.join(PageFile), err)
	}
	s.pageless, s.pageErr = err != nil || html == nil, err
}

// PageError is why the page of the last save was not written; nil if it was, or if there
// is to be none.
func (s *Session) PageError() error { return s.pageErr }

func (s *Session) writePage() ([]byte, error) {
	r, err := s.report()
	if err != nil {
		return nil, err
	}
	html, err := s.opt.Page(r)
	if err != nil {
		return nil, err
	}
	if dir := s.folder.dir(); dir.Has(PageFile) && !isPage(dir, PageFile) {
		return nil, errors.New("another file of that name is there")
	}
	return html, s.folder.write(PageFile, html)
}

// isPage reports whether a file of the folder is a run's page.
func isPage(folder fileio.Folder, name string) bool {
	f, _, err := folder.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	begins := make([]byte, len(PageMark))
	_, err = io.ReadFull(f, begins)
	return err == nil && bytes.Equal(begins, []byte(PageMark))
}

func (s *Session) report() (*Report, error) {
	r := &Report{
		Trainer: s.trainer, Plan: s.opt.Plan, Status: s.ended, Saved: s.saved, Losses: s.losses.rows, Measures: s.measures,
		Warnings: slices.SortedFunc(maps.Values(s.warned), func(a, b Warning) int { return strings.Compare(a.Cause, b.Cause) }),
		Written:  s.now(),
	}
	if s.Finished() {
		r.Status = Finished
	}
	if each, ok := s.pace(r.Written); ok && r.Status == Running {
		step := s.trainer.Steps()
		r.Left = time.Duration(s.opt.Steps-step) * each
		r.Next = saveAtLeast
		if every := s.opt.SaveEvery; every > 0 {
			r.Next = min(r.Next, time.Duration(every-step%every)*each)
		}
		if s.opt.SampleEvery > 0 {
			r.Next = min(r.Next, time.Duration(s.opt.nextDraw(step)-step)*each)
		}
	}
	var err error
	r.Sheets, err = s.folder.sheets(s.trainer.Steps())
	return r, err
}

// sheets returns the steps, up to one, whose samples were drawn.
func (f *Folder) sheets(last int) (steps []int, err error) {
	entries, err := f.dir().ReadDir(SamplesDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		if !sheetFiles.MatchString(e.Name()) {
			continue
		}
		digits := strings.TrimSuffix(strings.TrimPrefix(e.Name(), "step-"), filepath.Ext(e.Name()))
		if step, err := strconv.Atoi(digits); err == nil && step <= last && filepath.Base(SheetFile(step)) == e.Name() {
			steps = append(steps, step)
		}
	}
	slices.Sort(steps)
	return steps, err
}

const (
	// A pace is told after so many steps, or after so long.
	paceSteps = 20
	paceTime  = 5 * time.Second
	// hardlyAny is a time that need not be told.
	hardlyAny = 20 * time.Second
)

// pace returns how long a step of this session takes, with saves, once that can be told.
// The first step, which makes what later ones use again, does not count.
func (s *Session) pace(now time.Time) (time.Duration, bool) {
	step := s.trainer.Steps()
	if s.opt.Now == nil || step <= s.from+1 || s.timed.IsZero() {
		return 0, false
	}
	return now.Sub(s.timed) / time.Duration(step-s.from-1), true
}

// tellTime says once how long the run will take.
func (s *Session) tellTime(now time.Time) {
	if s.told || s.opt.Now == nil {
		return
	}
	if s.timed.IsZero() {
		s.timed = now
	}
	each, ok := s.pace(now)
	step := s.trainer.Steps()
	if made := step - s.from - 1; !ok || made < paceSteps && time.Duration(made)*each < paceTime {
		return
	}
	s.told = true
	left := time.Duration(s.opt.Steps-step) * each
	if left < hardlyAny {
		return
	}
	text := fmt.Sprintf("it will take about %s, %.2f s a step", About(left), each.Seconds())
	if n := s.opt.Threads; n > 0 {
		text += fmt.Sprintf(" on %d thread", n)
		if n > 1 {
			text += "s"
		}
	}
	if s.opt.SampleEvery > 0 {
		if next := s.opt.nextDraw(step); next < s.opt.Steps {
			text += fmt.Sprintf("; the next samples come after step %d, in about %s", next, About(time.Duration(next-step)*each))
		}
	}
	s.log("%s", text)
}

// About says a time in words, roundly: "40 seconds", "35 minutes", "2.5 hours", "3 days".
func About(d time.Duration) string {
	count := func(v float64, unit string) string {
		text := strconv.FormatFloat(v, 'f', -1, 64)
		if text == "1" {
			return text + " " + unit
		}
		return text + " " + unit + "s"
	}
	round := func(v time.Duration) float64 { return float64(d.Round(v)) }
	switch {
	case d < 10*time.Second:
		return count(max(1, round(time.Second)/1e9), "second")
	case d < 100*time.Second:
		return count(round(5*time.Second)/1e9, "second")
	case d < 100*time.Minute:
		return count(round(time.Minute)/float64(time.Minute), "minute")
	case d < 10*time.Hour:
		return count(round(30*time.Minute)/float64(time.Hour), "hour")
	case d < 48*time.Hour:
		return count(round(time.Hour)/float64(time.Hour), "hour")
	}
	return count(round(24*time.Hour)/float64(24*time.Hour), "day")
}
