package main

import (
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dcganviz/gallery/figure"
	"dcganviz/model"
	"dcganviz/model/zoo"
	"dcganviz/viz"
)

// TestNearestAnswers runs the command on few samples, and compares what it
// writes with the study itself.
func TestNearestAnswers(t *testing.T) {
	t.Chdir(t.TempDir())
	r := must(t, "nearest", "--samples", "40", "--neighbours", "2", "--verbose", "--threads", "1")
	lines := strings.Split(strings.TrimSpace(r.stdout), "\n")
	if len(lines) != 8 || lines[7] != "gallery/facades-nearest.png" || !strings.Contains(lines[1], "of 40 samples: in pixels ") ||
		!strings.Contains(lines[3], "629 of 6286 training and 392 held-out") || !strings.Contains(lines[6], "Only 629 of the 6286 pictures") {
		t.Errorf("summary\n%s", r.stdout)
	}
	var a figure.NearestResult
	if err := json.Unmarshal(read(t, "gallery/facades-nearest.json"), &a); err != nil {
		t.Fatal(err)
	}
	if len(a.Spaces) != 2 || len(a.TrainingPictures) != 629 || a.TrainingSet != "facades-train" || a.HeldoutSet != "facades-heldout" || len(a.Shown) < 6 {
		t.Errorf("answer of %d spaces, %d names, sets %q and %q, shown %v", len(a.Spaces), len(a.TrainingPictures), a.TrainingSet, a.HeldoutSet, a.Shown)
	}
	for _, s := range a.Spaces {
		if len(s.Samples.Hits) != 40 || len(s.Samples.Hits[7]) != 2 || len(s.Heldout.Distances) != 392 || s.Samples.Flagged || !s.Memoriser.Flagged {
			t.Errorf("%s: %d samples, flagged %v; memoriser flagged %v", s.Name, len(s.Samples.Hits), s.Samples.Flagged, s.Memoriser.Flagged)
		}
		shown := a.Shown[len(a.Shown)-1]
		for _, d := range s.Samples.Distances {
			if s.Name == "features" && d < s.Samples.Distances[shown] && shown >= 5 {
				t.Errorf("sample %d is shown as the nearest, and one is nearer", shown)
			}
		}
	}
	// The card says --flip.
	if !a.Mirrors || a.TrainedOn != 6286 {
		t.Errorf("mirrors %v, trained on %d", a.Mirrors, a.TrainedOn)
	}
	_, text := decoded(t, "gallery/facades-nearest.png")
	if want := `"args":["--samples=40","--neighbours=2","--mirrors=auto","--seed=1"]}`; !strings.HasSuffix(text, want) {
		t.Errorf("recipe %s, want %s", text, want)
	}
}

// fewPictures are flags that name a sixth and a quarter of the pictures that come with the
// default model.
func fewPictures(t *testing.T) []string {
	t.Helper()
	return []string{"--images", archiveOf("train"), "--list", listOfEvery(t, "train", 6),
		"--heldout", archiveOf("heldout"), "--heldout-list", listOfEvery(t, "heldout", 4)}
}

// TestNearestBetweenIsHalfWay: the first image is the mean of the first two latents'.
func TestNearestBetweenIsHalfWay(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, append([]string{"nearest", "--between", "--samples", "20", "--neighbours", "2"}, fewPictures(t)...)...)
	page, text := decoded(t, "gallery/facades-nearest.png")
	if want := `"args":["--samples=20","--between","--neighbours=2",`; !strings.Contains(text, want) {
		t.Errorf("recipe %s, want %s in it", text, want)
	}
	c, err := zoo.Open(zoo.Default)
	if err != nil {
		t.Fatal(err)
	}
	z := model.Latents(1, 0, 2, c.G.Config())
	for j := range z.Row(0) {
		z.Row(0)[j] = (z.Row(0)[j] + z.Row(1)[j]) / 2
	}
	x, err := c.G.Generate(z.Slice(0, 1), model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	tile, err := viz.ToImage(x.Row(0), 64, 64, 3)
	if err != nil {
		t.Fatal(err)
	}
	if !contains(page, tile) {
		t.Error("the image half way between the first two latents is not on the page")
	}
}

// TestNearestOfUserPictures has training pictures that a model of another size,
// in the same run's folder, cannot have copied, and lists of two sets in one
// folder.
func TestNearestOfUserPictures(t *testing.T) {
	run, _ := inFolder(t)
	var lists [2]string
	for i := range 44 {
		img := image.NewGray(image.Rect(0, 0, 28, 28))
		for j := range img.Pix {
			img.Pix[j] = uint8(i*j*7 + i*31)
		}
		name := fmt.Sprintf("%02d.png", i)
		lists[i%2] += name + "\n"
		os.Mkdir("mine", 0o777)
		f, err := os.Create(filepath.Join("mine", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, img); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	for i, name := range []string{"train.txt", "heldout.txt"} {
		if err := os.WriteFile(name, []byte(lists[i]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"nearest", run, "--images", "mine", "--list", "train.txt", "--heldout-list", "heldout.txt", "--samples", "20"}
	r := must(t, append(args, "--json")...)
	var a figure.NearestResult
	if err := json.Unmarshal([]byte(r.stdout), &a); err != nil {
		t.Fatal(err)
	}
	if a.Training != 22 || a.Heldout != 22 || a.TrainingPictures[1] != "02.png" || a.TrainingSet != "mine" {
		t.Errorf("%d training and %d held-out pictures, the second %q", a.Training, a.Heldout, a.TrainingPictures[1])
	}
	mine, err := filepath.Abs("mine")
	if err != nil {
		t.Fatal(err)
	}
	list, err := filepath.Abs("train.txt")
	if err != nil {
		t.Fatal(err)
	}
	refusal{"few pictures", []string{"nearest", run, "--images", mine, "--list", list, "--heldout", photos}, exitUsage, []string{"holds 12 pictures, want 20"}}.check(t)
	refusal{"no pictures", []string{"nearest", run}, exitUsage, []string{"--images"}}.check(t)
	refusal{"no folder", []string{"nearest", run, "--images", "none", "--heldout", "mine"}, exitMissing, []string{"none"}}.check(t)
	for name, c := range map[string]refusal{
		"samples":    {"", []string{"nearest", "--samples", "19"}, exitUsage, []string{"--samples is 19", "20 to 5000"}},
		"neighbours": {"", []string{"nearest", "--neighbours", "21"}, exitUsage, []string{"--neighbours is 21"}},
		"one set":    {"", []string{"nearest", "--images", "mine"}, exitUsage, []string{"--heldout"}},
		"other set":  {"", []string{"nearest", "--heldout", "mine"}, exitUsage, []string{"--images"}},
	} {
		c.name = name
		c.check(t)
	}
}
