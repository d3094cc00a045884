package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/probe/score"
)

// boxed are flags that name the photos and what is on them.
func boxed(more ...string) []string {
	return append([]string{"--data", photos, "--boxes", filepath.Join(photos, "boxes.csv"), "--sources", filepath.Join(photos, "sources.csv")}, more...)
}

// fitWindows fits a scorer for a moment.
func fitWindows(t *testing.T, out string, more ...string) result {
	t.Helper()
	args := append([]string{"score", "fit", "--concept", "window", "--out", out}, boxed(more...)...)
	args = append(args, "--epochs", "1")
	if !slices.Contains(more, "d-features") {
		args = append(args, "--size", "32")
	}
	return must(t, args...)
}

// listOf writes a list of pictures.
func listOf(t *testing.T, names ...string) string {
	return write(t, filepath.Join(t.TempDir(), "list.txt"), []byte(strings.Join(names, "\n")+"\n"))
}

func TestScoreFitAndEval(t *testing.T) {
	heldout := listOf(t, "windows/p00072.jpg", "windows/p00100.jpg", "plain/p00121.jpg")
	for _, kind := range []string{"pixels", "d-features"} {
		out := filepath.Join(t.TempDir(), "windows.safetensors")
		more := []string{"--kind", kind, "--half", "first", "--heldout", heldout, "--json"}
		var model []string
		if kind == "d-features" {
			model = []string{"--model", trainedRun(t)}
		}
		r := fitWindows(t, out, append(more, model...)...)
		var info score.Info
		if err := json.Unmarshal([]byte(r.stdout), &info); err != nil {
			t.Fatal(err)
		}
		// Of 8 photographs the first four have p00001, p00010, p00030, p00037,
		// p00042, p00051
		// and p00061.
		if info.Kind.String() != kind || info.Concept != "window" || info.Groups != 4 || info.Pictures != 7 || info.Half != "first" || info.Heldout == nil {
			t.Errorf("%s: %+v", kind, info)
		}
		if !strings.HasPrefix(info.Command, "dcganviz score fit --kind "+kind) || strings.Contains(info.Command, photos) {
			t.Errorf("%s: command %q", kind, info.Command)
		}
		first := read(t, out)
		fitWindows(t, out, append(append(more, model...), "--force", "--threads", "1")...)
		if second := read(t, out); string(first) != string(second) {
			t.Errorf("%s: fitted again, the file differs", kind)
		}
		args := append([]string{"score", "eval", out, "--list", heldout}, model...)
		var report score.Report
		if err := json.Unmarshal([]byte(must(t, append(args, boxed("--json")...)...).stdout), &report); err != nil {
			t.Fatal(err)
		}
		// A net on pixels was written at half precision after it was measured.
		if d := report.AUC.Mean - info.Heldout.AUC.Mean; report.Pictures != 3 || !(d < .01 && d > -.01) {
			t.Errorf("%s: measured %+v, kept %+v", kind, report, info.Heldout)
		}
		if text := must(t, append(args, boxed("--verbose")...)...).stdout; !strings.Contains(text, "AUC") || !strings.Contains(text, "3 photographs") || !strings.Contains(text, "0.9 to 1.0") {
			t.Errorf("%s: %s", kind, text)
		}
	}
}

// TestScoreWholePictures reads labels from folders and from a table.
func TestScoreWholePictures(t *testing.T) {
	var table strings.Builder
	table.WriteString("file,shown\nplain/p00010.jpg,\n")
	for _, name := range []string{"plain/p00037.jpg", "plain/p00051.jpg", "windows/p00001.jpg", "windows/p00030.jpg"} {
		table.WriteString(name + "," + filepath.Base(filepath.Dir(name)) + "\n")
	}
	labels := write(t, filepath.Join(t.TempDir(), "labels.csv"), []byte(table.String()))
	list := listOf(t, "plain/p00010.jpg", "plain/p00037.jpg", "plain/p00051.jpg", "windows/p00001.jpg", "windows/p00030.jpg")
	for _, more := range [][]string{{"--channels", "1"}, {"--list", list, "--labels", labels, "--column", "shown"}} {
		out := filepath.Join(t.TempDir(), "windows.safetensors")
		flags := append([]string{"--data", photos}, more...)
		var eval []string
		if flags[2] == "--channels" {
			eval = flags[:2]
		} else {
			eval = flags
		}
		must(t, append([]string{"score", "fit", "--concept", "windows", "--out", out, "--epochs", "1", "--size", "32"}, flags...)...)
		r := must(t, append([]string{"score", "eval", out, "--json"}, eval...)...)
		var report score.Report
		if err := json.Unmarshal([]byte(r.stdout), &report); err != nil {
			t.Fatal(err)
		}
		want := map[bool][2]int{true: {12, 6}, false: {4, 2}}[len(eval) == 2]
		if report.Locations != want[0] || report.Positives != want[1] {
			t.Errorf("%v: %d known, %d windows, want %v", more, report.Locations, report.Positives, want)
		}
	}
	for _, r := range []refusal{
		{"another folder", []string{"--concept", "doors"}, exitUsage, []string{`"doors"`, `"plain"`, `"windows"`}},
		{"no folders", []string{"--concept", "doors", "--data", filepath.Join(photos, "plain")}, exitUsage, []string{"--boxes or --labels"}},
		{"no column", []string{"--concept", "doors", "--labels", labels, "--column", "label"}, exitRefused, []string{`"label"`, "file,shown"}},
		{"boxes and labels", []string{"--concept", "doors", "--labels", labels, "--boxes", "boxes.csv"}, exitUsage, []string{"--boxes", "--labels"}},
	} {
		r.args = append([]string{"score", "fit", "--data", photos, "--out", filepath.Join(t.TempDir(), "s.safetensors")}, r.args...)
		r.check(t)
	}
}

