package train

import (
	"fmt"
	"math"
	"testing"

	"dcganviz/model"
)

// benchmarkConfigs are the nets of pytorch/examples and those of the paper.
var benchmarkConfigs = []model.Config{
	{Arch: model.PyTorch, Size: 64, Channels: 3, LatentDim: 100, GWidth: 64, DWidth: 64},
	{Arch: model.Paper, Size: 64, Channels: 3, LatentDim: 100, GWidth: 128, DWidth: 128},
}

// flopsOfStep returns the floating-point operations that one image of a step
// needs: two for each multiplication and addition of a convolution, borders
// counted in full. G runs forward once, and backward without the gradient to
// the latents; D runs three times forward, twice back to its weights without
// the gradient to the images, once back to the images.
func flopsOfStep(g *model.G, d *model.D) float64 {
	total := func(n interface {
		Layers() []model.LayerInfo
		State() []model.NamedTensor
	}) (sum, first float64) {
		layers := n.Layers()
		at := 0
		for _, t := range n.State() {
			if len(t.Shape) < 2 {
				continue
			}
			// The convolution's taps fall on each pixel of its small side.
			l := layers[at]
			pixels := l.Height * l.Width
			switch {
			case l.Transposed && l.Stride == 1:
				pixels = 1
			case l.Transposed:
				pixels /= l.Stride * l.Stride
			}
			flops := 2 * float64(len(t.Data)) * float64(pixels)
			if at == 0 {
				first = flops
			}
			sum += flops
			at++
		}
		return sum, first
	}
	allG, firstG := total(g)
	allD, firstD := total(d)
	return allG + (2*allG - firstG) + 2*(3*allD-firstD) + 2*allD
}

// TestFlopsOfStep checks the count that benchmarks report against the one that
// was made for the nets' PyTorch twins.
func TestFlopsOfStep(t *testing.T) {
	for i, want := range []float64{2274.6e6, 14025e6} {
		g, d := benchmarkNets(t, benchmarkConfigs[i])
		if got := flopsOfStep(g, d); !(math.Abs(got-want) < 1e-4*want) {
			t.Errorf("%v: %.1f MFLOP an image, want %.1f", benchmarkConfigs[i].Arch, got/1e6, want/1e6)
		}
	}
}

func benchmarkNets(t testing.TB, cfg model.Config) (*model.G, *model.D) {
	t.Helper()
	g, err := model.NewG(cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	d, err := model.NewD(cfg, 2)
	if err != nil {
		t.Fatal(err)
	}
	return g, d
}

// BenchmarkTrainStep makes whole steps of training, pictures in memory, with
// GOMAXPROCS threads.
func BenchmarkTrainStep(b *testing.B) {
	for _, cfg := range benchmarkConfigs {
		for _, c := range []struct {
			name string
			opt  Options
		}{{"", Options{Batch: 64}}, {"/preset=smalldata", func() Options {
			o := SmallData()
			o.Batch, o.Flips = 64, true
			return o
		}()}} {
			b.Run(fmt.Sprintf("arch=%v/width=%d/size=%d/batch=%d%s", cfg.Arch, cfg.GWidth, cfg.Size, c.opt.Batch, c.name), func(b *testing.B) {
				pool := newPool(b, 0)
				tr, err := New(cfg, stock(cfg), c.opt, pool)
				if err != nil {
					b.Fatal(err)
				}
				defer tr.Close()
				flops := flopsOfStep(tr.g, tr.d)
				run(b, tr, 2) // packs weights, grows scratch memory
				b.ReportAllocs()
				for b.Loop() {
					if _, err := tr.Step(b.Context()); err != nil {
						b.Fatal(err)
					}
				}
				rate := float64(c.opt.Batch) * float64(b.N) / b.Elapsed().Seconds()
				b.ReportMetric(rate, "images/s")
				b.ReportMetric(rate*flops/1e9, "GFLOP/s")
			})
		}
	}
}
