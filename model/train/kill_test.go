package train

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// The environment of a child process: the folder to train in, and the step to
// stop at.
const (
	childDir   = "DCGANVIZ_TEST_TRAIN_DIR"
	childSteps = "DCGANVIZ_TEST_TRAIN_STEPS"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		steps, err := strconv.Atoi(os.Getenv(childSteps))
		if err == nil {
			err = trainInChild(dir, steps, os.Stdout)
		}
		if err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// trainInChild begins or resumes a run and saves it after every second step.
// It writes a letter before everything it does, for its parent to count.
func trainInChild(dir string, steps int, progress io.Writer) error {
	pool := model.NewPool(2)
	src := &pictures{n: 20, shape: shapeOf(tiny)}
	t, err := Resume(dir, tiny, src, everything(), pool)
	if errors.Is(err, fs.ErrNotExist) {
		t, err = New(tiny, src, everything(), pool)
	}
	if err != nil {
		return err
	}
	for t.Steps() < steps {
		io.WriteString(progress, "t")
		if _, err := t.Step(context.Background()); err != nil {
			return err
		}
		if t.Steps()%2 == 0 {
			io.WriteString(progress, "s")
			if err := t.Save(dir); err != nil {
				return err
			}
		}
	}
	return t.Save(dir)
}

// TestKilledAtAnyMoment kills a training process twenty times. Whatever it was
// doing, the newest checkpoint must load, never be older than what was saved
// before, and resuming from it must give the weights of the run that nobody
// disturbed.
func TestKilledAtAnyMoment(t *testing.T) {
	if testing.Short() {
		t.Skip("starts twenty processes")
	}
	const seed = 6
	r := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	newest := 0
	whileSaving := 0
	for kill := range 20 {
		c := startChild(t, dir, 1<<30)
		// Let it do 1 to 40 things, then a moment more.
		var last byte
		for range 1 + r.IntN(40) {
			last = c.next(t)
		}
		time.Sleep(time.Duration(r.IntN(8000)) * time.Microsecond)
		c.kill(t)
		if last == 's' {
			whileSaving++
		}
		run, err := ReadRun(dir)
		if errors.Is(err, fs.ErrNotExist) && newest == 0 {
			continue
		}
		if err != nil {
			t.Fatalf("kill %d: %v", kill, err)
		}
		if run.Step < newest {
			t.Fatalf("kill %d: the folder is at step %d, and was at %d before", kill, run.Step, newest)
		}
		newest = run.Step
		if c, err := checkpoint.Open(filepath.Join(dir, ModelFile), checkpoint.OpenOptions{}); err == nil {
			if c.Meta.Step != run.Step && c.Meta.Step != run.Step-2 {
				t.Errorf("kill %d: model of step %d beside a state of step %d", kill, c.Meta.Step, run.Step)
			}
		} else if !errors.Is(err, fs.ErrNotExist) || newest > 2 {
			t.Fatalf("kill %d: %v", kill, err)
		}
		resume(t, dir, tiny, everything(), 1).Close()
		if names, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(names) != 0 {
			t.Errorf("kill %d: resuming left %v (%v)", kill, names, err)
		}
	}
	t.Logf("step %d after 20 kills, %d of them about a save", newest, whileSaving)
	if newest < 20 || whileSaving == 0 {
		t.Errorf("step %d, %d kills about a save: the test did not test", newest, whileSaving)
	}
	end := newest + 7
	startChild(t, dir, end).wait(t)

	undisturbed := t.TempDir()
	tr := newTrainer(t, tiny, everything(), newPool(t, 2))
	run(t, tr, end)
	if err := tr.Save(undisturbed); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(readRun(t, dir), readRun(t, undisturbed)) {
		t.Errorf("after %d steps the disturbed run has other files than the undisturbed one", end)
	}
}

type child struct {
	cmd    *exec.Cmd
	out    io.ReadCloser
	stderr *strings.Builder
}

func startChild(t *testing.T, dir string, steps int) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, childSteps+"="+strconv.Itoa(steps))
	c := &child{cmd: cmd, stderr: new(strings.Builder)}
	cmd.Stderr = c.stderr
	var err error
	if c.out, err = cmd.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// next waits until the child begins something.
func (c *child) next(t *testing.T) byte {
	t.Helper()
	var b [1]byte
	if _, err := io.ReadFull(c.out, b[:]); err != nil {
		t.Fatalf("the child ended: %v: %s", c.cmd.Wait(), c.stderr)
	}
	return b[0]
}

func (c *child) kill(t *testing.T) {
	t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Wait(); err == nil || c.stderr.Len() > 0 {
		t.Fatalf("the child ended by itself: %v: %s", err, c.stderr)
	}
}

func (c *child) wait(t *testing.T) {
	t.Helper()
	io.Copy(io.Discard, c.out)
	if err := c.cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, c.stderr)
	}
}
