package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/safetensors"
	"dcganviz/model/train"
)

func TestTrainRefusesEndlessRuns(t *testing.T) {
	for _, r := range []refusal{
		{"steps", []string{"--steps", "9223372036854775807"}, exitUsage, []string{"--steps is 9223372036854775807, want at most"}},
		{"epochs", []string{"--epochs", "9223372036854775807"}, exitUsage, []string{"--epochs", "9223372036854775807 times through 12 pictures, want at most"}},
		{"epochs that wrap round", []string{"--epochs", "1537228672809129302"}, exitUsage, []string{"--epochs", "12 pictures"}},
	} {
		r.args = trainArgs("runs/mine", r.args...)
		r.check(t)
	}
}

func TestTrainRefusesToLearnFromItsSheets(t *testing.T) {
	dir := copyPhotos(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Skip("no symbolic links here")
	}
	elsewhere := filepath.Join(link, "run")
	for _, r := range []refusal{
		{"below", []string{"--data", dir, "--out", filepath.Join(dir, "runs", "mine")}, exitUsage, []string{"lies in --data"}},
		{"data by a link", []string{"--data", link, "--out", filepath.Join(dir, "run")}, exitUsage, []string{"lies in --data"}},
		{"out by a link", []string{"--data", dir, "--out", elsewhere}, exitUsage, []string{"lies in --data"}},
	} {
		r.args = append(append([]string{"train", "--steps", "2"}, small...), r.args...)
		r.check(t)
	}
	if got := names(t, dir); len(got) != 4 {
		t.Errorf("the pictures' folder holds %q, want four pictures", got)
	}
	// A sibling whose name begins alike is no matter.
	must(t, append([]string{"train", "--data", dir, "--out", dir + "-run", "--steps", "1"}, small...)...)
}

func TestKeepEpochsThatNeverCome(t *testing.T) {
	for _, r := range []refusal{
		{"past the end", []string{"--steps", "5", "--keep-epochs", "1,2"}, exitUsage, []string{"epoch 2", "ends at step 6", "5 steps"}},
		{"wrapping round", []string{"--steps", "5", "--keep-epochs", "9223372036854775807"}, exitUsage, []string{"--keep-epochs"}},
	} {
		r.args = trainArgs("runs/mine", r.args...)
		r.check(t)
	}
	folder := copyRun(t) // at step 12, with epochs 1 and 2
	before := contents(t, folder)
	refusal{"gone by", []string{"train", "--out", folder, "--resume", "--steps", "15", "--keep-epochs", "2,3"}, exitUsage, []string{"epoch 3", "ended at step 9", "at step 12"}}.check(t)
	for name, text := range contents(t, folder) {
		if text != before[name] {
			t.Errorf("%s has changed", name)
		}
	}
	must(t, "train", "--out", folder, "--resume", "--steps", "15", "--keep-epochs", "2,5")
	if got := names(t, folder); !slices.Contains(got, "epoch-0005.safetensors") {
		t.Errorf("epoch 5 is not among %q", got)
	}
	// An end that comes sooner than planned is no mistake.
	must(t, "train", "--out", folder, "--resume", "--steps", "3")
}

func TestListThatIsAFolder(t *testing.T) {
	r := refusal{"folder", trainArgs("runs/mine", "--list", t.TempDir()), exitUnsupported, []string{"list", "a folder, want a text file that names one picture a line"}}
	r.check(t)
}

// TestHelpNamesTheSizes holds the help against what is refused.
func TestHelpNamesTheSizes(t *testing.T) {
	const sizes = "3 to 8 times a power of two"
	refusal{"size", trainArgs("runs/mine", "--size", "33"), exitUsage, []string{"33x33 pixels", sizes}}.check(t)
	refusal{"sides", trainArgs("runs/mine", "--size", "64x192"), exitUsage, []string{"64x192 pixels", sizes}}.check(t)
	refusal{"no size", trainArgs("runs/mine", "--size", "64x"), exitUsage, []string{"--size", "96x128"}}.check(t)
	if r := must(t, "train", "--help"); !strings.Contains(strings.Join(strings.Fields(r.stdout), " "), sizes) {
		t.Errorf("%s is not in\n%s", sizes, r.stdout)
	}
	must(t, trainArgs(filepath.Join(t.TempDir(), "run"), "--size", "16", "--steps", "1")...)
	folder := filepath.Join(t.TempDir(), "wide")
	must(t, trainArgs(folder, "--size", "12x20", "--steps", "1")...)
	must(t, "train", "--out", folder, "--resume", "--steps", "2", "--size", "12x20")
	refusal{"another", []string{"train", "--out", folder, "--resume", "--size", "20x12"}, exitUsage, []string{"--size is 20x12", "began with 12x20"}}.check(t)
	must(t, "sample", folder, "-n", "4", "--out", filepath.Join(t.TempDir(), "wide.png"))
}

// TestBeta1OfZero: it is no default, neither in a new run nor in one that goes on.
func TestBeta1OfZero(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "run")
	must(t, trainArgs(folder, "--steps", "1", "--beta1", "0")...)
	run, err := train.ReadRun(folder)
	if err != nil {
		t.Fatal(err)
	}
	if !run.Options.NoMomentum || run.Options.Beta1 != 0 {
		t.Errorf("options %+v, want no momentum", run.Options)
	}
	must(t, "train", "--out", folder, "--resume", "--steps", "2", "--beta1", "0")
	must(t, "train", "--out", folder, "--resume", "--steps", "3")
	refusal{"another", []string{"train", "--out", folder, "--resume", "--beta1", "0.5"}, exitUsage, []string{"--beta1 is 0.5", "began with 0"}}.check(t)
	refusal{"back to none", []string{"train", "--out", trainedRun(t), "--resume", "--beta1", "0"}, exitUsage, []string{"--beta1 is 0", "began with 0.5"}}.check(t)
	refusal{"below", trainArgs("runs/mine", "--beta1=-0.1"), exitUsage, []string{"--beta1 is -0.1"}}.check(t)
}

// TestResumeRefusesOptionsOutOfRange: they are damage, not a mistake in the
// command line.
func TestResumeRefusesOptionsOutOfRange(t *testing.T) {
	folder := copyRun(t)
	path := filepath.Join(folder, train.StateFile)
	f, err := safetensors.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f.Metadata["run"] = strings.Replace(f.Metadata["run"], `"batch":4`, `"batch":400000`, 1)
	if err := safetensors.WriteFile(path, "", f.Metadata, f.Tensors); err != nil {
		t.Fatal(err)
	}
	refusal{"batch", []string{"train", "--out", folder, "--resume"}, exitRefused, []string{train.StateFile, "batch of 400000"}}.check(t)
}
