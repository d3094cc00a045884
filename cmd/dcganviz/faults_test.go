package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/faults"
	training "dcganviz/model/train/run"
)

// TestEveryFaultOfAnOutput lets each call to the system fail that a command makes for its
// files, alone and with all calls after it. The files are then all old or all new, and a
// fault of an output gives exit code 13.
func TestEveryFaultOfAnOutput(t *testing.T) {
	defer faults.None()()
	model := trainedRun(t)
	dir := t.TempDir()
	t.Chdir(dir)
	must(t, "sample", model, "-n", "1", "--seed", "7", "--out", "given/one.png", "--npy", "given/one.npy")
	must(t, "sample", model, "-n", "1", "--out", "given/page/one.png")
	injected, lost := 0, 0
	for _, args := range [][]string{
		{"sample", model, "-n", "1", "--out", "new/folder/a.png", "--npy", "new/a.npy"},
		{"sample", model, "-n", "1", "--out", "one.png", "--npy", "one.npy", "--force"},
		{"walk", model, "--steps", "4", "--no-audit", "--gif"},
		{"convert", model, "new/a.pth"},
		{"convert", model, "a.safetensors", "--half"},
		{"score", "fit", "--data", photos, "--boxes", filepath.Join(photos, "boxes.csv"), "--concept", "window", "--epochs", "1", "--size", "16", "--out", "a.safetensors"},
		{"replay", "one.png", "--model", model, "--out", "new/two.png"},
		{"gallery", "page"},
		trainArgs("new/run", "--steps", "2", "--save-every", "1"),
	} {
		begin := func() {
			t.Chdir(t.TempDir())
			if err := os.CopyFS(".", os.DirFS(filepath.Join(dir, "given"))); err != nil {
				t.Fatal(err)
			}
		}
		begin()
		before := contents(t, ".")
		calls := faults.Calls(func() { must(t, args...) })
		after := contents(t, ".")
		for _, f := range faults.Of(calls, faults.Stride(29)) {
			begin()
			restore := f.Inject()
			r := call(t.Context(), args...)
			restore()
			injected++
			if bad := wrongAfter(t, f, r, before, after); bad != "" {
				lost++
				t.Errorf("%q, %v: exit code %d, %s\n%s", args[:2], f, r.code, bad, r.stderr)
			}
		}
	}
	t.Logf("faults: %d injected, %d lost", injected, lost)
}

// wrongAfter says what is wrong after a fault in a command that is to turn the files
// before into those after.
func wrongAfter(t *testing.T, f faults.Fault, r result, before, after map[string]string) string {
	got := contents(t, ".")
	// The times that a training took, and what a call left that was to remove it.
	maps.DeleteFunc(got, func(name, _ string) bool {
		return filepath.Base(name) == "summary.json" || (f.Dead || f.Name == "remove" || f.Name == "removeall") && strings.Contains(name, ".tmp-")
	})
	after = maps.Clone(after)
	maps.DeleteFunc(after, func(name, _ string) bool { return filepath.Base(name) == "summary.json" })
	// A run's page holds times, too.
	for name := range after {
		if strings.HasSuffix(name, "run/"+training.PageFile) {
			if _, ok := got[name]; !ok && r.code == exitDone {
				return "but the page is missing"
			}
			delete(after, name)
			delete(got, name)
		}
	}
	switch {
	case r.code == exitDone && !maps.Equal(got, after):
		return "but files are missing"
	case r.code != exitDone && r.code != exitOutput && !f.Reads():
		return "want 13"
	case !slices.Contains([]int{exitDone, exitFailed, exitPartly, exitMissing, exitOutput}, r.code):
		return "want 1 or 13"
	case r.code != exitDone && !strings.HasPrefix(r.stderr, "dcganviz: "):
		return "want a line that says why"
	}
	for name, text := range before {
		if got[name] != text && got[name] != after[name] {
			return name + " is lost"
		}
	}
	for name, text := range got {
		if strings.Contains(name, "/run/") && r.code != exitDone {
			continue // what a training saved up to there: TestEveryFaultOfARun
		}
		if text != before[name] && text != after[name] && r.code != exitPartly { // a page lacks what could not be read
			return name + " is neither old nor new"
		}
		if r.code != exitDone && !f.Dead && f.Name != "syncdir" && text != before[name] && f.Name != "remove" && r.code != exitPartly {
			return name + " was written, though not all could be"
		}
	}
	return ""
}
