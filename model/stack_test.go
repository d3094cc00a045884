package model

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestStackOfAFamilyIsTheFamily holds the way from layers to their list and
// back.
func TestStackOfAFamilyIsTheFamily(t *testing.T) {
	for _, arch := range []Arch{PyTorch, Paper} {
		for _, size := range [][2]int{{16}, {28}, {32}, {64}, {128}, {48}, {96, 128}, {24, 40}, {6, 14}} {
			cfg := tiny(arch, size[0])
			cfg.Width = size[1]
			outlineG, outlineD := must(cfg.GOutline())(t), must(cfg.DOutline())(t)
			g, d := must(NewStack(outlineG.Specs()...))(t), must(NewStack(outlineD.Specs()...))(t)
			custom := Config{Arch: Custom, Size: size[0], Width: size[1], Channels: 3, LatentDim: cfg.LatentDim, GStack: g, DStack: d}
			if err := custom.Validate(); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(custom.generatorLayers(), cfg.generatorLayers()) || !slices.Equal(custom.discriminatorLayers(), cfg.discriminatorLayers()) {
				t.Errorf("%v %v: other layers:\n%v\n%v", arch, size, g.Layers(), d.Layers())
			}
			text, err := json.Marshal(custom)
			if err != nil {
				t.Fatal(err)
			}
			var back Config
			if err := json.Unmarshal(text, &back); err != nil || back != custom {
				t.Errorf("%v %v: %s became %+v (%v)", arch, size, text, back, err)
			}
		}
	}
}

// oddConfig is of nets in which everything is odd: those of odd.pth among the
// checkpoints that model/checkpoint is tested with.
func oddConfig(t testing.TB) Config {
	conv := func(kind Kind, c, kh, kw, stride, padding, output int, module string) LayerSpec {
		return LayerSpec{Kind: kind, Channels: c, KernelHeight: kh, KernelWidth: kw, Stride: stride, Padding: padding, OutputPadding: output,
			Bias: true, Activation: LeakyReLU, Slope: .1, Module: module}
	}
	norm := func(s LayerSpec, n Norm, module string) LayerSpec {
		s.Norm, s.NormModule = n, module
		return s
	}
	linear := func(c, side int, module string) LayerSpec {
		return LayerSpec{Kind: Linear, Channels: c, Height: side, Width: side, Bias: true, Activation: LeakyReLU, Slope: .1, Module: module}
	}
	end := func(s LayerSpec, a Activation) LayerSpec {
		s.Activation, s.Slope = a, 0
		return s
	}
	const up, down = ConvTranspose2D, Conv2D
	return Config{Arch: Custom, Size: 17, Channels: 1, LatentDim: 5,
		GStack: must(NewStack(
			norm(linear(3, 2, "main.0"), ValueNorm, "main.1"), norm(conv(up, 4, 3, 4, 2, 1, 0, "main.4"), ChannelNorm, "main.5"),
			norm(conv(up, 3, 4, 3, 1, 0, 0, "main.7"), ChannelNorm, "main.8"), norm(conv(down, 5, 3, 3, 1, 1, 0, "main.10"), ChannelNorm, "main.11"),
			conv(up, 2, 5, 5, 3, 2, 2, "main.13"), end(norm(conv(up, 1, 2, 2, 1, 1, 0, "main.15"), ChannelNorm, "main.16"), Tanh),
		))(t),
		DStack: must(NewStack(
			norm(conv(down, 3, 3, 3, 3, 1, 0, "main.0"), ChannelNorm, "main.1"), conv(up, 2, 2, 2, 1, 0, 0, "main.3"),
			norm(conv(down, 4, 3, 3, 2, 0, 0, "main.5"), ChannelNorm, "main.6"), norm(linear(6, 1, "main.9"), ChannelNorm, "main.10"),
			end(linear(1, 1, "main.12"), NoActivation),
		))(t),
	}
}

// oddSpecs is a G that no family has: 1x1x5 to 4x4x3 to 10x10x1.
func oddSpecs() []LayerSpec {
	return []LayerSpec{
		{Kind: Linear, Channels: 3, Height: 4, Width: 4, Bias: true, Norm: ValueNorm, Activation: ReLU, Module: "fc", NormModule: "bn"},
		{Kind: ConvTranspose2D, Channels: 1, KernelHeight: 3, KernelWidth: 3, Stride: 3, Padding: 1, OutputPadding: 0, Activation: Tanh, Module: "up"},
	}
}

func custom(t *testing.T, edit func(c *Config, s []LayerSpec) []LayerSpec) error {
	c := Config{Arch: Custom, Size: 10, Channels: 1, LatentDim: 5}
	specs := edit(&c, oddSpecs())
	var err error
	if c.GStack, err = NewStack(specs...); err != nil {
		return err
	}
	err = c.Validate()
	if _, err2 := NewG(c, 1); (err == nil) != (err2 == nil) {
		t.Errorf("Validate says %v, NewG %v", err, err2)
	}
	if _, err := NewD(c, 1); err == nil {
		t.Error("NewD made a D of a config without one")
	}
	return err
}

