package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
	training "dcganviz/model/train/run"
)

// A process is the program on its own.
type process struct {
	cmd            *exec.Cmd
	stdout, stderr bytes.Buffer
}

func start(t *testing.T, args ...string) *process {
	t.Helper()
	p := newProcess(t, args...)
	p.start(t)
	return p
}

// newProcess returns a process that is still to be started.
func newProcess(t *testing.T, args ...string) *process {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.CommandContext(t.Context(), program, args...)}
	p.cmd.Env = append(os.Environ(), asProgram+"=1")
	p.cmd.Stderr = &p.stderr
	return p
}

func (p *process) start(t *testing.T) {
	t.Helper()
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
}

func (p *process) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// wait returns the exit code, -1 of a process that was killed.
func (p *process) wait(t *testing.T) int {
	t.Helper()
	err := p.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return p.cmd.ProcessState.ExitCode()
}

// A place is a folder in which the program runs as a process of its own, so that
// several tests can draw at the same time.
type place string

// elsewhere returns a new place, and lets other tests run beside this one.
func elsewhere(t *testing.T) place {
	t.Helper()
	dir := t.TempDir()
	t.Parallel()
	return place(dir)
}

func (p place) join(name string) string { return filepath.Join(string(p), name) }

// call runs the program in p.
func (p place) call(t *testing.T, args ...string) result {
	t.Helper()
	run := newProcess(t, args...)
	run.cmd.Dir, run.cmd.Stdout = string(p), &run.stdout
	if !slices.Contains(args, "--threads") {
		run.cmd.Env = append(run.cmd.Env, "GOMAXPROCS=1") // the other processors are for the tests beside this one
	}
	run.start(t)
	code := run.wait(t)
	return resultOf(code, run.stdout.String(), run.stderr.String())
}

// must is call that fails the test unless the program exits with 0.
func (p place) must(t *testing.T, args ...string) result {
	t.Helper()
	r := p.call(t, args...)
	if r.code != exitDone {
		t.Fatalf("dcganviz %s: exit code %d\n%s", strings.Join(args, " "), r.code, r.stderr)
	}
	return r
}

// waitFor waits until a file is there or the process has gone.
func waitFor(t *testing.T, path string) {
	t.Helper()
	for range 10000 {
		if _, err := os.Stat(path); err == nil {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("%s does not come", path)
}

func sheetOf(folder string, step int) string {
	return filepath.Join(folder, training.SheetFile(step))
}

func TestSignalsSave(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such signals on Windows")
	}
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		folder := filepath.Join(t.TempDir(), "run")
		p := start(t, trainArgs(folder, "--steps", "100000", "--sample-every", "1")...)
		waitFor(t, sheetOf(folder, 1))
		if err := p.cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if code := p.wait(t); code != exitInterrupted {
			t.Errorf("%v: exit code %d, want %d\n%s", signal, code, exitInterrupted, p.stderr.String())
		}
		run, err := train.ReadRun(folder)
		if err != nil {
			t.Fatal(err)
		}
		if run.Step < 1 || !strings.Contains(p.stderr.String(), fmt.Sprintf("saved at step %d", run.Step)) {
			t.Errorf("%v: saved at step %d\n%s", signal, run.Step, p.stderr.String())
		}
	}
}

// TestKilledRunGoesOn kills a run at several moments, goes on each time, and
// compares the end with a run that nobody disturbed.
func TestKilledRunGoesOn(t *testing.T) {
	dir := t.TempDir()
	folder, straight := filepath.Join(dir, "run"), filepath.Join(dir, "straight")
	options := []string{"--sample-every", "3", "--save-every", "2"}
	for kill := range 4 {
		args := []string{"train", "--out", folder, "--resume"}
		if kill == 0 {
			args = trainArgs(folder, append(options, "--steps", "100000")...)
		}
		p := start(t, args...)
		waitFor(t, sheetOf(folder, 3+6*kill))
		// Each time at another point of the steps and saves that follow.
		time.Sleep(time.Duration(kill) * 7 * time.Millisecond)
		if err := p.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		p.wait(t)
		if _, err := checkpoint.Open(filepath.Join(folder, train.ModelFile), checkpoint.OpenOptions{}); err != nil {
			t.Errorf("after kill %d: %v", kill, err)
		}
	}
	run, err := train.ReadRun(folder)
	if err != nil {
		t.Fatal(err)
	}
	end := itoa(run.Step + 5)
	must(t, "train", "--out", folder, "--resume", "--steps", end)
	must(t, trainArgs(straight, append(options, "--steps", end)...)...)
	for _, pattern := range []string{".*", filepath.Join(training.SamplesDir, ".*")} {
		left, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil || len(left) != 0 {
			t.Errorf("left by a kill: %q, %v", left, err)
		}
	}
	// Sheets of steps beyond the end are not the run's.
	want := contents(t, straight)
	for name := range contents(t, folder) {
		if _, ok := want[name]; !ok && strings.HasPrefix(name, training.SamplesDir) {
			os.Remove(filepath.Join(folder, name))
		}
	}
	sameFiles(t, folder, straight)
}

// TestOneTrainerAtATime: while one trains, another is refused, and a kill ends
// that at once.
func TestOneTrainerAtATime(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "run")
	p := start(t, trainArgs(folder, "--steps", "100000", "--sample-every", "1")...)
	waitFor(t, sheetOf(folder, 1))
	for _, args := range [][]string{{"train", "--out", folder, "--resume"}, trainArgs(folder, "--force")} {
		r := call(t.Context(), args...)
		if r.code != exitOutput || !strings.Contains(r.stderr, folder+": another dcganviz train is at work there") {
			t.Errorf("exit code %d, want %d\n%s", r.code, exitOutput, r.stderr)
		}
	}
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if p.wait(t); p.stderr.Len() > 0 && strings.Contains(p.stderr.String(), "cannot") {
		t.Errorf("the first trainer was disturbed:\n%s", p.stderr.String())
	}
	must(t, "train", "--out", folder, "--resume", "--steps", "1")
	if got := names(t, folder); slices.Contains(got, ".dcganviz-lock") {
		t.Errorf("the folder holds %q after the end", got)
	}
}
