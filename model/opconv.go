package model

import (
	"slices"

	"gorgonia.org/gorgonia"

	"dcganviz/internal/kernel"
)

// A convolver makes the nodes of one convolution and of its gradients. The
// three operations are closed under differentiation:
//
//	Conv (x, w): dx = ConvT(g, w)   dw = ConvW(x, g)
//	ConvT(y, w): dy = Conv(g, w)    dw = ConvW(g, y)
//	ConvW(x, y): dx = ConvT(y, g)   dy = Conv(x, g)
type convolver struct {
	g    *graph
	name string
	geom kernel.Geom // with the graph's capacity as N
	// param is the weights', whose packed forms are kept between runs; nil
	// where another tensor stands in their place.
	param *Param
}

func (g *graph) convolver(name string, geom kernel.Geom, p *Param) convolver {
	geom.N = g.capacity
	geom.Algorithm = g.algorithm
	return convolver{g, name, geom, p}
}

// at returns the geometry of the present run.
func (c *convolver) at() kernel.Geom {
	geom := c.geom
	geom.N = c.g.run.n
	return geom
}

func (c *convolver) big() []int    { return []int{c.geom.N, c.geom.H, c.geom.W, c.geom.C} }
func (c *convolver) small() []int  { return []int{c.geom.N, c.geom.OH, c.geom.OW, c.geom.K} }
func (c *convolver) weight() []int { return []int{c.geom.KH, c.geom.KW, c.geom.C, c.geom.K} }

// filter returns w as a filter: the net's own with its packed forms, or one
// made for the occasion where a gradient stands in the weights' place.
func (c *convolver) filter(w []float32) *kernel.Filter {
	if c.param != nil && &c.param.W[0] == &w[0] {
		return c.param.filter
	}
	return &kernel.Filter{KH: c.geom.KH, KW: c.geom.KW, C: c.geom.C, K: c.geom.K, W: w}
}

// derived names the ops of a gradient, which may be differentiated again.
func (c convolver) derived(suffix string) convolver {
	c.name += suffix
	return c
}

var bothInputs = []bool{true, true}

// conv adds small = conv(big, w).
func (c convolver) conv(big, w *gorgonia.Node, forward bool) (*gorgonia.Node, error) {
	return c.g.apply(&op{
		name: c.name, ins: []int{4, 4}, out: c.small(), wrt: bothInputs, forward: forward,
		do: func(in [][]float32, out []float32) {
			geom := c.at()
			c.g.run.pool.Conv(geom, out[:geom.Small()], in[0][:geom.Big()], c.filter(in[1]))
		},
		diff: func(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
			return pair(
				func() (*gorgonia.Node, error) { return c.derived("/dx").convT(grad, in[1], false) },
				func() (*gorgonia.Node, error) { return c.derived("/dw").convW(in[0], grad) })
		},
	}, big, w)
}

// convT adds big = convT(small, w).
func (c convolver) convT(small, w *gorgonia.Node, forward bool) (*gorgonia.Node, error) {
	return c.g.apply(&op{
		name: c.name, ins: []int{4, 4}, out: c.big(), wrt: bothInputs, forward: forward,
		do: func(in [][]float32, out []float32) {
			geom := c.at()
			c.g.run.pool.ConvT(geom, out[:geom.Big()], in[0][:geom.Small()], c.filter(in[1]))
		},
		diff: func(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
			return pair(
				func() (*gorgonia.Node, error) { return c.derived("/dx").conv(grad, in[1], false) },
				func() (*gorgonia.Node, error) { return c.derived("/dw").convW(grad, in[0]) })
		},
	}, small, w)
}

// convW adds the gradient to the weights of conv at big, or of convT at small.
func (c convolver) convW(big, small *gorgonia.Node) (*gorgonia.Node, error) {
	o := &op{
		name: c.name, ins: []int{4, 4}, out: c.weight(), wrt: bothInputs,
		do: func(in [][]float32, out []float32) {
			geom, r := c.at(), &c.g.run
			x, y := in[0][:geom.Big()], in[1][:geom.Small()]
			if !r.accumulate {
				r.pool.ConvW(geom, out, x, y)
				return
			}
			sum := c.g.space.temporary(len(out))
			r.pool.ConvW(geom, sum, x, y)
			r.pool.Add(out, out, sum)
		},
		diff: func(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
			return pair(
				func() (*gorgonia.Node, error) { return c.derived("/dx").convT(in[1], grad, false) },
				func() (*gorgonia.Node, error) { return c.derived("/dy").conv(in[0], grad, false) })
		},
	}
	if c.g.train && c.param != nil {
		o.memory = c.param.Grad
	}
	return c.g.apply(o, big, small)
}

func pair(a, b func() (*gorgonia.Node, error)) (gorgonia.Nodes, error) {
	x, err := a()
	if err != nil {
		return nil, err
	}
	y, err := b()
	if err != nil {
		return nil, err
	}
	return gorgonia.Nodes{x, y}, nil
}

// bias adds y = x + b, b one value a channel.
func (g *graph) bias(name string, x, b *gorgonia.Node, p *Param) (*gorgonia.Node, error) {
	shape := x.Shape()
	c := b.Shape()[0]
	size := volume(shape[1:])
	ones, zeros := slices.Repeat([]float32{1}, c), make([]float32, c)
	sum, unused := make([]float64, c), make([]float64, c)
	sums := &op{name: name + "/db", ins: []int{4}, out: []int{c}, do: func(in [][]float32, out []float32) {
		dy := in[0][:g.run.n*size]
		g.run.pool.BNReduce(dy, dy, ones, zeros, 1, kernel.Plain, sum, unused)
		setOrAdd(out, sum, g.run.accumulate)
	}}
	if g.train && p != nil {
		sums.memory = p.Grad
	}
	return g.apply(&op{
		name: name, ins: []int{4, 1}, out: shape, wrt: bothInputs, forward: true, overwrites: overwriting(x, always),
		do: func(in [][]float32, out []float32) {
			k := g.run.n * size
			g.run.pool.ScaleAct(out[:k], in[0][:k], ones, in[1], 1)
		},
		diff: func(_ gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
			db, err := g.apply(sums, grad)
			return gorgonia.Nodes{grad, db}, err
		},
	}, x, b)
}

func setOrAdd(dst []float32, src []float64, add bool) {
	for i, v := range src {
		if add {
			v += float64(dst[i])
		}
		dst[i] = float32(v)
	}
}
