package model

import (
	"math"
	"slices"
	"testing"

	"dcganviz/internal/kernel"
)

// TestEstimateStatisticsIsTheirMean holds the statistics to their definition,
// computed in float64 from what the layers' convolutions give.
func TestEstimateStatisticsIsTheirMean(t *testing.T) {
	const batch, batches = 5, 3
	const tolerance = 1e-5 // of the largest; float32 running means
	for _, cfg := range []Config{
		{Arch: PyTorch, Size: 16, Channels: 3, LatentDim: 7, GWidth: 4, DWidth: 4},
		{Arch: Paper, Size: 28, Channels: 1, LatentDim: 6, GWidth: 4, DWidth: 4, Law: Uniform},
	} {
		pool := kernel.NewPool(1)
		defer pool.Close()
		g, err := NewG(cfg, 3)
		if err != nil {
			t.Fatal(err)
		}
		z := Latents(5, 0, batch*batches, cfg)
		if err := g.EstimateStatistics(z, batch, pool); err != nil {
			t.Fatal(err)
		}
		for i := range g.layers {
			l := &g.layers[i]
			if !l.bn {
				continue
			}
			stats := g.blocks[i].stats
			mean, variance := make([]float64, len(stats.mean)), make([]float64, len(stats.mean))
			for b := range batches {
				pre, err := g.Activations(z.Slice(b*batch, (b+1)*batch), []Point{{Layer: l.name, Tap: Pre}}, RunOptions{Pool: pool, BatchStats: true})
				if err != nil {
					t.Fatal(err)
				}
				addStatistics(pre[0].Data, mean, variance, batches)
			}
			for what, pair := range map[string][2]any{"mean": {stats.mean, mean}, "variance": {stats.variance, variance}} {
				got, want := pair[0].([]float32), pair[1].([]float64)
				var largest float64
				for _, v := range want {
					largest = max(largest, math.Abs(v))
				}
				for c := range want {
					if d := math.Abs(float64(got[c]) - want[c]); !(d <= tolerance*largest) {
						t.Fatalf("%v %s: %s[%d] = %v, want %v", cfg.Arch, l.name, what, c, got[c], want[c])
					}
				}
			}
			if stats.batches != batches {
				t.Errorf("made of %d batches, want %d", stats.batches, batches)
			}
		}
	}
}

// addStatistics adds the share 1/n of each channel's mean and unbiased variance
// over the rows of x.
func addStatistics(x []float32, mean, variance []float64, n float64) {
	c := len(mean)
	rows := float64(len(x) / c)
	for i := range c {
		var m, v float64
		for r := i; r < len(x); r += c {
			m += float64(x[r]) / rows
		}
		for r := i; r < len(x); r += c {
			v += (float64(x[r]) - m) * (float64(x[r]) - m) / (rows - 1)
		}
		mean[i] += m / n
		variance[i] += v / n
	}
}

func TestEstimateStatisticsRefuses(t *testing.T) {
	cfg := Config{Arch: PyTorch, Size: 16, Channels: 3, LatentDim: 7, GWidth: 4, DWidth: 4}
	g, err := NewG(cfg, 3)
	if err != nil {
		t.Fatal(err)
	}
	before := g.State()
	for _, c := range []struct {
		n, nz, batch int
	}{{4, 7, 3}, {4, 7, 0}, {0, 7, 1}, {4, 6, 2}} {
		if err := g.EstimateStatistics(NewTensor(c.n, c.nz), c.batch, nil); err == nil {
			t.Errorf("%+v: no error", c)
		}
	}
	for i, s := range g.State() {
		if !slices.Equal(s.Data, before[i].Data) {
			t.Errorf("%s changed", s.Name)
		}
	}
}

// TestCentreStatisticsCentres: with the statistics that it leaves, the mean of
// what each batch norm is given is its running mean, and the variances are the
// other net's.
func TestCentreStatisticsCentres(t *testing.T) {
	const batch, batches = 5, 3
	const tolerance = 1e-5 // of the largest; float32 running means
	for _, cfg := range []Config{
		{Arch: PyTorch, Size: 16, Channels: 3, LatentDim: 7, GWidth: 4, DWidth: 4},
		{Arch: Paper, Size: 28, Channels: 1, LatentDim: 6, GWidth: 4, DWidth: 4, Law: Uniform},
	} {
		g, from := newTestG(t, cfg, 3), newTestG(t, cfg, 4)
		if err := from.EstimateStatistics(Latents(6, 0, 8, cfg), 8, nil); err != nil {
			t.Fatal(err)
		}
		z := Latents(5, 0, batch*batches, cfg)
		if err := g.CentreStatistics(from, z, batch, nil); err != nil {
			t.Fatal(err)
		}
		for i := range g.layers {
			stats := g.blocks[i].stats
			if stats == nil {
				continue
			}
			if !slices.Equal(stats.variance, from.blocks[i].stats.variance) {
				t.Errorf("%v %s: the variances are not the other net's", cfg.Arch, g.layers[i].name)
			}
			pre, err := g.Activations(z, []Point{{Layer: g.layers[i].name, Tap: Pre}}, RunOptions{})
			if err != nil {
				t.Fatal(err)
			}
			mean := make([]float64, len(stats.mean))
			addStatistics(pre[0].Data, mean, make([]float64, len(mean)), 1)
			var largest float64
			for _, v := range mean {
				largest = max(largest, math.Abs(v))
			}
			for c := range mean {
				if d := math.Abs(float64(stats.mean[c]) - mean[c]); !(d <= tolerance*largest) {
					t.Fatalf("%v %s: mean[%d] = %v, want %v", cfg.Arch, g.layers[i].name, c, stats.mean[c], mean[c])
				}
			}
			if stats.centring || stats.batches != 0 {
				t.Errorf("%s: still centring, or made of %d batches, want the 0 of before", g.layers[i].name, stats.batches)
			}
		}
	}
}

func TestCentreStatisticsRefuses(t *testing.T) {
	cfg := Config{Arch: PyTorch, Size: 16, Channels: 3, LatentDim: 7, GWidth: 4, DWidth: 4}
	wide := cfg
	wide.GWidth = 5
	g := newTestG(t, cfg, 3)
	before := g.State()
	for name, c := range map[string]struct {
		from         *G
		n, nz, batch int
	}{
		"itself":         {g, 4, 7, 2},
		"another width":  {newTestG(t, wide, 3), 4, 7, 2},
		"no whole batch": {newTestG(t, cfg, 4), 4, 7, 3},
		"no latents":     {newTestG(t, cfg, 4), 0, 7, 1},
		"other latents":  {newTestG(t, cfg, 4), 4, 6, 2},
	} {
		if err := g.CentreStatistics(c.from, NewTensor(c.n, c.nz), c.batch, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for i, s := range g.State() {
		if !slices.Equal(s.Data, before[i].Data) {
			t.Errorf("%s changed", s.Name)
		}
	}
}

func newTestG(t *testing.T, cfg Config, seed uint64) *G {
	t.Helper()
	g, err := NewG(cfg, seed)
	if err != nil {
		t.Fatal(err)
	}
	return g
}
