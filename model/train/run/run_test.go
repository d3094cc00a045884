package run

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
)

// ramps is a data set of 16x16 gray ramps, each of its own slope.
type ramps int

func (n ramps) Len() int { return int(n) }

func (n ramps) Load(_ context.Context, indices []int, dst []float32) error {
	for k, i := range indices {
		for p := range 16 * 16 {
			dst[k*16*16+p] = float32(i+1) / float32(n) * (float32(p%16)/7.5 - 1)
		}
	}
	return nil
}

// session trains a tiny net in a folder, until the plan's last step or as long as ctx
// says.
func session(t *testing.T, ctx context.Context, path string, mode Mode, opt Options) error {
	t.Helper()
	folder, err := Claim(path, mode)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Release()
	s, err := folder.Start(ctx, trainerOf(t, folder), opt)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if mode != Resume && s.Finished() {
		t.Error("a new run is finished")
	}
	return s.Train(ctx)
}

// trainerOf returns the trainer of a tiny net.
func trainerOf(t *testing.T, folder *Folder) *train.Trainer {
	t.Helper()
	cfg := model.Config{Size: 16, Channels: 1, LatentDim: 8, GWidth: 4, DWidth: 4}
	trainer, err := folder.Trainer(cfg, ramps(12), train.Options{Batch: 4, Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { trainer.Close() })
	return trainer
}

// drawn are options whose pictures hold a text.
func drawn(plan Plan) Options {
	return Options{
		Plan:  plan,
		Sheet: func(t *train.Trainer) ([]byte, error) { return []byte("sheet"), nil },
		Plot: func(_ *train.Trainer, losses []train.Stats) ([]byte, error) {
			return []byte(strings.Repeat("loss ", len(losses))), nil
		},
		// Every second measure is better than all before.
		Look: func(_ context.Context, t *train.Trainer, before []Measure) (Measure, error) {
			return Measure{Judged: Estimate{Value: float64(t.Steps())}, Best: len(before)%2 == 0}, nil
		},
		LookEvery: 2,
		Page: func(r *Report) ([]byte, error) {
			return fmt.Appendf([]byte(PageMark), "%d %d %v %v", r.Status, r.Saved, r.Measures, r.Sheets), nil
		},
	}
}

// madeRun returns a folder with a run that has every file that a run can have.
func madeRun(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "run")
	if err := session(t, t.Context(), path, New, drawn(Plan{Steps: 6, SampleEvery: 5, KeepEpochs: []int{1, 2}})); err != nil {
		t.Fatal(err)
	}
	if n, err := (&Folder{path: path}).Skipped([]string{"a.jpg"}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	return path
}

// copyRun makes a copy of a run that a test may spoil.
func copyRun(t *testing.T, of string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	if err := os.CopyFS(dir, os.DirFS(of)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestRunWritesItsFiles also reads the plan back.
func TestRunWritesItsFiles(t *testing.T) {
	folder := madeRun(t)
	want := []string{
		BestFile, "epoch-0001.safetensors", "epoch-0002.safetensors", HeldFile, PageFile, LossesFile, PlotFile, train.ModelFile, PlanFile,
		SamplesDir, SheetFile(5), SheetFile(6), SkippedFile, train.StateFile, SummaryFile,
	}
	if got := names(t, folder); !slices.Equal(got, want) {
		t.Errorf("the folder holds\n%q, want\n%q", got, want)
	}
	plan := Plan{Data: "as it was", Steps: 1}
	if err := (&Folder{path: folder}).ReadPlan(&plan); err != nil || plan.Steps != 6 || !slices.Equal(plan.KeepEpochs, []int{1, 2}) || plan.Data != "" {
		t.Errorf("plan %+v, %v", plan, err)
	}
	write(t, filepath.Join(folder, PlanFile), []byte("{"))
	if err := (&Folder{path: folder}).ReadPlan(&plan); !errors.Is(err, checkpoint.ErrRefused) {
		t.Errorf("%v, want ErrRefused", err)
	}
}

// stopAt ends a context at a step.
type stopAt struct {
	step int
	stop func()
}

func (s stopAt) Close() {}

func (s stopAt) Step(stats train.Stats) {
	if stats.Step == s.step {
		s.stop()
	}
}

// TestStoppedRunGoesOn compares a run in two parts with one at a time, to the last
// byte: without a clock the summary is the same, too.
func TestStoppedRunGoesOn(t *testing.T) {
	straight, parts := madeRun(t), filepath.Join(t.TempDir(), "run")
	ctx, cancel := context.WithCancel(t.Context())
	opt := drawn(Plan{Steps: 6, SampleEvery: 5, KeepEpochs: []int{1, 2}})
	opt.Progress = func(steps, from, batch int) Progress {
		if steps != 6 || from != 0 || batch != 4 {
			t.Errorf("progress of %d steps from %d, %d pictures each", steps, from, batch)
		}
		return stopAt{4, cancel}
	}
	err := session(t, ctx, parts, New, opt)
	if !errors.Is(err, context.Canceled) || err.Error() != "stopped and saved at step 4 of 6" {
		t.Errorf("%v, want it stopped", err)
	}
	opt.Progress = nil
	if err := session(t, t.Context(), parts, Resume, opt); err != nil {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(straight, SkippedFile))
	unchanged(t, parts, contents(t, straight), names(t, straight))
}

// TestSavesEveryTenMinutes has a clock that goes on by six minutes a look.
func TestSavesEveryTenMinutes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run")
	now := time.Unix(0, 0)
	var saved seen
	err := session(t, t.Context(), path, New, Options{
		Plan: Plan{Steps: 5},
		Now:  func() time.Time { now = now.Add(6 * time.Minute); return now },
		Progress: func(int, int, int) Progress {
			saved.step = func() int {
				run, err := train.ReadRun(path)
				if err != nil {
					t.Error(err)
				}
				return run.Step
			}
			return &saved
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []int{0, 1, 1, 3, 3}; !slices.Equal(saved.before, want) {
		t.Errorf("before the saves of each step the steps %v are saved, want %v", saved.before, want)
	}
}

// seen notes the step that was saved last, before each save.
type seen struct {
	step   func() int
	before []int
}

func (s *seen) Step(train.Stats) { s.before = append(s.before, s.step()) }
func (s *seen) Close()           {}

func TestClaimRefuses(t *testing.T) {
	made := madeRun(t)
	full := filepath.Dir(write(t, filepath.Join(t.TempDir(), "novel.txt"), nil))
	file := write(t, filepath.Join(t.TempDir(), "file"), nil)
	none := filepath.Join(t.TempDir(), "none")
	for _, c := range []struct {
		path string
		mode Mode
		want error
	}{
		{made, New, ErrExists},
		{full, New, ErrTaken},
		{full, Replace, ErrTaken},
		{file, New, ErrTaken},
		{filepath.Join(file, "below"), New, ErrFolder},
		{none, Resume, fs.ErrNotExist},
	} {
		if f, err := Claim(c.path, c.mode); !errors.Is(err, c.want) || f != nil {
			t.Errorf("%s, mode %d: %v, want %v", c.path, c.mode, err, c.want)
		}
	}
	f, err := Claim(made, Resume)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Release()
	if _, err := Claim(made, Resume); !errors.Is(err, ErrTaken) {
		t.Errorf("claimed twice: %v, want ErrTaken", err)
	}
	f, err = Claim(none, New)
	if err != nil {
		t.Fatal(err)
	}
	f.Release()
	if _, err := os.Stat(none); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that held no run in the end: %v, want it gone", err)
	}
}
