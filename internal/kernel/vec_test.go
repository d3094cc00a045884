package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// Two paths differ where one rounds a product that the other fuses.
const fusedTolerance = 2e-6

func closeTo(t *testing.T, what string, got, want float64) {
	t.Helper()
	if d := math.Abs(got - want); !(d <= fusedTolerance*max(1, math.Abs(want))) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
}

// Every element-wise pass, at every length of one unrolled block and its tail.
func TestPassesMatchPortableGo(t *testing.T) {
	for _, s := range available() {
		for n := range 71 {
			rng := rand.New(rand.NewPCG(3, uint64(n)))
			a, b := normals(rng, n), normals(rng, n)
			type pass struct {
				name string
				run  func(v *vectors, out []float32)
			}
			k := adamStep{decay: .01, b1: .5, b1c: .5, b2: .9, b2c: .1, rootScale: 1.2, eps: 1e-8, stepLength: .01}
			m, v := normals(rng, n), normals(rng, n)
			for i := range v {
				v[i] *= v[i]
			}
			for _, p := range []pass{
				{"tanh", func(v *vectors, out []float32) { v.tanh(out, a) }},
				{"tanhBack", func(v *vectors, out []float32) { v.tanhBack(out, a, b) }},
				{"add", func(v *vectors, out []float32) { v.add(out, a, b) }},
				{"lerp", func(v *vectors, out []float32) { copy(out, a); v.lerp(out, b, .3) }},
				{"adam w", func(vs *vectors, out []float32) {
					copy(out, a)
					vs.adam(out, b, append([]float32{}, m...), append([]float32{}, v...), &k)
				}},
				{"adam m", func(vs *vectors, out []float32) {
					copy(out, m)
					vs.adam(append([]float32{}, a...), b, out, append([]float32{}, v...), &k)
				}},
				{"adam v", func(vs *vectors, out []float32) {
					copy(out, v)
					vs.adam(append([]float32{}, a...), b, append([]float32{}, m...), out, &k)
				}},
			} {
				got, check := guarded(t, n)
				want := make([]float32, n)
				p.run(s.vec, got)
				p.run(&portableVectors, want)
				name := fmt.Sprintf("%s %s of %d floats", s.name, p.name, n)
				check(name)
				for i := range got {
					closeTo(t, fmt.Sprintf("%s [%d]", name, i), float64(got[i]), float64(want[i]))
				}
			}
		}
	}
}

func TestChannelPassesMatchPortableGo(t *testing.T) {
	for _, s := range available() {
		for _, c := range []int{1, 3, 8, 16, 24, 40, 72} {
			for _, rows := range []int{1, 2, 3, 67, 600} {
				for _, f := range [][2]float32{{1, .2}, {0, 0}, {0, .2}, {0, 1}, {.2, 1}} {
					channelPasses(t, s, c, rows, f[0], f[1])
				}
			}
		}
	}
}

func channelPasses(t *testing.T, s *isa, c, rows int, pass, leak float32) {
	rng := rand.New(rand.NewPCG(4, uint64(c*1000+rows)))
	x, dy := normals(rng, rows*c), normals(rng, rows*c)
	scale, shift, a, b, d := normals(rng, c), normals(rng, c), normals(rng, c), normals(rng, c), normals(rng, c)
	name := fmt.Sprintf("%s, %d channels, %d rows, rule %v %v", s.name, c, rows, pass, leak)
	both := func(what string, run func(v *vectors, out []float32)) {
		t.Helper()
		got, check := guarded(t, rows*c)
		want := make([]float32, rows*c)
		run(s.vec, got)
		run(&portableVectors, want)
		check(name + what)
		for i := range got {
			closeTo(t, fmt.Sprintf("%s: %s[%d]", name, what, i), float64(got[i]), float64(want[i]))
		}
	}
	both("scaleAct", func(v *vectors, out []float32) { v.scaleAct(out, x, scale, shift, leak) })
	both("backward", func(v *vectors, out []float32) {
		v.backward(out, dy, x, scale, shift, pass, leak, a, b, d)
	})
	sums := func(what string, run func(v *vectors, s, q []float64)) {
		t.Helper()
		var got, want [2][]float64
		for i := range got {
			got[i], want[i] = make([]float64, c), make([]float64, c)
		}
		run(s.vec, got[0], got[1])
		run(&portableVectors, want[0], want[1])
		for i := range got {
			for j := range got[i] {
				closeTo(t, fmt.Sprintf("%s: %s sum %d of channel %d", name, what, i, j), got[i][j]/float64(rows), want[i][j]/float64(rows))
			}
		}
	}
	sums("stats", func(v *vectors, a, b []float64) { v.stats(x, c, a, b) })
	sums("reduce", func(v *vectors, a, b []float64) { v.reduce(dy, x, scale, shift, pass, leak, a, b) })
}

