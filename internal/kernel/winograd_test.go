package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestMatricesAreMinimalFilters multiplies the three matrices out: for every tap and
// every value the products' sums have to be those of the filter's definition.
func TestMatricesAreMinimalFilters(t *testing.T) {
	entry := func(m transform, i, k int) float64 {
		for _, t := range matrices[m].rows[i] {
			if t.at == k {
				return float64(t.by)
			}
		}
		return 0
	}
	for _, f := range []*minimal{f22, f42, f43} {
		for _, way := range []struct {
			results, taps         int
			input, filter, output transform
		}{
			{f.results, f.taps, f.input, f.filter, f.output},
			{f.taps, f.results, f.input, f.gradFilter, f.gradientToTap},
		} {
			if f.points != way.results+way.taps-1 {
				t.Errorf("F(%d,%d) has %d points", way.results, way.taps, f.points)
			}
			for j := range way.results {
				for r := range way.taps {
					for v := range f.points {
						got := 0.0
						for q := range f.points {
							got += entry(way.output, j, q) * entry(way.filter, q, r) * entry(way.input, q, v)
						}
						want := 0.0
						if v == j+r {
							want = 1
						}
						if math.Abs(got-want) > 1e-6 { // thirds and fifteenths in float32
							t.Errorf("F(%d,%d): result %d takes tap %d times value %d %v times, want %v", way.results, way.taps, j, r, v, got, want)
						}
					}
				}
			}
		}
	}
}

// TestRoundingErrors measures what winograd.go says of them, with 2,048 channels: of
// each filter's results against float64's, relative to the largest.
func TestRoundingErrors(t *testing.T) {
	p := NewPool(0)
	defer p.Close()
	for _, c := range []struct {
		name  string
		g     Geom
		bound float64
	}{
		{"direct", Geom{N: 2, H: 16, W: 16, C: 512, OH: 8, OW: 8, K: 8, KH: 4, KW: 4, Stride: 2, Pad: 1}, 2e-6},
		{"F(2,2)", Geom{N: 8, H: 8, W: 8, C: 512, OH: 4, OW: 4, K: 8, KH: 4, KW: 4, Stride: 2, Pad: 1, Algorithm: ManyImages}, 2e-6},
		{"F(4,2)", Geom{N: 2, H: 16, W: 16, C: 512, OH: 8, OW: 8, K: 8, KH: 4, KW: 4, Stride: 2, Pad: 1, Algorithm: ManyImages}, 8e-6},
		{"F(4,3)", Geom{N: 2, H: 16, W: 16, C: 512, OH: 8, OW: 8, K: 8, KH: 5, KW: 5, Stride: 2, Pad: 2, Algorithm: ManyImages}, 8e-6},
	} {
		rng := rand.New(rand.NewPCG(3, 4))
		big := normals(rng, c.g.Big())
		for i, v := range big {
			big[i] = max(v, 0) // as after ReLU
		}
		f := NewFilter(c.g.KH, c.g.KW, c.g.C, c.g.K)
		copy(f.W, normals(rng, c.g.Weights()))
		small := make([]float32, c.g.Small())
		p.Conv(c.g, small, big, f)
		want := compute(c.g, big, small, f.W).conv
		var worst, largest float64
		for i, v := range small {
			worst, largest = max(worst, math.Abs(float64(v)-want[i])), max(largest, math.Abs(want[i]))
		}
		t.Logf("%s: %.1e", c.name, worst/largest)
		if !(worst <= c.bound*largest) {
			t.Errorf("%s: off by %.1e, want at most %.0e", c.name, worst/largest, c.bound)
		}
	}
}
