package checkpoint

import (
	"strings"
	"testing"

	ref "dcganviz/internal/reference"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

// TestNormsAreThoseOfPyTorch holds a G and a D with every kind of norm, some of them
// after the activation, against testdata/foreign/norms.py: images, logits, gradients
// and the gradients of a training step.
func TestNormsAreThoseOfPyTorch(t *testing.T) {
	file, err := safetensors.ReadFile(foreign("norms.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	r := &reference{&ref.File{TB: t, File: file}}
	leaky := func(s model.LayerSpec, slope float64) model.LayerSpec {
		s.Activation, s.Slope = model.LeakyReLU, slope
		return s
	}
	relu := func(s model.LayerSpec) model.LayerSpec { s.Activation = model.ReLU; return s }
	normed := func(s model.LayerSpec, n model.Norm, groups int, last bool, module string) model.LayerSpec {
		s.Norm, s.Groups, s.NormLast, s.NormModule = n, groups, last, "main."+module
		return s
	}
	conv := func(kind model.Kind, module string, channels, kh, kw, stride, pad int, bias bool) model.LayerSpec {
		return model.LayerSpec{Kind: kind, Channels: channels, KernelHeight: kh, KernelWidth: kw, Stride: stride, Padding: pad, Bias: bias, Module: "main." + module}
	}
	last := conv(model.Conv2D, "12", 1, 1, 5, 1, 0, true)
	last.Activation = model.Tanh
	const ct, c = model.ConvTranspose2D, model.Conv2D
	g, err := model.NewStack(
		normed(leaky(conv(ct, "0", 6, 2, 3, 1, 0, true), .2), model.ChannelNorm, 0, true, "2"),
		normed(leaky(conv(ct, "3", 4, 4, 4, 2, 1, true), .2), model.GroupNorm, 2, false, "4"),
		normed(relu(conv(ct, "6", 4, 3, 3, 1, 1, false)), model.GroupNorm, 4, false, "7"),
		normed(relu(conv(ct, "9", 2, 3, 3, 2, 1, true)), model.LayerNorm, 0, true, "11"),
		last)
	if err != nil {
		t.Fatal(err)
	}
	d, err := model.NewStack(
		normed(leaky(conv(c, "0", 4, 3, 3, 2, 1, true), .2), model.GroupNorm, 2, true, "2"),
		normed(relu(conv(c, "3", 6, 3, 3, 1, 0, true)), model.ChannelNorm, 0, true, "5"),
		normed(leaky(conv(c, "6", 4, 2, 2, 1, 0, true), .1), model.LayerNorm, 0, false, "7"),
		conv(c, "9", 1, 1, 1, 1, 0, true))
	if err != nil {
		t.Fatal(err)
	}
	cfg := model.Config{Arch: model.Custom, Size: 7, Channels: 1, LatentDim: 5, GStack: g, DStack: d}
	m := &Checkpoint{Meta: Meta{Config: cfg}}
	m.G = must(model.NewG(cfg, 1))(t)
	m.D = must(model.NewD(cfg, 1))(t)
	checkLoaded(t, r, m)
}

// checkLoaded gives the nets of m the state that the reference began with, and holds them,
// a step of training and what is saved of them against it.
func checkLoaded(t *testing.T, r *reference, m *Checkpoint) {
	t.Helper()
	for prefix, n := range map[string]interface {
		State() []model.NamedTensor
		LoadState([]model.NamedTensor) error
	}{"state/G/": m.G, "state/D/": m.D} {
		state := n.State()
		for i := range state {
			if e := &state[i]; !strings.HasSuffix(e.Name, "num_batches_tracked") {
				if e.Data, e.Shape = r.Floats(prefix+e.Name), r.Shape(prefix+e.Name); len(e.Data) == 0 {
					t.Fatalf("no %s", prefix+e.Name)
				}
			}
		}
		if err := n.LoadState(state); err != nil {
			t.Fatal(err)
		}
	}
	checkForeign(r, m)
	checkForeignStep(r, m)
	again, err := Open(saveTemp(t, m, SaveOptions{}), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	checkForeign(r, again)
}