func TestValidateRefusesStacks(t *testing.T) {
	if err := custom(t, func(_ *Config, s []LayerSpec) []LayerSpec { return s }); err != nil {
		t.Fatal(err)
	}
	type edit = func(c *Config, s []LayerSpec) []LayerSpec
	change := func(f func(s []LayerSpec)) edit {
		return func(_ *Config, s []LayerSpec) []LayerSpec { f(s); return s }
	}
	for says, e := range map[string]edit{
		"0 layers":                     func(*Config, []LayerSpec) []LayerSpec { return nil },
		"65 layers":                    func(_ *Config, s []LayerSpec) []LayerSpec { return make([]LayerSpec, 65) },
		"images of 12x12x1":            func(c *Config, s []LayerSpec) []LayerSpec { c.Size = 12; return s },
		"images of 10x10x3":            func(c *Config, s []LayerSpec) []LayerSpec { c.Channels = 3; return s },
		"widths 2 and 0":               func(c *Config, s []LayerSpec) []LayerSpec { c.GWidth = 2; return s },
		"latents of 0 numbers":         func(c *Config, s []LayerSpec) []LayerSpec { c.LatentDim = 0; return s },
		"module \"fc\" is there twice": change(func(s []LayerSpec) { s[1].Module = "fc" }),
		"module's name 0":              change(func(s []LayerSpec) { s[1].Module = "" }),
		"norm value of the name \"\"":  change(func(s []LayerSpec) { s[0].NormModule = "" }),
		"kind 3":                       change(func(s []LayerSpec) { s[0].Kind = 3 }),
		"channels 0":                   change(func(s []LayerSpec) { s[0].Channels = 0 }),
		"channels 1073741824":          change(func(s []LayerSpec) { s[0].Channels = 1 << 30 }),
		"makes 2048x2048x30":           change(func(s []LayerSpec) { s[0].Height, s[0].Width, s[0].Channels = 2048, 2048, 30 }),
		"kernel of 0x3":                change(func(s []LayerSpec) { s[1].KernelHeight = 0 }),
		"stride 99":                    change(func(s []LayerSpec) { s[1].Stride = 99 }),
		"padding 3, want 0 to below":   change(func(s []LayerSpec) { s[1].Padding = 3 }),
		"output padding 3, want below": change(func(s []LayerSpec) { s[1].OutputPadding = 3 }),
		"slope 0 of a leaky ReLU":      change(func(s []LayerSpec) { s[0].Activation = LeakyReLU }),
		"slope 0.5 of relu":            change(func(s []LayerSpec) { s[0].Slope = 0.5 }),
		"layer 1: tanh inside":         change(func(s []LayerSpec) { s[0].Activation = Tanh }),
		"of a linear layer":            change(func(s []LayerSpec) { s[0].Stride = 2 }),
		"which are a linear layer's":   change(func(s []LayerSpec) { s[1].Norm, s[1].NormModule = ValueNorm, "n" }),
		"from 3x3x1 to 2x2x3": func(_ *Config, s []LayerSpec) []LayerSpec {
			s[0].Height, s[0].Width, s[1].Activation, s[1].Padding = 2, 2, ReLU, 0
			return append(s[1:], s[0])
		},
		"is larger than its input 4x4x3": change(func(s []LayerSpec) {
			s[1] = LayerSpec{Kind: Conv2D, Channels: 1, KernelHeight: 9, KernelWidth: 9, Module: "c"}
		}),
		"output padding 1 of a conv layer":   change(func(s []LayerSpec) { s[1].Kind, s[1].OutputPadding = Conv2D, 1 }),
		"length of the module's name 65536":  change(func(s []LayerSpec) { s[1].Module = strings.Repeat("x", maxStackText) }),
		"no such convolution of 4x4x3":       change(func(s []LayerSpec) { s[1].Stride, s[1].Padding = 1, 2; s[1].KernelHeight, s[1].KernelWidth = 1, 1 }),
		"lists of layers, which the archite": func(c *Config, s []LayerSpec) []LayerSpec { *c = tiny(PyTorch, 16); return s },
	} {
		if err := custom(t, e); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want an error with %q", err, says)
		}
	}
	for _, text := range []string{`{"arch":"custom","g_stack":[{"kind":"pool"}]}`, `{"g_stack":[` + strings.Repeat("{},", 100) + `{}]}`, `{"g_stack":{}}`} {
		var c Config
		if err := json.Unmarshal([]byte(text), &c); err == nil {
			t.Errorf("%.40s became %+v", text, c)
		}
	}
}
