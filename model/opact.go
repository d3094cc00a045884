package model

import (
	"slices"

	"gorgonia.org/gorgonia"
)

// activate adds y = x > 0 ? x : slope*x, of a layer without batch norm.
func (g *graph) activate(name string, layer int, slope float32, x *gorgonia.Node) (*gorgonia.Node, error) {
	shape := x.Shape()
	size := volume(shape[1:])
	c := shape[len(shape)-1]
	ones, zeros := slices.Repeat([]float32{1}, c), make([]float32, c)
	return g.apply(&op{
		name: name, ins: []int{4}, out: shape, wrt: []bool{true}, forward: true, overwrites: overwriting(x, g.inPlace),
		do: func(in [][]float32, out []float32) {
			k := g.run.n * size
			g.run.pool.ScaleAct(out[:k], in[0][:k], ones, zeros, slope)
			g.intervene(layer, shape[1:], out[:k])
		},
		diff: func(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
			dx, err := g.apply(&op{
				name: name + "/dx", ins: []int{4, 4}, out: shape, overwrites: overwriting(grad, always),
				do: func(in [][]float32, out []float32) {
					r, k := &g.run, g.run.n*size
					g.mask(layer, in[0][:k])
					r.pool.BNBackward(out[:k], in[0][:k], in[1][:k], ones, zeros, slope, r.rule, ones, zeros, zeros)
				},
			}, grad, in[0])
			return gorgonia.Nodes{dx}, err
		},
	}, x)
}

// tanh adds y = tanh(x).
func (g *graph) tanh(name string, layer int, x *gorgonia.Node) (*gorgonia.Node, error) {
	shape := x.Shape()
	size := volume(shape[1:])
	return g.apply(&op{
		name: name, ins: []int{4}, out: shape, wrt: []bool{true}, forward: true, overwrites: overwriting(x, g.unlessKept),
		do: func(in [][]float32, out []float32) {
			k := g.run.n * size
			g.run.pool.Tanh(out[:k], in[0][:k])
			g.intervene(layer, shape[1:], out[:k])
		},
		diff: func(_ gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
			dx, err := g.apply(&op{
				name: name + "/dx", ins: []int{4, 4}, out: shape,
				do: func(in [][]float32, out []float32) {
					k := g.run.n * size
					g.run.pool.TanhBackward(out[:k], in[0][:k], in[1][:k])
				},
			}, grad, out)
			return gorgonia.Nodes{dx}, err
		},
	}, x)
}
