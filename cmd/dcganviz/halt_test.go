package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// stuck makes the test binary a program that heeds no signal, for TestHaltEnds.
const stuck = "stuck"

// beStuck makes the folder and the file that its arguments name. The first goes with
// the program, and the second is a section that ends late.
func beStuck() {
	h := &halt{grace: 50 * time.Millisecond}
	ended := make(chan struct{})
	h.listen(func() { close(ended) })
	h.atExit(func() { os.Remove(os.Args[1]) })
	os.Mkdir(os.Args[1], 0o777)
	h.during(func() error {
		os.Mkdir(os.Args[2], 0o777) // tells that all is set up
		<-ended
		time.Sleep(oneSignal + 3*h.grace)
		return os.WriteFile(filepath.Join(os.Args[2], "whole"), nil, 0o666)
	})
	h.because(errors.New("stopped"))
	select {}
}

// TestHaltEnds sends a signal to a program that does not heed it. The program cleans up
// and ends, but not before what it must not cut short.
func TestHaltEnds(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such signals on Windows")
	}
	dir := t.TempDir()
	made, kept := filepath.Join(dir, "made"), filepath.Join(dir, "kept")
	p := newProcess(t, made, kept)
	p.cmd.Env = append(os.Environ(), asProgram+"="+stuck)
	p.start(t)
	waitFor(t, kept)
	// timeout sends its signal twice.
	p.signal(t, syscall.SIGTERM)
	p.signal(t, syscall.SIGTERM)
	if code := p.wait(t); code != exitInterrupted || p.stderr.String() != "dcganviz: stopped\n" {
		t.Errorf("exit code %d, want %d\n%s", code, exitInterrupted, p.stderr.String())
	}
	want := []string{"kept", filepath.Join("kept", "whole")} // the section was not cut short
	if got := names(t, dir); !slices.Equal(got, want) {
		t.Errorf("%q are left, want %q", got, want)
	}
}

// mkfifo makes a pipe.
func mkfifo(t *testing.T, path string) string {
	t.Helper()
	if out, err := exec.Command("mkfifo", path).CombinedOutput(); err != nil {
		t.Skipf("no pipe can be made here: %v %s", err, out)
	}
	return path
}

// TestPipesAreNoInputs: opening one would wait for a writer.
func TestPipesAreNoInputs(t *testing.T) {
	dir := t.TempDir()
	pipe, out := mkfifo(t, filepath.Join(dir, "pipe")), filepath.Join(t.TempDir(), "out")
	mkfifo(t, filepath.Join(dir, "data_batch_1.bin"))
	for _, c := range []struct {
		code int
		args []string
	}{
		{exitUnsupported, []string{"inspect", pipe}},
		{exitUnsupported, []string{"sample", "--z", pipe, "--out", out}},
		{exitUnsupported, []string{"sample", pipe, "--out", out}},
		{exitUnsupported, []string{"replay", pipe}},
		{exitUnsupported, []string{"recipe", pipe}},
		{exitUnsupported, []string{"arithmetic", "--concepts", pipe, "--out", out}},
		{exitUnsupported, []string{"forget", "--boxes", pipe, "--concept", "window", "--out", out}},
		{exitUnsupported, []string{"train", "--data", pipe, "--out", out}},
		{exitUnsupported, []string{"train", "--data", photos, "--list", pipe, "--out", out}},
		{exitMissing, []string{"train", "--data", dir, "--out", out}},
		{exitMissing, []string{"gallery", pipe}},
		{exitMissing, []string{"gallery", dir}},
	} {
		if r := call(t.Context(), c.args...); r.code != c.code {
			t.Errorf("%q: exit code %d, want %d\n%s", c.args, r.code, c.code, r.stderr)
		}
	}
}

// TestSignalEndsWaitForAPipe draws into a pipe that nobody reads.
func TestSignalEndsWaitForAPipe(t *testing.T) {
	dir := t.TempDir()
	pipe := mkfifo(t, filepath.Join(dir, "pipe.png"))
	p := newProcess(t, "sample", "-n", "1", "digits", "--out", pipe)
	p.start(t)
	// The numbers are written first, beside the pipe.
	waitFor(t, filepath.Join(dir, ".pipe.json.tmp-0"))
	p.signal(t, syscall.SIGTERM)
	if code := p.wait(t); code != exitInterrupted || p.stderr.String() != "dcganviz: interrupted\n" {
		t.Errorf("exit code %d, want %d\n%s", code, exitInterrupted, p.stderr.String())
	}
	if got := names(t, dir); strings.Join(got, " ") != "pipe.png" {
		t.Errorf("%q are left, want the pipe alone", got)
	}
}

// TestDeadReaderOfStderr: nobody reads the progress any more.
func TestDeadReaderOfStderr(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "run")
	p := newProcess(t, trainArgs(folder, "--steps", "30")...)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stderr = w
	r.Close()
	p.start(t)
	w.Close()
	if code := p.wait(t); code != exitDone {
		t.Errorf("exit code %d, want %d: %v", code, exitDone, p.cmd.ProcessState)
	}
	must(t, "train", "--out", folder, "--resume", "--steps", "30") // has its 30 steps
}

// TestDeadReaderOfStdout: the files are there nevertheless.
func TestDeadReaderOfStdout(t *testing.T) {
	out := filepath.Join(t.TempDir(), "a.png")
	for _, args := range [][]string{{"models"}, {"man"}, {"sample", "digits", "-n", "1", "--json", "--out", out}} {
		p := newProcess(t, args...)
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		p.cmd.Stdout = w
		r.Close()
		p.start(t)
		w.Close()
		if code := p.wait(t); code != exitNoReader || p.stderr.Len() > 0 {
			t.Errorf("%q: exit code %d, want %d: %v\n%s", args, code, exitNoReader, p.cmd.ProcessState, p.stderr.String())
		}
	}
	if _, err := os.Stat(out); err != nil {
		t.Error(err)
	}
}

// TestNohupStays: who ignores SIGHUP when the program starts wants it to go on.
func TestNohupStays(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such signals on Windows")
	}
	folder := filepath.Join(t.TempDir(), "run")
	p := newProcess(t, trainArgs(folder, "--steps", "100000", "--sample-every", "10")...)
	p.cmd.Args = append([]string{"sh", "-c", `trap "" HUP; exec "$0" "$@"`, p.cmd.Path}, p.cmd.Args[1:]...)
	p.cmd.Path = "/bin/sh"
	p.start(t)
	waitFor(t, sheetOf(folder, 10))
	p.signal(t, syscall.SIGHUP)
	waitFor(t, sheetOf(folder, 50))
	p.signal(t, syscall.SIGTERM)
	if code := p.wait(t); code != exitInterrupted {
		t.Errorf("exit code %d, want %d\n%s", code, exitInterrupted, p.stderr.String())
	}
}
