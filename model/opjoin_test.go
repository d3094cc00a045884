package model

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// toldConfig is of nets that are told a class at every layer, as the paper's authors'
// MNIST nets are: two linear layers, then transposed convolutions; D the other way round.
func toldConfig(t testing.TB) Config {
	const classes = 3
	layer := func(s LayerSpec, joined int, module string, normed bool) LayerSpec {
		s.Joined, s.Module = joined, module
		if normed {
			s.NormModule, s.Norm = module+"n", ChannelNorm
		}
		return s
	}
	linear := LayerSpec{Kind: Linear, Channels: 4, Height: 2, Width: 2, Activation: ReLU}
	hidden := LayerSpec{Kind: Linear, Channels: 5, Activation: ReLU}
	up := LayerSpec{Kind: ConvTranspose2D, Channels: 3, KernelHeight: 4, KernelWidth: 3, Stride: 2, Padding: 1, OutputPadding: 1, Activation: ReLU}
	image := LayerSpec{Kind: ConvTranspose2D, Channels: 1, KernelHeight: 3, KernelWidth: 3, Stride: 1, Padding: 1, Activation: Tanh}
	down := LayerSpec{Kind: Conv2D, Channels: 3, KernelHeight: 3, KernelWidth: 3, Stride: 2, Padding: 1, Activation: LeakyReLU, Slope: .2}
	logit := LayerSpec{Kind: Linear, Channels: 1, Activation: NoActivation}
	score := hidden
	score.Activation, score.Slope = LeakyReLU, .2
	return Config{Arch: Custom, Size: 5, Width: 4, Channels: 1, LatentDim: 4 + classes,
		Condition: Condition{Classes: classes, Numbers: classes}, DCondition: Condition{Classes: classes, Numbers: classes},
		GStack: must(NewStack(layer(hidden, 0, "a", true), layer(linear, classes, "b", false), layer(up, classes, "c", true), layer(image, classes, "d", false)))(t),
		DStack: must(NewStack(layer(down, classes, "a", false), layer(down, classes, "b", true), layer(score, classes, "c", true), layer(logit, classes, "d", false)))(t),
	}
}

func TestGradientsOfNetsThatAreToldClasses(t *testing.T) {
	cfg := toldConfig(t)
	g, d := must(NewG(cfg, 2))(t), must(NewD(cfg, 2))(t)
	opt := RunOptions{Pool: testPool(t, 2), Classes: []int{2, 0, 1, 1}}
	for _, c := range []struct {
		n *net
		x Tensor
	}{{g.net, g.Latents(4, 0, 4)}, {d.net, pictures(4)}} {
		liven(c.n)
		for i := range c.n.layers {
			c.n.layers[i].clearUnused(c.n.blocks[i].weight.W)
		}
		for _, l := range c.n.Layers() {
			for _, batch := range []bool{false, true} {
				opt.BatchStats = batch
				p := Point{Layer: l.Name}
				gy := NewTensor(4, l.Height, l.Width, l.Channels)
				for j := range gy.Data {
					gy.Data[j] = float32(j%7) - 2.5
				}
				got := must(c.n.InputGradient(c.x, Target{Point: p, Gradient: gy}, GradientOptions{RunOptions: opt}))(t)
				value := func(x Tensor) float64 {
					s := 0.0
					for j, v := range must(c.n.Activations(x, []Point{p}, opt))(t)[0].Data {
						s += float64(v) * float64(gy.Data[j])
					}
					return s
				}
				directional(t, p.String(), c.x, got.Gradient.Data, value)
			}
		}
	}
}

