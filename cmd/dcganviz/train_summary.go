package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"dcganviz/model/train"
)

// averaged is over how many of the last steps a summary's losses are means.
const averaged = 1000

// A summary is what a run has come to by its last save: the figures for the
// card of its model. It is a file of its own, as the only one in the folder
// that is not the same each time a run is made.
type summary struct {
	Step int `json:"step"`
	// Seconds is how long the run's sessions trained in all, sheets and saves
	// included, and TimedSteps how many steps they made in that time: those of a
	// session that was killed count up to its last save.
	Seconds    float64 `json:"seconds"`
	TimedSteps int     `json:"timed_steps"`
	// ImagesPerSecond is TimedSteps times the batch, by Seconds.
	ImagesPerSecond float64 `json:"images_per_second"`
	// Last is what the means are over: the last 1,000 steps, or all if there are
	// fewer in the table of losses.
	Last  int   `json:"last"`
	Means means `json:"means_of_last"`
}

type means struct {
	LossD     float64 `json:"loss_d"`
	LossG     float64 `json:"loss_g"`
	ScoreReal float64 `json:"score_real"`
	ScoreFake float64 `json:"score_fake"`
}

// readSummary returns that of the sessions before, zero if there is none.
func readSummary(path string) (s summary, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	} else if err != nil {
		return s, err
	}
	if err = json.Unmarshal(text, &s); err == nil && !(s.Seconds >= 0 && s.TimedSteps >= 0 && s.TimedSteps <= train.MaxSteps) {
		err = fmt.Errorf("%g seconds for %d steps, want neither below 0", s.Seconds, s.TimedSteps)
	}
	if err != nil {
		return s, &coded{fmt.Errorf("%s: %w: remove the file to go on without the time so far", path, err), exitRefused}
	}
	return s, nil
}

// plus returns s after more steps that took a time.
func (s summary) plus(steps int, took time.Duration) summary {
	s.TimedSteps += steps
	s.Seconds += took.Seconds()
	return s
}

// at returns s with the figures of a run at a step.
func (s summary) at(step, batch int, l *lossLog) summary {
	s.Step, s.ImagesPerSecond = step, 0
	if s.Seconds > 0 {
		s.ImagesPerSecond = float64(s.TimedSteps) * float64(batch) / s.Seconds
	}
	x := &l.losses
	first := max(0, len(x.Steps)-averaged)
	s.Last = len(x.Steps) - first
	s.Means = means{mean(x.D[first:]), mean(x.G[first:]), mean(x.RealScores[first:]), mean(x.FakeScores[first:])}
	return s
}

// mean returns that of x, 0 if there is none.
func mean(x []float64) float64 {
	var sum float64
	for _, v := range x {
		sum += v
	}
	return sum / max(1, float64(len(x)))
}

func (s summary) write(path string) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(path, append(text, '\n'))
}

func (s summary) String() string {
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
