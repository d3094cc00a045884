package filters

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"dcganviz/model"
)

// solo runs nets on one thread: they are too small for more.
var solo = model.RunOptions{Pool: model.NewPool(1)}

// testD returns an untrained D of cfg whose weights are large enough to
// differentiate.
func testD(t testing.TB, cfg model.Config) *model.D {
	t.Helper()
	d := must(model.NewD(cfg, 3))(t)
	for _, p := range d.Params() {
		for i := range p.W {
			p.W[i] *= 10
		}
		p.Changed()
	}
	return d
}

func testConfig(arch model.Arch, size int) model.Config {
	return model.Config{Arch: arch, Size: size, Channels: 3, LatentDim: 1, GWidth: 1, DWidth: 3}
}

// customConfig is a D with every kind of layer, oblong kernels, odd strides, and
// sides that no stride divides.
func customConfig(t testing.TB) model.Config {
	leaky := func(s model.LayerSpec) model.LayerSpec {
		s.Activation, s.Slope = model.LeakyReLU, .3
		return s
	}
	stack := must(model.NewStack(
		leaky(model.LayerSpec{Kind: model.Conv2D, Channels: 3, KernelHeight: 3, KernelWidth: 5, Stride: 3, Padding: 1, Bias: true, Module: "a"}),
		leaky(model.LayerSpec{Kind: model.ConvTranspose2D, Channels: 4, KernelHeight: 4, KernelWidth: 3, Stride: 2, Padding: 1, Module: "b", Norm: model.ChannelNorm, NormModule: "bn"}),
		leaky(model.LayerSpec{Kind: model.Conv2D, Channels: 5, KernelHeight: 2, KernelWidth: 3, Stride: 2, Module: "c"}),
		leaky(model.LayerSpec{Kind: model.Linear, Channels: 6, Module: "d"}),
		leaky(model.LayerSpec{Kind: model.Linear, Channels: 2, Height: 2, Width: 3, Module: "e", Norm: model.ValueNorm, NormModule: "en"}),
		model.LayerSpec{Kind: model.Linear, Channels: 1, Module: "f"},
	))(t)
	return model.Config{Arch: model.Custom, Size: 23, Channels: 3, LatentDim: 1, DStack: stack}
}

func testConfigs(t testing.TB) []model.Config {
	return []model.Config{testConfig(model.PyTorch, 32), testConfig(model.Paper, 16), customConfig(t)}
}

func testImages(seed uint64, n int, cfg model.Config) model.Tensor {
	rng := rand.New(rand.NewPCG(seed, 1))
	x := model.NewTensor(n, cfg.Size, cfg.Size, cfg.Channels)
	for i := range x.Data {
		x.Data[i] = float32(2*rng.Float64() - 1)
	}
	return x
}

// TestFieldIsTheSupportOfTheGradient takes the gradient of every neuron of every
// layer: it must be zero outside of the field that arithmetic gives, exactly,
// and nowhere inside.
func TestFieldIsTheSupportOfTheGradient(t *testing.T) {
	for _, cfg := range testConfigs(t) {
		d := testD(t, cfg)
		f := fieldsOf(d)
		for layer, l := range f.infos {
			places := l.Height * l.Width
			x := testImages(1, places, cfg)
			at := make([]int, places)
			for i := range at {
				at[i] = i
			}
			got := must(d.InputGradient(x, model.Target{Point: model.Point{Layer: l.Name}, Unit: l.Channels - 1, At: at},
				model.GradientOptions{RunOptions: solo}))(t)
			fullH, fullW := f.full(layer)
			widest := Field{}
			for i := range places {
				field := f.at(layer, i/l.Width, i%l.Width)
				widest.Y1, widest.X1 = max(widest.Y1, field.Y1-field.Y0), max(widest.X1, field.X1-field.X0)
				for p := range cfg.Size * cfg.Size {
					y, x := p/cfg.Size, p%cfg.Size
					strength := heat(got.Gradient.Row(i), cfg.Size, cfg.Channels, Field{x, y, x + 1, y + 1})[0]
					if field.Contains(x, y) != (strength != 0) {
						t.Fatalf("%v %s place %d: gradient %v at (%d, %d), field %v", cfg.Arch, l.Name, i, strength, y, x, field)
					}
				}
			}
			if widest.Y1 > fullH || widest.X1 > fullW {
				t.Errorf("%v %s: a field of %dx%d pixels, want at most %dx%d", cfg.Arch, l.Name, widest.Y1, widest.X1, fullH, fullW)
			}
		}
	}
}

// TestFieldsOfThePapersNet are known: 4, 10, 22 and 46 pixels for kernels of 4
// and strides of 2, each r -> r + 3 * 2^i.
func TestFieldsOfThePapersNet(t *testing.T) {
	f := fieldsOf(must(model.NewD(testConfig(model.PyTorch, 64), 0))(t))
	for i, want := range []int{4, 10, 22, 46, 64} {
		if h, w := f.full(i); h != want || w != want {
			t.Errorf("layer %d: field %dx%d, want %d", i, h, w, want)
		}
	}
	if got, want := f.at(3, 1, 2), (Field{X0: 17, Y0: 1, X1: 63, Y1: 47}); got != want {
		t.Errorf("field of conv4 at (1, 2) is %v, want %v", got, want)
	}
}

// TestGradientMapIsTheDifferenceQuotient moves pixels along the map that Look
// makes by the rule Gradient; the response must change by the map's length.
func TestGradientMapIsTheDifferenceQuotient(t *testing.T) {
	for _, cfg := range testConfigs(t) {
		d := testD(t, cfg)
		s := must(newSubject(d, solo, Options{Rule: Gradient, Units: []int{1, 2}, Top: 3}))(t)
		var net Net
		p, _, err := s.look(context.Background(), d, s.run, testImages(2, 8, cfg), &net)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range p.Responses {
			var norm float64
			for _, v := range p.Maps.Row(i) {
				norm += float64(v) * float64(v)
			}
			norm = math.Sqrt(norm)
			// As short as float32 allows, so that few activations bend.
			const step = 1. / 512
			value := func(sign float64) float64 {
				x := p.Pictures.Slice(i, i+1).Clone()
				for k, v := range p.Maps.Row(i) {
					x.Data[k] += float32(sign * step * float64(v) / norm)
				}
				act := must(d.Activations(x, []model.Point{s.point}, s.run))(t)[0]
				return float64(act.Data[(r.Y*s.info.Width+r.X)*s.info.Channels+p.Units[i]])
			}
			// Rounding of the pass over the step, and bends that are crossed.
			const tolerance = 2e-2
			if got := (value(1) - value(-1)) / (2 * step); !(math.Abs(got-norm) <= tolerance*norm) {
				t.Errorf("%v: unit %d: difference quotient %v, want the map's length %v", cfg.Arch, p.Units[i], got, norm)
			}
		}
	}
}
