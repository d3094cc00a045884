package run

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"

	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
)

// A Measure says how near a run's generator comes, at a step, to pictures that were kept out
// of training. One half of them chooses the best step; the other half says what it is worth.
type Measure struct {
	Step int `json:"step"`
	// Apart is how far samples are apart by doctor.Apart; nil if there is no such number.
	Apart *float64 `json:"apart,omitempty"`
	// Chosen is the distance from the half that chooses, Judged that from the other, and
	// Recall and Coverage are of the other.
	Chosen Estimate `json:"kid_chosen"`
	// Variety is the lesser of recall and coverage of the half that chooses; nil of measures
	// by versions that did not take it.
	Variety  *Estimate `json:"variety_chosen,omitempty"`
	Judged   Estimate  `json:"kid"`
	Recall   float64   `json:"recall"`
	Coverage float64   `json:"coverage"`
	// Best says that the state took the place of the best before, by the half that chooses:
	// BestFile is of the last such step.
	Best bool `json:"best"`
}

// An Estimate is a number with its standard error.
type Estimate struct {
	Value float64 `json:"value"`
	SE    float64 `json:"se"`
}

// look measures G if that is due, and keeps the best one.
func (s *Session) look(ctx context.Context) error {
	step := s.trainer.Steps()
	if s.opt.Look == nil || !s.looksAt(step) {
		return nil
	}
	m, err := s.opt.Look(ctx, s.trainer, s.measures)
	if err != nil {
		return err
	}
	m.Step, s.drew = step, true
	if m.Best {
		if err := s.keepG(BestFile); err != nil {
			return err
		}
	}
	s.measures = append(s.measures, m)
	return s.folder.writeJSON(HeldFile, s.measures)
}

func (s *Session) looksAt(step int) bool {
	if len(s.measures) == 0 {
		// Not at the earliest sheets, if that takes much of their time.
		return s.Finished() || step >= min(s.opt.SampleEvery, s.opt.LookEvery)
	}
	since := step - s.measures[len(s.measures)-1].Step
	return since > 0 && (since >= s.opt.LookEvery || s.Finished())
}

// keepG saves G, half precision, to a file of the folder.
func (s *Session) keepG(name string) error {
	c := s.trainer.Checkpoint()
	c.D = nil
	return checkpoint.Save(s.folder.join(name), c, checkpoint.SaveOptions{Half: true, Within: s.folder.path})
}

// mostMeasures is more than a run makes.
const mostMeasures = 1 << 14

// readMeasures returns the measures up to a step.
func (f *Folder) readMeasures(step int) (all []Measure, err error) {
	err = f.readJSON(HeldFile, &all)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = checkMeasures(all)
		if err != nil {
			err = refused("%s: %w", f.join(HeldFile), err)
		}
	}
	if errors.Is(err, checkpoint.ErrRefused) {
		return nil, fmt.Errorf("%w: remove the file to go on without the measures so far", err)
	}
	for len(all) > 0 && all[len(all)-1].Step > step {
		all = all[:len(all)-1]
	}
	return all, err
}

// checkMeasures refuses what no session writes.
func checkMeasures(all []Measure) error {
	if len(all) > mostMeasures {
		return fmt.Errorf("%d measures, want at most %d", len(all), mostMeasures)
	}
	before := 0
	for _, m := range all {
		if m.Step <= before || m.Step > train.MaxSteps {
			return fmt.Errorf("a measure of step %d after one of step %d", m.Step, before)
		}
		before = m.Step
		if v := m.Variety; v != nil && (!(v.Value >= 0 && v.Value <= 1) || !(v.SE >= 0 && v.SE <= 1)) {
			return fmt.Errorf("a measure of variety of %g ± %g at step %d", v.Value, v.SE, m.Step)
		}
		for _, v := range []float64{m.Chosen.Value, m.Chosen.SE, m.Judged.Value, m.Judged.SE, m.Recall, m.Coverage} {
			if math.Abs(v) > math.MaxFloat32 {
				return fmt.Errorf("a measure of %g at step %d", v, m.Step)
			}
		}
	}
	return nil
}
