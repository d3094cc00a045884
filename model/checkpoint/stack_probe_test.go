package checkpoint

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dcganviz/model"
)

// oddNets returns the nets of testdata/foreign that are of no family.
func oddNets(t *testing.T) *Checkpoint {
	t.Helper()
	for _, c := range foreignCases {
		if c.name == "odd" {
			m, err := Open(foreign(c.file), c.opt)
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
	}
	t.Fatal("no such case")
	return nil
}

func TestSpecsAreWhatOpenWasTold(t *testing.T) {
	m := oddNets(t)
	want := model.LayerSpec{
		Kind: model.ConvTranspose2D, Channels: 2, KernelHeight: 5, KernelWidth: 5, Stride: 3, Padding: 2, OutputPadding: 2, Bias: true,
		Activation: model.LeakyReLU, Slope: 0.1, Module: "main.13",
	}
	if got := m.G.Specs()[4]; got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if !slices.Equal(m.D.Specs(), m.Meta.Config.DStack.Layers()) {
		t.Errorf("%+v, want %+v", m.D.Specs(), m.Meta.Config.DStack.Layers())
	}
}

// TestProbesOfAStack compares, at every layer of odd nets and before and after
// its activation, gradients with differences of activations.
func TestProbesOfAStack(t *testing.T) {
	m := oddNets(t)
	opt := model.RunOptions{Pool: testPool(t, 2)}
	r := rand.New(rand.NewPCG(1, 1))
	z := model.Latents(1, 0, 2, m.Meta.Config)
	x, err := m.G.Generate(z, opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		n net
		x model.Tensor
	}{{m.G, z}, {m.D, x}} {
		for _, l := range c.n.Layers() {
			for _, tap := range []model.Tap{model.Pre, model.Post} {
				p := model.Point{Layer: l.Name, Tap: tap}
				at := r.IntN(l.Height * l.Width)
				unit := r.IntN(l.Channels)
				got, err := c.n.InputGradient(c.x, model.Target{Point: p, Unit: unit, At: []int{at, at}}, model.GradientOptions{RunOptions: opt})
				if err != nil {
					t.Fatal(err)
				}
				// Along a direction in which all numbers of the input change.
				const h = 1e-3
				var slope, want, scale [2]float64
				ahead, behind := c.x.Clone(), c.x.Clone()
				for i := range c.x.Data {
					d := r.NormFloat64()
					ahead.Data[i] += float32(h * d)
					behind.Data[i] -= float32(h * d)
					k := i * 2 / len(c.x.Data)
					slope[k] += d * float64(got.Gradient.Data[i])
					scale[k] += math.Abs(d * float64(got.Gradient.Data[i]))
				}
				for sign, y := range map[float64]model.Tensor{1: ahead, -1: behind} {
					acts, err := c.n.Activations(y, []model.Point{p}, opt)
					if err != nil {
						t.Fatal(err)
					}
					for k := range want {
						want[k] += sign * float64(acts[0].Row(k)[at*l.Channels+unit]) / (2 * h)
					}
				}
				for k := range want {
					// Float32 differences, and a kink may lie between.
					if !(math.Abs(slope[k]-want[k]) <= 0.05*scale[k]+1e-3) {
						t.Errorf("%v unit %d at %d: gradient %.5f, difference %.5f", p, unit, at, slope[k], want[k])
					}
				}
			}
		}
	}
}

// TestMasksOfAStack drops a unit of every layer, also of the last one, which
// has batch norm and tanh.
func TestMasksOfAStack(t *testing.T) {
	m := oddNets(t)
	z := model.Latents(1, 0, 3, m.Meta.Config)
	for _, l := range m.G.Layers() {
		mask := slices.Repeat([]float32{1}, l.Channels)
		mask[l.Channels-1] = 0
		opt := model.RunOptions{Pool: testPool(t, 2)}
		plain, err := m.G.Activations(z, []model.Point{{Layer: l.Name}}, opt)
		if err != nil {
			t.Fatal(err)
		}
		opt.Masks = map[string][]float32{l.Name: mask}
		masked, err := m.G.Activations(z, []model.Point{{Layer: l.Name}}, opt)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range plain[0].Data {
			if want := v * mask[i%l.Channels]; masked[0].Data[i] != want {
				t.Fatalf("%s: value %d is %v, want %v", l.Name, i, masked[0].Data[i], want)
			}
		}
	}
}

// TestEstimateStatisticsOfAStack takes statistics of a net whose last layer has
// batch norm: with those of one batch it draws what batch statistics draw.
func TestEstimateStatisticsOfAStack(t *testing.T) {
	m := oddNets(t)
	pool := testPool(t, 2)
	z := model.Latents(1, 0, 8, m.Meta.Config)
	want, err := m.G.Generate(z, model.RunOptions{Pool: pool, BatchStats: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.G.EstimateStatistics(z, 8, pool); err != nil {
		t.Fatal(err)
	}
	got, err := m.G.Generate(z, model.RunOptions{Pool: pool})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range got.Data {
		// The variances kept are the unbiased ones, 8/7 of the others at 1x1.
		if d := math.Abs(float64(v - want.Data[i])); !(d < 0.2) {
			t.Fatalf("value %d is %v, want about %v", i, v, want.Data[i])
		}
	}
}