// TestLayersAreToldTheClass runs the layers of a conditional G and D one by one, as
// sums over their state dicts, which hold the row's weights last.
func TestLayersAreToldTheClass(t *testing.T) {
	cfg := toldConfig(t)
	g, d := must(NewG(cfg, 5))(t), must(NewD(cfg, 5))(t)
	liven(d.net)
	d.layers[2].clearUnused(d.blocks[2].weight.W)
	x, classes := pictures(6), []int{0, 1, 2, 2, 1, 0}
	opt := RunOptions{Classes: classes}
	// The last layers are linear: their results are products with state dict's rows.
	got := must(d.Activations(x, []Point{{Layer: "conv2"}, {"linear1", Pre}}, opt))(t)
	var weight NamedTensor
	for e := range d.Tensors() {
		if e.Name == "c.weight" {
			weight = e
			weight.Data = slices.Clone(e.Data)
		}
	}
	if want := []int{5, 3*2*1 + 3}; !slices.Equal(weight.Shape, want) {
		t.Fatalf("weight of shape %v, want %v", weight.Shape, want)
	}
	in := must(got[0].ToNCHW())(t)
	for i := range 6 {
		for k := range 5 {
			row := weight.Data[k*9:][:9]
			sum := float64(row[6+classes[i]])
			for j, v := range in.Row(i) {
				sum += float64(v) * float64(row[j])
			}
			if diff := sum - float64(got[1].Row(i)[k]); !(diff < 1e-5 && diff > -1e-5) {
				t.Errorf("image %d, number %d: %v, want %v", i, k, got[1].Row(i)[k], sum)
			}
		}
	}
	// One class for all is the same as that class said of each; threads do not matter.
	of := must(d.OfClass(1))(t)
	all := must(of.Logits(x, RunOptions{Pool: testPool(t, 1)}))(t)
	said := must(d.Logits(x, RunOptions{Pool: testPool(t, 2), Classes: []int{1, 1, 1, 1, 1, 1}}))(t)
	compareBits(t, "logits of a class", all.Data, said.Data)
	if other := must(d.Logits(x, opt))(t); other.Data[0] == all.Data[0] || other.Data[1] != all.Data[1] {
		t.Errorf("logits %v of classes %v, and %v of class 1", other.Data, classes, all.Data)
	}
	if _, err := d.Logits(x, RunOptions{}); !errors.Is(err, ErrNoClass) {
		t.Errorf("logits of no class: %v", err)
	}
	for _, wrong := range [][]int{{1}, {0, 1, 2, 3, 0, 0}, {-1, 0, 0, 0, 0, 0}} {
		if _, err := d.Logits(x, RunOptions{Classes: wrong}); err == nil {
			t.Errorf("classes %v are taken", wrong)
		}
	}
	// G goes on from any layer with the class in its latents.
	z := g.Latents(3, 1, 5)
	want := must(g.Generate(z, RunOptions{}))(t)
	for _, l := range g.Layers()[:3] {
		act := must(g.Activations(z, []Point{{Layer: l.Name}}, RunOptions{}))(t)[0]
		on := must(g.Continue(l.Name, act, []Point{{Layer: "image"}}, RunOptions{Latents: z}))(t)[0]
		compareBits(t, l.Name, on.Data, want.Data)
		if _, err := g.Continue(l.Name, act, []Point{{Layer: "image"}}, RunOptions{}); err == nil {
			t.Errorf("%s: G goes on without a class", l.Name)
		}
	}
}

// TestStateOfNetsThatAreToldClasses holds the weights that no state dict has at zero.
func TestStateOfNetsThatAreToldClasses(t *testing.T) {
	d := must(NewD(toldConfig(t), 7))(t)
	other := must(NewD(toldConfig(t), 8))(t)
	if err := other.LoadState(d.State()); err != nil {
		t.Fatal(err)
	}
	for i, b := range d.blocks {
		compareBits(t, d.layers[i].name, other.blocks[i].weight.W, b.weight.W)
		stored := 0
		for _, v := range b.weight.W {
			if v != 0 {
				stored++
			}
		}
		if stored != d.layers[i].weights() {
			t.Errorf("%s: %d weights are not zero, want %d", d.layers[i].name, stored, d.layers[i].weights())
		}
	}
}

func TestJoinsThatNoNetHas(t *testing.T) {
	for says, edit := range map[string]func(c *Config, g, d []LayerSpec){
		"want the 4 of a row":         func(c *Config, g, d []LayerSpec) { c.DCondition = Condition{Classes: 4, Numbers: 4} },
		"want it in the latent":       func(c *Config, g, d []LayerSpec) { g[0].Joined = 3 },
		"want the 0 of a row":         func(c *Config, g, d []LayerSpec) { c.Condition = Condition{} },
		"no layer is told":            func(c *Config, g, d []LayerSpec) { d[0].Joined, d[1].Joined, d[2].Joined, d[3].Joined = 0, 0, 0, 0 },
		"joined as first to a D":      func(c *Config, g, d []LayerSpec) { c.DCondition.Join = RowFirst },
		"numbers of a class -1, want": func(c *Config, g, d []LayerSpec) { d[1].Joined = -1 },
		"the noise is multiplied": func(c *Config, g, d []LayerSpec) {
			c.Condition = Condition{Classes: 2, Numbers: 7, Module: "e", Join: RowTimes}
			g[1].Joined, g[2].Joined, g[3].Joined = 7, 7, 7
		},
	} {
		c := toldConfig(t)
		g, d := c.GStack.Layers(), c.DStack.Layers()
		edit(&c, g, d)
		var err error
		if c.GStack, err = NewStack(g...); err == nil {
			if c.DStack, err = NewStack(d...); err == nil {
				err = c.Validate()
			}
		}
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want an error with %q", err, says)
		}
	}
}

// pictures returns n images of toldConfig, uniform in [-1, 1].
func pictures(n int) Tensor {
	x := NewTensor(n, 5, 4, 1)
	copy(x.Data, Latents(9, 0, n, Config{Law: Uniform, LatentDim: 20}).Data)
	return x
}
