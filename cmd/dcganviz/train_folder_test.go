package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/model/train"
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
	write(t, filepath.Join(folder, samplesDir, "mine.png"), []byte("mine"))
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

// TestForceKilledAnywhere leaves the folder as a kill may, at each place before
// the new run is saved, and claims it again.
func TestForceKilledAnywhere(t *testing.T) {
	sound := copyRun(t)
	before, dirs := contents(t, sound), names(t, sound)
	files, err := runFiles(sound)
	if err != nil {
		t.Fatal(err)
	}
	if want := slices.Sorted(maps.Keys(before)); !slices.Equal(slices.Sorted(slices.Values(files)), want) {
		t.Fatalf("a run's files are %q, want %q", files, want)
	}
	reclaim := func(t *testing.T, folder string) {
		t.Helper()
		f, err := claim(folder, true, false)
		if err != nil {
			t.Fatal(err)
		}
		f.release()
	}
	kill := func(name string, leave func(t *testing.T, f *runFolder)) {
		t.Run(name, func(t *testing.T) {
			folder := copyRun(t)
			leave(t, &runFolder{path: folder})
			reclaim(t, folder)
			unchanged(t, folder, before, dirs)
		})
	}
	for moved := range len(files) + 1 {
		kill(fmt.Sprintf("moved %d", moved), func(t *testing.T, f *runFolder) {
			for _, name := range files[:moved] {
				to := f.join(filepath.Join(movingDir, name))
				if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.Rename(f.join(name), to); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	begun := func(t *testing.T, f *runFolder, names ...string) {
		if err := f.begin(); err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			write(t, f.join(name), []byte("new"))
		}
	}
	kill("begun", func(t *testing.T, f *runFolder) { begun(t, f) })
	kill("planned", func(t *testing.T, f *runFolder) { begun(t, f, planFile, lossesFile, "."+train.StateFile+".tmp-0") })

	folder := copyRun(t)
	begun(t, &runFolder{path: folder}, planFile, train.StateFile)
	reclaim(t, folder)
	if got, want := names(t, folder), []string{planFile, train.StateFile}; !slices.Equal(got, want) {
		t.Errorf("killed after the new state was saved, the folder holds %q, want %q", got, want)
	}
}

// TestOnlyARunsFilesAreRuns: --force moves and removes nothing else.
func TestOnlyARunsFilesAreRuns(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{
		"epoch-0001-best.safetensors", "epoch-1.safetensors", "model.safetensors.bak", "notes.txt",
		"samples/step-000001-best.png", "samples/step-1.png", "other/step-000001.png",
	} {
		write(t, filepath.Join(dir, name), nil)
	}
	if got, err := runFiles(dir); err != nil || len(got) != 0 {
		t.Errorf("%q, %v are taken for a run's", got, err)
	}
	ours := []string{train.StateFile, "epoch-0001.safetensors", "epoch-12345.safetensors", lossesFile, train.ModelFile, "samples/step-1000000.png", planFile}
	for _, name := range ours {
		write(t, filepath.Join(dir, name), nil)
	}
	got, err := runFiles(dir)
	for i := range got {
		got[i] = filepath.ToSlash(got[i])
	}
	if err != nil || !slices.Equal(got, ours) {
		t.Errorf("%q, %v; want %q", got, err, ours)
	}
}
