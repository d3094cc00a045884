package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFilesPassedOverAreCountedAloud trains on a folder with a file that is no picture.
func TestFilesPassedOverAreCountedAloud(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"a.pgm", "b", "c.pgm", "notes.dat"} {
		text := "P2 2 2 3\n0 1 2 3\n"
		if i == 3 {
			text = "no picture"
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(t.TempDir(), "run")
	stderr := must(t, "train", "--data", dir, "--out", out, "--steps", "1", "--size", "16", "--channels", "1", "--width", "2", "--nz", "4", "--batch", "2").stderr
	for _, want := range []string{`1 file passed over that is no picture: "notes.dat"`, "on 3 pictures"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("stderr %q, want %q", stderr, want)
		}
	}
}
