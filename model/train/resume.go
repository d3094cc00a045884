package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"

	"dcganviz/internal/fileio"
	"dcganviz/internal/refuse"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// ErrChanged means that a run was to go on with other nets, options or data
// than it began with.
var ErrChanged = errors.New("not what the run began with")

// Resume goes on with the run that Save left in dir, as if it had never
// stopped: the weights it arrives at are the same, bit for bit. cfg, opt and
// src must be those that the run began with; Options.Dataset, the pool's
// threads and the place of the data may differ, and so may FallFrom and FallTo as long
// as the rate has not begun to fall.
//
// Whether the data are the same is known of their number and Fingerprint. Whether a
// picture has other bytes is known when a step loads it, if the source has a Sum: Step
// returns ErrChanged then.
//
// Errors wrap fs.ErrNotExist, ErrChanged, checkpoint.ErrRefused for a damaged
// state, checkpoint.ErrUnsupported for one of another version, or what the system
// says.
func Resume(dir string, cfg model.Config, src Source, opt Options, pool *model.Pool) (*Trainer, error) {
	path := filepath.Join(dir, StateFile)
	t, err := prepare(cfg, src, opt, pool)
	if err != nil {
		return nil, err
	}
	f, err := safetensors.ReadFile(path)
	if err != nil {
		return nil, classify(err)
	}
	run, err := parseRun(f)
	if err == nil {
		err = run.compare(t)
	}
	if err == nil {
		err = t.restore(f, src)
	}
	if err != nil {
		if t.loader != nil {
			t.loader.close()
		}
		return nil, classify(fmt.Errorf("train: %s: %w", path, err))
	}
	t.step = run.Step
	if run.Adapt != nil {
		t.adapt = *run.Adapt
	}
	runtime.GC() // of what was read, as after Save
	// What killed sessions left of files they were writing.
	err = fileio.RemoveStale(dir, func(name string) bool { return name == StateFile || name == ModelFile })
	if err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

// ReadRun returns what the folder of a run says of it, without reading the
// weights. Its errors are those of Resume.
func ReadRun(dir string) (Run, error) {
	path := filepath.Join(dir, StateFile)
	f, err := safetensors.ReadFileHeader(path)
	if err != nil {
		return Run{}, classify(err)
	}
	run, err := parseRun(f)
	if err != nil {
		return Run{}, classify(fmt.Errorf("train: %s: %w", path, err))
	}
	return run, nil
}

func parseRun(f *safetensors.File) (Run, error) {
	var run Run
	if kind := f.Metadata[kindKey]; kind != kindName {
		return run, refuse.Of(checkpoint.ErrUnsupported, "metadata %q is %.40q, want %q: no state of a run, or of another version", kindKey, kind, kindName)
	}
	if err := json.Unmarshal([]byte(f.Metadata[runKey]), &run); err != nil {
		return run, refuse.Of(checkpoint.ErrRefused, "metadata %q: %w", runKey, err)
	}
	if err := run.Config.Validate(); err != nil {
		return run, refuse.Of(checkpoint.ErrRefused, "metadata %q: %w", runKey, err)
	}
	if run.Step < 0 || run.Step > MaxSteps {
		return run, refuse.Of(checkpoint.ErrRefused, "metadata %q: step %d, want 0 to %d", runKey, run.Step, int64(MaxSteps))
	}
	if filled, err := run.Options.filled(); err != nil {
		return run, refuse.Of(checkpoint.ErrRefused, "metadata %q: %w", runKey, err)
	} else if filled != run.Options {
		return run, refuse.Of(checkpoint.ErrRefused, "metadata %q: options %+v, want none left out", runKey, run.Options)
	}
	if (run.Adapt != nil) != (run.Options.AugmentTarget > 0) {
		return run, refuse.Of(checkpoint.ErrRefused, "metadata %q: target of augmentation %g with a state %v, want both or none", runKey, run.Options.AugmentTarget, run.Adapt)
	} else if run.Adapt != nil {
		if err := run.Adapt.check(run.Options.Batch); err != nil {
			return run, err
		}
	}
	return run, nil
}

// MaxSteps is how many steps a run may make. Its product with the largest batch
// still fits an int.
const MaxSteps = 1 << 40
