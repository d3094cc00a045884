package model

import (
	"math"

	"gorgonia.org/gorgonia"
)

// activate adds y = x > 0 ? x : slope*x, of a layer without batch norm.
func (g *graph) activate(name string, layer int, slope float32, x *gorgonia.Node) (*gorgonia.Node, error) {
	shape := x.Shape()
	size := volume(shape[1:])
	c := shape[len(shape)-1]
	ones, zeros := make([]float32, c), make([]float32, c)
	for i := range ones {
		ones[i] = 1
	}
	return g.apply(&op{
		name: name, ins: []int{4}, out: shape, wrt: []bool{true}, forward: true, overwrites: g.inPlace(x),
		do: func(in [][]float32, out []float32) {
			k := g.run.n * size
			g.run.pool.ScaleAct(out[:k], in[0][:k], ones, zeros, slope)
			g.intervene(layer, shape[1:], out[:k])
		},
		diff: func(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
			dx, err := g.apply(&op{
				name: name + "/dx", ins: []int{4, 4}, out: shape, overwrites: g.overwriting(grad),
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
		name: name, ins: []int{4}, out: shape, wrt: []bool{true}, forward: true, overwrites: g.unlessKept(x),
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

// lossOfLogits adds the mean binary cross-entropy of logits [N, 1, 1, 1] with
// targets [N, 1], as [1, 1]. The run keeps it in float64 too.
func (g *graph) lossOfLogits(logits, targets *gorgonia.Node) (*gorgonia.Node, error) {
	return g.apply(&op{
		name: "loss", ins: []int{4, 2}, out: []int{1, 1}, wrt: []bool{true, false}, forward: true,
		do: func(in [][]float32, out []float32) {
			n := g.run.n
			g.run.loss = crossEntropy(in[0][:n], in[1][:n])
			out[0] = float32(g.run.loss)
		},
		diff: func(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
			dl, err := g.apply(&op{
				name: "loss/dx", ins: []int{4, 2, 2}, out: in[0].Shape(),
				do: func(in [][]float32, out []float32) {
					n := g.run.n
					crossEntropyGradient(out[:n], in[0][:n], in[1][:n], float64(in[2][0]))
				},
			}, in[0], in[1], grad)
			return gorgonia.Nodes{dl, nil}, err
		},
	}, logits, targets)
}

// crossEntropy is the mean of max(l, 0) - l*t + log(1+exp(-|l|)), the form of
// -t*log(s) - (1-t)*log(1-s), s = sigmoid(l), that no logit overflows.
func crossEntropy(logits, targets []float32) float64 {
	var sum float64
	for i, v := range logits {
		l, t := float64(v), float64(targets[i])
		sum += max(l, 0) - l*t + math.Log1p(math.Exp(-math.Abs(l)))
	}
	return sum / float64(len(logits))
}

// crossEntropyGradient writes factor * (sigmoid(l) - t) / n.
func crossEntropyGradient(dst, logits, targets []float32, factor float64) {
	factor /= float64(len(logits))
	for i, l := range logits {
		dst[i] = float32(factor * (sigmoid(float64(l)) - float64(targets[i])))
	}
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// Score returns the score of a logit, its sigmoid: D's probability that an
// image is real.
func Score(logit float32) float32 { return float32(sigmoid(float64(logit))) }

// A seed says from where a gradient starts: from one unit of each image, or
// from values that the caller gives.
type seed struct {
	given []float32 // the gradient itself; nil for a unit
	unit  int
	at    []int // the unit's location in each image; nil for where it is largest

	value    []float32 // of each image's unit
	location []int     // y*W+x
}

// seed adds the gradient that starts at x: 1 at one unit of each image.
func (g *graph) seed(name string, x *gorgonia.Node) (*gorgonia.Node, error) {
	shape := x.Shape()
	size, c := volume(shape[1:]), shape[3]
	return g.apply(&op{
		name: name, ins: []int{4}, out: shape,
		do: func(in [][]float32, out []float32) {
			n, s := g.run.n, &g.run.seed
			out = out[:n*size]
			if s.given != nil {
				copy(out, s.given)
				return
			}
			clear(out)
			for i := range n {
				act := in[0][i*size : (i+1)*size]
				var at int
				if s.at != nil {
					at = s.at[i]
				} else {
					at = largest(act, s.unit, c)
				}
				s.value[i], s.location[i] = act[at*c+s.unit], at
				out[i*size+at*c+s.unit] = 1
			}
		},
	}, x)
}

// largest returns the first location where a unit is largest; a NaN counts
// as that.
func largest(act []float32, unit, c int) int {
	best := 0
	for i := range len(act) / c {
		v := act[i*c+unit]
		if v != v {
			return i
		}
		if v > act[best*c+unit] {
			best = i
		}
	}
	return best
}
