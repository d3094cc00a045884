package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dcganviz/model/train"
	training "dcganviz/model/train/run"
)

// TestResumeCompletesTheLastSave goes on with a run that was killed after its
// last state was written and before the model was.
func TestResumeCompletesTheLastSave(t *testing.T) {
	older := filepath.Join(t.TempDir(), "older")
	must(t, trainArgs(older, "--steps", "11")...)
	for name, spoilModel := range map[string]func(path string) error{
		"missing": os.Remove,
		"stale": func(path string) error {
			return os.WriteFile(path, read(t, filepath.Join(older, train.ModelFile)), 0o666)
		},
		"damaged": func(path string) error { return os.WriteFile(path, []byte("{}"), 0o666) },
	} {
		t.Run(name, func(t *testing.T) {
			folder := copyRun(t)
			path := filepath.Join(folder, train.ModelFile)
			if err := spoilModel(path); err != nil {
				t.Fatal(err)
			}
			r := must(t, "train", "--out", folder, "--resume")
			if !strings.Contains(r.stderr, "model.safetensors was not that of step 12") {
				t.Errorf("stderr is\n%s", r.stderr)
			}
			sameFiles(t, folder, trainedRun(t))
		})
	}
}

// TestSkippedPicturesAddUp trains so that no session meets every bad picture.
func TestSkippedPicturesAddUp(t *testing.T) {
	dir := copyPhotos(t)
	whole := read(t, filepath.Join(dir, "p00010.jpg"))
	for _, name := range []string{"q1.jpg", "q2.jpg", "q3.jpg", "q4.jpg"} {
		write(t, filepath.Join(dir, name), whole[:len(whole)/2])
	}
	folder := filepath.Join(t.TempDir(), "run")
	args := []string{"--size", "28", "--width", "4", "--nz", "12", "--batch", "2"}
	call(t.Context(), append([]string{"train", "--data", dir, "--out", folder, "--steps", "1"}, args...)...)
	path := filepath.Join(folder, training.SkippedFile)
	write(t, path, append([]byte("\"a0.jpg\": met by a session before\n"), read(t, path)...))
	r := call(t.Context(), "train", "--out", folder, "--resume", "--steps", "8")
	if r.code != exitPartly || !strings.Contains(r.stderr, "5 of 8 pictures skipped") {
		t.Errorf("exit code %d, want %d\n%s", r.code, exitPartly, r.stderr)
	}
	got := string(read(t, path))
	if strings.Count(got, "\n") != 5 || !strings.HasPrefix(got, `"a0.jpg": met`) || strings.Count(got, "q3.jpg") != 1 {
		t.Errorf("%s holds\n%s", training.SkippedFile, got)
	}
}

func TestResumeThatFailsChangesNothing(t *testing.T) {
	folder := copyRun(t)
	write(t, filepath.Join(folder, training.LossesFile), []byte(training.LossColumns+"\n1,2\n"))
	before, dirs := contents(t, folder), names(t, folder)
	for _, more := range [][]string{{"--steps", "20"}, {"--steps", "20", "--about", "other", "--save-every", "1"}} {
		if r := call(t.Context(), append([]string{"train", "--out", folder, "--resume"}, more...)...); r.code != exitRefused {
			t.Errorf("exit code %d, want %d\n%s", r.code, exitRefused, r.stderr)
		}
		unchanged(t, folder, before, dirs)
	}
}

// TestResumeSweepsWhatAKillLeft: temporary files of all that a run writes go,
// and no others.
func TestResumeSweepsWhatAKillLeft(t *testing.T) {
	folder := copyRun(t)
	dirs := names(t, folder)
	for _, name := range []string{
		train.StateFile, train.ModelFile, training.PlanFile, training.LossesFile, training.PlotFile, training.SkippedFile, "epoch-0003.safetensors", "samples/step-000013.png",
	} {
		dir, base := filepath.Split(name)
		write(t, filepath.Join(folder, dir, "."+base+".tmp-0"), []byte("half"))
		write(t, filepath.Join(folder, dir, "."+base+".tmp-12"), nil)
	}
	mine := write(t, filepath.Join(folder, ".mine.png.tmp-0"), []byte("mine"))
	must(t, "train", "--out", folder, "--resume")
	if err := os.Remove(mine); err != nil {
		t.Error(err)
	}
	unchanged(t, folder, contents(t, folder), dirs)
}
