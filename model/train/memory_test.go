package train

import (
	"context"
	"runtime"
	"testing"

	"dcganviz/model"
)

// TestMemoryIsWhatARunTakes trains, saves and draws, and compares what is then held with
// what was said before. How much of the program's own and of garbage Memory counts is
// measured from outside only, as is the peak.
func TestMemoryIsWhatARunTakes(t *testing.T) {
	const threads = 1
	held := func() int64 {
		for range 3 { // what has a finalizer goes later
			runtime.GC()
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	for _, c := range []struct {
		cfg   model.Config
		batch int
		ema   float64
	}{
		{model.Config{Arch: model.PyTorch, Size: 32, Channels: 3, LatentDim: 20, GWidth: 48, DWidth: 16}, 2, 0},
		{model.Config{Arch: model.PyTorch, Size: 16, Channels: 1, LatentDim: 100, GWidth: 16, DWidth: 48}, 16, 0.9},
		{model.Config{Arch: model.Paper, Size: 28, Channels: 3, LatentDim: 10, GWidth: 24, DWidth: 24}, 8, 0.9},
	} {
		opt := Options{Batch: c.batch, EMA: c.ema}
		want, err := Memory(c.cfg, opt, threads)
		if err != nil {
			t.Fatal(err)
		}
		before := held()
		pool := model.NewPool(threads)
		run, err := New(c.cfg, blank{c.cfg}, opt, pool)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := run.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
		z := model.Latents(1, 0, settleBatch, c.cfg)
		if _, err := run.Generator().Generate(z, model.RunOptions{Pool: pool}); err != nil {
			t.Fatal(err)
		}
		saved, err := run.state()
		if err != nil {
			t.Fatal(err)
		}
		got := held() - before
		runtime.KeepAlive(saved)
		runtime.KeepAlive(run)
		run.Close()
		pool.Close()
		m := c.cfg.StepMemory(c.batch, settleBatch)
		least := want - programBytes - threads*m.Thread - m.Largest
		if got > want-programBytes || float64(got) < 0.75*float64(least) {
			t.Errorf("%+v, batch %d: %d bytes are held, want up to %d and not far below %d", c.cfg, c.batch, got, want-programBytes, least)
		}
		t.Logf("%v %d: %d held, %d said", c.cfg.Arch, c.cfg.Size, got, want-programBytes)
	}
}

// blank is pictures without anything on them.
type blank struct{ model.Config }

func (b blank) Len() int { return 100 }

func (b blank) Load(_ context.Context, indices []int, dst []float32) error {
	clear(dst)
	return nil
}

// TestMemoryGrows: by nets, batches and all that takes memory.
func TestMemoryGrows(t *testing.T) {
	cfg := model.Config{Arch: model.PyTorch, Size: 64, Channels: 3, LatentDim: 100, GWidth: 64, DWidth: 64}
	last := int64(0)
	for _, c := range []struct {
		width   int
		opt     Options
		threads int
	}{
		{8, Options{Batch: 2}, 1}, {8, Options{Batch: 2}, 8}, {8, Options{}, 8}, {8, Options{Augment: Color}, 8},
		{64, Options{Augment: Color}, 8}, {64, SmallData(), 8}, {64, Options{Batch: maxBatch}, 8}, {1024, Options{Batch: maxBatch}, 8},
	} {
		cfg.GWidth, cfg.DWidth = c.width, c.width
		got, err := Memory(cfg, c.opt, c.threads)
		if err != nil || got <= last {
			t.Errorf("%+v: %d bytes, %v, want more than %d", c, got, err, last)
		}
		last = got
	}
	cfg.Size = 7
	if _, err := Memory(cfg, Options{}, 1); err == nil {
		t.Error("nets for images of 7 pixels take some memory")
	}
}
