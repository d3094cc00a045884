package run

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
)

// averaged is over how many of the last steps a summary's losses are means.
const averaged = 1000

// A Summary is what a run has come to by its last save, for the card of its model.
// No other file of the folder holds a time: all are the same each time a run is
// made, but for this one.
type Summary struct {
	// Step is the last step that was saved.
	Step int `json:"step"`
	// Seconds is how long the run's sessions trained in all, with pictures and saves,
	// and TimedSteps how many steps they made in that time. A session that was killed
	// counts up to its last save, one without a clock does not.
	Seconds    float64 `json:"seconds"`
	TimedSteps int     `json:"timed_steps"`
	// ImagesPerSecond is TimedSteps times the batch, by Seconds.
	ImagesPerSecond float64 `json:"images_per_second"`
	// Last is what the means are over: the last 1,000 steps, or all if there are
	// fewer in the table of losses.
	Last  int   `json:"last"`
	Means Means `json:"means_of_last"`
}

// Means are the means of some figures of train.Stats over several steps.
type Means struct {
	LossD     float64 `json:"loss_d"`
	LossG     float64 `json:"loss_g"`
	ScoreReal float64 `json:"score_real"`
	ScoreFake float64 `json:"score_fake"`
}

// A run's sessions take a nanosecond at least, as a clock tells, and thirty years at
// most.
const leastSeconds, mostSeconds = 1e-9, 1e9

// readSummary returns the summary of the sessions before. It is zero if there is
// none.
func (f *Folder) readSummary() (s Summary, err error) {
	err = f.readJSON(SummaryFile, &s)
	if errors.Is(err, fs.ErrNotExist) {
		return Summary{}, nil
	}
	if timed := s.Seconds >= leastSeconds && s.Seconds <= mostSeconds; err == nil && !(timed || s.Seconds == 0) {
		err = refused("%s: %g seconds, want 0, or %g to %g", f.join(SummaryFile), s.Seconds, leastSeconds, mostSeconds)
	}
	if err == nil && !(s.TimedSteps >= 0 && s.TimedSteps <= train.MaxSteps) {
		err = refused("%s: %d timed steps, want 0 to %d", f.join(SummaryFile), s.TimedSteps, int64(train.MaxSteps))
	}
	if errors.Is(err, checkpoint.ErrRefused) {
		err = fmt.Errorf("%w: remove the file to go on without the time so far", err)
	}
	return s, err
}

// plus returns s after more steps that took a time.
func (s Summary) plus(steps int, took time.Duration) Summary {
	s.TimedSteps += steps
	s.Seconds += took.Seconds()
	return s
}

// at returns s with the figures of a run at a step, whose losses are rows.
func (s Summary) at(step, batch int, rows []train.Stats) Summary {
	s.Step, s.ImagesPerSecond = step, 0
	if s.Seconds > 0 {
		s.ImagesPerSecond = float64(s.TimedSteps) * float64(batch) / s.Seconds
	}
	rows = rows[max(0, len(rows)-averaged):]
	var sum Means
	for _, r := range rows {
		sum.LossD += r.LossD
		sum.LossG += r.LossG
		sum.ScoreReal += r.ScoreReal
		sum.ScoreFake += r.ScoreFake
	}
	n := max(1, float64(len(rows)))
	s.Last = len(rows)
	s.Means = Means{sum.LossD / n, sum.LossG / n, sum.ScoreReal / n, sum.ScoreFake / n}
	return s
}

// String says it in a line.
func (s Summary) String() string {
	took := time.Duration(s.Seconds * float64(time.Second))
	unit := time.Second
	if took < time.Minute {
		unit = 10 * time.Millisecond
	}
	text := fmt.Sprintf("%d steps", s.Step)
	switch {
	case s.TimedSteps == s.Step:
		text += fmt.Sprintf(" in %v, %.1f images/s", took.Round(unit), s.ImagesPerSecond)
	case s.TimedSteps > 0:
		text += fmt.Sprintf(", %d of them timed: %v, %.1f images/s", s.TimedSteps, took.Round(unit), s.ImagesPerSecond)
	}
	if s.Last > 0 {
		text += fmt.Sprintf("; means of the last %d: loss D %.3f, G %.3f, D's score of real pictures %.3f, of drawn ones %.3f",
			s.Last, s.Means.LossD, s.Means.LossG, s.Means.ScoreReal, s.Means.ScoreFake)
	}
	return text
}
