package train

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"dcganviz/internal/hostile"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// FuzzResumeResealed looks for panics and errors of no kind in mutants of a run's state
// whose length and digest are right.
func FuzzResumeResealed(f *testing.F) {
	cfg := model.Config{Arch: model.PyTorch, Size: 16, Channels: 1, LatentDim: 2, GWidth: 1, DWidth: 1}
	opt := Options{Batch: 2, Seed: 9, EMA: .5}
	src := &pictures{n: 4, shape: shapeOf(cfg)}
	tr, err := New(cfg, src, opt, nil)
	if err != nil {
		f.Fatal(err)
	}
	defer tr.Close()
	dir := f.TempDir()
	if err := tr.Save(dir); err != nil {
		f.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, StateFile))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := safetensors.Parse(hostile.Reseal(b))
		if err == nil {
			err = restored(file, src, opt)
		}
		if err = classify(err); err != nil && !errors.Is(err, checkpoint.ErrRefused) && !errors.Is(err, checkpoint.ErrUnsupported) && !errors.Is(err, ErrChanged) {
			t.Fatalf("%v: of no kind", err)
		}
	})
}

// restored does what Resume does with a file, for the nets that the file names if they
// are small.
func restored(file *safetensors.File, src Source, opt Options) error {
	run, err := parseRun(file)
	if err != nil {
		return err
	}
	cfg := run.Config
	if cfg.Size != 16 || cfg.Channels != 1 {
		return ErrChanged
	}
	t, err := prepare(cfg, src, opt, nil)
	if err != nil {
		return err
	}
	if err := run.compare(t); err != nil {
		return err
	}
	err = t.restore(file, src)
	if t.loader != nil {
		t.loader.close()
	}
	return err
}
