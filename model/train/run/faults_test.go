package run

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/faults"
	"dcganviz/internal/fileio"
	"dcganviz/model"
	"dcganviz/model/train"
)

// onePool has no threads that wait for each other.
var onePool = model.NewPool(1)

// attempt is session where anything may fail.
func attempt(ctx context.Context, path string, mode Mode, opt Options, seed uint64) error {
	folder, err := Claim(path, mode)
	if err != nil {
		return err
	}
	defer folder.Release()
	cfg := model.Config{Size: 16, Channels: 1, LatentDim: 8, GWidth: 4, DWidth: 4}
	trainer, err := folder.Trainer(cfg, ramps(12), train.Options{Batch: 4, Seed: seed}, onePool)
	if err != nil {
		return err
	}
	defer trainer.Close()
	var plan Plan
	if err := folder.ReadPlan(&plan); err != nil {
		return err
	}
	s, err := folder.Start(ctx, trainer, opt)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Train(ctx); err != nil {
		return err
	}
	_, err = folder.Skipped([]string{"a.jpg"})
	return err
}

// TestEveryFaultOfARun lets each call to the system fail that a new run makes, one that
// goes on, and one that replaces another: alone, and with all calls after it, as if the
// process was killed there. The run must then go on, or begin again, to the same bytes
// as one that nobody disturbed. What was saved before must be there.
func TestEveryFaultOfARun(t *testing.T) {
	defer faults.None()()
	opt := drawn(Plan{Steps: 6, SampleEvery: 2, SaveEvery: 2, KeepEpochs: []int{1, 2}})
	dir := t.TempDir()
	straight, part, old := filepath.Join(dir, "straight"), filepath.Join(dir, "part"), filepath.Join(dir, "old")
	ctx, cancel := context.WithCancel(t.Context())
	stopped := opt
	stopped.Progress = func(int, int, int) Progress { return stopAt{3, cancel} }
	other := drawn(Plan{Steps: 4})
	for _, err := range []error{attempt(t.Context(), straight, New, opt, 1), attempt(t.Context(), old, New, other, 2)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := attempt(ctx, part, New, stopped, 1); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	want, replaced := contents(t, straight), contents(t, old)
	injected, lost := 0, 0
	for _, c := range []struct {
		name string
		from string
		mode Mode
	}{{"new", "", New}, {"resumed", part, Resume}, {"replacing", old, Replace}} {
		begin := func() string {
			path := filepath.Join(t.TempDir(), "run")
			if c.from != "" {
				if err := os.CopyFS(path, os.DirFS(c.from)); err != nil {
					t.Fatal(err)
				}
			}
			return path
		}
		path := begin()
		calls := faults.Calls(func() { attempt(t.Context(), path, c.mode, opt, 1) })
		if got := contents(t, path); !maps.Equal(got, want) {
			t.Fatalf("%s: without faults it holds %q", c.name, slices.Sorted(maps.Keys(got)))
		}
		for _, f := range faults.Of(calls, faults.Stride(41)) {
			path := begin()
			restore := f.Inject()
			err := attempt(t.Context(), path, c.mode, opt, 1)
			restore()
			injected++
			if bad := broken(t, f, err, path, c.mode, opt, want, replaced); bad != "" {
				lost++
				t.Errorf("%s, %v (%v): %s", c.name, f, err, bad)
			}
		}
	}
	t.Logf("faults: %d injected, %d lost", injected, lost)
}

// broken says what is wrong after a fault; nothing, if a run in path can be finished as if
// there had been none.
func broken(t *testing.T, f faults.Fault, err error, path string, mode Mode, opt Options, want, replaced map[string]string) string {
	if err == nil && f.Dead && f.Name != "remove" && f.Name != "close" && f.Name != "readdir" {
		return "no error, though the disk is gone"
	}
	if err != nil && !f.Reads() && !errors.Is(err, fileio.ErrNotWritable) && !errors.Is(err, ErrFolder) && !errors.Is(err, f.Err) {
		return "the error does not say that the output is at fault"
	}
	now := map[string]string{}
	if _, err := os.Stat(path); err == nil {
		now = contents(t, path)
	}
	if err == nil {
		for name := range now { // what could not be removed
			if strings.Contains(name, ".tmp-") || strings.HasPrefix(name, ".dcganviz-") {
				delete(now, name)
			}
		}
		// A page that cannot be written is no error.
		if now := maps.Clone(now); now[PageFile] != want[PageFile] {
			now[PageFile] = want[PageFile]
			if !maps.Equal(now, want) {
				return "no error, but other files"
			}
		} else if !maps.Equal(now, want) {
			return "no error, but other files"
		}
	}
	saved, rerr := train.ReadRun(path)
	switch {
	case mode == Resume && (rerr != nil || saved.Step < 3):
		return "what was saved is lost"
	case mode == Replace && rerr == nil && now[train.StateFile] == replaced[train.StateFile] && !maps.Equal(visible(now), replaced) && !f.Dead:
		return "the old run is there in part"
	}
	// Go on as a user would.
	folder, err := Claim(path, Resume)
	if err == nil {
		_, err = train.ReadRun(path)
		folder.Release()
	}
	next := Resume
	switch {
	case err == nil && mode == Replace && maps.Equal(contents(t, path), replaced):
		next = Replace
	case err != nil && (mode == Resume || mode == Replace):
		return "it cannot go on: " + err.Error()
	case errors.Is(err, fs.ErrNotExist):
		next = Replace
	case err != nil:
		return "it cannot begin again: " + err.Error()
	}
	if err := attempt(t.Context(), path, next, opt, 1); err != nil {
		return "it does not go on: " + err.Error()
	}
	if got := contents(t, path); !maps.Equal(got, want) {
		return "it ends with other files"
	}
	return ""
}

// visible returns the files without those that the next Claim removes.
func visible(files map[string]string) map[string]string {
	files = maps.Clone(files)
	maps.DeleteFunc(files, func(name, _ string) bool { return strings.Contains(name, ".tmp-") || name == lockFile })
	return files
}
