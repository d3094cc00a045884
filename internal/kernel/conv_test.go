package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// tolerance of a float32 sum against a float64 one, relative to the largest
// magnitude of the tensor.
const tolerance = 1e-5

// geometries: both families' layers at small width, and shapes that a square
// test would hide: odd, non-square, more stride than kernel, single pixels,
// columns around a panel's and rows around a tile's size.
var geometries = []Geom{
	{N: 2, H: 8, W: 8, C: 3, OH: 4, OW: 4, K: 16, KH: 4, KW: 4, Stride: 2, Pad: 1},
	{N: 1, H: 10, W: 6, C: 17, OH: 5, OW: 3, K: 33, KH: 4, KW: 4, Stride: 2, Pad: 1},
	{N: 3, H: 9, W: 7, C: 19, OH: 5, OW: 4, K: 13, KH: 5, KW: 5, Stride: 2, Pad: 2},
	{N: 2, H: 8, W: 8, C: 32, OH: 4, OW: 4, K: 64, KH: 5, KW: 5, Stride: 2, Pad: 2},
	{N: 5, H: 4, W: 4, C: 48, OH: 1, OW: 1, K: 1, KH: 4, KW: 4, Stride: 1, Pad: 0},
	{N: 1, H: 4, W: 4, C: 40, OH: 1, OW: 1, K: 100, KH: 4, KW: 4, Stride: 1, Pad: 0},
	{N: 2, H: 7, W: 7, C: 6, OH: 1, OW: 1, K: 10, KH: 7, KW: 7, Stride: 1, Pad: 0},
	{N: 2, H: 11, W: 9, C: 5, OH: 8, OW: 6, K: 7, KH: 4, KW: 4, Stride: 1, Pad: 0},
	{N: 2, H: 9, W: 11, C: 12, OH: 9, OW: 11, K: 9, KH: 3, KW: 3, Stride: 1, Pad: 1},
	{N: 1, H: 13, W: 10, C: 9, OH: 4, OW: 3, K: 5, KH: 2, KW: 2, Stride: 4, Pad: 0},
	{N: 1, H: 12, W: 9, C: 2, OH: 4, OW: 3, K: 5, KH: 3, KW: 2, Stride: 3, Pad: 1},
	{N: 1, H: 2, W: 1, C: 1, OH: 1, OW: 1, K: 1, KH: 1, KW: 1, Stride: 2, Pad: 0},
	{N: 3, H: 8, W: 8, C: 16, OH: 4, OW: 4, K: 24, KH: 4, KW: 4, Stride: 2, Pad: 1, Algorithm: ManyImages},
	{N: 2, H: 14, W: 10, C: 8, OH: 7, OW: 5, K: 40, KH: 4, KW: 4, Stride: 2, Pad: 1, Algorithm: ManyImages},
	{N: 1, H: 7, W: 9, C: 40, OH: 3, OW: 4, K: 8, KH: 4, KW: 4, Stride: 2, Pad: 1, Algorithm: ManyImages},
	{N: 1, H: 8, W: 10, C: 8, OH: 3, OW: 4, K: 16, KH: 4, KW: 4, Stride: 2, Pad: 0, Algorithm: ManyImages},
	{N: 9, H: 8, W: 8, C: 72, OH: 4, OW: 4, K: 136, KH: 4, KW: 4, Stride: 2, Pad: 1, Algorithm: ManyImages},
	{N: 2, H: 16, W: 20, C: 24, OH: 8, OW: 10, K: 40, KH: 4, KW: 4, Stride: 2, Pad: 1, Algorithm: ManyImages},
	{N: 1, H: 14, W: 46, C: 8, OH: 7, OW: 23, K: 16, KH: 4, KW: 4, Stride: 2, Pad: 1, Algorithm: ManyImages},
	{N: 2, H: 24, W: 26, C: 16, OH: 12, OW: 13, K: 72, KH: 5, KW: 5, Stride: 2, Pad: 2, Algorithm: ManyImages},
	{N: 1, H: 13, W: 18, C: 8, OH: 7, OW: 9, K: 24, KH: 5, KW: 4, Stride: 2, Pad: 2, Algorithm: ManyImages},
	{N: 1, H: 16, W: 18, C: 8, OH: 8, OW: 9, K: 16, KH: 6, KW: 6, Stride: 2, Pad: 2, Algorithm: ManyImages},
	{N: 2, H: 9, W: 11, C: 16, OH: 9, OW: 11, K: 40, KH: 3, KW: 3, Stride: 1, Pad: 1, Algorithm: ManyImages},
	{N: 1, H: 9, W: 14, C: 72, OH: 8, OW: 13, K: 8, KH: 2, KW: 2, Stride: 1, Pad: 0, Algorithm: ManyImages},
	{N: 1, H: 24, W: 16, C: 16, OH: 12, OW: 8, K: 8, KH: 4, KW: 4, Stride: 2, Pad: 1, Algorithm: FewImages},
	{N: 1, H: 24, W: 32, C: 8, OH: 12, OW: 16, K: 24, KH: 5, KW: 5, Stride: 2, Pad: 2, Algorithm: FewImages},
	{N: 70, H: 4, W: 4, C: 16, OH: 2, OW: 2, K: 31, KH: 4, KW: 4, Stride: 2, Pad: 1},
}

func (g Geom) String() string {
	return fmt.Sprintf("n%d_%dx%dx%d_%dx%dx%d_k%dx%ds%dp%d_algorithm=%d", g.N, g.H, g.W, g.C, g.OH, g.OW, g.K, g.KH, g.KW, g.Stride, g.Pad, g.Algorithm)
}

