package model

import (
	"math"

	"gorgonia.org/gorgonia"
)

// overwriting lets an op write its result over x, its first input, in runs for
// which when holds. An x that the caller gave is never overwritten.
func overwriting(x *gorgonia.Node, when func() bool) func() int {
	if x.Op() == nil {
		return nil
	}
	return func() int {
		if when() {
			return 0
		}
		return -1
	}
}

// always is for an x that no later op reads, inPlace for one that is not read
// again in some runs, and unlessKept for one that a run may look at.
func always() bool                { return true }
func (g *graph) inPlace() bool    { return g.run.inPlace }
func (g *graph) unlessKept() bool { return !g.run.keep }

// A normaliser is a batch norm fused with the activation after it. Besides their
// nodes' values its three ops share the present batch's statistics and the sums of
// the gradient.
type normaliser struct {
	g     *graph
	name  string
	layer int // for masks and edits; -1 for a layer without them
	size  int // values an image
	slope float32
	eps   float64
	stats *bnStats
	param *Param

	mean, variance, inv []float64
	scale, shift        []float32 // the factors in use
	own                 []float32 // memory for the factors of a batch
	sum, sumx           []float64
	a, b, c             []float32
}

func (g *graph) normaliser(name string, layer int, slope float32, eps float64, p *Param) *normaliser {
	n := len(p.stats.mean)
	doubles := make([]float64, 5*n)
	singles := make([]float32, 5*n)
	return &normaliser{
		g: g, name: name, layer: layer, slope: slope, eps: eps, stats: p.stats, param: p,
		mean: doubles[:n], variance: doubles[n : 2*n], inv: doubles[2*n : 3*n],
		sum: doubles[3*n : 4*n], sumx: doubles[4*n:],
		own: singles[:2*n], a: singles[2*n : 3*n], b: singles[3*n : 4*n], c: singles[4*n:],
	}
}

// apply adds y = act(norm(x)); gb is [2, C], the gains and then the biases.
func (m *normaliser) apply(x, gb *gorgonia.Node) (*gorgonia.Node, error) {
	shape := x.Shape()
	m.size = volume(shape[1:])
	return m.g.apply(&op{
		name: m.name, ins: []int{4, 2}, out: shape, wrt: bothInputs, forward: true, overwrites: overwriting(x, m.g.inPlace),
		do: func(in [][]float32, out []float32) {
			k := m.g.run.n * m.size
			m.prepare(in[0][:k], in[1])
			m.g.run.pool.ScaleAct(out[:k], in[0][:k], m.scale, m.shift, m.slope)
			m.g.intervene(m.layer, shape[1:], out[:k])
		},
		diff: m.diff,
	}, x, gb)
}

// prepare finds the factor and summand of each channel.
func (m *normaliser) prepare(x, gb []float32) {
	r := &m.g.run
	if !r.batchStats {
		if m.stats.centring {
			r.pool.BNStats(x, m.mean, m.variance)
			m.stats.centre(m.mean)
		}
		m.scale, m.shift = m.stats.fold(gb, m.eps)
		return
	}
	c := len(m.mean)
	r.pool.BNStats(x, m.mean, m.variance)
	m.scale, m.shift = m.own[:c], m.own[c:]
	for i := range c {
		m.inv[i] = 1 / math.Sqrt(m.variance[i]+m.eps)
		k := float64(gb[i]) * m.inv[i]
		m.scale[i] = float32(k)
		m.shift[i] = float32(float64(gb[c+i]) - float64(m.mean[i]*k))
	}
	if r.move {
		m.stats.update(m.mean, m.variance, len(x)/c)
	}
}

