package run

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"dcganviz/internal/fileio"
	"dcganviz/model/train"
)

// TestForceKilledAnywhere leaves the folder as a kill may, at each place before
// the new run is saved, and claims it again.
func TestForceKilledAnywhere(t *testing.T) {
	sound := madeRun(t)
	before, dirs := contents(t, sound), names(t, sound)
	files, err := runFiles(fileio.Folder(sound), "")
	if err != nil {
		t.Fatal(err)
	}
	if want := slices.Sorted(maps.Keys(before)); !slices.Equal(slices.Sorted(slices.Values(files)), want) {
		t.Fatalf("a run's files are %q, want %q", files, want)
	}
	reclaim := func(t *testing.T, folder string) {
		t.Helper()
		f, err := Claim(folder, Resume)
		if err != nil {
			t.Fatal(err)
		}
		f.Release()
	}
	kill := func(name string, leave func(t *testing.T, f *Folder)) {
		t.Run(name, func(t *testing.T) {
			folder := copyRun(t, sound)
			leave(t, &Folder{path: folder})
			reclaim(t, folder)
			unchanged(t, folder, before, dirs)
		})
	}
	for moved := range len(files) + 1 {
		kill(fmt.Sprintf("moved %d", moved), func(t *testing.T, f *Folder) {
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
	begun := func(t *testing.T, f *Folder, names ...string) {
		if err := f.begin(); err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			write(t, f.join(name), []byte("new"))
		}
	}
	kill("begun", func(t *testing.T, f *Folder) { begun(t, f) })
	kill("planned", func(t *testing.T, f *Folder) { begun(t, f, PlanFile, LossesFile, "."+train.StateFile+".tmp-0") })

	// Killed while the first file was written, the folder is as good as empty.
	empty := t.TempDir()
	write(t, filepath.Join(empty, "."+PlanFile+".tmp-0"), []byte("{"))
	if f, err := Claim(empty, New); err != nil {
		t.Error(err)
	} else {
		f.Release()
	}

	folder := copyRun(t, sound)
	begun(t, &Folder{path: folder}, PlanFile, train.StateFile)
	reclaim(t, folder)
	if got, want := names(t, folder), []string{PlanFile, train.StateFile}; !slices.Equal(got, want) {
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
	if got, err := runFiles(fileio.Folder(dir), ""); err != nil || len(got) != 0 {
		t.Errorf("%q, %v are taken for a run's", got, err)
	}
	ours := []string{train.StateFile, "epoch-0001.safetensors", "epoch-12345.safetensors", LossesFile, train.ModelFile, "samples/step-1000000.png", PlanFile}
	for _, name := range ours {
		write(t, filepath.Join(dir, name), nil)
	}
	got, err := runFiles(fileio.Folder(dir), "")
	for i := range got {
		got[i] = filepath.ToSlash(got[i])
	}
	if err != nil || !slices.Equal(got, ours) {
		t.Errorf("%q, %v; want %q", got, err, ours)
	}
}
