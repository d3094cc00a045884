package model

import (
	"math"
	"strings"
	"testing"
)

// tiny returns small configs of both families that no axis is square in.
func tiny(arch Arch, size int) Config {
	return Config{Arch: arch, Size: size, Channels: 3, LatentDim: 5, GWidth: 2, DWidth: 3}
}

func TestParameterCountsOfPyTorchExamples(t *testing.T) {
	cfg := Config{Arch: PyTorch, Size: 64, Channels: 3, LatentDim: 100, GWidth: 64, DWidth: 64}
	// Printed by the nets of pytorch/examples.
	if got := parameters(cfg.generatorLayers()); got != 3576704 {
		t.Errorf("G has %d parameters, want 3576704", got)
	}
	if got := parameters(cfg.discriminatorLayers()); got != 2765568 {
		t.Errorf("D has %d parameters, want 2765568", got)
	}
}

func TestStateNames(t *testing.T) {
	for _, c := range []struct {
		cfg  Config
		d    bool
		want string
	}{
		{tiny(PyTorch, 64), false, "main.0.weight main.1.weight main.1.bias main.1.running_mean main.1.running_var main.1.num_batches_tracked main.3.weight main.4.weight"},
		{tiny(Paper, 64), false, "main.0.weight main.1.weight main.1.bias main.1.running_mean main.1.running_var main.1.num_batches_tracked main.4.weight main.5.weight"},
		{tiny(PyTorch, 28), true, "main.0.weight main.2.weight main.3.weight main.3.bias main.3.running_mean main.3.running_var main.3.num_batches_tracked main.5.weight"},
		{tiny(Paper, 28), true, "main.0.weight main.2.weight main.3.weight main.3.bias main.3.running_mean main.3.running_var main.3.num_batches_tracked main.6.weight"},
	} {
		n := newNet(outline{c.cfg, c.cfg.generatorLayers(), false})
		if c.d {
			n = newNet(outline{c.cfg, c.cfg.discriminatorLayers(), true})
		}
		var names []string
		for _, e := range n.State() {
			names = append(names, e.Name)
		}
		if got := strings.Join(names, " "); !strings.HasPrefix(got, c.want) {
			t.Errorf("%v %d: state has %s, want it to start %s", c.cfg.Arch, c.cfg.Size, got, c.want)
		}
	}
}

// TestStateRoundTrip loads a state whose every value differs from all others,
// so that a permutation that is not its own inverse shows.
func TestStateRoundTrip(t *testing.T) {
	for _, arch := range []Arch{PyTorch, Paper} {
		for _, size := range []int{16, 28, 32, 64, 128} {
			g, err := NewG(tiny(arch, size), 1)
			if err != nil {
				t.Fatal(err)
			}
			want := g.State()
			next := float32(1)
			for i := range want {
				for j := range want[i].Data {
					want[i].Data[j] = next
					next++
				}
				for j := range want[i].Ints {
					want[i].Ints[j] = int64(i)
				}
			}
			if err := g.LoadState(want); err != nil {
				t.Fatal(err)
			}
			got := g.Clone().State()
			for i := range want {
				if got[i].Name != want[i].Name {
					t.Fatalf("entry %d is %s, want %s", i, got[i].Name, want[i].Name)
				}
				for j, v := range want[i].Data {
					if got[i].Data[j] != v {
						t.Fatalf("%v %d: %s[%d] = %v, want %v", arch, size, want[i].Name, j, got[i].Data[j], v)
					}
				}
				for j, v := range want[i].Ints {
					if got[i].Ints[j] != v {
						t.Fatalf("%v %d: %s = %v, want %v", arch, size, want[i].Name, got[i].Ints[j], v)
					}
				}
			}
		}
	}
}

func TestLoadStateRefuses(t *testing.T) {
	cfg := tiny(PyTorch, 16)
	for _, c := range []struct {
		name string
		edit func(s []NamedTensor) []NamedTensor
		want string
	}{
		{"missing", func(s []NamedTensor) []NamedTensor { return s[1:] }, `no "main.0.weight" of shape [5 4 4 4]`},
		{"twice", func(s []NamedTensor) []NamedTensor { return append(s, s[0]) }, `"main.0.weight" is there twice`},
		{"unknown", func(s []NamedTensor) []NamedTensor { return append(s, NamedTensor{Name: "fc", Shape: []int{1}}) }, `"fc" of shape [1] has no place`},
		{"shape", func(s []NamedTensor) []NamedTensor { s[0].Shape = []int{5, 4, 16}; return s }, `shape [5 4 16], want [5 4 4 4]`},
		{"short", func(s []NamedTensor) []NamedTensor { s[0].Data = s[0].Data[1:]; return s }, `has 319 numbers, want 320`},
		{"NaN", func(s []NamedTensor) []NamedTensor { s[1].Data[3] = float32(math.NaN()); return s }, `"main.1.weight": value 3 is NaN`},
		{"Inf", func(s []NamedTensor) []NamedTensor { s[1].Data[2] = float32(math.Inf(1)); return s }, `value 2 is +Inf`},
		{"variance", func(s []NamedTensor) []NamedTensor { s[4].Data[0] = -1; return s }, `a variance below 0`},
		{"count", func(s []NamedTensor) []NamedTensor { s[5].Ints = nil; return s }, `is not one integer`},
	} {
		g, err := NewG(cfg, 1)
		if err != nil {
			t.Fatal(err)
		}
		before := g.State()
		err = g.LoadState(c.edit(g.State()))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
		for i, e := range g.State() {
			for j, v := range e.Data {
				if v != before[i].Data[j] {
					t.Fatalf("%s: the failed load changed %s[%d]", c.name, e.Name, j)
				}
			}
		}
	}
	g, err := NewG(cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	state := g.State()
	if err := g.LoadState(append(state[:5], state[6:]...)); err != nil {
		t.Errorf("without num_batches_tracked: %v", err)
	}
}

func TestValidateRefuses(t *testing.T) {
	good := Config{Size: 64, Channels: 3, LatentDim: 100, GWidth: 64, DWidth: 64}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(c *Config){
		"arch":       func(c *Config) { c.Arch = 2 },
		"law":        func(c *Config) { c.Law = 9 },
		"size":       func(c *Config) { c.Size = 36 + 2 },
		"too large":  func(c *Config) { c.Size = 512 },
		"sides":      func(c *Config) { c.Width = 192 },
		"width":      func(c *Config) { c.Width = 64 },
		"channels":   func(c *Config) { c.Channels = 4 },
		"latent":     func(c *Config) { c.LatentDim = 0 },
		"g":          func(c *Config) { c.GWidth = -1 },
		"d":          func(c *Config) { c.DWidth = 1 << 40 },
		"eps":        func(c *Config) { c.BNEps = math.NaN() },
		"parameters": func(c *Config) { c.GWidth, c.LatentDim = maxWidth, maxLatentDim },
	} {
		c := good
		edit(&c)
		if err := c.Validate(); err == nil {
			t.Errorf("%s: %+v passed", name, c)
		}
		if _, err := NewG(c, 1); err == nil {
			t.Errorf("%s: NewG took %+v", name, c)
		}
	}
}
