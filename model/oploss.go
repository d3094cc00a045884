package model

import (
	"math"

	"gorgonia.org/gorgonia"
)

// crossEntropy adds a [1, 1] node: the mean binary cross-entropy of logits,
// [N, H, W, 1], with targets, [N, H*W] in [0, 1]. Targets that are NaN do not count.
// The run keeps the mean in float64 too.
func (g *graph) crossEntropy(logits, targets *gorgonia.Node) (*gorgonia.Node, error) {
	size := volume(targets.Shape()[1:])
	return g.apply(&op{
		name: "loss", ins: []int{4, 2}, out: []int{1, 1}, wrt: []bool{true, false}, forward: true,
		do: func(in [][]float32, out []float32) {
			n := g.run.n * size
			g.run.loss = meanCrossEntropy(in[0][:n], in[1][:n])
			out[0] = float32(g.run.loss)
		},
		diff: func(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
			dl, err := g.apply(&op{
				name: "loss/dx", ins: []int{4, 2, 2}, out: in[0].Shape(),
				do: func(in [][]float32, out []float32) {
					n := g.run.n * size
					crossEntropyGradient(out[:n], in[0][:n], in[1][:n], float64(in[2][0]))
				},
			}, in[0], in[1], grad)
			return gorgonia.Nodes{dl, nil}, err
		},
	}, logits, targets)
}

// lossGradients adds the loss of the logits at a place with targets, which stay
// the caller's to write, and its gradients.
func (s *netGraph) lossGradients(at activationAt, targets []float32, wrt ...*gorgonia.Node) (loss *gorgonia.Node, grads gorgonia.Nodes, err error) {
	t, err := s.input("targets", []int{s.capacity, len(targets) / s.capacity}, targets)
	if err != nil {
		return nil, nil, err
	}
	if loss, err = s.crossEntropy(s.node(at), t); err != nil {
		return nil, nil, err
	}
	one, err := s.input("gradient of the loss", []int{1, 1}, []float32{1})
	if err != nil {
		return nil, nil, err
	}
	grads, err = s.gradients(loss, one, wrt...)
	return loss, grads, err
}

// counted returns how many targets are not NaN, at least 1 to divide by.
func counted(targets []float32) int {
	n := 0
	for _, t := range targets {
		if t == t {
			n++
		}
	}
	return max(n, 1)
}

// meanCrossEntropy is the mean over the targets that count.
func meanCrossEntropy(logits, targets []float32) float64 {
	var sum float64
	for i, t := range targets {
		if t == t {
			sum += CrossEntropy(float64(logits[i]), float64(t))
		}
	}
	return sum / float64(counted(targets))
}

// crossEntropyGradient writes factor * (sigmoid(l) - t) / n, zero where a target
// does not count.
func crossEntropyGradient(dst, logits, targets []float32, factor float64) {
	factor /= float64(counted(targets))
	for i, t := range targets {
		dst[i] = 0
		if t == t {
			dst[i] = float32(factor * (Sigmoid(float64(logits[i])) - float64(t)))
		}
	}
}

// CrossEntropy is the binary cross-entropy of a logit with a target in [0, 1], in
// nats: -target*log(s) - (1-target)*log(1-s) of the logit's sigmoid s, in a form
// that no logit overflows.
func CrossEntropy(logit, target float64) float64 {
	return max(logit, 0) - float64(logit*target) + math.Log1p(math.Exp(-math.Abs(logit)))
}

// Sigmoid returns the probability that a logit stands for.
func Sigmoid(logit float64) float64 { return 1 / (1 + math.Exp(-logit)) }

// Score returns the score of a logit, its sigmoid: D's probability that an
// image is real.
func Score(logit float32) float32 { return float32(Sigmoid(float64(logit))) }
