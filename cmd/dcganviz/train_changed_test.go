package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	training "dcganviz/model/train/run"
)

// TestResumeNoticesAChangedPicture: of a picture that was changed at the same size, only
// its bytes tell.
func TestResumeNoticesAChangedPicture(t *testing.T) {
	dir := t.TempDir()
	data, folder := filepath.Join(dir, "photos"), filepath.Join(dir, "run")
	if err := os.CopyFS(data, os.DirFS(photos)); err != nil {
		t.Fatal(err)
	}
	must(t, append([]string{"train", "--data", data, "--out", folder, "--steps", "3", "--sample-every", "0"}, small...)...) // all twelve
	name := filepath.Join("windows", "p00030.jpg")
	old := read(t, filepath.Join(data, name))
	changed := append([]byte(nil), old...)
	changed[len(changed)/2] ^= 1
	write(t, filepath.Join(data, name), changed)
	resume := []string{"train", "--out", folder, "--resume", "--steps", "6"}
	r := call(t.Context(), resume...)
	for _, s := range []string{"windows/p00030.jpg", "put the old picture back", "saved at step"} {
		if r.code != exitUsage || !strings.Contains(r.stderr, s) {
			t.Errorf("exit code %d, want %d\n%s, want %q in it", r.code, exitUsage, r.stderr, s)
		}
	}
	write(t, filepath.Join(data, name), old)
	must(t, resume...)
	// It ended where the straight run draws no sheet.
	if err := os.Remove(filepath.Join(folder, training.SheetFile(3))); err != nil {
		t.Fatal(err)
	}
	straight := filepath.Join(dir, "straight")
	must(t, append([]string{"train", "--data", data, "--out", straight, "--steps", "6", "--sample-every", "0"}, small...)...)
	sameFiles(t, folder, straight)
}
