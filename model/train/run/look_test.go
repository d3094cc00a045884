package run

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
)

// TestLookAtARun reads what a run wrote, without claiming it.
func TestLookAtARun(t *testing.T) {
	path := madeRun(t)
	p, err := ReadPlan(path)
	if err != nil || p.Steps != 6 {
		t.Errorf("plan %+v (%v), want 6 steps", p, err)
	}
	rows, err := ReadLosses(path)
	if err != nil || len(rows) != 6 || rows[5].Step != 6 || !(rows[5].LossD > 0) {
		t.Errorf("losses %+v (%v), want 6 steps", rows, err)
	}
	kept, err := KeptStates(path)
	if err != nil || len(kept) != 2 || kept[0] != filepath.Join(path, EpochFile(1)) || kept[1] != filepath.Join(path, EpochFile(2)) {
		t.Errorf("kept %q (%v), want epochs 1 and 2", kept, err)
	}
	if err := os.WriteFile(filepath.Join(path, LossesFile), []byte("step\n1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadLosses(path); !errors.Is(err, checkpoint.ErrRefused) {
		t.Errorf("damaged losses: %v, want ErrRefused", err)
	}
	if rows, err := ReadLosses(t.TempDir()); err != nil || rows != nil {
		t.Errorf("an empty folder: %v (%v), want no losses", rows, err)
	}
}

// TestHealthIsSaidOnceUntilItChanges trains with a Health that is ill at some saves.
func TestHealthIsSaidOnceUntilItChanges(t *testing.T) {
	var said []string
	opt := drawn(Plan{Steps: 6, SaveEvery: 1})
	opt.Log = func(text string) { said = append(said, text) }
	ill := map[int]bool{2: true, 3: true, 5: true}
	opt.Health = func(trainer *train.Trainer, losses []train.Stats) ([]Warning, error) {
		if n := trainer.Steps(); len(losses) != n {
			t.Errorf("%d losses at step %d", len(losses), n)
		} else if ill[n] {
			return []Warning{{Cause: "cause", Text: fmt.Sprint("ill at ", n)}}, nil
		}
		return nil, nil
	}
	if err := session(t, t.Context(), filepath.Join(t.TempDir(), "run"), New, opt); err != nil {
		t.Fatal(err)
	}
	said = slices.DeleteFunc(said, func(s string) bool { return !strings.Contains(s, "ill at") })
	if want := []string{"step 2: ill at 2", "step 5: ill at 5"}; !slices.Equal(said, want) {
		t.Errorf("said %q, want %q", said, want)
	}
}
