package model

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gorgonia.org/gorgonia"

	"dcganviz/internal/kernel"
)

// An opCase is one op in a graph of its own: inputs, and the node made of them.
type opCase struct {
	name  string
	n     int // images
	shape [][]int
	// wrt says which inputs to differentiate by.
	wrt  []bool
	node func(g *graph, in []*gorgonia.Node) (*gorgonia.Node, error)
	set  func(r *settings)
	norm *Param // whose factors are kept until Changed
}

// A trial is an opCase's graph, ready to run.
type trial struct {
	*graph
	in      [][]float32
	dout    []float32
	out     *op
	grads   []*op // nil where not differentiated
	forward *program
	all     *program
}

func (c *opCase) build(t testing.TB, pool *kernel.Pool) *trial {
	t.Helper()
	fatal := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	tr := &trial{graph: newGraph(newWorkspace(), c.n)}
	tr.run = settings{pool: pool, n: c.n, reduce: true}
	if c.set != nil {
		c.set(&tr.run)
	}
	var nodes, wrt gorgonia.Nodes
	for i, shape := range c.shape {
		data := make([]float32, volume(shape))
		n, err := tr.input(fmt.Sprint("input ", i), shape, data)
		fatal(err)
		tr.in, nodes = append(tr.in, data), append(nodes, n)
		if c.wrt[i] {
			wrt = append(wrt, n)
		}
	}
	out, err := c.node(tr.graph, nodes)
	fatal(err)
	tr.out = out.Op().(*op)
	tr.dout = make([]float32, volume(out.Shape()))
	dout, err := tr.input("gradient", out.Shape(), tr.dout)
	fatal(err)
	grads, err := tr.gradients(out, dout, wrt...)
	fatal(err)
	for i := range c.shape {
		var o *op
		if c.wrt[i] {
			o, _ = grads[0].Op().(*op) // nil: the gradient is dout itself
			grads = grads[1:]
		}
		tr.grads = append(tr.grads, o)
	}
	tr.forward, err = tr.compile(out)
	fatal(err)
	outputs := gorgonia.Nodes{out}
	for i := range nodes {
		if tr.grads[i] != nil {
			outputs = append(outputs, nodes[i].Deriv())
		}
	}
	tr.all, err = tr.compile(outputs...)
	fatal(err)
	return tr
}

// gradient returns the gradient to input i of the latest run.
func (tr *trial) gradient(i int) []float32 {
	if tr.grads[i] == nil {
		return tr.dout
	}
	return tr.grads[i].result
}

// testNorm returns a batch norm of c channels with some statistics.
func testNorm(c int) *Param {
	r := rand.New(rand.NewPCG(1, 2))
	s := &bnStats{mean: make([]float32, c), variance: make([]float32, c)}
	for i := range c {
		s.mean[i], s.variance[i] = float32(r.NormFloat64()), float32(.5+r.Float64())
	}
	return &Param{Name: "norm", W: make([]float32, 2*c), shape: []int{2, c}, stats: s}
}

