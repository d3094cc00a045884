package checkpoint

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	ref "dcganviz/internal/reference"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

func foreign(name string) string { return filepath.Join("testdata", "foreign", name) }

// foreignCases are what testdata/foreign/gen.py made.
var foreignCases = []struct {
	name string
	file string
	opt  OpenOptions
	arch model.Arch
	bn   BNMode
	size int
	g, d string // layers
	step bool
}{
	{
		name: "examples", file: "examples.pth", arch: model.PyTorch, size: 16, step: true,
		g: "project 4x4x4, up1 8x8x2, image 16x16x3", d: "conv1 8x8x2, conv2 4x4x4, logit 1x1x1",
	},
	{
		name: "digits", file: "digits.pth", opt: OpenOptions{Disc: foreign("digits_d.pth")}, arch: model.Custom, size: 28, step: true,
		g: "project 3x3x4, up1 6x6x2, up2 13x13x2, image 28x28x1", d: "conv1 13x13x2, conv2 5x5x4, logit 1x1x1",
	},
	{
		name: "paper", file: "paper.pth", opt: OpenOptions{Key: "generator"}, arch: model.Paper, bn: BatchStats, size: 16,
		g: "project 4x4x4, up1 8x8x2, image 16x16x3", d: "conv1 8x8x2, conv2 4x4x4, logit 1x1x1",
	},
	{
		name: "arrays", file: "arrays", arch: model.Paper, bn: BatchStats, size: 16,
		g: "project 4x4x4, up1 8x8x2, image 16x16x3", d: "conv1 8x8x2, conv2 4x4x4, logit 1x1x1",
	},
	{
		name: "odd", file: "odd.pth", arch: model.Custom, size: 17, step: true,
		opt: OpenOptions{
			Disc: foreign("odd_d.pth"),
			G: Geometry{
				Strides: []int{2, 1, 1, 3, 1}, Paddings: []int{1, 0, 1, 2, 1}, OutputPaddings: []int{0, 0, 0, 2, 0}, Slope: []float64{0.1},
			},
			D: Geometry{Strides: []int{3, 1, 2}, Paddings: []int{1, 0, 0}, Slope: []float64{0.3}},
		},
		g: "project 2x2x3, up1 3x4x4, up2 6x6x3, conv1 6x6x5, up3 18x18x2, image 17x17x1",
		d: "conv1 6x6x3, up1 7x7x2, conv2 3x3x4, linear1 1x1x6, logit 1x1x1",
	},
}

func layerShapes(infos []model.LayerInfo) string {
	var out []string
	for _, l := range infos {
		out = append(out, fmt.Sprintf("%s %dx%dx%d", l.Name, l.Height, l.Width, l.Channels))
	}
	return strings.Join(out, ", ")
}

// TestOpenDrawsAsPyTorch opens checkpoints that PyTorch wrote and compares
// images, logits and gradients with PyTorch's.
func TestOpenDrawsAsPyTorch(t *testing.T) {
	for _, c := range foreignCases {
		t.Run(c.name, func(t *testing.T) {
			m, err := Open(foreign(c.file), c.opt)
			if err != nil {
				t.Fatal(err)
			}
			cfg := m.Meta.Config
			if m.G == nil || m.D == nil || cfg.Arch != c.arch || cfg.Size != c.size || m.Meta.BN != c.bn || m.G.Config() != cfg || m.D.Config() != cfg {
				t.Fatalf("G %v, D %v, batch norm %v of %+v; want %v, %d pixels, %v", m.G != nil, m.D != nil, m.Meta.BN, cfg, c.arch, c.size, c.bn)
			}
			if g, d := layerShapes(m.G.Layers()), layerShapes(m.D.Layers()); g != c.g || d != c.d {
				t.Errorf("G %s\nD %s\nwant %s\n     %s", g, d, c.g, c.d)
			}
			file, err := safetensors.ReadFile(foreign(c.name + ".safetensors"))
			if err != nil {
				t.Fatal(err)
			}
			r := &reference{&ref.File{TB: t, File: file}}
			checkForeign(r, m)
			if c.step {
				checkForeignStep(r, m)
			}
			again, err := Open(saveTemp(t, m, SaveOptions{}), OpenOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if again.Meta != m.Meta {
				t.Errorf("after Save and Load the meta is\n%+v, was\n%+v", again.Meta, m.Meta)
			}
			checkForeign(r, again)
			sameState(t, "G", again.G.State(), m.G.State(), equalBits)
			sameState(t, "D", again.D.State(), m.D.State(), equalBits)
		})
	}
}

// checkForeign compares images, logits and their gradients.
func checkForeign(r *reference, m *Checkpoint) {
	r.Helper()
	pool := testPool(r, 2)
	z := model.Tensor{Shape: r.Shape("in/z"), Data: r.Floats("in/z")}
	must := func(x model.Tensor, err error) model.Tensor { return must(x, err)(r) }
	for _, mode := range []struct {
		batch  bool
		prefix string
	}{{false, "want/"}, {true, "want/batch/"}} {
		if !mode.batch && m.Meta.BN == BatchStats {
			continue
		}
		opt := model.RunOptions{Pool: pool, BatchStats: mode.batch}
		r.images(mode.prefix+"images", must(m.G.Generate(z, opt)), mode.prefix+"images")
		r.within(mode.prefix+"logits", must(m.D.Logits(r.nhwc("want/images"), opt)).Data, r.Doubles(mode.prefix+"logits"), tolerance)
	}
	opt := model.RunOptions{Pool: pool, BatchStats: m.Meta.BN == BatchStats}
	r.near("dz", must(m.G.LatentGradient(z, r.nhwc("in/gy"), opt)).Data, r.Doubles("want/dz"), tolerance)
	dx, err := m.D.InputGradient(r.nhwc("want/images"), model.Target{Point: model.Point{Layer: "logit"}}, model.GradientOptions{RunOptions: opt})
	r.images("dx", must(dx.Gradient, err), "want/dx")
}

// checkForeignStep compares the gradients of a training step.
func checkForeignStep(r *reference, m *Checkpoint) {
	r.Helper()
	z := r.Floats("in/z")
	g, d := m.G.Clone(), m.D.Clone()
	s, err := model.NewStep(g, d, r.Shape("in/z")[0], testPool(r, 2))
	if err != nil {
		r.Fatal(err)
	}
	fake, err := s.Generate(z)
	if err != nil {
		r.Fatal(err)
	}
	fake = append([]float32(nil), fake...)
	loss, _, err := s.DiscriminatorGrad(fake, 1, false)
	if err != nil {
		r.Fatal(err)
	}
	r.near("loss", []float32{float32(loss)}, r.Doubles("want/loss"), tolerance)
	_, _, dx, err := s.InputGrad(fake, 1)
	if err != nil {
		r.Fatal(err)
	}
	if err := s.GeneratorGrad(dx); err != nil {
		r.Fatal(err)
	}
	for prefix, grads := range map[string][]model.NamedTensor{"want/G/": gradState(g, m.G.Clone()), "want/D/": gradState(d, m.D.Clone())} {
		// The true gradient of a bias before batch norm is zero, so that all are
		// measured by the largest of the net.
		var largest float64
		for _, e := range grads {
			for _, v := range e.Data {
				largest = max(largest, math.Abs(float64(v)))
			}
		}
		for _, e := range grads {
			if r.Has(prefix + e.Name) {
				r.within(prefix+e.Name, e.Data, r.Doubles(prefix+e.Name), tolerance*largest)
			}
		}
	}
}
