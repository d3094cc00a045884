package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"dcganviz/internal/hostile"
	training "dcganviz/model/train/run"
)

// asProgram makes the test binary be the program, for tests of signals.
const asProgram = "DCGANVIZ_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	switch os.Getenv(asProgram) {
	case "":
	case stuck:
		beStuck()
	default:
		main() // exits
	}
	// Under nohup, as some runners of CI are, processes would heed no closed terminal.
	// What is caught here is not ignored in a process that is started.
	if signal.Ignored(syscall.SIGHUP) {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
	code := m.Run()
	removeDrawings()
	if shared.dir != "" {
		os.RemoveAll(shared.dir)
	}
	os.Exit(code)
}

// result is what a run of the program came to.
type result struct {
	code           int
	stdout, stderr string
	slow           string // what noteKernels wrote to stderr
}

// resultOf takes the note about slow kernels out of stderr, so that tests see the same
// on every machine.
func resultOf(code int, stdout, stderr string) result {
	r := result{code: code, stdout: stdout}
	for line := range strings.Lines(stderr) {
		if strings.Contains(line, "kernels") && strings.Contains(line, "many times slower") {
			r.slow += line
		} else {
			r.stderr += line
		}
	}
	return r
}

// call runs the program in this process.
func call(ctx context.Context, args ...string) result {
	var stdout, stderr bytes.Buffer
	code := run(ctx, args, &stdout, &stderr)
	return resultOf(code, stdout.String(), stderr.String())
}

// must runs the program and fails the test unless it exits with 0.
func must(t *testing.T, args ...string) result {
	t.Helper()
	r := call(t.Context(), args...)
	if r.code != exitDone {
		t.Fatalf("dcganviz %s: exit code %d\n%s", strings.Join(args, " "), r.code, r.stderr)
	}
	return r
}

// photos is a folder of twelve small pictures. Tests change the directory.
var photos = func() string {
	path, err := filepath.Abs("../../testdata/data/facades")
	if err != nil {
		panic(err)
	}
	return path
}()

// small are flags that make a run take a fraction of a second.
var small = []string{"--size", "28", "--width", "4", "--nz", "12", "--batch", "4"}

// shared is a run that many tests look at and none changes.
var shared struct {
	once sync.Once
	dir  string
	code int
	log  string
}

// trainedRun returns the folder of the shared run: 12 steps of 4 on the
// photos, four epochs.
func trainedRun(t *testing.T) string {
	t.Helper()
	shared.once.Do(func() {
		dir, err := os.MkdirTemp("", "dcganviz-test-")
		if err != nil {
			t.Fatal(err)
		}
		shared.dir = dir
		r := call(context.Background(), trainArgs(filepath.Join(dir, "run"), "--steps", "12", "--keep-epochs", "1,2", "--sample-every", "5")...)
		shared.code, shared.log = r.code, r.stderr
	})
	if shared.code != exitDone {
		t.Fatalf("the shared run: exit code %d\n%s", shared.code, shared.log)
	}
	return filepath.Join(shared.dir, "run")
}

// trainArgs returns a command line that trains on the photos.
func trainArgs(out string, more ...string) []string {
	args := append([]string{"train", "--data", photos, "--out", out}, small...)
	return append(args, more...)
}

