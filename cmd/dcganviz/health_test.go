package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	training "dcganviz/model/train/run"
)

// TestDoctorReadsARun: the losses, and the states that were kept, against the run's own pictures.
func TestDoctorReadsARun(t *testing.T) {
	dir := t.TempDir()
	many := filepath.Join(dir, "many")
	morePhotos(t, many)
	run := filepath.Join(dir, "run")
	trained := must(t, append([]string{"train", "--data", many, "--out", run, "--epochs", "3", "--keep-epochs", "1,2"}, small...)...)
	if want := "KID from pictures that did not choose: epoch-0001"; !strings.Contains(trained.stderr, want) {
		t.Errorf("stderr of train %q, want %q", trained.stderr, want)
	}
	t.Chdir(dir)
	r := must(t, "doctor", "--json", run)
	var answer struct {
		Findings []struct{ Check, Verdict, Evidence string }
		States   []struct {
			File   string
			Step   int
			Apart  float64
			Recall float64
		}
	}
	if err := json.Unmarshal([]byte(r.stdout), &answer); err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, f := range answer.Findings {
		said[f.Check] = f.Verdict + ": " + f.Evidence
	}
	if !strings.Contains(said["training"], "steps are too few to judge") || !strings.Contains(said["states"], "KID from pictures that did not choose") {
		t.Errorf("training %q, states %q", said["training"], said["states"])
	}
	if s := answer.States; len(s) != 3 || s[0].File != training.EpochFile(1) || s[2].File != "the last" || !(s[0].Step < s[1].Step && s[1].Step < s[2].Step) || !(s[2].Apart > 0) {
		t.Errorf("states %+v", s)
	}

	// Losses of a run that D has won, in the place of its own.
	rows := training.LossColumns + "\n"
	for i := range 400 {
		g := 2.0
		if i >= 250 {
			g = 3761
		}
		rows += fmt.Sprintf("%d,1,0.0001,0.0001,%g,%g,1,0,0,1,1\n", i+1, 0.3/g/g, g)
	}
	write(t, filepath.Join(run, training.LossesFile), []byte(rows))
	if err := os.RemoveAll(many); err != nil {
		t.Fatal(err)
	}
	r = must(t, "doctor", run, "--verbose")
	for _, want := range []string{"wrong: training", "D has won since step 251 of 400", "not compared"} {
		if !strings.Contains(strings.Join(strings.Fields(r.stdout), " "), want) {
			t.Errorf("stdout lacks %q:\n%s", want, r.stdout)
		}
	}
	if r := call(t.Context(), "doctor", run, "--strict"); r.code != exitFailed {
		t.Errorf("--strict: code %d, want %d", r.code, exitFailed)
	}
}

// TestDoctorKnowsADThatTellsApart: the statistics of a D that is far ahead of its G fit neither G's
// images nor real ones, but the mean of both; with other pictures they do not.
func TestDoctorKnowsADThatTellsApart(t *testing.T) {
	dir := t.TempDir()
	run, other, model := filepath.Join(dir, "run"), filepath.Join(dir, "other"), filepath.Join(dir, "model.safetensors")
	must(t, "train", "--data", photos, "--out", run, "--steps", "300", "--size", "16", "--gwidth", "2", "--dwidth", "16", "--batch", "8", "--nz", "4", "--lr", "0.002")
	write(t, model, read(t, filepath.Join(run, "model.safetensors"))) // of no run
	morePhotos(t, other)
	t.Chdir(dir)
	for pictures, want := range map[string]string{"": "doubtful", photos: "ok", other: "doubtful"} {
		args := []string{model}
		if pictures != "" {
			args = append(args, "--images", pictures)
		}
		os.RemoveAll(galleryDir)
		if all, _ := verdicts(t, args...); all["pair"] != want {
			t.Errorf("pictures %q: pair is %s, want %s", pictures, all["pair"], want)
		}
	}
	os.RemoveAll(galleryDir)
	if all, _ := verdicts(t, run); all["pair"] != "ok" {
		t.Errorf("the run's folder: pair is %s, want ok", all["pair"])
	}
}