func TestScoreRefuses(t *testing.T) {
	dir := t.TempDir()
	scorer := filepath.Join(dir, "windows.safetensors")
	fitWindows(t, scorer)
	table := func(lines string) string {
		return write(t, filepath.Join(t.TempDir(), "boxes.csv"), []byte("file,class,x0,y0,x1,y1\n"+lines))
	}
	fit := func(boxes string, more ...string) []string {
		return append([]string{"score", "fit", "--data", photos, "--boxes", boxes, "--concept", "window", "--out", filepath.Join(dir, "new.safetensors"), "--epochs", "1"}, more...)
	}
	good := filepath.Join(photos, "boxes.csv")
	cut := write(t, filepath.Join(dir, "cut.safetensors"), read(t, scorer)[:1000])
	whole := table("plain/p00010.jpg,window,0,0,72,72\n")
	for _, r := range []refusal{
		{"a box outside", fit(table("plain/p00010.jpg,window,1,1,99,9\n")), exitRefused, []string{"boxes.csv", "line 2", "72x72", "plain/p00010.jpg"}},
		{"an empty box", fit(table("plain/p00010.jpg,window,5,1,5,9\n")), exitRefused, []string{"boxes.csv", "line 2", "empty"}},
		{"NaN", fit(table("plain/p00010.jpg,window,NaN,1,5,9\n")), exitRefused, []string{"line 2", "x0 is NaN"}},
		{"another picture", fit(table("p00010.jpg,window,1,1,5,9\n")), exitMissing, []string{"p00010.jpg", "not in"}},
		{"another class", fit(table("plain/p00010.jpg,door,1,1,5,9\n")), exitMissing, []string{`"window"`, `"door"`}},
		{"one class", fit(whole, "--list", listOf(t, "plain/p00010.jpg")), exitUsage, []string{"256 locations", "0 do not", "both classes"}},
		{"no boxes", fit(filepath.Join(dir, "none.csv")), exitMissing, []string{"none.csv"}},
		{"no pictures", append(fit(good), "--data", filepath.Join(dir, "none")), exitMissing, []string{"none"}},
		{"kind", fit(good, "--kind", "lines"), exitUsage, []string{"--kind", `"lines"`, "pixels or d-features"}},
		{"half", fit(good, "--half", "third"), exitUsage, []string{"--half", `"third"`}},
		{"half of nothing", fit(good, "--half", "first"), exitUsage, []string{"--sources"}},
		{"size", fit(good, "--size", "30"), exitUsage, []string{"--size is 30"}},
		{"model", fit(good, "--model", "facades"), exitUsage, []string{"--model", "d-features"}},
		{"output", append(fit(good), "--out", scorer), exitOutput, []string{"--out", "exists"}},
		{"no scorer", append([]string{"score", "eval", filepath.Join(dir, "none.safetensors")}, boxed()...), exitMissing, []string{"none.safetensors"}},
		{"a model", append([]string{"score", "eval", filepath.Join(trainedRun(t), "model.safetensors")}, boxed()...), exitUnsupported, []string{"not a scorer"}},
		{"cut short", append([]string{"score", "eval", cut}, boxed()...), exitRefused, []string{"cut.safetensors"}},
		{"a flag", []string{"score", "fit", "--nonsense"}, exitUsage, []string{"dcganviz score fit --help"}},
	} {
		r.check(t)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("%v, %v are left, want the two files of the test", left, err)
	}
}
