package main

import (
	"bytes"
	"image"
	"image/color"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestFilmsAreWritten by ffmpeg, where it is installed: as many frames as the walk has, at
// its rate, and the first one is its first image.
func TestFilmsAreWritten(t *testing.T) {
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Skip("no ffmpeg")
	}
	run, _ := inFolder(t)
	must(t, "walk", run, "--steps", "7", "--fps", "12", "--mp4", "walk.mp4", "--out", "walk.apng", "--no-audit")
	raw, err := exec.Command(ffmpeg, "-v", "error", "-i", "walk.mp4", "-f", "rawvideo", "-pix_fmt", "rgb24", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	const side = 4 * 28
	if len(raw) != 7*side*side*3 {
		t.Fatalf("%d bytes of pixels, want %d", len(raw), 7*side*side*3)
	}
	img, _ := decoded(t, "walk.apng")
	off := 0
	for y := range side {
		for x := range side {
			r, g, b, _ := img.At(x, y).RGBA()
			for k, v := range []uint32{r, g, b} {
				d := int(raw[3*(y*side+x)+k]) - int(v>>8)
				off += max(d, -d)
			}
		}
	}
	if mean := float64(off) / (3 * side * side); mean > 12 {
		t.Errorf("the first frame is %.1f of 255 away from the first image", mean)
	}
	if r := call(t.Context(), "walk", run, "--mp4", "walk.mp4"); r.code != exitOutput {
		t.Errorf("over another film: exit code %d, want %d\n%s", r.code, exitOutput, r.stderr)
	}
}

// TestFilmsWithoutFFmpeg: what is missing is named before anything is drawn, and an ffmpeg
// that fails leaves nothing behind.
func TestFilmsWithoutFFmpeg(t *testing.T) {
	run, _ := inFolder(t)
	t.Setenv("PATH", t.TempDir())
	r := call(t.Context(), "walk", run, "--mp4", "walk.mp4")
	if r.code != exitMissing || !strings.Contains(r.stderr, "install it") {
		t.Errorf("exit code %d, want %d\n%s", r.code, exitMissing, r.stderr)
	}
	if runtime.GOOS != "windows" {
		write(t, "bin/ffmpeg", []byte("#!/bin/sh\necho no such codec >&2; exit 3\n"))
		if err := os.Chmod("bin/ffmpeg", 0o755); err != nil {
			t.Fatal(err)
		}
		bin, err := filepath.Abs("bin")
		if err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", bin)
		r := call(t.Context(), "walk", run, "--steps", "3", "--mp4", "walk.mp4", "--out", "w.apng")
		if r.code == exitDone || !strings.Contains(r.stderr, "no such codec") {
			t.Errorf("ffmpeg fails: exit code %d\n%s", r.code, r.stderr)
		}
	}
	for _, name := range []string{"walk.mp4", "w.apng", "w.json"} {
		if _, err := os.Stat(name); err == nil {
			t.Errorf("%s was left behind", name)
		}
	}
}

// TestRawFrames: rows from the top, three bytes a pixel, whatever the size of the reads.
func TestRawFrames(t *testing.T) {
	a, b := image.NewRGBA(image.Rect(5, 5, 7, 6)), image.NewRGBA(image.Rect(0, 0, 2, 1))
	a.Set(5, 5, color.RGBA{1, 2, 3, 255})
	a.Set(6, 5, color.RGBA{4, 5, 6, 255})
	b.Set(0, 0, color.RGBA{7, 8, 9, 255})
	b.Set(1, 0, color.RGBA{10, 11, 12, 255})
	got, err := io.ReadAll(io.LimitReader(&rawFrames{frames: []image.Image{a, b}}, 100))
	if want := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}; err != nil || !bytes.Equal(got, want) {
		t.Errorf("%v, want %v (%v)", got, want, err)
	}
}
