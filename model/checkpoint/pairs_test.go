package checkpoint

import (
	"slices"
	"strings"
	"testing"

	"dcganviz/model"
)

// wideD returns a D all of whose hidden layers have that width.
func wideD(t *testing.T, size, width int) *model.D {
	t.Helper()
	var layers []model.LayerSpec
	side, at := size, 0
	for side > 4 {
		layers = append(layers, model.LayerSpec{
			Kind: model.Conv2D, Channels: width, KernelHeight: 4, KernelWidth: 4, Stride: 2, Padding: 1,
			Norm: model.ChannelNorm, Activation: model.LeakyReLU, Slope: 0.2, Module: sequentialName(at), NormModule: sequentialName(at + 1),
		})
		side, at = side/2, at+3
	}
	layers = append(layers, model.LayerSpec{Kind: model.Conv2D, Channels: 1, KernelHeight: side, KernelWidth: side, Stride: 1, Module: sequentialName(at)})
	stack, err := model.NewStack(layers...)
	if err != nil {
		t.Fatal(err)
	}
	return must(model.NewD(model.Config{Arch: model.Custom, Size: size, Channels: 3, DStack: stack}, 1))(t)
}

// TestOpenTakesEqualWidthsForD opens a D all of whose layers are equally wide: each
// could be a transposed convolution, but then the first would take latents of 3 numbers.
func TestOpenTakesEqualWidthsForD(t *testing.T) {
	d := wideD(t, 32, 8)
	c, err := Open(writePTH(t, map[string][]model.NamedTensor{"": d.State()}, ""), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if c.G != nil || c.D == nil || c.D.Config().Size != 32 {
		t.Errorf("G %v, D %v of %+v", c.G != nil, c.D != nil, c.Meta.Config)
	}
	sameState(t, "D", c.D.State(), d.State(), equalBits)
}

// TestOpenSizesD opens a D whose last kernel of 3x3 fits images of 24 to 31 pixels: 28
// are usual.
func TestOpenSizesD(t *testing.T) {
	c, err := Open(writePTH(t, map[string][]model.NamedTensor{"": wideD(t, 28, 4).State()}, ""), OpenOptions{})
	if err != nil || c.D.Config().Size != 28 {
		t.Errorf("%+v, %v; want 28 pixels", c, err)
	}
}

// TestOpenDividesOneDict opens the state dict of a module that holds both nets, as
// PyTorch Lightning writes it. D's layers could be taken for more of G's.
func TestOpenDividesOneDict(t *testing.T) {
	cfg := model.Config{Size: 16, Channels: 1, LatentDim: 5, GWidth: 4, DWidth: 4}
	g, d := states(t, cfg)
	both := append(prefixed("generator.", g), prefixed("discriminator.", d)...)
	c, err := Open(writePTH(t, map[string][]model.NamedTensor{"state_dict": both}, "state_dict"), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if c.Meta.Config != cfg {
		t.Errorf("%+v, want %+v", c.Meta.Config, cfg)
	}
	sameState(t, "G", c.G.State(), g, equalBits)
	sameState(t, "D", c.D.State(), d, equalBits)
}

// TestOpenSaysWhatNormsLookAlike opens a G whose norms keep no statistics, without and
// with a word on what they are.
func TestOpenSaysWhatNormsLookAlike(t *testing.T) {
	g, _ := states(t, model.Config{Size: 16, Channels: 1, LatentDim: 5, GWidth: 4, DWidth: 4})
	g = slices.DeleteFunc(g, func(e model.NamedTensor) bool {
		return strings.Contains(e.Name, "running") || strings.Contains(e.Name, "batches")
	})
	path := writePTH(t, map[string][]model.NamedTensor{"": g}, "")
	c, err := Open(path, OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if r := c.Told.Readings; len(r) == 0 || !slices.Equal(r[0].Options, []string{"G.Norm"}) || !strings.Contains(r[0].Text, "group norm look alike") {
		t.Errorf("readings %+v", r)
	}
	c, err = Open(path, OpenOptions{G: Geometry{Norms: []Norms{4, InstanceNorms}}})
	if err != nil {
		t.Fatal(err)
	}
	specs := c.G.Specs()
	if specs[0].Norm != model.GroupNorm || specs[0].Groups != 4 || specs[1].Groups != specs[1].Channels || c.Meta.BN != RunningStats {
		t.Errorf("%+v, batch norm %v", specs, c.Meta.BN)
	}
	if _, err = Open(path, OpenOptions{G: Geometry{Norms: []Norms{3}}}); err == nil {
		t.Error("3 groups of 8 channels are taken")
	}
}
