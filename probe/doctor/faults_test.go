package doctor

import (
	"math"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// TestPlantedFaults plants one fault at a time in a healthy model. Checks that
// are not listed must stay silent.
func TestPlantedFaults(t *testing.T) {
	scale := func(t *testing.T, c *checkpoint.Checkpoint, tensor string, by float32) {
		edit(t, c.G, func(name string, x []float32) {
			if name == tensor {
				for i := range x {
					x[i] *= by
				}
			}
		})
	}
	for _, k := range []struct {
		name  string
		plant func(*testing.T, *checkpoint.Checkpoint)
		want  map[string]string
		says  string // in the evidence of the first
	}{
		{"NaN in G", func(_ *testing.T, c *checkpoint.Checkpoint) {
			c.G.Params()[2].W[5] = float32(math.NaN())
			c.G.Params()[2].Changed()
		}, map[string]string{"finite": "wrong"}, "1 of "},
		{"infinity in D", func(_ *testing.T, c *checkpoint.Checkpoint) {
			c.D.Params()[0].W[0] = float32(math.Inf(-1))
			c.D.Params()[0].Changed()
		}, map[string]string{"finite": "wrong"}, "D main.0.weight"},
		{"overflow", func(t *testing.T, c *checkpoint.Checkpoint) { scale(t, c, "main.3.weight", 1e38) },
			map[string]string{"finite": "wrong"}, "weights are finite"},
		{"statistics half as large", func(t *testing.T, c *checkpoint.Checkpoint) { scale(t, c, "main.7.running_var", 0.4) },
			map[string]string{"batchnorm": "wrong"}, "up2"},
		{"statistics a little off", func(t *testing.T, c *checkpoint.Checkpoint) { scale(t, c, "main.4.running_var", 1.4) },
			map[string]string{"batchnorm": "doubtful"}, "up1"},
		{"statistics of a new net", func(t *testing.T, c *checkpoint.Checkpoint) {
			edit(t, c.G, func(name string, x []float32) {
				for i := range x {
					if strings.HasSuffix(name, "running_mean") {
						x[i] = 0
					} else if strings.HasSuffix(name, "running_var") {
						x[i] = 1
					}
				}
			})
		}, map[string]string{"batchnorm": "wrong", "range": "ok/wrong", "samples": "ok/doubtful/wrong", "pair": "ok/doubtful", "units": "ok/doubtful"}, "nobody gathered them"},
		{"uniform latents", func(t *testing.T, c *checkpoint.Checkpoint) {
			c.G = otherwise(t, c.G, func(cfg *model.Config) { cfg.Law = model.Uniform })
		},
			map[string]string{"latents": "wrong", "pair": "ok/doubtful"}, "latents are uniform"},
		{"strange latents", func(t *testing.T, c *checkpoint.Checkpoint) {
			scale(t, c, "main.1.running_var", 25)
			scale(t, c, "main.0.weight", 2)
		}, map[string]string{"latents": "doubtful", "batchnorm": "wrong", "pair": "ok/doubtful", "units": "ok/doubtful", "samples": "ok/doubtful"}, "variance 6"},
		{"no tanh", func(t *testing.T, c *checkpoint.Checkpoint) {
			c.G = otherwise(t, c.G, func(cfg *model.Config) {
				last(t, c.G, cfg, func(l *model.LayerSpec) { l.Activation = model.NoActivation })
			})
		}, map[string]string{"range": "wrong", "pair": "ok/doubtful"}, "outside"},
		{"grey", func(t *testing.T, c *checkpoint.Checkpoint) { scale(t, c, "main.12.weight", 1e-3) },
			map[string]string{"range": "wrong", "pair": "doubtful"}, "one grey"},
		{"black and white", func(t *testing.T, c *checkpoint.Checkpoint) { scale(t, c, "main.12.weight", 1e3) },
			map[string]string{"range": "doubtful", "pair": "doubtful"}, "black or white"},
		{"from 0 to 1", func(t *testing.T, c *checkpoint.Checkpoint) {
			scale(t, c, "main.12.weight", 0.1)
			c.G = biased(t, c.G, 0.7)
		}, map[string]string{"range": "doubtful", "pair": "doubtful"}, "below 0"},
		{"dead units", func(t *testing.T, c *checkpoint.Checkpoint) { kill(t, c.G, "main.7", 30) },
			map[string]string{"units": "doubtful", "kernels": "ok", "pair": "ok/doubtful", "batchnorm": "ok/doubtful/wrong"}, "up2"},
		{"a dead layer", func(t *testing.T, c *checkpoint.Checkpoint) { kill(t, c.G, "main.7", 96) },
			map[string]string{"units": "wrong", "range": "ok/wrong", "samples": "wrong", "pair": "doubtful", "batchnorm": "wrong"}, "all of up2"},
		{"deaf to latents", func(t *testing.T, c *checkpoint.Checkpoint) { scale(t, c, "main.0.weight", 1e-3) },
			map[string]string{"samples": "wrong", "batchnorm": "wrong", "kernels": "ok", "pair": "ok/doubtful", "units": "ok/doubtful"}, "do not depend"},
		{"deaf to all but one number", func(t *testing.T, c *checkpoint.Checkpoint) {
			edit(t, c.G, func(name string, x []float32) {
				if name == "main.0.weight" {
					clear(x[len(x)/100:])
				}
			})
		}, map[string]string{"samples": "doubtful/wrong", "latents": "doubtful", "batchnorm": "wrong", "pair": "ok/doubtful", "units": "ok/doubtful"}, "twin"},
		{"a D that was never trained", func(t *testing.T, c *checkpoint.Checkpoint) {
			var err error
			if c.D, err = model.NewD(c.D.Config(), 1); err != nil {
				t.Fatal(err)
			}
		}, map[string]string{"pair": "doubtful"}, "never trained"},
		{"a D for other images", func(t *testing.T, c *checkpoint.Checkpoint) {
			cfg := c.D.Config()
			cfg.Size = 32
			var err error
			if c.D, err = model.NewD(cfg, 1); err != nil {
				t.Fatal(err)
			}
		}, map[string]string{"pair": "wrong"}, "D scores 32x32x3"},
		{"a D that saw fainter images", func(t *testing.T, c *checkpoint.Checkpoint) {
			edit(t, c.D, func(name string, x []float32) {
				if name == "main.0.weight" {
					for i := range x {
						x[i] *= 3
					}
				}
			})
		}, map[string]string{"pair": "doubtful"}, "other images"},
		{"nets left out", func(_ *testing.T, c *checkpoint.Checkpoint) { c.Notes = []string{`state dict "netG_ema" is left out`} },
			map[string]string{"file": "doubtful"}, "netG_ema"},
	} {
		t.Run(k.name, func(t *testing.T) {
			c := facades(t)
			k.plant(t, c)
			r := examine(t, c)
			expect(t, r, k.want)
			said := false
			for _, f := range r.Findings {
				said = said || strings.Contains(f.Evidence, k.says) && k.want[f.Check] != ""
			}
			if !said {
				t.Errorf("no evidence with %q in %+v", k.says, r.Findings)
			}
		})
	}
}

// otherwise returns a G with g's weights and another config.
func otherwise(t *testing.T, g *model.G, change func(*model.Config)) *model.G {
	t.Helper()
	cfg := g.Config()
	change(&cfg)
	o, err := model.NewG(cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	state := g.State()
	for _, e := range o.State() {
		if e.Name == "main.12.bias" {
			state = append(state, e)
		}
	}
	if err := o.LoadState(state); err != nil {
		t.Fatal(err)
	}
	return o
}

// last makes cfg that of a Custom net with g's layers, of which the last is
// changed.
func last(t *testing.T, g *model.G, cfg *model.Config, change func(*model.LayerSpec)) {
	t.Helper()
	specs := g.Specs()
	change(&specs[len(specs)-1])
	stack, err := model.NewStack(specs...)
	if err != nil {
		t.Fatal(err)
	}
	*cfg = model.Config{Arch: model.Custom, Size: cfg.Size, Channels: cfg.Channels, LatentDim: cfg.LatentDim, Law: cfg.Law, GStack: stack}
}

// biased returns a G like g with a bias before tanh.
func biased(t *testing.T, g *model.G, bias float32) *model.G {
	t.Helper()
	o := otherwise(t, g, func(cfg *model.Config) { last(t, g, cfg, func(l *model.LayerSpec) { l.Bias = true }) })
	edit(t, o, func(name string, x []float32) {
		if name == "main.12.bias" {
			for i := range x {
				x[i] = bias
			}
		}
	})
	return o
}

// kill gives units of a batch norm a gain of zero and a negative bias.
func kill(t *testing.T, g *model.G, norm string, units int) {
	t.Helper()
	edit(t, g, func(name string, x []float32) {
		for i := range min(units, len(x)) {
			switch name {
			case norm + ".weight":
				x[i] = 0
			case norm + ".bias":
				x[i] = -1
			}
		}
	})
}

// TestLawFromStatistics trains nothing: it gathers statistics by a known law.
func TestLawFromStatistics(t *testing.T) {
	for _, arch := range []model.Arch{model.PyTorch, model.Paper} {
		for _, gathered := range []model.Law{model.Normal, model.Uniform} {
			for _, claimed := range []model.Law{model.Normal, model.Uniform} {
				cfg := model.Config{Arch: arch, Size: 28, Channels: 1, LatentDim: 40, GWidth: 8, DWidth: 8, Law: gathered}
				g, err := model.NewG(cfg, 1)
				if err != nil {
					t.Fatal(err)
				}
				if err := g.EstimateStatistics(model.Latents(9, 0, 512, cfg), 64, nil); err != nil {
					t.Fatal(err)
				}
				g = otherwise(t, g, func(c *model.Config) { c.Law = claimed })
				f := examine(t, &checkpoint.Checkpoint{G: g}).Finding("latents")
				want := OK
				if claimed != gathered {
					want = Wrong
				}
				// The variance of U(-1, 1) is 1/3.
				variance := f.Figure("variance of z in training")
				if ratio := variance / map[model.Law]float64{model.Normal: 1, model.Uniform: 1.0 / 3}[gathered]; f.Verdict != want || !(math.Abs(ratio-1) <= 0.1) {
					t.Errorf("%v: %v latents, said to be %v: %v, variance %.3f: %s", arch, gathered, claimed, f.Verdict, variance, f.Evidence)
				}
			}
		}
	}
}

// TestPairOfOtherPictures pairs nets of two data sets of the same size, each D in a file of
// its own.
func TestPairOfOtherPictures(t *testing.T) {
	a, b := facades(t), pytorch(t)
	a.D, b.D = b.D, a.D
	a.DiscSHA256, b.DiscSHA256 = b.SHA256, a.SHA256
	for name, c := range map[string]*checkpoint.Checkpoint{"G of facades": a, "D of facades": b} {
		f := examine(t, c).Finding("pair")
		t.Log(name, f.Evidence)
		if f.Verdict != Doubtful {
			t.Errorf("%s: %v", name, f.Verdict)
		}
	}
}
