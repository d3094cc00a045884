package train

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPoisonedDataEndTheRun trains on data that turn bad and checks that the
// diagnosis is right and the last checkpoint stays.
func TestPoisonedDataEndTheRun(t *testing.T) {
	for _, opt := range []Options{{Batch: 6, Seed: 2}, everything()} {
		src := &pictures{n: 20, shape: shapeOf(tiny)}
		src.spoil = func(_ context.Context, indices []int, dst []float32) error {
			if src.loads.Load() < 6 { // one to identify it, then four steps
				return nil
			}
			for k, i := range indices {
				if i == 13 {
					dst[k*src.shape.floats()+5] = float32(math.NaN())
				}
			}
			return nil
		}
		tr, err := New(tiny, src, opt, newPool(t, 2))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(tr.Close)
		dir := t.TempDir()
		var stats []Stats
		for {
			s, err := tr.Step(t.Context())
			if err == nil {
				stats = append(stats, s)
				if err := tr.Save(dir); err != nil {
					t.Fatal(err)
				}
				continue
			}
			var div *Diverged
			if !errors.As(err, &div) {
				t.Fatalf("%v, want a *Diverged", err)
			}
			if div.Net != "D" || div.What != "loss on real pictures" || div.Picture != 13 || div.Step != len(stats)+1 || div.Value == div.Value {
				t.Errorf("%+v, want NaN in D's loss on real pictures at step %d, picture 13", div, len(stats)+1)
			}
			if n := len(div.Last); n == 0 || n > keep || div.Last[n-1] != stats[len(stats)-1] || div.Last[0] != stats[len(stats)-n] {
				t.Errorf("last figures %+v of %+v", div.Last, stats)
			}
			for _, part := range []string{"D's loss on real pictures is NaN", "picture 13", "loss D"} {
				if !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "\n") {
					t.Errorf("%q, want one line with %q", err, part)
				}
			}
			break
		}
		if len(stats) < 4 || len(stats) > 12 {
			t.Errorf("%d good steps", len(stats))
		}
		before := readRun(t, dir)
		if _, err := tr.Step(t.Context()); !errors.As(err, new(*Diverged)) {
			t.Errorf("the next step: %v, want the same error", err)
		}
		if err := tr.Save(dir); !errors.As(err, new(*Diverged)) {
			t.Errorf("saved after it broke: %v", err)
		}
		if after := readRun(t, dir); !bytes.Equal(before, after) {
			t.Error("the last good checkpoint was touched")
		}
		run, err := ReadRun(dir)
		if err != nil || run.Step != len(stats) {
			t.Errorf("the folder is at step %d (%v), want %d", run.Step, err, len(stats))
		}
	}
}

// readRun returns the bytes of a run's files.
func readRun(t testing.TB, dir string) []byte {
	t.Helper()
	var all []byte
	for _, name := range []string{ModelFile, StateFile} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}

// TestLostGradientsEndTheRun breaks each net in turn and checks that its
// weights are not touched.
func TestLostGradientsEndTheRun(t *testing.T) {
	for _, c := range []struct {
		net, what string
		poison    func(tr *Trainer)
	}{
		// A logit weight of 1e30 makes a loss of its size.
		{"D", "loss", func(tr *Trainer) {
			w := tr.d.Params()[len(tr.d.Params())-1]
			for i := range w.W {
				w.W[i] = 1e30
			}
			w.Changed()
		}},
		// G's own weights gone bad: its drawings are NaN, which D sees first.
		{"D", "loss on drawn pictures", func(tr *Trainer) {
			w := tr.g.Params()[0]
			w.W[0] = float32(math.NaN())
			w.Changed()
		}},
	} {
		tr := newTrainer(t, tiny, Options{Batch: 4}, newPool(t, 1))
		run(t, tr, 2)
		c.poison(tr)
		before := append([]float32(nil), tr.d.Params()[0].W...)
		_, err := tr.Step(t.Context())
		var div *Diverged
		if !errors.As(err, &div) || div.Net != c.net || !strings.HasPrefix(div.What, c.what) || div.Picture != -1 {
			t.Fatalf("%v, want a *Diverged in %s's %s", err, c.net, c.what)
		}
		for i, v := range tr.d.Params()[0].W {
			if v != before[i] {
				t.Fatalf("D's weights were updated by a lost gradient")
			}
		}
	}
}

func TestDivergedAdvice(t *testing.T) {
	won := Diverged{Step: 7, Net: "G", What: "gradient norm", Value: math.Inf(1), Picture: -1, Last: []Stats{{Step: 6, LossD: 0.001}}}
	if got := won.Error(); !strings.Contains(got, "D had won") || !strings.HasPrefix(got, "train: step 7: G's gradient norm is +Inf (step 6: loss D 0.001,") {
		t.Error(got)
	}
	fast := Diverged{Step: 1, Net: "D", What: "loss on real pictures", Value: 1e19, Picture: -1, rate: 0.5}
	if got, want := fast.Error(), "train: step 1: D's loss on real pictures is 1e+19: train again with a lower learning rate than 0.5, or another seed"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestSaveRefusesLostWeights(t *testing.T) {
	tr := newTrainer(t, tiny, everything(), newPool(t, 1))
	run(t, tr, 1)
	dir := t.TempDir()
	if err := tr.Save(dir); err != nil {
		t.Fatal(err)
	}
	before := readRun(t, dir)
	for name, slot := range map[string]*float32{
		"EMA.main.0.weight":      &tr.ema.Params()[0].W[1],
		"G.main.0.weight":        &tr.g.Params()[0].W[1],
		"adam.D.main.0.weight/v": &tr.optD.v[0][1],
		"adam.G.main.0.weight/m": &tr.optG.m[0][1],
	} {
		old := *slot
		*slot = float32(math.Inf(1))
		if err := tr.Save(dir); err == nil || !strings.Contains(err.Error(), name+" is not finite") {
			t.Errorf("%v, want an error that names %s", err, name)
		}
		*slot = old
		if !bytes.Equal(readRun(t, dir), before) {
			t.Errorf("%s: the checkpoint was touched", name)
		}
	}
	if err := tr.Save(dir); err != nil || !bytes.Equal(readRun(t, dir), before) {
		t.Errorf("the same state saved again differs (%v)", err)
	}
}
