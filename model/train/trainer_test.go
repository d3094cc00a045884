package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/kernel"
	"dcganviz/model"
)

// everything turns every option on.
func everything() Options {
	return Options{
		Batch: 6, Seed: 4, Rate: 1e-3, RateD: 5e-4, WeightDecay: 1e-5,
		Flips: true, Augment: allAugments, LabelSmoothing: 0.1, EMA: 0.9,
	}
}

// following turns on what excludes something in everything.
func following() Options {
	o := everything()
	o.AugmentTarget, o.Brightness, o.Border, o.FallFrom, o.FallTo = 0.1, 0.2, -1, 50, 200
	return o
}

func shapeOf(cfg model.Config) dims { return dims{cfg.Size, cfg.Size, cfg.Channels} }

func newTrainer(t testing.TB, cfg model.Config, opt Options, pool *model.Pool) *Trainer {
	t.Helper()
	tr, err := New(cfg, &pictures{n: 20, shape: shapeOf(cfg)}, opt, pool)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tr.Close)
	return tr
}

// run makes steps and returns their figures.
func run(t testing.TB, tr *Trainer, steps int) []Stats {
	t.Helper()
	var all []Stats
	for range steps {
		s, err := tr.Step(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

// describe flattens everything that a run arrives at, for comparison.
func describe(t testing.TB, tr *Trainer) string {
	t.Helper()
	tensors, err := tr.state()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, x := range tensors {
		fmt.Fprintf(&b, "%s %v %x\n", x.Name, x.Shape, x.Data)
	}
	return b.String()
}

func TestTrainerFigures(t *testing.T) {
	for _, opt := range []Options{{Batch: 6}, everything(), following()} {
		tr := newTrainer(t, tiny, opt, newPool(t, 2))
		for i, s := range run(t, tr, 5) {
			if s.Step != i+1 || s.Epoch != float64(i+1)*6/20 {
				t.Errorf("step %d, epoch %g; want %d, %g", s.Step, s.Epoch, i+1, float64(i+1)*6/20)
			}
			if s.LossD != s.LossDReal+s.LossDFake {
				t.Errorf("loss of D %g, want %g + %g", s.LossD, s.LossDReal, s.LossDFake)
			}
			for name, v := range map[string]float64{
				"LossDReal": s.LossDReal, "LossDFake": s.LossDFake, "LossG": s.LossG,
				"GradNormD": s.GradNormD, "GradNormG": s.GradNormG,
			} {
				if !(v > 0 && v < 100) {
					t.Errorf("step %d: %s is %g", s.Step, name, v)
				}
			}
			for name, v := range map[string]float64{"ScoreReal": s.ScoreReal, "ScoreFake": s.ScoreFake, "ScoreG": s.ScoreG} {
				if !(v > 0 && v < 1) {
					t.Errorf("step %d: %s is %g", s.Step, name, v)
				}
			}
			// Jensen: the mean of -log(1-p) is at least -log(1 - mean p).
			if low := -math.Log1p(-s.ScoreFake); !(s.LossDFake >= low-1e-6) {
				t.Errorf("step %d: loss on drawn pictures %g, below the %g of their mean score", s.Step, s.LossDFake, low)
			}
		}
		if tr.Steps() != 5 {
			t.Errorf("%d steps, want 5", tr.Steps())
		}
	}
}

// TestTrainerLearns trains long enough that an update in the wrong direction
// shows: the mean of what G draws must come nearer to the mean picture.
func TestTrainerLearns(t *testing.T) {
	cfg := tiny
	cfg.Channels = 1
	tr := newTrainer(t, cfg, Options{Batch: 8, Seed: 1, Rate: 2e-3}, newPool(t, 2))
	distance := func() float64 { // of the mean picture drawn from the mean real one
		z := model.Latents(5, 0, 32, cfg)
		x, err := tr.Generator().Generate(z, model.RunOptions{})
		if err != nil {
			t.Fatal(err)
		}
		src := &pictures{n: 20, shape: shapeOf(cfg)}
		size := shapeOf(cfg).floats()
		mean, p := make([]float64, size), make([]float32, size)
		for i := range 20 {
			src.draw(p, i)
			for j, v := range p {
				mean[j] -= float64(v) / 20
			}
		}
		for j, v := range x.Data {
			mean[j%size] += float64(v) / 32
		}
		var sum float64
		for _, v := range mean {
			sum += v * v
		}
		return math.Sqrt(sum / float64(size))
	}
	run(t, tr, 2)
	before := distance()
	run(t, tr, 200)
	if after := distance(); !(after < before*0.7) {
		t.Errorf("mean drawing is %.3f from the mean picture after 200 steps, %.3f at the start: want 0.7 of that or less", after, before)
	}
}

// TestTrainerBitsAreFixed trains nets of usual widths, whose layers take every
// path through the kernels, and tiny ones: the weights must not depend on the
// number of threads, nor on which of a class of kernels the machine has. The portable
// ones round otherwise, but must not depend on threads either.
func TestTrainerBitsAreFixed(t *testing.T) {
	wide := model.Config{Arch: model.PyTorch, Size: 32, Channels: 3, LatentDim: 20, GWidth: 32, DWidth: 32}
	paper := model.Config{Arch: model.Paper, Size: 32, Channels: 3, LatentDim: 20, GWidth: 16, DWidth: 16}
	for _, cfg := range []model.Config{tiny, wide, paper} {
		want := make(map[string]string) // by class
		for _, set := range kernel.Sets() {
			if set == "portable" && cfg != tiny {
				continue // slow, and the same code for any width
			}
			t.Setenv(kernel.SIMD, set)
			for _, threads := range []int{1, 2, 3} {
				pool := newPool(t, threads)
				class := pool.Class()
				tr := newTrainer(t, cfg, everything(), pool)
				run(t, tr, 3)
				switch got := describe(t, tr); {
				case want[class] == "":
					want[class] = got
				case got != want[class]:
					t.Errorf("%v, width %d: %s on %d threads gives other weights", cfg.Arch, cfg.GWidth, set, threads)
				}
				tr.Close()
			}
		}
	}
}

func TestTrainerSeedsDiffer(t *testing.T) {
	opt := everything()
	a := newTrainer(t, tiny, opt, newPool(t, 2))
	opt.Seed++
	b := newTrainer(t, tiny, opt, newPool(t, 2))
	if slices.Equal(a.g.Params()[0].W, b.g.Params()[0].W) || slices.Equal(a.d.Params()[0].W, b.d.Params()[0].W) {
		t.Error("two seeds begin with the same weights")
	}
}

// TestGeneratorIsTheAverage checks which G the run is for.
func TestGeneratorIsTheAverage(t *testing.T) {
	plain := newTrainer(t, tiny, Options{Batch: 4}, newPool(t, 1))
	if plain.Generator() != plain.g {
		t.Error("without a moving average the generator is not G")
	}
	opt := everything()
	tr := newTrainer(t, tiny, opt, newPool(t, 1))
	run(t, tr, 3)
	if tr.Generator() == tr.g || slices.Equal(tr.Generator().Params()[0].W, tr.g.Params()[0].W) {
		t.Error("with a moving average the generator is G itself")
	}
	if m := tr.Checkpoint().Meta; m.Step != 3 || m.EMA != opt.EMA || m.Images != 20 || m.Seed != opt.Seed || m.Batch != 6 {
		t.Errorf("meta %+v", m)
	}
}

// TestAverageIsCentred: its running means are of its own weights, whenever one
// asks, its variances G's.
func TestAverageIsCentred(t *testing.T) {
	pool := newPool(t, 1)
	tr := newTrainer(t, tiny, everything(), pool)
	run(t, tr, 3)
	statistics := func(g *model.G, which string) (all []float32) {
		for _, s := range g.State() {
			if strings.Contains(s.Name, which) {
				all = append(all, s.Data...)
			}
		}
		return all
	}
	means := statistics(tr.Generator(), "running_mean")
	if slices.Equal(means, statistics(tr.g, "running_mean")) {
		t.Error("the means are G's")
	}
	if !slices.Equal(statistics(tr.ema, "running_var"), statistics(tr.g, "running_var")) {
		t.Error("the variances are not G's")
	}
	other := tr.ema.Clone()
	z := model.Latents(derive(tr.opt.Seed, forStatistics), 0, settleBatch*settleBatches, tiny)
	if err := other.CentreStatistics(tr.g, z, settleBatch, pool); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(means, statistics(other, "running_mean")) {
		t.Error("the means are not those of the weights")
	}
	run(t, tr, 1)
	if slices.Equal(means, statistics(tr.Generator(), "running_mean")) {
		t.Error("a step later the means are the same")
	}
}

func TestTrainerCancelLeavesTheRunWhereItWas(t *testing.T) {
	a := newTrainer(t, tiny, everything(), newPool(t, 1))
	b := newTrainer(t, tiny, everything(), newPool(t, 1))
	run(t, a, 4)
	run(t, b, 2)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 3 {
		if _, err := b.Step(ctx); !errors.Is(err, context.Canceled) {
			t.Fatalf("%v, want context.Canceled", err)
		}
	}
	run(t, b, 2)
	if describe(t, a) != describe(t, b) {
		t.Error("a cancelled step left something behind")
	}
}

func TestTrainerSourceErrorLeavesTheRunWhereItWas(t *testing.T) {
	a := newTrainer(t, tiny, everything(), newPool(t, 1))
	run(t, a, 4)
	broken := errors.New("disk pulled out")
	src := &pictures{n: 20, shape: shapeOf(tiny)}
	loads := 0
	src.spoil = func(_ context.Context, _ []int, dst []float32) error {
		if loads++; loads == 4 { // one to identify it, then the third step
			clear(dst)
			return broken
		}
		return nil
	}
	b, err := New(tiny, src, everything(), newPool(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	run(t, b, 2)
	if _, err := b.Step(t.Context()); !errors.Is(err, broken) || !strings.Contains(err.Error(), "step 3") {
		t.Fatalf("%v, want step 3 and the source's error", err)
	}
	run(t, b, 2)
	if describe(t, a) != describe(t, b) {
		t.Error("a failed load left something behind")
	}
}

func TestNewRefuses(t *testing.T) {
	pool := newPool(t, 1)
	src := &pictures{n: 20, shape: shapeOf(tiny)}
	bad := tiny
	bad.Size = 17
	for says, make := range map[string]func() (*Trainer, error){
		"17 pixels":                   func() (*Trainer, error) { return New(bad, src, Options{}, pool) },
		"learning rate":               func() (*Trainer, error) { return New(tiny, src, Options{Rate: 3}, pool) },
		"no pictures":                 func() (*Trainer, error) { return New(tiny, &pictures{}, Options{}, pool) },
		"8x9x3, want 16x16x3 as the ": func() (*Trainer, error) { return New(tiny, sized{src}, Options{}, pool) },
	} {
		if _, err := make(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want an error with %q", err, says)
		}
	}
}

// sized is a Source that knows its pictures' size.
type sized struct{ *pictures }

func (sized) Dims() (h, w, c int) { return 8, 9, 3 }

func TestTrainerClosed(t *testing.T) {
	tr := newTrainer(t, tiny, Options{Batch: 4}, newPool(t, 1))
	run(t, tr, 1)
	tr.Close()
	tr.Close()
	if _, err := tr.Step(t.Context()); err == nil {
		t.Error("a closed run made a step")
	}
	if err := tr.Save(t.TempDir()); err == nil {
		t.Error("a closed run was saved")
	}
}

// TestStepAllocations holds the budget of a step: 1,500 allocations and 100 KB.
func TestStepAllocations(t *testing.T) {
	for _, opt := range []Options{{Batch: 8}, everything()} {
		tr := newTrainer(t, tiny, opt, newPool(t, 2))
		run(t, tr, 3)
		r := testing.Benchmark(func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				run(t, tr, 1)
			}
		})
		if n := r.AllocsPerOp(); n >= 1500 {
			t.Errorf("%+v: %d allocations a step, want below 1,500", opt, n)
		}
		if n := r.AllocedBytesPerOp(); n >= 100_000 {
			t.Errorf("%+v: %d bytes a step, want below 100,000", opt, n)
		}
		t.Logf("%d allocations, %d bytes a step", r.AllocsPerOp(), r.AllocedBytesPerOp())
	}
}
