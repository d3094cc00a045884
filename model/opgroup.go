package model

import (
	"math"

	"gorgonia.org/gorgonia"
)

// A groupNormaliser is a norm of each image by itself: of all numbers in a group of
// channels, with a gain and a bias for each channel, or for each number. It keeps
// nothing from run to run, and batch statistics do not matter to it.
type groupNormaliser struct {
	g                     *graph
	pixels, width, groups int // of an image: its locations, its channels, and their groups
	gains                 int // as many as channels, or as numbers
	eps                   float64
}

// groupNorm adds y = norm(x). gb is [2, gains]: the gains and then the biases.
func (g *graph) groupNorm(name string, layer, groups int, eps float64, x, gb *gorgonia.Node, p *Param) (*gorgonia.Node, error) {
	shape := x.Shape()
	m := &groupNormaliser{g: g, pixels: shape[1] * shape[2], width: shape[3], groups: groups, gains: gb.Shape()[1], eps: eps}
	size := m.pixels * m.width
	return g.apply(&op{
		name: name, ins: []int{4, 2}, out: shape, wrt: bothInputs, forward: true,
		do: func(in [][]float32, out []float32) {
			m.images(in[0], func(image int, xhat func(i int) float64, _ func(i int) float64) {
				y := out[image*size:][:size]
				for i := range y {
					k := i % m.gains
					y[i] = float32(float64(float64(in[1][k])*xhat(i)) + float64(in[1][m.gains+k]))
				}
			})
			g.intervene(layer, shape[1:], out[:g.run.n*size])
		},
		diff: func(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
			reduce := &op{name: name + "/dgb", ins: []int{4, 4}, out: gb.Shape(), do: func(in [][]float32, out []float32) {
				g.mask(layer, in[0][:g.run.n*size])
				if g.run.reduce {
					m.reduce(in[0], in[1], out)
				}
			}}
			if g.train && p != nil {
				reduce.memory = p.Grad
			}
			dgb, err := g.apply(reduce, grad, in[0])
			if err != nil {
				return nil, err
			}
			// dgb is an input too: the mask is applied there.
			dx, err := g.apply(&op{
				name: name + "/dx", ins: []int{4, 4, 2, 2}, out: shape,
				do: func(in [][]float32, out []float32) { m.backward(in[0], in[1], in[2], out) },
			}, grad, in[0], in[1], dgb)
			return gorgonia.Nodes{dx, dgb}, err
		},
	}, x, gb)
}

// images calls f for each image of x. xhat(i) is its number i, normalised, and
// inv(i) what that was multiplied by.
func (m *groupNormaliser) images(x []float32, f func(image int, xhat, inv func(i int) float64)) {
	size, each := m.pixels*m.width, m.width/m.groups
	m.g.run.pool.Run(m.g.run.n, func(image, _ int) {
		one := x[image*size:][:size]
		mean, scale := make([]float64, m.groups), make([]float64, m.groups)
		count := float64(m.pixels * each)
		for i, v := range one {
			mean[i%m.width/each] += float64(v) / count
		}
		for i, v := range one {
			k := i % m.width / each
			d := float64(v) - mean[k]
			scale[k] += d * d / count
		}
		for k, v := range scale {
			scale[k] = 1 / math.Sqrt(v+m.eps)
		}
		inv := func(i int) float64 { return scale[i%m.width/each] }
		f(image, func(i int) float64 { return (float64(one[i]) - mean[i%m.width/each]) * inv(i) }, inv)
	})
}

// reduce writes the gradients of gains and biases: the sums of dy*xhat and of dy.
func (m *groupNormaliser) reduce(dy, x, out []float32) {
	size := m.pixels * m.width
	parts := make([][]float64, m.g.run.n)
	m.images(x, func(image int, xhat, _ func(i int) float64) {
		part := make([]float64, 2*m.gains)
		for i, d := range dy[image*size:][:size] {
			part[i%m.gains] += float64(float64(d) * xhat(i))
			part[m.gains+i%m.gains] += float64(d)
		}
		parts[image] = part
	})
	sum := make([]float64, 2*m.gains)
	for _, part := range parts { // in order, so that threads do not matter
		for i, v := range part {
			sum[i] += v
		}
	}
	setOrAdd(out, sum, m.g.run.accumulate)
}

// backward writes dx = inv * (d - mean(d) - xhat*mean(d*xhat)), with d = dy*gain
// and means over the group.
func (m *groupNormaliser) backward(dy, x, gb, out []float32) {
	size, each := m.pixels*m.width, m.width/m.groups
	m.images(x, func(image int, xhat, inv func(i int) float64) {
		d, dst := dy[image*size:][:size], out[image*size:][:size]
		mean, along := make([]float64, m.groups), make([]float64, m.groups)
		count := float64(m.pixels * each)
		for i, v := range d {
			k := i % m.width / each
			g := float64(float64(v) * float64(gb[i%m.gains]))
			mean[k] += g / count
			along[k] += g * xhat(i) / count
		}
		for i, v := range d {
			k := i % m.width / each
			g := float64(float64(v) * float64(gb[i%m.gains]))
			dst[i] = float32(inv(i) * (g - mean[k] - float64(xhat(i)*along[k])))
		}
	})
}
