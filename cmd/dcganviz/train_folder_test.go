package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/model/train"
	training "dcganviz/model/train/run"
)

// blockModel makes every save in a folder fail half way, after the state: as a
// full disk may.
func blockModel(t *testing.T, folder string) (unblock func()) {
	t.Helper()
	var made []string
	for i := range 1000 {
		dir := filepath.Join(folder, fmt.Sprintf(".%s.tmp-%d", train.ModelFile, i))
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		made = append(made, dir)
	}
	return func() {
		for _, dir := range made {
			os.Remove(dir)
		}
	}
}

// unchanged reports what a folder holds otherwise than before.
func unchanged(t *testing.T, folder string, before map[string]string, dirs []string) {
	t.Helper()
	if got := names(t, folder); !slices.Equal(got, dirs) {
		t.Errorf("the folder holds\n%q, want\n%q", got, dirs)
	}
	for name, text := range contents(t, folder) {
		if text != before[name] {
			t.Errorf("%s has changed", name)
		}
	}
}

func TestForceThatCannotSaveKeepsTheOldRun(t *testing.T) {
	folder := copyRun(t)
	write(t, filepath.Join(folder, training.SamplesDir, "mine.png"), []byte("mine"))
	before, dirs := contents(t, folder), names(t, folder)
	unblock := blockModel(t, folder)
	r := call(t.Context(), trainArgs(folder, "--force", "--steps", "2")...)
	if r.code != exitOutput || !strings.Contains(r.stderr, train.ModelFile) {
		t.Errorf("exit code %d, want %d\n%s", r.code, exitOutput, r.stderr)
	}
	unblock()
	unchanged(t, folder, before, dirs)
}

func TestForceInterruptedAtOnceKeepsTheOldRun(t *testing.T) {
	folder := copyRun(t)
	before, dirs := contents(t, folder), names(t, folder)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r := call(ctx, trainArgs(folder, "--force", "--steps", "2")...); r.code != exitInterrupted {
		t.Errorf("exit code %d, want %d\n%s", r.code, exitInterrupted, r.stderr)
	}
	unchanged(t, folder, before, dirs)
}