// diff adds the gradients. With xhat = (x-mean)*inv and d the gradient taken
// back through the activation:
//
//	dgain = Σ d*xhat    dbias = Σ d
//	dx = gain*inv * (d - dbias/rows - xhat*dgain/rows)    batch statistics
//	dx = gain*inv * d                                      running statistics
//
// Ioffe & Szegedy 2015 (arXiv:1502.03167), section 3.
func (m *normaliser) diff(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	x, gb := in[0], in[1]
	shape := x.Shape()
	// The output is an input too: it makes sure that the statistics are there.
	reduce := &op{
		name: m.name + "/dgb", ins: []int{4, 4, 4}, out: gb.Shape(),
		do: func(in [][]float32, out []float32) { m.reduce(in[0], in[1], out) },
	}
	if m.g.train && m.param != nil {
		reduce.memory = m.param.Grad
	}
	dgb, err := m.g.apply(reduce, grad, x, out)
	if err != nil {
		return nil, err
	}
	dx, err := m.g.apply(&op{
		name: m.name + "/dx", ins: []int{4, 4, 2, 2}, out: shape, overwrites: overwriting(grad, always),
		do: func(in [][]float32, out []float32) { m.backward(in[0], in[1], in[2], out) },
	}, grad, x, gb, dgb)
	return gorgonia.Nodes{dx, dgb}, err
}

// reduce sums the gradient dy, which it multiplies by the layer's mask first,
// and writes the gradients of gains and biases to out.
func (m *normaliser) reduce(dy, x, out []float32) {
	r := &m.g.run
	k := r.n * m.size
	m.g.mask(m.layer, dy[:k])
	if !r.batchStats && !r.reduce {
		return
	}
	r.pool.BNReduce(dy[:k], x[:k], m.scale, m.shift, m.slope, r.rule, m.sum, m.sumx)
	c := len(m.sum)
	for i := range c {
		mean, inv := m.mean[i], m.inv[i]
		if !r.batchStats {
			mean, inv = float64(m.stats.mean[i]), 1/math.Sqrt(float64(m.stats.variance[i])+m.eps)
		}
		// From here on sumx holds the gradient of the gain.
		m.sumx[i] = inv * (m.sumx[i] - float64(mean*m.sum[i]))
	}
	if r.reduce {
		setOrAdd(out[:c], m.sumx, r.accumulate)
		setOrAdd(out[c:], m.sum, r.accumulate)
	}
}

func (m *normaliser) backward(dy, x, gb, out []float32) {
	r := &m.g.run
	k := r.n * m.size
	if r.batchStats {
		rows := float64(k / len(m.sum))
		for i := range m.sum {
			gain := float64(gb[i]) * m.inv[i]
			slope := gain * m.inv[i] * m.sumx[i] / rows
			m.a[i] = float32(gain)
			m.b[i] = float32(-slope)
			m.c[i] = float32(float64(slope*m.mean[i]) - gain*m.sum[i]/rows)
		}
	} else {
		copy(m.a, m.scale)
		clear(m.b)
		clear(m.c)
	}
	r.pool.BNBackward(out[:k], dy[:k], x[:k], m.scale, m.shift, m.slope, r.rule, m.a, m.b, m.c)
}

// mask multiplies a layer's activations, or their gradient, by its mask.
func (g *graph) mask(layer int, y []float32) {
	if layer < 0 || g.run.masks == nil || g.run.masks[layer] == nil {
		return
	}
	mask := g.run.masks[layer]
	kernelRows(g.run.pool, y, len(mask), func(row []float32) {
		for i, m := range mask {
			row[i] *= m
		}
	})
}

// kernelRows runs f on each row of c values, on the pool's threads.
func kernelRows(p *Pool, y []float32, c int, f func(row []float32)) {
	rows := len(y) / c
	tasks := min(rows, 64)
	p.Run(tasks, func(task, _ int) {
		for r := task * rows / tasks; r < (task+1)*rows/tasks; r++ {
			f(y[r*c : (r+1)*c])
		}
	})
}

// intervene applies what the run asks for to a layer's activations.
func (g *graph) intervene(layer int, shape []int, y []float32) {
	g.mask(layer, y)
	if layer < 0 || g.run.edits == nil || g.run.edits[layer] == nil {
		return
	}
	t := Tensor{Shape: append([]int{g.run.n}, shape...), Data: y}
	if err := g.run.edits[layer](t); err != nil {
		g.run.fail(err)
	}
}
