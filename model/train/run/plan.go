package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

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
	// SampleEvery is the steps between pictures. 0: pictures at the end only.
	SampleEvery int `json:"sample_every"`
	// SaveEvery is the steps between saves. 0: a save every ten minutes, which holds
	// anyway, and at the end.
	SaveEvery int `json:"save_every"`
	// KeepEpochs are the epochs after which G is kept in a file of its own.
	KeepEpochs []int `json:"keep_epochs,omitempty"`
}

// ReadPlan puts the folder's plan into p. If there is none, p stays as it is. A file
// that holds no plan gives checkpoint.ErrRefused.
func (f *Folder) ReadPlan(p *Plan) error {
	path := f.join(PlanFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	if err := json.Unmarshal(text, p); err != nil {
		return refused("%s: %w", path, err)
	}
	return nil
}

// writeJSON gives a file of the folder v, a plan or a summary.
func (f *Folder) writeJSON(name string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(f.join(name), append(text, '\n'))
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