// naive is the definition of the three convolutions, in float64.
type naive struct{ conv, convT, convW []float64 }

func compute(g Geom, big, small, w []float32) naive {
	r := naive{make([]float64, g.Small()), make([]float64, g.Big()), make([]float64, g.Weights())}
	for n := range g.N {
		for oy := range g.OH {
			for ox := range g.OW {
				for ky := range g.KH {
					for kx := range g.KW {
						y, x := oy*g.Stride+ky-g.Pad, ox*g.Stride+kx-g.Pad
						if y < 0 || y >= g.H || x < 0 || x >= g.W {
							continue
						}
						for c := range g.C {
							b := ((n*g.H+y)*g.W+x)*g.C + c
							for k := range g.K {
								s := ((n*g.OH+oy)*g.OW+ox)*g.K + k
								f := ((ky*g.KW+kx)*g.C+c)*g.K + k
								r.conv[s] += float64(big[b]) * float64(w[f])
								r.convT[b] += float64(small[s]) * float64(w[f])
								r.convW[f] += float64(big[b]) * float64(small[s])
							}
						}
					}
				}
			}
		}
	}
	return r
}

func normals(rng *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(rng.NormFloat64())
	}
	return v
}

func near(t *testing.T, what string, got []float32, want []float64) {
	t.Helper()
	var largest float64
	for _, v := range want {
		largest = max(largest, math.Abs(v))
	}
	for i, v := range got {
		if d := math.Abs(float64(v) - want[i]); !(d <= tolerance*largest) {
			t.Fatalf("%s[%d] = %v, want %v (largest %v)", what, i, v, want[i], largest)
		}
	}
}

// guarded returns a slice of n floats of NaN with guard values on both sides,
// and a check that they are untouched.
func guarded(t *testing.T, n int) ([]float32, func(what string)) {
	const guard, value = 64, 12345
	all := make([]float32, n+2*guard)
	for i := range all {
		all[i] = value
	}
	mid := all[guard : guard+n : guard+n]
	for i := range mid {
		mid[i] = float32(math.NaN())
	}
	return mid, func(what string) {
		t.Helper()
		for i := range guard {
			if all[i] != value || all[guard+n+i] != value {
				t.Fatalf("%s wrote outside its result", what)
			}
		}
	}
}

func pools(t *testing.T) []*Pool {
	var ps []*Pool
	for _, s := range append(available(), wide) {
		for _, threads := range []int{1, 2, 3} {
			p := NewPool(threads)
			p.isa = s
			t.Cleanup(p.Close)
			ps = append(ps, p)
		}
	}
	return ps
}

func TestConvolutionsMatchTheirDefinition(t *testing.T) {
	ps := pools(t)
	for _, g := range geometries {
		t.Run(g.String(), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			big, small := normals(rng, g.Big()), normals(rng, g.Small())
			f := NewFilter(g.KH, g.KW, g.C, g.K)
			copy(f.W, normals(rng, g.Weights()))
			want := compute(g, big, small, f.W)
			for _, p := range ps {
				name := fmt.Sprintf("%s %d threads: ", p.Instructions(), p.Threads())
				out, check := guarded(t, g.Small())
				p.Conv(g, out, big, f)
				near(t, name+"Conv", out, want.conv)
				check(name + "Conv")
				out, check = guarded(t, g.Big())
				p.ConvT(g, out, small, f)
				near(t, name+"ConvT", out, want.convT)
				check(name + "ConvT")
				out, check = guarded(t, g.Weights())
				p.ConvW(g, out, big, small)
				near(t, name+"ConvW", out, want.convW)
				check(name + "ConvW")
			}
		})
	}
}

// TestLeanFilterKeepsOneForm takes every pass of a lean filter in turn, twice
// and with new weights between: the same bits as of a filter that keeps all,
// from the memory of the largest form.
func TestLeanFilterKeepsOneForm(t *testing.T) {
	pool := NewPool(2)
	defer pool.Close()
	rng := rand.New(rand.NewPCG(5, 5))
	g := Geom{N: 2, H: 8, W: 12, C: 24, OH: 4, OW: 6, K: 40, KH: 4, KW: 4, Stride: 2, Pad: 1}
	lean, full := NewFilter(4, 4, g.C, g.K), NewFilter(4, 4, g.C, g.K)
	lean.Lean = true
	for range 2 {
		copy(lean.W, normals(rng, len(lean.W)))
		copy(full.W, lean.W)
		lean.Changed()
		full.Changed()
		big, small := normals(rng, g.Big()), normals(rng, g.Small())
		for pass := range 8 {
			g.Algorithm = Algorithm(pass/2%2) * ManyImages
			got, want := make([]float32, g.Big()), make([]float32, g.Big())
			if pass%2 == 0 {
				pool.Conv(g, got[:g.Small()], big, lean)
				pool.Conv(g, want[:g.Small()], big, full)
			} else {
				pool.ConvT(g, got, small, lean)
				pool.ConvT(g, want, small, full)
			}
			for i := range want {
				if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
					t.Fatalf("pass %d: [%d] = %v, want %v", pass, i, got[i], want[i])
				}
			}
			held := 0
			for _, m := range lean.forms() {
				if m.data != nil {
					held++
				}
			}
			if held != 1 {
				t.Fatalf("pass %d: %d forms hold memory, want 1", pass, held)
			}
		}
	}
}
