package main

import (
	"errors"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dcganviz/internal/faults"
	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
	training "dcganviz/model/train/run"
)

// waitForSave waits until a run has saved a step after the given one.
func waitForSave(folder string, after int) {
	for range 10000 {
		if run, err := train.ReadRun(folder); err == nil && run.Step > after {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// TestKilledAtRandomMoments kills training processes: some that go on with a run, some
// that replace it. Nothing that was saved may be lost, and in the end the run must have
// the bytes of one that nobody disturbed. make faults asks for 200 kills.
func TestKilledAtRandomMoments(t *testing.T) {
	kills := 5
	if faults.All() {
		kills = 200
	}
	dir := t.TempDir()
	folder, straight, copied := filepath.Join(dir, "run"), filepath.Join(dir, "straight"), filepath.Join(dir, "copied")
	options := []string{"--sample-every", "7", "--save-every", "5", "--keep-epochs", "2,4"}
	r := rand.New(rand.NewPCG(1, 0))
	newest, replaced := -1, 0
	// Every eighth process goes on until it has saved, and is killed about that.
	kill := func(args ...string) {
		p, most := start(t, append(args, "--threads", "1")...), 500
		if args[len(args)-1] == "--resume" && r.IntN(8) == 0 {
			waitForSave(folder, newest)
			most = 50
		}
		time.Sleep(time.Duration(r.IntN(most)) * time.Millisecond)
		if err := p.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if p.wait(t); strings.Contains(p.stderr.String(), "cannot") {
			t.Errorf("%q: %s", args, p.stderr.String())
		}
	}
	begin := trainArgs(folder, append(options, "--steps", "100000")...)
	for range kills {
		if newest < 0 {
			kill(append(begin, "--force")...)
		} else {
			kill("train", "--out", folder, "--steps", "100000", "--resume") // a replaced copy was to be finished
		}
		run, err := train.ReadRun(folder)
		if newest < 0 && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil || run.Step < newest {
			t.Fatalf("step %d, %v, after step %d was saved", run.Step, err, newest)
		}
		newest = run.Step
		if c, err := checkpoint.Open(filepath.Join(folder, train.ModelFile), checkpoint.OpenOptions{}); err == nil && c.Meta.Step > run.Step || err != nil && newest > 0 {
			t.Errorf("step %d: the model is not of it: %v", newest, err)
		}
		if r.IntN(3) > 0 {
			continue
		}
		// Another run replaces a copy. The old one is there, or the new one.
		replaced++
		must(t, "train", "--out", folder, "--resume", "--steps", itoa(newest+1))
		newest++
		if err := errors.Join(os.RemoveAll(copied), os.CopyFS(copied, os.DirFS(folder))); err != nil {
			t.Fatal(err)
		}
		before := contents(t, copied)
		kill(trainArgs(copied, "--steps", "100000", "--seed", "2", "--force")...)
		f, err := training.Claim(copied, training.Resume)
		if err != nil {
			t.Fatal(err)
		}
		f.Release()
		if run, err = train.ReadRun(copied); err != nil || run.Options.Seed == 1 && !maps.Equal(contents(t, copied), before) {
			t.Errorf("of the replaced run %v is left, %v", names(t, copied), err)
		}
	}
	end := itoa(max(newest, 0) + 20)
	if newest < 0 {
		must(t, trainArgs(folder, append(options, "--steps", end, "--force")...)...)
	} else {
		must(t, "train", "--out", folder, "--resume", "--steps", end)
	}
	must(t, trainArgs(straight, append(options, "--steps", end)...)...)
	want, got := contents(t, straight), contents(t, folder)
	for _, files := range []map[string]string{want, got} {
		// Pictures of steps beyond the end, and of each end on the way, are not the run's.
		maps.DeleteFunc(files, func(name, _ string) bool {
			return name == training.SummaryFile || name == training.PageFile || strings.HasPrefix(name, training.SamplesDir) && want[name] == ""
		})
	}
	lost := 0
	if !maps.Equal(got, want) {
		lost++
		t.Errorf("after %d kills the run has other files: %q, want %q", kills, names(t, folder), names(t, straight))
	}
	t.Logf("faults: %d injected, %d lost: a process was killed, %d of them at a --force; the run came to step %s", kills+replaced, lost, replaced, end)
}
