package train

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"dcganviz/internal/safetensors"
	"dcganviz/model/checkpoint"
)

// files is a Source whose pictures can be changed.
type files struct {
	*pictures
	changed atomic.Int64 // number of the picture, plus 1
}

func (f *files) Sum(i int) uint64 {
	if int(f.changed.Load()) == i+1 {
		return 1 << 40
	}
	return 1<<63 + uint64(i)
}

func (f *files) Name(i int) string { return "picture\n" + string(rune('a'+i)) }

func newFiles() *files { return &files{pictures: &pictures{n: 20, shape: shapeOf(tiny)}} }

var sumsOptions = Options{Batch: 3, Seed: 5}

// begunOn returns a new run on src.
func begunOn(t *testing.T, src Source) *Trainer {
	t.Helper()
	tr, err := New(tiny, src, sumsOptions, newPool(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tr.Close)
	return tr
}

func resumeOn(t *testing.T, dir string, src Source) *Trainer {
	t.Helper()
	tr, err := Resume(dir, tiny, src, sumsOptions, newPool(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tr.Close)
	return tr
}

func saved(t *testing.T, tr *Trainer, dir string) []byte {
	t.Helper()
	if err := tr.Save(dir); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, StateFile))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSumsAreThoseOfTheStepsMade(t *testing.T) {
	whole, half := t.TempDir(), t.TempDir()
	tr := begunOn(t, newFiles())
	run(t, tr, 5)
	want := saved(t, tr, whole)
	tr = begunOn(t, newFiles())
	saved(t, tr, half) // no sum yet
	for _, steps := range []int{0, 2, 2, 1} {
		tr = resumeOn(t, half, newFiles())
		run(t, tr, steps)
		saved(t, tr, half)
	}
	if !bytes.Equal(saved(t, tr, half), want) {
		t.Error("the states of 5 steps and of 2 + 2 + 1 differ")
	}
	f, err := safetensors.ReadFile(filepath.Join(whole, StateFile))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, x := range f.Tensors {
		if x.Name != sumsName {
			continue
		}
		sums, err := x.Int64s()
		if err != nil || len(sums) != 20 {
			t.Fatalf("%d sums, %v", len(sums), err)
		}
		for i, sum := range sums {
			if sum != 0 {
				seen++
				if uint64(sum) != 1<<63+uint64(i) {
					t.Errorf("sum of picture %d is %x", i, sum)
				}
			}
		}
	}
	// A loader is a batch ahead: its pictures do not count.
	if seen != 15 {
		t.Errorf("%d sums after 5 steps of 3, want 15", seen)
	}
}

func TestChangedPictureStopsTheRun(t *testing.T) {
	dir := t.TempDir()
	src := newFiles()
	tr := begunOn(t, src)
	run(t, tr, 7) // all of them, and one again
	saved(t, tr, dir)
	for _, resumed := range []bool{false, true} {
		src.changed.Store(5)
		if resumed {
			tr = resumeOn(t, dir, src)
		}
		before := tr.Steps()
		var err error
		for range 14 {
			if _, err = tr.Step(t.Context()); err != nil {
				break
			}
		}
		if !errors.Is(err, ErrChanged) || !strings.Contains(err.Error(), `picture "picture\ne" has other bytes`) {
			t.Errorf("resumed %t: %v, want ErrChanged that names the picture", resumed, err)
		}
		if _, err := tr.Step(t.Context()); !errors.Is(err, ErrChanged) {
			t.Errorf("resumed %t: the same step again: %v", resumed, err)
		}
		// The old picture is put back.
		src.changed.Store(0)
		run(t, tr, 7)
		if tr.Steps() < before+7 {
			t.Errorf("resumed %t: at step %d", resumed, tr.Steps())
		}
	}
}

// TestStateWithoutSumsResumes: an older version wrote none.
func TestStateWithoutSumsResumes(t *testing.T) {
	dir := t.TempDir()
	tr := begunOn(t, newFiles().pictures)
	run(t, tr, 2)
	if b := saved(t, tr, dir); bytes.Contains(b, []byte(sumsName)) {
		t.Fatal("sums of a source that has none")
	}
	tr = resumeOn(t, dir, newFiles())
	run(t, tr, 7)
	if b := saved(t, tr, dir); !bytes.Contains(b, []byte(sumsName)) {
		t.Error("no sums after it")
	}
}

func TestDamagedSumsAreRefused(t *testing.T) {
	dir := t.TempDir()
	tr := begunOn(t, newFiles())
	run(t, tr, 1)
	saved(t, tr, dir)
	path := filepath.Join(dir, StateFile)
	f, err := safetensors.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for what, make := range map[string]func() (safetensors.Tensor, error){
		"shape": func() (safetensors.Tensor, error) { return safetensors.New(sumsName, []int{4, 5}, make([]int64, 20)) },
		"few":   func() (safetensors.Tensor, error) { return safetensors.New(sumsName, []int{19}, make([]int64, 19)) },
		"type":  func() (safetensors.Tensor, error) { return safetensors.New(sumsName, []int{20}, make([]float32, 20)) },
		"name":  func() (safetensors.Tensor, error) { return safetensors.New("data.other", []int{20}, make([]int64, 20)) },
	} {
		x, err := make()
		if err != nil {
			t.Fatal(err)
		}
		tensors := []safetensors.Tensor{x}
		for _, old := range f.Tensors {
			if old.Name != sumsName {
				tensors = append(tensors, old)
			}
		}
		if err := safetensors.WriteFile(path, "", f.Metadata, tensors); err != nil {
			t.Fatal(err)
		}
		if _, err := Resume(dir, tiny, newFiles(), sumsOptions, newPool(t, 1)); !errors.Is(err, checkpoint.ErrRefused) {
			t.Errorf("%s: %v, want ErrRefused", what, err)
		}
	}
}
