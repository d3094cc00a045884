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
