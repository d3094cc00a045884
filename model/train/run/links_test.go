package run

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
)

// TestRunFollowsNoLink puts a link, a pipe or a folder in the place of each thing of a
// run. No mode of Claim takes such a folder, and nothing changes where the links lead.
func TestRunFollowsNoLink(t *testing.T) {
	sound := madeRun(t)
	files, folders := slices.Sorted(maps.Keys(contents(t, sound))), []string{SamplesDir, movingDir, replacedDir}
	for _, name := range slices.Concat(files, folders, []string{lockFile, "epoch-0007.safetensors", SheetFile(7)}) {
		for kind, put := range map[string]func(path, outside string) error{
			"link": func(path, outside string) error {
				if slices.Contains(folders, name) {
					return os.Symlink(outside, path)
				}
				return os.Symlink(filepath.Join(outside, train.ModelFile), path)
			},
			"dangling link": func(path, outside string) error { return os.Symlink(filepath.Join(outside, "new"), path) },
			"pipe":          mkfifo,
			"folder":        func(path, _ string) error { return os.Mkdir(path, 0o777) },
		} {
			if kind == "folder" && slices.Contains(folders, name) {
				continue
			}
			folder, outside := copyRun(t, sound), copyRun(t, sound)
			before, dirs := contents(t, outside), names(t, outside)
			if err := os.RemoveAll(filepath.Join(folder, name)); err != nil {
				t.Fatal(err)
			}
			if err := put(filepath.Join(folder, name), outside); errors.Is(err, errors.ErrUnsupported) {
				continue
			} else if err != nil {
				t.Fatal(err)
			}
			for _, mode := range []Mode{Resume, Replace} {
				f, err := Claim(folder, mode)
				if err == nil { // Start finds out
					_, err = f.Start(t.Context(), trainerOf(t, f), drawn(Plan{Steps: 8}))
					f.Release()
				}
				if !errors.Is(err, ErrFolder) {
					t.Errorf("%s in place of %s, mode %d: %v, want ErrFolder", kind, name, mode, err)
				}
			}
			unchanged(t, outside, before, dirs)
		}
	}
}

// TestSaveFollowsNoLink: nor does who saves without a Folder.
func TestSaveFollowsNoLink(t *testing.T) {
	for _, name := range []string{train.StateFile, train.ModelFile} {
		dir := t.TempDir()
		victim := write(t, filepath.Join(dir, "victim"), []byte("precious"))
		if err := errors.Join(os.Mkdir(filepath.Join(dir, "run"), 0o777), os.Symlink(victim, filepath.Join(dir, "run", name))); err != nil {
			t.Skip(err)
		}
		if err := trainerOf(t, new(Folder)).Save(filepath.Join(dir, "run")); err == nil {
			t.Errorf("saved through the link %s", name)
		}
		if got := string(read(t, victim)); got != "precious" {
			t.Errorf("the victim of %s holds %q", name, got)
		}
	}
}

// mkfifo makes a pipe that nobody writes to.
func mkfifo(path, _ string) error { return fifo(path) }

// TestSideFilesAreBounded: a file that a stranger has made takes little memory.
func TestSideFilesAreBounded(t *testing.T) {
	sound := madeRun(t)
	for name, size := range map[string]int64{PlanFile: mostBytes + 1, SummaryFile: mostBytes + 1, SkippedFile: mostSkipped + 1, LossesFile: 1 << 40} {
		folder := copyRun(t, sound)
		if err := os.Truncate(write(t, filepath.Join(folder, name), nil), size); err != nil {
			if errors.Is(err, syscall.EFBIG) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, fs.ErrInvalid) {
				continue
			}
			t.Fatal(err)
		}
		f, err := Claim(folder, Resume)
		if err != nil {
			t.Fatal(err)
		}
		plan := Plan{Steps: 8}
		if err = f.ReadPlan(&plan); err == nil {
			_, err = f.Start(context.Background(), trainerOf(t, f), Options{Plan: Plan{Steps: 8}})
		}
		if err == nil {
			_, err = f.Skipped([]string{"a.jpg"})
		}
		if !errors.Is(err, checkpoint.ErrRefused) {
			t.Errorf("%s of %d bytes: %v, want ErrRefused", name, size, err)
		}
		f.Release()
	}
}

// TestSkippedIsBounded: a file of that many empty lines would take 16 times its size, and
// a run may leave out more pictures than the file names.
func TestSkippedIsBounded(t *testing.T) {
	f := &Folder{path: t.TempDir()}
	write(t, f.join(SkippedFile), bytes.Repeat([]byte("\n"), mostSkippedLines+1))
	if _, err := f.Skipped([]string{"a.jpg"}); !errors.Is(err, checkpoint.ErrRefused) {
		t.Errorf("%v, want ErrRefused", err)
	}
	write(t, f.join(SkippedFile), bytes.Repeat([]byte("x"), mostSkipped-1))
	if n, err := f.Skipped([]string{"a.jpg", "b.jpg"}); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	if got := string(read(t, f.join(SkippedFile))); got != "a.jpg\nb.jpg\n" {
		t.Errorf("the file holds %d bytes that begin with %.20q", len(got), got)
	}
}

// TestPlanHasTheLimitsOfTheFlags gives each field a value out of range.
func TestPlanHasTheLimitsOfTheFlags(t *testing.T) {
	folder := copyRun(t, madeRun(t))
	for _, text := range []string{
		`{"steps": 4611686018427387904}`, `{"steps": 0}`, `{"steps": -1}`, `{"steps": 1099511627777}`, `{"steps": 1.5}`, `{"steps": "9"}`,
		`{"steps": 9, "sample_every": -1}`, `{"steps": 9, "save_every": -1}`, `{"steps": 9, "keep_epochs": [0]}`,
		`{"steps": 9, "keep_epochs": [4611686018427387904]}`, `{"steps": 9} {}`, `[]`, ``,
	} {
		write(t, filepath.Join(folder, PlanFile), []byte(text))
		plan := Plan{Steps: 1}
		if err := (&Folder{path: folder}).ReadPlan(&plan); !errors.Is(err, checkpoint.ErrRefused) {
			t.Errorf("%s: %v, want ErrRefused", text, err)
		}
	}
	for _, text := range []string{
		`{"seconds": -1}`, `{"seconds": 1e300}`, `{"seconds": 1e-300}`, `{"seconds": 1, "timed_steps": -1}`,
		`{"seconds": 1, "timed_steps": 4611686018427387904}`, `{"seconds": 1e400}`,
	} {
		write(t, filepath.Join(folder, SummaryFile), []byte(text))
		if s, err := (&Folder{path: folder}).readSummary(); !errors.Is(err, checkpoint.ErrRefused) {
			t.Errorf("%s: %+v, %v, want ErrRefused", text, s, err)
		}
	}
}
