package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"dcganviz/internal/faults"
	"dcganviz/model/train"
	training "dcganviz/model/train/run"
)

// A smallDisk is a file system in memory, which is soon full.
type smallDisk string

func newDisk(t *testing.T) smallDisk {
	t.Helper()
	d := smallDisk(t.TempDir())
	if err := syscall.Mount("tmpfs", string(d), "tmpfs", 0, "size=4k"); err != nil {
		t.Skip("this user cannot mount a tmpfs: ", err)
	}
	t.Cleanup(func() { syscall.Unmount(string(d), 0) })
	return d
}

// resize gives the disk another size.
func (d smallDisk) resize(t *testing.T, kilobytes int) {
	t.Helper()
	if err := syscall.Mount("tmpfs", string(d), "tmpfs", syscall.MS_REMOUNT, fmt.Sprintf("size=%dk", kilobytes)); err != nil {
		t.Fatal(err)
	}
}

// TestFullDiskStopsARunThatGoesOnLater trains on a disk that is full at one moment or
// another, and goes on when there is room.
func TestFullDiskStopsARunThatGoesOnLater(t *testing.T) {
	straight := filepath.Join(t.TempDir(), "run")
	options := []string{"--steps", "6", "--save-every", "1", "--sample-every", "2", "--keep-epochs", "1,2"}
	must(t, trainArgs(straight, options...)...)
	want := contents(t, straight)
	delete(want, training.SummaryFile)
	delete(want, training.PageFile) // it holds times, too
	size := 0
	for _, text := range want {
		size += len(text) >> 10
	}
	tried, full, lost := 5, 0, 0
	if faults.All() {
		tried = 50
	}
	disk := newDisk(t)
	folder := filepath.Join(string(disk), "run")
	for i := range tried {
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
		// From nothing to enough: old and new state are there together for a moment.
		disk.resize(t, 4+2*size*i/tried)
		r := call(t.Context(), trainArgs(folder, options...)...)
		if r.code != exitDone {
			full++
			if r.code != exitOutput || !strings.Contains(r.stderr, "no space left on device") {
				t.Errorf("full disk: exit code %d, want %d\n%s", r.code, exitOutput, r.stderr)
			}
		}
		disk.resize(t, 64<<10)
		if _, err := train.ReadRun(folder); err == nil {
			must(t, "train", "--out", folder, "--resume")
		} else {
			must(t, trainArgs(folder, append(options, "--force")...)...)
		}
		got := contents(t, folder)
		delete(got, training.SummaryFile)
		delete(got, training.PageFile) // it holds times, too
		if !maps.Equal(got, want) {
			lost++
			t.Errorf("a run that met a full disk at %d KiB has other files: %q", 4+2*size*i/tried, names(t, folder))
		}
	}
	t.Logf("faults: %d injected, %d lost: the disk was full in %d of %d trainings", full, lost, full, tried)
}

// TestFullDiskGives13 has no room for outputs, nor for temporary files.
func TestFullDiskGives13(t *testing.T) {
	model := trainedRun(t)
	disk := newDisk(t)
	archive := filepath.Join(t.TempDir(), "photos.tgz")
	write(t, archive, tarOf(t, photos))
	out := func(name string) string { return filepath.Join(string(disk), "new", name) }
	for _, args := range [][]string{
		{"sample", model, "-n", "16", "--out", out("a.png"), "--npy", out("a.npy")},
		{"convert", model, out("a.safetensors")},
		{"convert", model, out("a.pth")},
		{"sample", model, "-n", "16", "--out", "/dev/full"},
	} {
		r := call(t.Context(), args...)
		if r.code != exitOutput || !strings.Contains(r.stderr, "no space left on device") {
			t.Errorf("%q: exit code %d, want %d\n%s", args, r.code, exitOutput, r.stderr)
		}
		if left := names(t, string(disk)); len(left) > 0 {
			t.Errorf("%q left %q", args, left)
		}
	}
	t.Setenv("TMPDIR", string(disk))
	r := call(t.Context(), "train", "--data", archive, "--size", "28", "--width", "4", "--batch", "4", "--steps", "1", "--out", filepath.Join(t.TempDir(), "run"))
	if r.code != exitOutput || !strings.Contains(r.stderr, "TMPDIR") {
		t.Errorf("TMPDIR is full: exit code %d, want %d\n%s", r.code, exitOutput, r.stderr)
	}
}

// tarOf returns a folder as a .tar.gz.
func tarOf(t *testing.T, folder string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	if err := w.AddFS(os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	w.Close()
	z.Close()
	return b.Bytes()
}

// TestTooFewOpenFilesIsSaid gives the process hardly any. It says so, and leaves nothing
// that is half written.
func TestTooFewOpenFilesIsSaid(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell here")
	}
	model := trainedRun(t)
	said := 0
	for _, limit := range []int{6, 8, 9, 10} {
		folder := filepath.Join(t.TempDir(), "run")
		for _, args := range [][]string{
			{"sample", model, "-n", "1", "--out", filepath.Join(t.TempDir(), "new", "a.png")},
			trainArgs(folder, "--steps", "2"),
		} {
			c := exec.CommandContext(t.Context(), "sh", append([]string{"-c", `ulimit -n "$0"; exec "$@"`, itoa(limit), os.Args[0]}, args...)...)
			c.Env = append(os.Environ(), asProgram+"=1")
			out, _ := c.CombinedOutput()
			code := c.ProcessState.ExitCode()
			if bytes.Contains(out, []byte("fatal error: runtime:")) {
				continue // Go itself needs three or four
			}
			if code != exitDone {
				said++
				if code != exitFailed && code != exitOutput || !bytes.Contains(out, []byte("too many open files")) || !bytes.Contains(out, []byte("ulimit")) {
					t.Errorf("%q with %d open files: exit code %d\n%s", args[:1], limit, code, out)
				}
			}
		}
		if _, err := os.Stat(folder); err == nil {
			must(t, "train", "--out", folder, "--resume", "--steps", "3")
		}
	}
	if said == 0 {
		t.Error("there were enough files each time: the test did not test")
	}
}
