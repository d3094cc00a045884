package kernel

import (
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/bits.txt, on amd64 with AVX2")

const bitsFile = "testdata/bits.txt"

// TestBitsOfClass holds every routine to stored digests of its results, by class: avx2,
// avx512 and neon have those of fma, whatever the machine and the number of threads, and
// portable Go has its own on every machine. This is how machines that never meet are
// compared; that the results are right is for the other tests.
func TestBitsOfClass(t *testing.T) {
	if *update {
		if runtime.GOARCH != "amd64" || available()[0] == portable {
			t.Fatal("-update: want amd64 with AVX2")
		}
		text := ""
		for _, s := range []*isa{available()[0], portable} {
			for _, r := range routines() {
				text += r.name + " " + classOf(s) + " " + r.digest(s, 1) + "\n"
			}
		}
		if err := os.WriteFile(bitsFile, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(bitsFile)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) == 3 {
			want[f[0]+" "+f[1]] = f[2]
		}
	}
	all := routines()
	if len(want) != 2*len(all) {
		t.Errorf("%s has %d digests, want %d", bitsFile, len(want), 2*len(all))
	}
	for _, s := range available() {
		for threads := range 2 {
			for _, r := range all {
				if got := r.digest(s, threads+1); got != want[r.name+" "+classOf(s)] {
					t.Errorf("%s: %s with %d threads: digest %s, want %s", r.name, s.name, threads+1, got, want[r.name+" "+classOf(s)])
				}
			}
		}
	}
}

func classOf(s *isa) string {
	if s == portable {
		return "portable"
	}
	return "fma"
}

// A routine is a call of one, with inputs of a fixed seed, and its results.
type routine struct {
	name string
	run  func(p *Pool, in *inputs) []any
}

func (r *routine) digest(s *isa, threads int) string {
	p := NewPool(threads)
	defer p.Close()
	p.isa = s
	h := sha256.New()
	for _, out := range r.run(p, &inputs{rand.New(rand.NewPCG(9, 9))}) {
		switch out := out.(type) {
		case []float32:
			for i, v := range out {
				if v != v {
					out[i] = float32(math.NaN()) // its sign and payload are the processor's
				}
			}
		case []float64:
			for i, v := range out {
				if v != v {
					out[i] = math.NaN()
				}
			}
		}
		binary.Write(h, binary.LittleEndian, out)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}

// inputs makes floats from integers alone, so that all machines make the same.
type inputs struct{ *rand.Rand }

// floats are of both signs, 2^-6 to 2^2 in size, with all bits of the significand.
func (in *inputs) floats(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = math.Float32frombits(in.Uint32()&(1<<31|1<<23-1) | (127-6+in.Uint32N(8))<<23)
	}
	return x
}

// special are floats with zeros, subnormal, huge and infinite ones, and NaN among them.
func (in *inputs) special(n int) []float32 {
	x := in.floats(n)
	for i := range x {
		if in.IntN(4) == 0 {
			x[i] = math.Float32frombits([]uint32{0, 1 << 31, 1, 1<<31 | 0x7fffff, 0x7f7fffff, 0x7f800000, 0xff800000, 0x7fc00001, 0x3e99999a}[in.IntN(9)])
		}
	}
	return x
}

// squares are not negative.
func (in *inputs) squares(n int) []float32 {
	x := in.floats(n)
	for i := range x {
		x[i] *= x[i]
	}
	return x
}

// routines are the three convolutions with all geometries of the tests, the passes by
// element at every length around a vector's and a task's, and the passes by channel.
func routines() []routine {
	var all []routine
	for _, g := range append(geometries,
		Geom{N: 3, H: 16, W: 16, C: 64, OH: 8, OW: 8, K: 96, KH: 4, KW: 4, Stride: 2, Pad: 1},
		Geom{N: 2, H: 16, W: 16, C: 3, OH: 8, OW: 8, K: 64, KH: 5, KW: 5, Stride: 2, Pad: 2}) {
		all = append(all, routine{"conv_" + g.String(), func(p *Pool, in *inputs) []any {
			big, small, f := in.floats(g.Big()), in.floats(g.Small()), NewFilter(g.KH, g.KW, g.C, g.K)
			copy(f.W, in.floats(g.Weights()))
			conv, convT, convW := make([]float32, g.Small()), make([]float32, g.Big()), make([]float32, g.Weights())
			p.Conv(g, conv, big, f)
			p.ConvT(g, convT, small, f)
			p.ConvW(g, convW, big, small)
			return []any{conv, convT, convW}
		}})
	}
	for _, n := range []int{1, 7, 8, 9, 63, 70, block + 13} {
		all = append(all, elements(n)...)
	}
	for _, c := range []int{1, 3, 8, 24, 40} {
		for _, rows := range []int{1, 67, 700} {
			all = append(all, channels(rows, c)...)
		}
	}
	return all
}

func elements(n int) []routine {
	named := func(name string, f func(p *Pool, out []float32, in *inputs)) routine {
		return routine{fmt.Sprintf("%s_%d", name, n), func(p *Pool, in *inputs) []any {
			out := make([]float32, n)
			f(p, out, in)
			return []any{out}
		}}
	}
	return []routine{
		named("tanh", func(p *Pool, out []float32, in *inputs) { p.Tanh(out, in.special(n)) }),
		named("tanhBackward", func(p *Pool, out []float32, in *inputs) { p.TanhBackward(out, in.special(n), in.special(n)) }),
		named("add", func(p *Pool, out []float32, in *inputs) { p.Add(out, in.special(n), in.special(n)) }),
		named("lerp", func(p *Pool, out []float32, in *inputs) { copy(out, in.special(n)); p.Lerp(out, in.special(n), .3) }),
		{fmt.Sprintf("sumSquares_%d", n), func(p *Pool, in *inputs) []any { return []any{p.SumSquares(in.floats(n))} }},
		{fmt.Sprintf("adam_%d", n), func(p *Pool, in *inputs) []any {
			w, m, v := in.special(n), in.floats(n), in.squares(n)
			for step := 1; step < 1000; step += 333 {
				p.Adam(w, in.special(n), m, v, step, AdamOptions{Rate: 2e-4, Beta1: .5, Beta2: .999, Eps: 1e-8, WeightDecay: 1e-3})
			}
			return []any{w, m, v}
		}},
	}
}

func channels(rows, c int) []routine {
	name := func(s string) string { return fmt.Sprintf("%s_%dx%d", s, rows, c) }
	all := []routine{
		{name("bnStats"), func(p *Pool, in *inputs) []any {
			mean, variance := make([]float64, c), make([]float64, c)
			p.BNStats(in.floats(rows*c), mean, variance)
			return []any{mean, variance}
		}},
		{name("scaleAct"), func(p *Pool, in *inputs) []any {
			y := make([]float32, rows*c)
			p.ScaleAct(y, in.special(rows*c), in.floats(c), in.floats(c), .2)
			return []any{y}
		}},
	}
	for rule := range Rule(len(ruleNames)) {
		all = append(all,
			routine{name("bnReduce") + "_" + rule.String(), func(p *Pool, in *inputs) []any {
				sum, sumx := make([]float64, c), make([]float64, c)
				p.BNReduce(in.floats(rows*c), in.floats(rows*c), in.floats(c), in.floats(c), .2, rule, sum, sumx)
				return []any{sum, sumx}
			}},
			routine{name("bnBackward") + "_" + rule.String(), func(p *Pool, in *inputs) []any {
				dx := make([]float32, rows*c)
				p.BNBackward(dx, in.special(rows*c), in.special(rows*c), in.floats(c), in.floats(c), .2, rule, in.floats(c), in.floats(c), in.floats(c))
				return []any{dx}
			}})
	}
	return all
}
