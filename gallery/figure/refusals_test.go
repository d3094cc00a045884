package figure

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/model/train/run"
	"dcganviz/model/zoo"
)

// TestNoPicturesNamesThoseOfTheRun: who has trained has pictures.
func TestNoPicturesNamesThoseOfTheRun(t *testing.T) {
	w, dir := watch(t, 1), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, run.PlanFile), []byte(`{"data":"my photos","about":"","steps":1,"sample_every":0,"save_every":0}`), 0o666); err != nil {
		t.Fatal(err)
	}
	for folder, want := range map[string]string{dir: `it was trained on "my photos"`, "": "facades-heldout", t.TempDir(): "facades-heldout"} {
		lab := &Lab{Folder: folder, Model: w.trainer.Checkpoint(), Pool: w.pool}
		if _, err := lab.photos(t.Context(), PhotoOptions{}, "heldout", 9); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "--images") {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestFormulaNamesTheModelThatHasIt: the sum that the overview shows is of faces.
func TestFormulaNamesTheModelThatHasIt(t *testing.T) {
	if !slices.Contains(zoo.Names(), "faces") {
		t.Skip("faces is not in this build")
	}
	e, _ := Lookup("arithmetic")
	_, sum, _ := strings.Cut(strings.TrimSuffix(e.About, "."), ": ")
	if got := hasConcepts(sum); !strings.Contains(got, "dcganviz arithmetic faces") {
		t.Errorf("%q is of %q, want faces", sum, got)
	}
	if got := hasConcepts("cat - dog + mouse"); got != "" {
		t.Errorf("no model has these concepts, but %q", got)
	}
}

// TestDoctorDoubtsARunThatIsNotFinished.
func TestDoctorDoubtsARunThatIsNotFinished(t *testing.T) {
	w := watch(t, 1)
	for steps, doubt := range map[string]bool{"400": true, "0": false} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, run.PlanFile), []byte(`{"data":"none","about":"","steps":`+steps+`,"sample_every":0,"save_every":0}`), 0o666); err != nil {
			t.Fatal(err)
		}
		var r DoctorResult
		if err := r.ofRun(t.Context(), &Lab{Folder: dir, Model: w.trainer.Checkpoint(), Pool: w.pool}, PhotoOptions{}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(r.Findings[0].Evidence, "0 of 400 steps are made"); got != doubt || doubt != strings.Contains(r.Findings[0].Advice, "--resume") {
			t.Errorf("of %s steps none is made: %+v", steps, r.Findings[0])
		}
	}
}
