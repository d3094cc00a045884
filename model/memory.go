package model

import "dcganviz/internal/kernel"

// A StepMemory says what training takes, in bytes.
type StepMemory struct {
	// G and D are the weights, gains and biases of each net, once. Adam has twice as
	// much again. Largest is the largest array of them.
	G, D, Largest int64
	// Step is what NewStep and the steps take beyond these: gradients, the weights as
	// the kernels read them, all activations and their gradients.
	Step int64
	// Drawing is what G takes to draw pictures between steps, and Copy what a copy of G
	// takes that draws them in its place, besides.
	Drawing, Copy int64
	// Thread is what each thread of the pool takes.
	Thread int64
}

// StepMemory returns how much memory a Step takes for nets of c, which is valid, and
// batches of that size. Between steps, at most so many pictures as drawn are drawn at
// a time. It is worked out from the shapes of the layers alone.
func (c Config) StepMemory(batch, drawn int) StepMemory {
	const float, double = 4, 8
	g, d := c.generatorLayers(), c.discriminatorLayers()
	// First in floats.
	m := StepMemory{G: int64(parameters(g)), D: int64(parameters(d))}
	m.Step = m.G + m.D // gradients
	var scratch, sum, channels, largest int
	for n, layers := range [][]layer{g, d} {
		for i := range layers {
			l := &layers[i]
			geom := l.geom
			geom.N, geom.Algorithm = batch, kernel.ManyImages
			conv, convT := geom.Packed()
			h, w, c := l.in()
			out, in := l.outSize(), h*w*c
			values := out // the convolution's result
			if !l.tanh {
				values += out // the layer's
			}
			if l.normLast {
				values += out // the activation's
			}
			if l.enlarge > 1 {
				values += 2 * geom.Big() / batch // the enlarged input and its gradient
			}
			if l.joined > 0 {
				values += 2 * h * w * (c + l.joined) // the input with the class's maps, and its gradient
			}
			if n == 0 {
				conv, convT = max(conv, convT), 0 // a lean filter has one form at a time
				m.Drawing += int64(drawn) * int64(out)
				geom.Algorithm = kernel.FewImages
				_, drawing := geom.Packed()
				m.Copy += int64(geom.Weights() + drawing)
				geom.Algorithm = kernel.ManyImages
			}
			if n > 0 || i > 0 {
				values += in // the gradient
			}
			m.Step += int64(conv+convT) + int64(batch)*int64(values)
			scratch = max(scratch, geom.GradientScratch())
			channels = max(channels, l.bnChannels())
			largest = max(largest, geom.Weights())
			if n > 0 {
				sum = max(sum, geom.Weights())
			}
		}
	}
	h, w, depth := c.Dims()
	image := h * w * depth
	m.Step += int64(scratch+sum) + int64(batch)*int64(3*image+c.LatentDim)
	m.Largest = int64(largest)
	for _, p := range []*int64{&m.G, &m.D, &m.Largest, &m.Step, &m.Drawing, &m.Copy} {
		*p *= float
	}
	m.Step += int64(channels) * double * (2*kernelLanes + 16)
	m.Thread = float * threadFloats
	return m
}

const (
	// kernelLanes is into how many sums the kernels split one over pixels.
	kernelLanes = 64
	// threadFloats is what a thread packs, transforms and adds up, at most.
	threadFloats = 9 << 16
)