// contents returns the files of a folder by name.
func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		name, _ := filepath.Rel(folder, path)
		files[filepath.ToSlash(name)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// names returns the sorted names of a folder's files and folders.
func names(t *testing.T, folder string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if path != folder {
			name, _ := filepath.Rel(folder, path)
			all = append(all, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// sameFiles reports the files in which two folders differ, but for how long it
// took to make them.
func sameFiles(t *testing.T, got, want string) {
	t.Helper()
	a, b := contents(t, got), contents(t, want)
	for _, name := range []string{training.SummaryFile, training.PageFile} { // they hold times
		delete(a, name)
		delete(b, name)
	}
	for _, name := range slices.Sorted(mapKeys(a, b)) {
		switch x, there := a[name]; {
		case !there:
			t.Errorf("%s is missing", name)
		case b[name] == "":
			t.Errorf("%s is there, and is not expected", name)
		case x != b[name]:
			t.Errorf("%s differs", name)
		}
	}
}

func mapKeys(maps ...map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		seen := make(map[string]bool)
		for _, m := range maps {
			for k := range m {
				if !seen[k] && !yield(k) {
					return
				}
				seen[k] = true
			}
		}
	}
}

func write(t *testing.T, path string, contents []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, contents, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A refusal is a command line that must fail: with an exit code, one line that
// says certain things, and nothing written.
type refusal struct {
	name string
	args []string
	code int
	says []string
}

// check runs r in a folder of its own, where nothing may remain.
func (r refusal) check(t *testing.T) {
	t.Run(r.name, func(t *testing.T) {
		dir := t.TempDir()
		t.Chdir(dir)
		got := call(t.Context(), r.args...)
		if got.code != r.code {
			t.Errorf("exit code %d, want %d", got.code, r.code)
		}
		line, rest, _ := strings.Cut(got.stderr, "\n")
		if !strings.HasPrefix(line, "dcganviz: ") || rest != "" {
			t.Errorf("stderr is\n%swant one line that begins with dcganviz:", got.stderr)
		}
		for _, s := range r.says {
			if !strings.Contains(got.stderr, s) {
				t.Errorf("stderr is %q, want %q in it", got.stderr, s)
			}
		}
		if got.stdout != "" {
			t.Errorf("stdout is %q, want nothing", got.stdout)
		}
		if left := names(t, dir); len(left) > 0 {
			t.Errorf("left behind: %q", left)
		}
	})
}

func TestExitCodesAreThoseOfTheList(t *testing.T) {
	allowed := []int{0, 1, 2, 3, 10, 11, 12, 13, 130}
	for _, c := range causes {
		if !slices.Contains(allowed, c.code) {
			t.Errorf("%v gives %d, want one of %v", c.is, c.code, allowed)
		}
		for _, err := range []error{c.is, fmt.Errorf("wrapped: %w", c.is)} {
			if got := exitCode(err); got != c.code {
				t.Errorf("%v: exit code %d, want %d", err, got, c.code)
			}
		}
	}
	for err, want := range map[error]int{
		nil: 0, fs.ErrPermission: 1, usageError("no"): 2, fail(exitPartly, "some"): 3,
		fmt.Errorf("wrapped: %w", usageError("%w", fs.ErrNotExist)): 2,
	} {
		if got := exitCode(err); got != want {
			t.Errorf("%v: exit code %d, want %d", err, got, want)
		}
	}
}

func TestWithoutArgumentsTheCommandsAreShown(t *testing.T) {
	r := must(t)
	for _, want := range append(commandNames(t), "dcganviz walk\n") {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("%q is not in\n%s", want, r.stdout)
		}
	}
	if r.stderr != "" {
		t.Errorf("stderr is %q", r.stderr)
	}
}

func TestUsageErrors(t *testing.T) {
	for _, r := range []refusal{
		{"no command", []string{"--json"}, 2, []string{"--json", "dcganviz --help"}},
		{"unknown command", []string{"wlak"}, 2, []string{"wlak", `did you mean "walk"?`}},
		{"unknown flag", []string{"walk", "--sped", "3"}, 2, []string{"--sped", "dcganviz walk --help"}},
		{"no number", []string{"sample", "-n", "many"}, 2, []string{"-n", "many"}},
		{"no mode", []string{"walk", "--mode", "hop"}, 2, []string{"hop", "lerp", "slerp"}},
	} {
		r.check(t)
	}
}

// TestFullStdoutIsNoSuccess: the answer of every kind of command counts.
func TestFullStdoutIsNoSuccess(t *testing.T) {
	source, _ := inFolder(t)
	for _, args := range [][]string{
		{}, {"--help"}, {"walk", "--help"}, {"version"}, {"version", "--json"}, {"models"}, {"models", "--json"},
		{"inspect", source}, {"inspect", source, "--json"},
		{"sample", source, "-n", "2", "--out", "x.png", "--force"}, {"sample", source, "-n", "2", "--score", "--json", "--out", "x.png", "--force"},
	} {
		for _, room := range []hostile.Full{0, 5} {
			var stderr bytes.Buffer
			code := run(t.Context(), args, &room, &stderr)
			if code != exitOutput || !strings.Contains(stderr.String(), hostile.ErrFull.Error()) || strings.Count(stderr.String(), "\n") != 1 {
				t.Errorf("%q: exit code %d, want %d and a line that names the cause; stderr %q", args, code, exitOutput, &stderr)
			}
		}
	}
	// The picture that was drawn is as good as ever.
	decoded(t, "x.png")
	// What went wrong before counts more.
	var stderr bytes.Buffer
	if code := run(t.Context(), []string{"models", "none"}, new(hostile.Full), &stderr); code != exitMissing {
		t.Errorf("exit code %d, want %d; stderr %q", code, exitMissing, &stderr)
	}
}

func TestOneLine(t *testing.T) {
	if got, want := oneLine(fmt.Errorf("a\nb\r\n\nc")), "a; b; c"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
