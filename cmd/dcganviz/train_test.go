package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dcganviz/internal/safetensors"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
	training "dcganviz/model/train/run"
	"dcganviz/viz"
)

func TestTrainWritesARun(t *testing.T) {
	folder := trainedRun(t)
	want := []string{
		"epoch-0001.safetensors", "epoch-0002.safetensors", "index.html", "losses.csv", "losses.png", "model.safetensors", "run.json",
		"samples", "samples/step-000005.png", "samples/step-000010.png", "samples/step-000012.png", "state.safetensors", "summary.json",
	}
	if got := names(t, folder); !slices.Equal(got, want) {
		t.Errorf("the folder holds\n%q, want\n%q", got, want)
	}
	c, err := checkpoint.Open(filepath.Join(folder, train.ModelFile), checkpoint.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	wantMeta := checkpoint.Meta{
		Config: model.Config{Size: 28, Channels: 3, LatentDim: 12, GWidth: 4, DWidth: 4},
		Step:   12, Batch: 4, Seed: 1, Dataset: "facades", Images: 12, Fingerprint: c.Meta.Fingerprint,
	}
	if c.Meta != wantMeta || c.Meta.Fingerprint == "" {
		t.Errorf("meta %+v, want %+v", c.Meta, wantMeta)
	}
	rows := strings.Split(strings.TrimSpace(string(read(t, filepath.Join(folder, training.LossesFile)))), "\n")
	if len(rows) != 13 || rows[0] != training.LossColumns {
		t.Errorf("%d rows in %s, the first %q; want 13, %q", len(rows), training.LossesFile, rows[0], training.LossColumns)
	}
	for _, name := range []string{"samples/step-000012.png", training.PlotFile} {
		f, err := os.Open(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		text, err := viz.ReadRecipe(f)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, s := range []string{`"command":"train"`, `"step":12`, `"version":"0.1.0"`, `"size":28`} {
			if !strings.Contains(string(text), s) {
				t.Errorf("%s: recipe %s, want %s in it", name, text, s)
			}
		}
		if strings.Contains(string(text), photos) {
			t.Errorf("%s: recipe %s holds a path", name, text)
		}
	}
}

// TestResumeEqualsStraightRun stops one run at step 7 and goes on, and makes
// another at once: every file that does not describe the plan is the same.
func TestResumeEqualsStraightRun(t *testing.T) {
	dir := t.TempDir()
	options := []string{"--preset", "small-data", "--flip", "--sample-every", "3", "--save-every", "2"}
	straight, parts := filepath.Join(dir, "straight"), filepath.Join(dir, "parts")
	must(t, trainArgs(straight, append(options, "--steps", "15", "--keep-epochs", "1,4")...)...)
	must(t, trainArgs(parts, append(options, "--steps", "7", "--keep-epochs", "1", "--threads", "1")...)...)
	must(t, "train", "--out", parts, "--resume", "--steps", "15", "--keep-epochs", "1,4")
	// The first part ended where the straight run drew no sheet.
	if err := os.Remove(filepath.Join(parts, training.SheetFile(7))); err != nil {
		t.Fatal(err)
	}
	sameFiles(t, parts, straight)
}

// cancelAt is a context that ends when the run has made some steps.
func cancelAt(t *testing.T, folder string, step int) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go func() {
		for ctx.Err() == nil {
			if _, err := os.Stat(filepath.Join(folder, training.SheetFile(step))); err == nil {
				cancel()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	return ctx
}

func TestInterruptSavesAndResumeGoesOn(t *testing.T) {
	dir := t.TempDir()
	folder, straight := filepath.Join(dir, "run"), filepath.Join(dir, "straight")
	r := call(cancelAt(t, folder, 2), trainArgs(folder, "--steps", "100000", "--sample-every", "2")...)
	if r.code != exitInterrupted {
		t.Fatalf("exit code %d, want %d\n%s", r.code, exitInterrupted, r.stderr)
	}
	run, err := train.ReadRun(folder)
	if err != nil {
		t.Fatal(err)
	}
	if run.Step < 2 || run.Step >= 100000 {
		t.Errorf("saved at step %d, want 2 or soon after", run.Step)
	}
	for _, s := range []string{"stopped and saved at step " + itoa(run.Step), "dcganviz train --out " + folder + " --resume"} {
		if !strings.Contains(r.stderr, s) {
			t.Errorf("stderr is\n%s, want %q in it", r.stderr, s)
		}
	}
	end := run.Step + 3
	must(t, "train", "--out", folder, "--resume", "--steps", itoa(end))
	must(t, trainArgs(straight, "--steps", itoa(end), "--sample-every", "2")...)
	sameFiles(t, folder, straight)
}

func TestMaxTimeSavesAndStops(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "run")
	r := must(t, trainArgs(folder, "--steps", "100000", "--max-time", "50ms")...)
	run, err := train.ReadRun(folder)
	if err != nil {
		t.Fatal(err)
	}
	if run.Step >= 100000 || !strings.Contains(r.stderr, fmt.Sprintf("saved at step %d of 100000", run.Step)) {
		t.Errorf("stopped at step %d\n%s", run.Step, r.stderr)
	}
}

// TestKeepEpochsKeepsG compares G after an epoch with the model of a run that
// ends there.
func TestKeepEpochsKeepsG(t *testing.T) {
	// A half has 11 bits: rounding moves a weight by at most 2^-11 of it.
	const tolerance = 1.0 / 2048
	short := filepath.Join(t.TempDir(), "short")
	must(t, trainArgs(short, "--steps", "6")...) // two epochs of 12 pictures
	want, err := checkpoint.Open(filepath.Join(short, train.ModelFile), checkpoint.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := checkpoint.Open(filepath.Join(trainedRun(t), training.EpochFile(2)), checkpoint.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got.D != nil || got.Meta.Step != 6 {
		t.Errorf("D there: %v, step %d; want none, 6", got.D != nil, got.Meta.Step)
	}
	wantState := want.G.State()
	for i, s := range got.G.State() {
		for j, v := range s.Data {
			w := wantState[i].Data[j]
			if d := max(v-w, w-v); !(d <= max(tolerance*max(w, -w), 1e-7)) {
				t.Fatalf("%s[%d] is %g, want %g", s.Name, j, v, w)
			}
		}
	}
}

func TestEpochsSetTheSteps(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "run")
	must(t, trainArgs(folder, "--epochs", "2", "--batch", "5")...)
	run, err := train.ReadRun(folder)
	if err != nil {
		t.Fatal(err)
	}
	if run.Step != 5 { // 24 pictures in batches of 5
		t.Errorf("%d steps, want 5", run.Step)
	}
}

func TestPaperArchHasThePapersDefaults(t *testing.T) {
	p, err := (&trainCmd{Data: "photos", Out: "x", Arch: ptr("paper")}).plan(nil)
	if err != nil {
		t.Fatal(err)
	}
	want := model.Config{Arch: model.Paper, Size: 64, Channels: 3, LatentDim: 100, GWidth: 128, DWidth: 128, Law: model.Uniform}
	if p.cfg != want {
		t.Errorf("%+v, want %+v", p.cfg, want)
	}
}

func TestPresetIsRefinedByFlags(t *testing.T) {
	c := &trainCmd{Data: "photos", Out: "x", Preset: ptr("small-data"), EMA: ptr(0.9), Width: ptr(32), DWidth: ptr(16)}
	p, err := c.plan(nil)
	if err != nil {
		t.Fatal(err)
	}
	if o := p.opt; o.EMA != 0.9 || o.LabelSmoothing != 0.1 || o.Augment != train.Color|train.Translation {
		t.Errorf("options %+v", o)
	}
	if p.cfg.GWidth != 32 || p.cfg.DWidth != 16 {
		t.Errorf("widths %d, %d, want 32, 16", p.cfg.GWidth, p.cfg.DWidth)
	}
}

func ptr[T any](v T) *T { return &v }

func TestForceReplacesTheRunAndNothingElse(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "run")
	must(t, trainArgs(folder, "--steps", "3", "--keep-epochs", "1", "--sample-every", "1")...)
	write(t, filepath.Join(folder, "notes.txt"), []byte("mine"))
	write(t, filepath.Join(folder, "samples", "best.png"), []byte("mine too"))
	r := call(t.Context(), trainArgs(folder, "--steps", "2")...)
	if r.code != exitOutput || !strings.Contains(r.stderr, "--resume") || !strings.Contains(r.stderr, "--force") {
		t.Errorf("exit code %d, want %d\n%s", r.code, exitOutput, r.stderr)
	}
	must(t, trainArgs(folder, "--steps", "2", "--force")...)
	want := []string{
		"index.html", "losses.csv", "losses.png", "model.safetensors", "notes.txt", "run.json",
		"samples", "samples/best.png", "samples/step-000002.png", "state.safetensors", "summary.json",
	}
	if got := names(t, folder); !slices.Equal(got, want) {
		t.Errorf("the folder holds\n%q, want\n%q", got, want)
	}
}

func TestResumeOfAFinishedRunDoesNothing(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "run")
	must(t, trainArgs(folder, "--steps", "2")...)
	before := contents(t, folder)
	r := must(t, "train", "--out", folder, "--resume")
	if !strings.Contains(r.stderr, "has its 2 steps") {
		t.Errorf("stderr is %q", r.stderr)
	}
	for name, text := range contents(t, folder) {
		if text != before[name] {
			t.Errorf("%s has changed", name)
		}
	}
}

// TestDivergedKeepsTheLastCheckpoint goes on from weights so large that D's
// gradient is lost.
func TestDivergedKeepsTheLastCheckpoint(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "run")
	must(t, trainArgs(folder, "--steps", "2")...)
	path := filepath.Join(folder, train.StateFile)
	f, err := safetensors.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	spoilt := 0
	for i := range f.Tensors {
		x := &f.Tensors[i]
		if !strings.HasPrefix(x.Name, "D.") || len(x.Shape) != 4 {
			continue
		}
		w, err := x.Float32s()
		if err != nil {
			t.Fatal(err)
		}
		for j := range w {
			w[j] *= 1e30
		}
		if *x, err = safetensors.New(x.Name, x.Shape, w); err != nil {
			t.Fatal(err)
		}
		spoilt++
	}
	if err := safetensors.WriteFile(path, "", f.Metadata, f.Tensors); err != nil || spoilt == 0 {
		t.Fatal(spoilt, err)
	}
	before := contents(t, folder)
	r := call(t.Context(), "train", "--out", folder, "--resume", "--steps", "9")
	if r.code != exitFailed {
		t.Errorf("exit code %d, want %d", r.code, exitFailed)
	}
	lines := strings.Split(strings.TrimSpace(r.stderr), "\n")
	last := lines[len(lines)-1]
	for _, s := range []string{"dcganviz: train: step 3: D's loss", "lower learning rate", "model.safetensors is that of step 2"} {
		if !strings.Contains(last, s) {
			t.Errorf("stderr ends with %q, want %q in it", last, s)
		}
	}
	after := contents(t, folder)
	for _, name := range []string{train.StateFile, train.ModelFile} {
		if after[name] != before[name] {
			t.Errorf("%s has changed", name)
		}
	}
}
