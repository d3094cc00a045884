package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestForgetWindowsAnswers runs the default experiment on few samples: all the
// numbers that are promised are in the file, and an answer twice is the same.
func TestForgetWindowsAnswers(t *testing.T) {
	var answer any
	sameOnTwoThreads(t, elsewhere(t), &answer, "forget-windows", "--samples", "20", "--draws", "8", "--probes", "2")
	interval := []string{"mean", "lo", "hi"}
	for path, want := range map[string][]string{
		"probe.auc_heldout": interval, "scorer.auc_heldout": interval, "judge.auc_heldout": interval,
		"dropped.count": nil, "dropped.of": nil, "area.before": interval, "area.after": interval, "outside_rmse": interval,
		"score.before": interval, "score.after": interval, "scorer_area.after": interval, "scorer_score.after": interval,
		"judge.auc_samples": interval, "rule.removed": interval, "rule.scorer_removed": interval, "rule.guide_removed": interval,
		"rule.probes.0": {"seed", "units", "removed", "scorer_removed", "guide_removed", "outside_rmse"},
		"random":        {"draws", "samples", "method", "p"}, "random.scorer": {"samples", "method", "p"}, "random.guide.removed": {"mean", "sd"},
		"damage_matched": {"draws", "units", "outside_rmse", "removed", "p"},
		"random.area":    {"mean", "sd"}, "energy_matched.area": {"mean", "sd"},
		"curve.0": {"units", "area", "score", "outside_rmse", "outside_features", "kid", "dlogit"}, "halves": nil,
		"methods.0":                   {"name", "layer", "area", "score", "outside_rmse", "dlogit", "logit", "logit_within", "count", "recolouring", "statistics", "guide_removed"},
		"methods.0.recolouring.judge": {"recoloured", "effect", "share"}, "methods.0.recolouring.scorer": {"recoloured", "effect", "share"},
	} {
		at := answer
		for _, key := range strings.Split(path, ".") {
			switch v := at.(type) {
			case map[string]any:
				at = v[key]
			case []any:
				at = v[0]
			}
		}
		if at == nil {
			t.Errorf("no %s in the answer", path)
			continue
		}
		for _, key := range want {
			if m, ok := at.(map[string]any); !ok || m[key] == nil {
				t.Errorf("no %s.%s in the answer", path, key)
			}
		}
	}
}

// TestForgetWithBoxes takes boxes of a file in place of the scorer's.
func TestForgetWithBoxes(t *testing.T) {
	t.Chdir(t.TempDir())
	var b strings.Builder
	b.WriteString("file,class,x0,y0,x1,y1\n")
	for i := range 12 {
		b.WriteString(itoa(i) + ",window,16,16,40,44\n")
	}
	if err := os.WriteFile("boxes.csv", []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	r := call(t.Context(), "forget-windows", "--samples", "20", "--boxes", "boxes.csv", "--method", "erase", "--out", "x.png", "--json")
	if r.code != exitDone {
		t.Fatalf("exit code %d: %s", r.code, r.stderr)
	}
	if !strings.Contains(r.stdout, `"boxes": "boxes.csv"`) {
		t.Errorf("the answer does not name the boxes:\n%.500s", r.stdout)
	}
}

// forgetSignboards is an example of help on few samples, drawn once for all tests.
var forgetSignboards = []string{"forget", "--concept", "signboard", "--samples", "20", "--method", "fill-seen", "--json"}

// TestForgetSignboards forgets the other concept that scorers come for.
func TestForgetSignboards(t *testing.T) {
	elsewhere(t)
	_, r := once(t, forgetSignboards...)
	for _, want := range []string{`"facades-signboard-judge"`, `"facades-heldout"`, `"recoloured"`, `"pixel_fill"`, `"elsewhere"`} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("no %s in the answer", want)
		}
	}
}

func TestForgetRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const head = "file,class,x0,y0,x1,y1\n"
	for _, r := range []refusal{
		{"method", []string{"forget-windows", "--method", "wish"}, exitUsage, []string{"wish", "want paper, mean"}},
		{"layer", []string{"forget-windows", "--samples", "20", "--layer", "conv9"}, exitUsage, []string{"conv9", "up2"}},
		{"layer twice", []string{"forget-windows", "--samples", "20", "--layer", "up1,up1"}, exitUsage, []string{"--layer up1 twice"}},
		{"region", []string{"forget-windows", "--samples", "20", "--region", "1,2,3"}, exitUsage, []string{"four numbers"}},
		{"region outside", []string{"forget-windows", "--samples", "20", "--region", "0,0,90,90"}, exitUsage, []string{"region"}},
		{"concept", []string{"forget", "--concept", "cat"}, exitUsage, []string{"score pair", "signboard and window"}},
		{"windows in faces", []string{"forget-windows", "faces"}, exitUsage, []string{"no embedded scorer", "faces", "score pair"}},
		{"plural", []string{"forget", "--concept", "Windows"}, exitUsage, []string{"did you mean --concept window?"}},
		{"the scorer judges", []string{"forget-windows", "--judge", "facades-window-scorer"}, exitUsage, []string{"the judge is the scorer", "score pair"}},
		{"the guide judges", []string{"forget-windows", "--guide", "facades-window-judge"}, exitUsage, []string{"the judge is the guide"}},
		{"samples", []string{"forget-windows", "--samples", "3"}, exitUsage, []string{"--samples is 3"}},
		{"draws", []string{"forget-windows", "--draws", "0"}, exitUsage, []string{"--draws is 0"}},
		{"probes", []string{"forget-windows", "--probes", "51"}, exitUsage, []string{"--probes is 51"}},
		{"threshold", []string{"forget-windows", "--fill-threshold", "1"}, exitUsage, []string{"--fill-threshold is 1"}},
		{"rounds", []string{"forget-windows", "--fill-rounds", "0"}, exitUsage, []string{"--fill-rounds is 0"}},
		{"statistics", []string{"forget-windows", "--paper-bn", "own"}, exitUsage, []string{"paper-bn", "running"}},
		{"no boxes file", []string{"forget-windows", "--boxes", filepath.Join(dir, "none.csv")}, exitMissing, []string{"none.csv"}},
		{"box outside", []string{"forget-windows", "--boxes", file("out.csv", head+"3,window,10,10,90,90\n")}, exitRefused, []string{"outside"}},
		{"box empty", []string{"forget-windows", "--boxes", file("empty.csv", head+"3,window,10,10,10,90\n")}, exitRefused, []string{"empty"}},
		{"box NaN", []string{"forget-windows", "--boxes", file("nan.csv", head+"3,window,NaN,10,10,90\n")}, exitRefused, []string{"NaN"}},
		{"box of a picture", []string{"forget-windows", "--boxes", file("name.csv", head+"p1.jpg,window,1,1,9,9\n")}, exitUsage, []string{"number of a sample"}},
		{"boxes of other samples", []string{"forget-windows", "--boxes", "facades-window", "--seed", "2"}, exitUsage, []string{"seed 1"}},
		{"other class", []string{"forget-windows", "--boxes", file("class.csv", head+"1,door,1,1,9,9\n")}, exitMissing, []string{"door"}},
		{"one class", []string{"forget-windows", "--samples", "20", "--boxes", file("one.csv", head+"1,window,0,0,64,64\n2,window,0,0,64,64\n")}, exitUsage, []string{"locations"}},
	} {
		r.check(t)
	}
}