func TestTanhIsAccurate(t *testing.T) {
	const ulps = 3 * 1.2e-7
	for _, s := range available() {
		var x []float32
		for v := float32(1e-6); v < 30; v *= 1.001 {
			x = append(x, v, -v)
		}
		inf := float32(math.Inf(1))
		x = append(x, 0, inf, -inf, float32(math.NaN()), math.MaxFloat32, 0.3, -0.3)
		y := make([]float32, len(x))
		s.vec.tanh(y, x)
		for i, v := range x {
			want := math.Tanh(float64(v))
			if math.IsNaN(want) {
				if y[i] == y[i] {
					t.Errorf("%s: tanh(NaN) = %v", s.name, y[i])
				}
				continue
			}
			if d := math.Abs(float64(y[i]) - want); !(d <= ulps*math.Abs(want)) {
				t.Fatalf("%s: tanh(%v) = %v, want %v", s.name, v, y[i], want)
			}
		}
	}
}

func TestBNStatsIsExactOnAConstantShift(t *testing.T) {
	// A mean a thousand times the deviation: naive float32 sums lose it.
	for _, p := range pools(t) {
		const rows, c = 4099, 8
		rng := rand.New(rand.NewPCG(5, 5))
		x := make([]float32, rows*c)
		for i := range x {
			x[i] = 1000 + float32(rng.NormFloat64())
		}
		mean, variance := make([]float64, c), make([]float64, c)
		p.BNStats(x, mean, variance)
		for ch := range c {
			var m, v float64
			for r := range rows {
				m += float64(x[r*c+ch]) / rows
			}
			for r := range rows {
				v += (float64(x[r*c+ch]) - m) * (float64(x[r*c+ch]) - m) / rows
			}
			if math.Abs(mean[ch]-m) > 1e-9*m || math.Abs(variance[ch]-v) > 1e-8*v {
				t.Fatalf("%s: mean %v, variance %v, want %v, %v", p.Instructions(), mean[ch], variance[ch], m, v)
			}
		}
	}
}

// Instruction sets with fused multiply-add and any number of threads agree on
// every bit.
func TestSameBitsForThreadsAndInstructionSets(t *testing.T) {
	var fused []*Pool
	for _, p := range pools(t) {
		if p.isa != portable && p.isa != wide {
			fused = append(fused, p)
		}
	}
	if len(fused) == 0 {
		t.Skip("no instruction set with fused multiply-add here")
	}
	for _, g := range append(geometries,
		Geom{N: 3, H: 16, W: 16, C: 64, OH: 8, OW: 8, K: 128, KH: 4, KW: 4, Stride: 2, Pad: 1},
		Geom{N: 9, H: 16, W: 16, C: 3, OH: 8, OW: 8, K: 64, KH: 5, KW: 5, Stride: 2, Pad: 2}) {
		rng := rand.New(rand.NewPCG(6, 7))
		big, small := normals(rng, g.Big()), normals(rng, g.Small())
		f := NewFilter(g.KH, g.KW, g.C, g.K)
		copy(f.W, normals(rng, g.Weights()))
		var first [3][]float32
		for _, p := range fused {
			out := [3][]float32{make([]float32, g.Small()), make([]float32, g.Big()), make([]float32, g.Weights())}
			f.Changed()
			p.Conv(g, out[0], big, f)
			p.ConvT(g, out[1], small, f)
			p.ConvW(g, out[2], big, small)
			for i := range out {
				if first[i] == nil {
					first[i] = out[i]
				}
				for j, v := range out[i] {
					if math.Float32bits(v) != math.Float32bits(first[i][j]) {
						t.Fatalf("%v, op %d: %s with %d threads gives %v at %d, want %v", g, i, p.Instructions(), p.Threads(), v, j, first[i][j])
					}
				}
			}
		}
	}
}

// TestClassIsOfTheBits: sets that give the same bits have one class.
func TestClassIsOfTheBits(t *testing.T) {
	for _, s := range available() {
		p := NewPool(1)
		defer p.Close()
		p.isa = s
		if got, want := p.Class(), map[bool]string{true: "portable", false: "fma"}[s == portable]; strings.TrimSuffix(got, "-fused") != want {
			t.Errorf("%s: class %q, want %q", s.name, got, want)
		}
	}
	// amd64 up to GOAMD64=v2 has no instruction that fuses.
	if got := productSum(fuseA, fuseA, fuseB); got != 0 && got != 1.0/(1<<24) {
		t.Errorf("product and sum %g, want 0 or 2^-24", got)
	}
}
