package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"dcganviz/model/dataset"
	"dcganviz/model/zoo"
	"dcganviz/probe/kid"
)

func TestScoreKID(t *testing.T) {
	args := []string{"score", "kid", trainedRun(t), "--images", photos, "--neighbours", "2", "--samples", "15", "--sets", "3"}
	first := must(t, append(args, "--json", "--threads", "1")...).stdout
	if second := must(t, append(args, "--json", "--threads", "2")...).stdout; second != first {
		t.Errorf("with two threads %s, with one %s", second, first)
	}
	var a likeness
	if err := json.Unmarshal([]byte(first), &a); err != nil {
		t.Fatal(err)
	}
	if a.Command != "score kid" || len(a.SHA256) != 64 || a.Images != filepath.Base(photos) || a.Neighbours != 2 {
		t.Errorf("%+v", a)
	}
	if w := a.Whole; w.Images != 15 || w.Real != 12 || w.Sets != 3 || !(w.KID.SE > 0) || !(w.KID.SD > 0) || !(w.Bounded.Lo < w.Bounded.Value && w.Bounded.Value < w.Bounded.Hi) {
		t.Errorf("whole: %+v", w)
	}
	if len(a.Halves) != 1+len(kid.Controls()) || a.Halves[1].Name != "real" || a.Halves[1].Images != 6 || a.Halves[1].Real != 6 {
		t.Errorf("halves: %+v", a.Halves)
	}
	text := must(t, append(args, "--verbose")...).stdout
	for _, want := range []string{"KID", "3 sets of 15 samples and 12 pictures of", "Coverage, the share", "halved 3 times", "  samples", "real", "blurred", "eight real", "noise"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
	if other := must(t, append(args, "--json", "--seed", "2")...).stdout; other == first {
		t.Error("another seed says the same")
	}
}

// TestScoreKIDKnowsTheEmbeddedModels: on held-out pictures that none of them
// was trained on, the trained model is nearer than after one epoch, and real
// pictures are nearer than either.
func TestScoreKIDKnowsTheEmbeddedModels(t *testing.T) {
	const early = "facades-epoch1"
	if !slices.Contains(zoo.PictureSets(), zoo.Default+"-heldout") || !slices.Contains(zoo.Names(), early) {
		t.Skip("this build embeds no pictures, or not both models")
	}
	list := listOfEvery(t, "heldout", 4)
	of := func(more ...string) (a likeness) {
		if err := json.Unmarshal([]byte(must(t, append([]string{"score", "kid", "--json", "--sets", "3", "--list", list}, more...)...).stdout), &a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	trained := of()
	heldout := archiveOf("heldout")
	before := of("--model", early, "--images", heldout)
	if d, b := trained.Whole.KID, before.Whole.KID; !(d.Hi < b.Lo) {
		t.Errorf("trained: %+v, after one epoch: %+v", d, b)
	}
	// Which photograph a picture is of comes with the embedded ones, not with their file.
	if trained.Sources < 20 || before.Sources != 0 {
		t.Errorf("%d photographs, of the file by its path %d", trained.Sources, before.Sources)
	}
	withSources := of("--images", heldout, "--sources", strings.TrimSuffix(heldout, ".zip")+".csv")
	if !reflect.DeepEqual(withSources.Report, trained.Report) {
		t.Errorf("by --sources %+v, by what comes with the pictures %+v", withSources.Report, trained.Report)
	}
	// Halves of the pictures are too few to tell the trained net's samples from real ones.
	control := trained.Halves[1].KID
	if s := before.Halves[0].KID; !(control.Value < s.Value) || !(before.Halves[1].KID.Value < s.Value) {
		t.Errorf("real against real %+v, samples after one epoch %+v", control, s)
	}
	if !(trained.Whole.Precision > before.Whole.Precision) || !(trained.Whole.Coverage > before.Whole.Coverage) {
		t.Errorf("trained: %+v, after one epoch: %+v", trained.Whole.Overlap, before.Whole.Overlap)
	}
}

// archiveOf is the archive that pictures of the default model, train or heldout, are
// embedded from.
func archiveOf(of string) string {
	return filepath.Join(photos, "../../../model/zoo/pictures", zoo.Default+"-"+of+".zip")
}

// listOfEvery writes a list of every n-th of the pictures, train or heldout, that come with
// the default model.
func listOfEvery(t *testing.T, of string, n int) string {
	t.Helper()
	set, err := zoo.Pictures(zoo.Default+"-"+of, dataset.Options{Size: 64, Channels: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	var names []string
	for i := 0; i < set.Len(); i += n {
		names = append(names, set.Name(i))
	}
	return listOf(t, names...)
}

// sourcesOf writes a table of photographs.
func sourcesOf(t *testing.T, lines ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "sources.csv")
	if err := os.WriteFile(file, []byte("file,source\n"+strings.Join(lines, "\n")+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestScoreKIDRefuses(t *testing.T) {
	run := trainedRun(t)
	for _, r := range []refusal{
		{"samples", []string{"--samples", "5000", "--images", photos}, exitUsage, []string{"--samples is 5000", "2048"}},
		{"negative samples", []string{"--samples=-1", "--images", photos}, exitUsage, []string{"--samples is -1"}},
		{"few samples", []string{"--samples", "2", "--images", photos, "--neighbours", "2"}, exitUsage, []string{"2 samples", "3 or more"}},
		{"no neighbours", []string{"--neighbours", "0", "--images", photos}, exitUsage, []string{"--neighbours is 0"}},
		{"many neighbours", []string{"--neighbours", "6", "--images", photos}, exitUsage, []string{"12 pictures in", "14 and 7", "--neighbours 6"}},
		{"no pictures come with it", nil, exitUsage, []string{"--images"}},
		{"no such pictures", []string{"--images", "none.zip"}, exitMissing, []string{"none.zip"}},
		{"no such sources", []string{"--images", photos, "--neighbours", "2", "--sources", "none.csv"}, exitMissing, []string{"none.csv"}},
		{"sources of others", []string{"--images", photos, "--neighbours", "2", "--sources", sourcesOf(t, "other.jpg,a")}, exitUsage, []string{"has no line for picture"}},
		{"no sets", []string{"--images", photos, "--sets", "0"}, exitUsage, []string{"--sets is 0"}},
		{"no such list", []string{"--images", photos, "--list", "none.txt"}, exitMissing, []string{"none.txt"}},
		{"threads", []string{"--threads", "999", "--images", photos}, exitUsage, []string{"--threads is 999"}},
	} {
		r.args = append([]string{"score", "kid", run}, r.args...)
		r.check(t)
	}
	refusal{"no model", []string{"score", "kid", "none", "--images", photos}, exitMissing, []string{`"none"`}}.check(t)
}
