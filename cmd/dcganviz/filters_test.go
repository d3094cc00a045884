package main

import (
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/gallery/figure"
	"dcganviz/probe/filters"
)

// TestFiltersAnswers runs the command on few pictures: the numbers of both
// controls are in the file, and an answer does not depend on the threads.
func TestFiltersAnswers(t *testing.T) {
	t.Chdir(t.TempDir())
	var numbers, pictures [2][]byte
	for i := range numbers {
		r := call(t.Context(), "filters", "--count", "40", "--units", "7,2", "--layer", "conv2", "--maximize", "--threads", itoa(i+1))
		if r.code != exitDone {
			t.Fatalf("exit code %d: %s", r.code, r.stderr)
		}
		if lines := strings.Count(r.stdout, "\n"); lines != 4 {
			t.Errorf("%d lines, want three and the picture's name:\n%s", lines, r.stdout)
		}
		numbers[i], pictures[i] = readFile(t, "gallery/facades-filters.json"), readFile(t, "gallery/facades-filters.png")
	}
	if string(numbers[0]) != string(numbers[1]) || string(pictures[0]) != string(pictures[1]) {
		t.Error("1 and 2 threads give different files")
	}
	var a figure.FiltersResult
	if err := json.Unmarshal(numbers[0], &a); err != nil {
		t.Fatal(err)
	}
	var units []int
	for _, u := range a.Trained.Units {
		units = append(units, u.Unit)
	}
	if a.Command != "filters" || a.Layer != "conv2" || a.FieldWidth != 10 || !slices.Equal(units, []int{7, 2}) || len(a.Trained.Units[0].Top) != 5 {
		t.Errorf("it is about %+v", a.Trained)
	}
	if a.Pictures.Count != 40 || a.Pictures.Names[a.Trained.Units[1].Top[4].Image] == "" || a.Pictures.Title != "facades-train" {
		t.Errorf("pictures %+v", a.Pictures)
	}
	if len(a.Sanity.Curves) != 3 || len(a.Sanity.Curves[0].Stages) != 3 || a.Sanity.Curves[0].Rule != filters.Guided || a.Sanity.Curves[0].IgnoresWeights {
		t.Errorf("sanity %+v", a.Sanity)
	}
	if len(a.Maximized) != 2 || !(a.Maximized[0].End > a.Maximized[0].Start) {
		t.Errorf("maxima %+v", a.Maximized)
	}
}

// TestFiltersOfAnotherModel has no pictures come with a model, and draws the
// figure again from its recipe.
func TestFiltersOfAnotherModel(t *testing.T) {
	run, _ := inFolder(t)
	r := must(t, "filters", run, "--count", "6", "--units", "1,0", "--rule", "gradient", "--verbose", "--out", "f.png")
	if !strings.Contains(r.stderr, "so samples of G are looked at") || !strings.Contains(r.stdout, "6 images (samples of G, seed 1)") {
		t.Errorf("it says %s%s", r.stderr, r.stdout)
	}
	r = must(t, "replay", "f.png", "--model", run, "--out", "again.png")
	if !strings.Contains(r.stdout, "every pixel is the same") {
		t.Errorf("replay: %s", r.stdout)
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFiltersOnOnePictureAndOnSamples(t *testing.T) {
	dir := t.TempDir()
	one := filepath.Join(dir, "pictures")
	if err := os.Mkdir(one, 0o777); err != nil {
		t.Fatal(err)
	}
	from := filepath.Join("..", "..", "testdata", "data", "facades", "windows")
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(one, "a.png"), readFile(t, filepath.Join(from, entries[0].Name())), 0o666); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"one":     {"--images", one, "--layer", "conv1", "--units", "3", "--rule", "gradient"},
		"samples": {"--on", "samples", "--count", "8", "--layer", "conv1", "--units", "0", "--leak", "relu", "--rule", "deconvnet"},
	} {
		out := filepath.Join(dir, name+".png")
		r := call(t.Context(), append([]string{"filters", "--json", "--out", out}, args...)...)
		if r.code != exitDone {
			t.Fatalf("%s: exit code %d: %s", name, r.code, r.stderr)
		}
		var a figure.FiltersResult
		if err := json.Unmarshal([]byte(r.stdout), &a); err != nil {
			t.Fatal(err)
		}
		if want := map[string]int{"one": 1, "samples": 8}[name]; a.Pictures.Count != want || len(a.Trained.Units[0].Top) != min(want, 5) {
			t.Errorf("%s: %+v", name, a.Pictures)
		}
		if (a.Pictures.Names == nil) != (name == "samples") {
			t.Errorf("%s: names %v", name, a.Pictures.Names)
		}
		f, err := os.Open(out)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := png.Decode(f); err != nil {
			t.Error(err)
		}
		f.Close()
	}
}

func TestFiltersRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--layer", "up1"}, exitUsage, `no layer "up1" in D, want one of ["conv1" "conv2" "conv3" "conv4" "logit"]`},
		{[]string{"--units", "0,256"}, exitUsage, `no unit 256 in layer "conv4", want 0 to 255`},
		{[]string{"--units", "1,1"}, exitUsage, "unit 1 twice"},
		{[]string{"--units", "x"}, exitUsage, "--units"},
		{[]string{"--rule", "lucid"}, exitUsage, "--rule"},
		{[]string{"--leak", "none"}, exitUsage, "--leak"},
		{[]string{"--on", "paper"}, exitUsage, `--on is "paper", want pictures or samples`},
		{[]string{"--on", "samples", "--images", "."}, exitUsage, "--images would do nothing"},
		{[]string{"--count", "0"}, exitUsage, "--count is 0, want 1 to 20000"},
		{[]string{"--bn", "batch"}, exitUsage, "batch statistics"},
		{[]string{"--images", "nowhere"}, exitMissing, "nowhere"},
		{[]string{"--model", "nowhere"}, exitMissing, "nowhere"},
		{[]string{"--out", "x.gif"}, exitUsage, "PNG"},
	} {
		r := call(t.Context(), append([]string{"filters", "--count", "4"}, c.args...)...)
		if r.code != c.code || !strings.Contains(r.stderr, c.want) || r.stdout != "" {
			t.Errorf("%q: exit code %d, want %d, and %q\n%s%s", c.args, r.code, c.code, c.want, r.stderr, r.stdout)
		}
		if _, err := os.Stat("gallery"); err == nil {
			t.Errorf("%q: a folder is left", c.args)
		}
	}
}