// opCases are all differentiable ops, the convolutions' gradients among them:
// what is differentiated there is already a gradient.
func opCases() []opCase {
	geom := kernel.Geom{H: 7, W: 5, C: 3, OH: 3, OW: 2, K: 2, KH: 4, KW: 4, Stride: 2, Pad: 1}
	small, big, w := []int{2, 3, 2, 2}, []int{2, 7, 5, 3}, []int{4, 4, 3, 2}
	convolve := func(g *graph) convolver { return g.convolver("conv", geom, nil) }
	both := []bool{true, true}
	normalise := func(name string, n int, x []int, channels int, slope float32, batch bool) opCase {
		p := testNorm(channels)
		return opCase{
			name: name, n: n, shape: [][]int{x, {2, channels}}, wrt: both, norm: p,
			node: func(g *graph, in []*gorgonia.Node) (*gorgonia.Node, error) {
				return g.normaliser("norm", -1, slope, 1e-5, p).apply(in[0], in[1])
			},
			set: func(r *settings) { r.batchStats = batch },
		}
	}
	return []opCase{
		{name: "conv", n: 2, shape: [][]int{big, w}, wrt: both,
			node: func(g *graph, in []*gorgonia.Node) (*gorgonia.Node, error) {
				return convolve(g).conv(in[0], in[1], true)
			}},
		{name: "convT", n: 2, shape: [][]int{small, w}, wrt: both,
			node: func(g *graph, in []*gorgonia.Node) (*gorgonia.Node, error) {
				return convolve(g).convT(in[0], in[1], true)
			}},
		{name: "convW", n: 2, shape: [][]int{big, small}, wrt: both,
			node: func(g *graph, in []*gorgonia.Node) (*gorgonia.Node, error) {
				return convolve(g).convW(in[0], in[1])
			}},
		{name: "bias", n: 2, shape: [][]int{big, {3}}, wrt: both,
			node: func(g *graph, in []*gorgonia.Node) (*gorgonia.Node, error) {
				return g.bias("bias", in[0], in[1], nil)
			}},
		normalise("norm_running", 2, big, 3, 1, false),
		normalise("norm_running_leaky", 2, big, 3, .2, false),
		normalise("norm_batch", 2, big, 3, 1, true),
		normalise("norm_batch_relu", 2, big, 3, 0, true),
		normalise("norm_batch_located", 5, []int{5, 2, 3, 2}, 12, .2, true),
		{name: "leaky", n: 2, shape: [][]int{big}, wrt: []bool{true},
			node: func(g *graph, in []*gorgonia.Node) (*gorgonia.Node, error) {
				return g.activate("act", -1, .2, in[0])
			}},
		{name: "tanh", n: 2, shape: [][]int{big}, wrt: []bool{true},
			node: func(g *graph, in []*gorgonia.Node) (*gorgonia.Node, error) { return g.tanh("tanh", -1, in[0]) }},
		{name: "loss", n: 3, shape: [][]int{{3, 1, 1, 1}, {3, 1}}, wrt: []bool{true, false},
			node: func(g *graph, in []*gorgonia.Node) (*gorgonia.Node, error) { return g.crossEntropy(in[0], in[1]) }},
	}
}

// fill draws all inputs and the gradient; values stay clear of 0, where an
// activation bends.
func (tr *trial) fill(r *rand.Rand) {
	for _, data := range append(tr.in, tr.dout) {
		for i := range data {
			data[i] = float32(r.NormFloat64())
		}
	}
}

// TestGradientsByFiniteDifferences compares each op's symbolic gradient with
// central differences of sum(out*dout), the sum taken in float64.
func TestGradientsByFiniteDifferences(t *testing.T) {
	// The error of a difference: rounding of a float32 result over the step, and
	// the step's square. Kinks are avoided, see below.
	const step, tolerance = 1.0 / 256, 2e-3
	for _, c := range opCases() {
		t.Run(c.name, func(t *testing.T) {
			tr := c.build(t, testPool(t, 2))
			tr.fill(rand.New(rand.NewPCG(3, 4)))
			if err := tr.all.exec(); err != nil {
				t.Fatal(err)
			}
			value := func() float64 {
				if c.norm != nil {
					c.norm.Changed()
				}
				if err := tr.forward.exec(); err != nil {
					t.Fatal(err)
				}
				var s float64
				for i, v := range tr.out.result {
					s += float64(v) * float64(tr.dout[i])
				}
				return s
			}
			for i, want := range c.wrt {
				if !want {
					continue
				}
				grad := append([]float32(nil), tr.gradient(i)...)
				var largest float64
				for _, v := range grad {
					largest = max(largest, math.Abs(float64(v)))
				}
				bent := 0
				for j := range grad {
					x := tr.in[i][j]
					at := func(d float32) float64 { tr.in[i][j] = x + d; return value() }
					right, left, middle := at(step), at(-step), at(0)
					difference := (right - left) / (2 * step)
					// The two sides disagree where an activation bends in between.
					if math.Abs(right-2*middle+left)/step > 2*tolerance*largest {
						bent++
						continue
					}
					if d := math.Abs(difference - float64(grad[j])); !(d <= tolerance*largest) {
						t.Errorf("gradient to input %d [%d] = %v, difference %v", i, j, grad[j], difference)
					}
				}
				if bent*2 > len(grad) {
					t.Errorf("input %d: %d of %d values are at a bend", i, bent, len(grad))
				}
			}
		})
	}
}

