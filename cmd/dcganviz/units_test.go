package main

import (
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dcganviz/gallery/figure"
)

// TestUnitsAnswers runs the sheet on few samples, twice: all the numbers that
// are promised are in the file, and threads change nothing.
func TestUnitsAnswers(t *testing.T) {
	t.Chdir(t.TempDir())
	var files [2][]byte
	for i := range files {
		r := call(t.Context(), "units", "--samples", "8", "--layer", "up3", "--top", "3", "--sort", "concept", "--threads", itoa(i+1))
		if r.code != exitDone {
			t.Fatalf("exit code %d: %s", r.code, r.stderr)
		}
		if lines := strings.Count(r.stdout, "\n"); lines != 4 {
			t.Errorf("%d lines, want three and the picture's name:\n%s", lines, r.stdout)
		}
		var err error
		if files[i], err = os.ReadFile(filepath.Join("gallery", "facades-units.json")); err != nil {
			t.Fatal(err)
		}
	}
	if string(files[0]) != string(files[1]) {
		t.Error("1 and 2 threads give different numbers")
	}
	var a figure.UnitsResult
	if err := json.Unmarshal(files[0], &struct {
		*figure.UnitsResult
		Hold   string `json:"hold"`
		Scorer any    `json:"scorer"`
	}{UnitsResult: &a}); err != nil {
		t.Fatal(err)
	}
	if a.Command != "units" || a.Seed != 1 || a.Layer != "up3" || a.Of != 32 || len(a.Units) != 32 || len(a.Order) != 32 || len(a.Gains) != 32 {
		t.Fatalf("layer %s, %d units, order %v, gains %v", a.Layer, len(a.Units), a.Order, a.Gains)
	}
	for _, u := range a.Units {
		if u.Dead {
			continue
		}
		if u.Matched == nil || u.Logit == nil || u.Concept == nil || len(u.Top) != 3 || !(u.Effect.Lo <= u.Effect.Mean && u.Effect.Mean <= u.Effect.Hi) {
			t.Errorf("%+v: a figure is missing", u)
		}
	}
	for i := range a.Order[1:] {
		overlap := func(unit int) float64 {
			if c := a.Units[unit].Concept; c != nil {
				return c.IoU.Mean
			}
			return 0
		}
		if overlap(a.Order[i]) < overlap(a.Order[i+1]) {
			t.Errorf("unit %d before unit %d", a.Order[i], a.Order[i+1])
		}
	}
}

// TestUnitCardAnswers draws a card, whose numbers are those of the sheet.
func TestUnitCardAnswers(t *testing.T) {
	t.Chdir(t.TempDir())
	r := call(t.Context(), "units", "--samples", "8", "--unit", "34", "--hold", "mean", "--out", "card.png", "--json")
	if r.code != exitDone {
		t.Fatalf("exit code %d: %s", r.code, r.stderr)
	}
	for _, want := range []string{`"unit": 34`, `"hold": "mean"`, `"histogram": {`, `"gains": {`, `"concept": "window"`, `"samples": 8`} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("no %s in the answer:\n%.600s", want, r.stdout)
		}
	}
	f, err := os.Open("card.png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.DecodeConfig(f)
	if err != nil || img.Width < 8*128 {
		t.Errorf("card %+v, %v: want all 8 samples side by side", img, err)
	}
}

// TestBestUnitIsChosenElsewhere: the card is of the unit that the search found, on other
// samples than those that the card tells of.
func TestBestUnitIsChosenElsewhere(t *testing.T) {
	t.Chdir(t.TempDir())
	r := call(t.Context(), "units", "--best", "--samples", "24", "--layer", "up3", "--out", "card.png", "--json")
	if r.code != exitDone {
		t.Fatalf("exit code %d: %s", r.code, r.stderr)
	}
	var a struct {
		Layer  string
		Units  []struct{ Unit int }
		Search struct {
			Layers               []string
			Layer                string
			Unit, Samples, After int
			P                    float64
		}
	}
	if err := json.Unmarshal([]byte(r.stdout), &a); err != nil {
		t.Fatal(err)
	}
	s := a.Search
	if len(a.Units) != 1 || a.Units[0].Unit != s.Unit || a.Layer != "up3" || s.Layer != "up3" || len(s.Layers) != 1 || s.Samples != 24 || s.After != 24 || !(s.P > 0) {
		t.Errorf("the card is of %+v of %s, the search found %+v", a.Units, a.Layer, s)
	}
}

func TestUnitsRefuses(t *testing.T) {
	for _, r := range []refusal{
		{"layer", []string{"units", "--layer", "conv9"}, exitUsage, []string{"conv9", "up2"}},
		{"unit", []string{"units", "--unit", "64"}, exitUsage, []string{"no unit 64", "0 to 63"}},
		{"hold", []string{"units", "--hold", "up"}, exitUsage, []string{"zero or mean"}},
		{"sort", []string{"units", "--sort", "taste"}, exitUsage, []string{"taste", "effect"}},
		{"sort of a card", []string{"units", "--unit", "3", "--sort", "area"}, exitUsage, []string{"--sort would do nothing"}},
		{"best and a unit", []string{"units", "--best", "--unit", "3"}, exitUsage, []string{"--best chooses a unit"}},
		{"best of a card", []string{"units", "--best", "--sort", "area"}, exitUsage, []string{"--sort would do nothing"}},
		{"best without a concept", []string{"units", "facades-epoch1", "--best"}, exitUsage, []string{"no scorer"}},
		{"samples", []string{"units", "--samples", "1"}, exitUsage, []string{"--samples is 1"}},
		{"held", []string{"units", "--samples", "9", "--held", "10"}, exitUsage, []string{"--held is 10"}},
		{"top", []string{"units", "--top", "0"}, exitUsage, []string{"--top is 0"}},
		{"quantile", []string{"units", "--quantile", "1"}, exitUsage, []string{"--quantile is 1"}},
		{"quantile of none", []string{"units", "--samples", "2", "--quantile", "0.0001"}, exitUsage, []string{"is none"}},
		{"scorer without its D", []string{"units", "facades-epoch1", "--samples", "8", "--scorer", "facades-window-scorer"}, exitUsage, []string{"D, and there is none"}},
		{"concept of none", []string{"units", "facades-epoch1", "--sort", "concept"}, exitUsage, []string{"no scorer"}},
	} {
		r.check(t)
	}
}
