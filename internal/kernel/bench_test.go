package kernel

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// layers are the stride-2 convolutions of D at width 64 (pytorch) and 128 (paper),
// which G's mirror.
func layers(arch string, n int) []Geom {
	k, pad, width := 4, 1, 64
	if arch == "paper" {
		k, pad, width = 5, 2, 128
	}
	var gs []Geom
	for h, c := 64, 3; h > 4; h /= 2 {
		gs = append(gs, Geom{N: n, H: h, W: h, C: c, OH: h / 2, OW: h / 2, K: width, KH: k, KW: k, Stride: 2, Pad: pad})
		c, width = width, width*2
	}
	return gs
}

func BenchmarkConvolutions(b *testing.B) {
	for _, arch := range []string{"pytorch", "pytorch/many", "paper", "paper/many"} {
		family, _, many := strings.Cut(arch, "/")
		for i, g := range layers(family, 64) {
			if many {
				g.Algorithm = ManyImages
			}
			rng := rand.New(rand.NewPCG(1, 2))
			big, small := normals(rng, g.Big()), normals(rng, g.Small())
			f := NewFilter(g.KH, g.KW, g.C, g.K)
			copy(f.W, normals(rng, g.Weights()))
			p := NewPool(0)
			defer p.Close()
			dw := make([]float32, g.Weights())
			flops := 2 * float64(g.Small()) * float64(g.KH*g.KW*g.C)
			for _, op := range []struct {
				name string
				run  func()
			}{
				{"conv", func() { p.Conv(g, small, big, f) }},
				{"convT", func() { p.ConvT(g, big, small, f) }},
				{"convW", func() { p.ConvW(g, dw, big, small) }},
			} {
				b.Run(fmt.Sprintf("arch=%s/layer=%d/op=%s", arch, i+1, op.name), func(b *testing.B) {
					for b.Loop() {
						op.run()
					}
					b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
				})
			}
		}
	}
}
