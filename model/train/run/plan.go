package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"dcganviz/internal/plainjson"
	"dcganviz/model/train"
)

// A Plan says how long a run is, what is written on the way, and where its pictures
// come from. It is kept in the run's folder, beside the state, which holds the nets
// and the recipe. The plan may change when the run is resumed.
type Plan struct {
	// Data, List, Strict and About are the caller's notes on the pictures. The run
	// itself does not read them.
	Data   string `json:"data"`
	List   string `json:"list,omitempty"`
	Strict bool   `json:"strict,omitempty"`
	About  string `json:"about"`
	// Steps is how many steps the run makes in all.
	Steps int `json:"steps"`
	// SampleEvery is the steps between pictures. 0: pictures at the end only. Before the first
	// ones there are some earlier, where it is 64 or more: after a 32nd of it, a 16th, an
	// eighth, a quarter and a half, because then samples change most.
	SampleEvery int `json:"sample_every"`
	// SaveEvery is the steps between saves. 0: a save every ten minutes, which holds
	// anyway, and at the end.
	SaveEvery int `json:"save_every"`
	// Holdout is how many pictures are kept out of training, to measure G by. The caller
	// keeps them out.
	Holdout int `json:"holdout,omitempty"`
	// KeepEpochs are the epochs after which G is kept in a file of its own.
	KeepEpochs []int `json:"keep_epochs,omitempty"`
}

// mostBytes is more than a plan or a summary takes.
const mostBytes = 1 << 20

// ReadPlan puts the folder's plan into p. If there is none, p stays as it is. A file
// that holds no plan, or one that Check refuses, gives checkpoint.ErrRefused.
func (f *Folder) ReadPlan(p *Plan) error {
	err := f.readJSON(PlanFile, p)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		if err = p.Check(); err != nil {
			err = refused("%s: %w", f.join(PlanFile), err)
		}
	}
	return err
}

// Check reports the first field that is out of range.
func (p *Plan) Check() error {
	switch {
	case p.Steps < 1 || p.Steps > train.MaxSteps:
		return fmt.Errorf("steps is %d, want 1 to %d", p.Steps, int64(train.MaxSteps))
	case p.SampleEvery < 0:
		return fmt.Errorf("sample_every is %d, want at least 0", p.SampleEvery)
	case p.SaveEvery < 0:
		return fmt.Errorf("save_every is %d, want at least 0", p.SaveEvery)
	}
	if p.Holdout < 0 {
		return fmt.Errorf("holdout is %d, want at least 0", p.Holdout)
	}
	for _, epoch := range p.KeepEpochs {
		if epoch < 1 || epoch > train.MaxSteps {
			return fmt.Errorf("keep_epochs names epoch %d, want 1 to %d", epoch, int64(train.MaxSteps))
		}
	}
	return nil
}

// readJSON reads what writeJSON wrote.
func (f *Folder) readJSON(name string, v any) error {
	text, err := f.read(name, mostBytes)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, v); err != nil {
		return refused("%s: %w", f.join(name), err)
	}
	return nil
}

// writeJSON gives a file of the folder v, a plan or a summary.
func (f *Folder) writeJSON(name string, v any) error {
	var text bytes.Buffer
	if err := plainjson.Write(&text, v, plainjson.Options{Lines: true}); err != nil {
		return err
	}
	return f.write(name, text.Bytes())
}

// StepsOf returns how many steps t makes in all until the pictures were seen so
// many times.
func StepsOf(epochs int, t *train.Trainer) (int, error) {
	images, batch := t.Data().Images, t.Options().Batch
	if most := train.MaxSteps * batch / images; epochs > most {
		return 0, fmt.Errorf("%d times through %d pictures, want at most %d", epochs, images, most)
	}
	return (epochs*images + batch - 1) / batch, nil
}

// earliest is the part of SampleEvery after which there are pictures first.
const earliest = 32

// draws reports whether pictures are due after a step, the last one left aside.
func (p Plan) draws(step int) bool { return p.SampleEvery > 0 && p.nextDraw(step-1) == step }

// nextDraw returns the first step after one that pictures are due at.
func (p Plan) nextDraw(step int) int {
	every := p.SampleEvery
	for part := earliest; part > 1 && every >= 2*earliest; part /= 2 {
		if early := every / part; early > step {
			return early
		}
	}
	return (step/every + 1) * every
}