// TestThreadsGiveTheSameBits runs every op on one thread and on two.
func TestThreadsGiveTheSameBits(t *testing.T) {
	for _, c := range opCases() {
		one, two := c.build(t, testPool(t, 1)), c.build(t, testPool(t, 2))
		for _, tr := range []*trial{one, two} {
			tr.fill(rand.New(rand.NewPCG(3, 4)))
			if err := tr.all.exec(); err != nil {
				t.Fatal(err)
			}
		}
		compareBits(t, c.name, one.out.result, two.out.result)
		for i, want := range c.wrt {
			if want {
				compareBits(t, c.name, one.gradient(i), two.gradient(i))
			}
		}
	}
}

func compareBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d values, want %d", what, len(got), len(want))
		return
	}
	for i := range got {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Errorf("%s[%d]: %v and %v differ", what, i, got[i], want[i])
			return
		}
	}
}

// TestNodeHashesDiffer makes sure of what compile checks: the compiler takes
// nodes of one hash for one node.
func TestNodeHashesDiffer(t *testing.T) {
	for _, arch := range []Arch{PyTorch, Paper} {
		for _, size := range []int{16, 28, 128} {
			g, d := testPair(t, tiny(arch, size))
			s, err := NewStep(g, d, 2, testPool(t, 1))
			if err != nil {
				t.Fatal(err)
			}
			for _, st := range []*netGraph{s.gen, s.dis} {
				seen := map[uint32]string{}
				for _, n := range st.AllNodes() {
					if o, ok := seen[n.Hashcode()]; ok {
						t.Errorf("%v and %s have one hash", n, o)
					}
					seen[n.Hashcode()] = n.String()
				}
			}
		}
	}
}

func TestEqualNodesAreRefused(t *testing.T) {
	g := newGraph(newWorkspace(), 1)
	x, err := g.input("x", []int{1, 2, 2, 1}, make([]float32, 4))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.tanh("same", -1, x); err != nil {
		t.Fatal(err)
	}
	if _, err := g.tanh("same", -1, x); err == nil {
		t.Error("two ops of one name were merged without an error")
	}
	if _, err := g.input("x", []int{1, 2, 2, 1}, make([]float32, 4)); err == nil {
		t.Error("two inputs of one name were merged without an error")
	}
}

// TestPanicInOpIsAnError runs an op that panics on gorgonia's goroutine.
func TestPanicInOpIsAnError(t *testing.T) {
	g := newGraph(newWorkspace(), 1)
	x, err := g.input("x", []int{1, 1, 1, 1}, make([]float32, 1))
	if err != nil {
		t.Fatal(err)
	}
	y, err := g.apply(&op{name: "bad", ins: []int{4}, out: []int{1, 1, 1, 1}, do: func(in [][]float32, _ []float32) {
		_ = in[0][7]
	}}, x)
	if err != nil {
		t.Fatal(err)
	}
	p, err := g.compile(y)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := p.exec(); err == nil {
			t.Error("the panic passed unseen")
		}
	}
}

func testPair(t testing.TB, cfg Config) (*G, *D) {
	t.Helper()
	g, err := NewG(cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewD(cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	return g, d
}
