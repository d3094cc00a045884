package model

import (
	"fmt"

	"dcganviz/internal/kernel"
)

// A layout is how a weight that is [KH, KW, C, K] in memory lies in a
// state dict; C counts the channels of the side with more pixels.
type layout uint8

const (
	convOrder   layout = iota // Conv2d: [K, C, KH, KW], out and in
	convTOrder                // ConvTranspose2d: [K, C, KH, KW], in and out
	linearOrder               // Linear that projects a latent: [C*KH*KW, K]
	scoreOrder                // Linear after Flatten: [K, C*KH*KW]
)

// A layer is a convolution or transposed convolution, and what follows it up
// to the next one: a bias, batch normalisation, an activation.
type layer struct {
	name  string
	geom  kernel.Geom // with N = 0
	up    bool        // transposed: from the small side to the big one
	order layout

	// joined is how many feature maps of a class's row come behind the input's own.
	joined int
	join   joining

	bias  bool
	bn    bool    // batch norm, fused with the activation if that comes behind it
	flat  bool    // the norm's gains are per location too (BatchNorm1d before the reshape, LayerNorm)
	eps   float64 // what the norm adds to the variance; 0: what Config says
	slope float32 // negative slope of the activation: 1 none, 0 ReLU
	tanh  bool
	// groups is of a norm of each image by itself, in place of batch norm; 0
	// without one.
	groups int
	// normLast says that the norm comes after the activation.
	normLast bool

	// A convolution's input is enlarged so many times, 0 for not at all, before.
	enlarge int
	method  Upsampling

	// What the state dict calls the convolution and the batch norm.
	module, normModule string
}

// out returns the shape of the layer's result, without the batch axis.
func (l *layer) out() (h, w, c int) {
	if l.up {
		return l.geom.H, l.geom.W, l.geom.C
	}
	return l.geom.OH, l.geom.OW, l.geom.K
}

// in returns the shape of the layer's input, without the batch axis and without what
// is joined to it.
func (l *layer) in() (h, w, c int) {
	g := &l.geom
	if l.up {
		return g.OH, g.OW, g.K - l.joined
	}
	f := max(l.enlarge, 1)
	return g.H / f, g.W / f, g.C - l.joined
}

// weights returns how many weights the layer has in a state dict. A row that is joined
// to a vector has weights at the first location only.
func (l *layer) weights() int {
	n := l.geom.Weights()
	if l.join == joinFirst {
		n -= l.joined * (l.geom.KH*l.geom.KW - 1) * l.geom.K
	}
	return n
}

// clearUnused sets the weights that are not in a state dict, and are never used, to zero.
func (l *layer) clearUnused(w []float32) {
	if l.join != joinFirst {
		return
	}
	g := &l.geom
	for tap := 1; tap < g.KH*g.KW; tap++ {
		clear(w[(tap*g.C+g.C-l.joined)*g.K : (tap+1)*g.C*g.K])
	}
}

// outSize returns the number of values of one item of the layer's result.
func (l *layer) outSize() int {
	h, w, c := l.out()
	return h * w * c
}

// normed reports whether the layer has a norm of any kind.
func (l *layer) normed() bool { return l.bn || l.groups > 0 }

// bnChannels returns how many gains the norm has: one a channel, or one a
// channel and location.
func (l *layer) bnChannels() int {
	if l.flat {
		return l.outSize()
	}
	_, _, c := l.out()
	return c
}

// gainShape returns the shape of the norm's gains in a state dict.
func (l *layer) gainShape() []int {
	if l.flat && l.groups > 0 {
		h, w, c := l.out()
		return []int{c, h, w}
	}
	return []int{l.bnChannels()}
}

// biases returns how many biases the layer has: one a channel, or one for each
// number of a linear layer's result.
func (l *layer) biases() int {
	if l.order == linearOrder {
		return l.outSize()
	}
	_, _, c := l.out()
	return c
}

// leak is the negative slope of D's activations.
const leak = 0.2

// strided returns the geometry of a stride-2 layer between h x w pixels with
// smallChannels and twice as many a side with bigChannels.
func (c Config) strided(h, w, bigChannels, smallChannels int) kernel.Geom {
	g := kernel.Geom{H: 2 * h, W: 2 * w, C: bigChannels, OH: h, OW: w, K: smallChannels, KH: 4, KW: 4, Stride: 2, Pad: 1}
	if c.Arch == Paper {
		g.KH, g.KW, g.Pad = 5, 5, 2
	}
	return g
}

// sequential returns the name of a module at a place of the nn.Sequential that
// pytorch/examples calls main.
func sequential(at int) string { return fmt.Sprintf("main.%d", at) }

// generatorLayers returns G's layers: project, up1, up2, ..., image.
func (c Config) generatorLayers() []layer {
	if c.Arch == Custom {
		layers, _ := c.GStack.generator(c.LatentDim, c.image())
		c.Condition.join(layers)
		return layers
	}
	from, _ := c.start()
	width := c.GWidth << (from.times - 1)
	in, at := c.LatentDim, 0 // at is the next place in the Sequential
	var layers []layer
	if c.Hidden > 0 {
		layers = append(layers, layer{
			name: "hidden", up: true, order: linearOrder, bn: true, geom: linear(1, 1, c.Hidden, in),
			module: sequential(0), normModule: sequential(1),
		})
		in, at = c.Hidden, 3
	}
	first := layer{
		name: "project", up: true, order: convTOrder, bn: true, geom: linear(from.h, from.w, width, in),
		module: sequential(at), normModule: sequential(at + 1),
	}
	at += 3
	if c.Arch == Paper {
		first.order, first.flat = linearOrder, true
		at++ // the reshape takes a place
	}
	layers = append(layers, first)
	h, w := from.h, from.w
	for i := 1; i < from.times; i++ {
		layers = append(layers, layer{
			name: fmt.Sprintf("up%d", i), up: true, order: convTOrder, bn: true,
			geom: c.strided(h, w, width/2, width), module: sequential(at), normModule: sequential(at + 1),
		})
		h, w, width, at = 2*h, 2*w, width/2, at+3
	}
	layers = append(layers, layer{
		name: "image", up: true, order: convTOrder, slope: 1, tanh: true,
		geom: c.strided(h, w, c.Channels, width), module: sequential(at),
	})
	c.DCondition.tell(layers[1:]) // the row is in the latent already
	return layers
}

// linear returns the geometry of a linear map between h x w locations of big channels
// and one of small channels.
func linear(h, w, big, small int) kernel.Geom {
	return kernel.Geom{H: h, W: w, C: big, OH: 1, OW: 1, K: small, KH: h, KW: w, Stride: 1}
}

// discriminatorLayers returns D's layers: conv1, conv2, ..., logit.
func (c Config) discriminatorLayers() []layer {
	if c.Arch == Custom {
		layers, _ := c.DStack.discriminator(c.image())
		c.DCondition.join(layers)
		return layers
	}
	from, _ := c.start()
	h, w, channels := c.Dims()
	h, w = h/2, w/2
	width := c.DWidth
	layers := []layer{{name: "conv1", slope: leak, geom: c.strided(h, w, channels, width), module: sequential(0)}}
	at := 2
	for i := 2; i <= from.times; i++ {
		h, w = h/2, w/2
		layers = append(layers, layer{
			name: fmt.Sprintf("conv%d", i), bn: true, slope: leak,
			geom: c.strided(h, w, width, 2*width), module: sequential(at), normModule: sequential(at + 1),
		})
		width, at = 2*width, at+3
	}
	last := layer{name: "logit", slope: 1, module: sequential(at), geom: linear(from.h, from.w, width, 1)}
	if c.Arch == Paper || c.Hidden > 0 {
		at++ // Flatten takes a place
		last.order, last.module = scoreOrder, sequential(at)
	}
	if c.Hidden > 0 {
		layers = append(layers, layer{
			name: "hidden", order: scoreOrder, bn: true, slope: leak, geom: linear(from.h, from.w, width, c.Hidden),
			module: sequential(at), normModule: sequential(at + 1),
		})
		last.geom, last.module = linear(1, 1, c.Hidden, 1), sequential(at+3)
	}
	layers = append(layers, last)
	c.DCondition.tell(layers)
	return layers
}

// parameters counts the weights, gains and biases of layers.
func parameters(layers []layer) int {
	n := 0
	for i := range layers {
		l := &layers[i]
		n += l.weights()
		if l.bias {
			n += l.biases()
		}
		if l.normed() {
			n += 2 * l.bnChannels()
		}
	}
	return n
}

// A LayerInfo describes a layer to callers.
type LayerInfo struct {
	// Name is what RunOptions and Point take.
	Name string
	// Height, Width and Channels are those of the layer's activations.
	Height, Width, Channels int
	// Kernel, its height, KernelWidth and Stride are those of its convolution;
	// Transposed says that it is a transposed one. A linear layer counts as a
	// convolution whose kernel covers all of its input or result.
	Kernel, KernelWidth, Stride int
	Transposed                  bool
	// Upsample is how many times the layer's input is enlarged before that, 0 for not
	// at all, by the method Upsampling.
	Upsample   int
	Upsampling Upsampling
	// BatchNorm says that the convolution's result is normalised by batch norm.
	BatchNorm bool
	// Activation is relu, leaky_relu, tanh or none.
	Activation string
	// Parameters counts its weights, gains and biases.
	Parameters int
}

func (l *layer) info() LayerInfo {
	h, w, c := l.out()
	return LayerInfo{
		Name: l.name, Height: h, Width: w, Channels: c,
		Kernel: l.geom.KH, KernelWidth: l.geom.KW, Stride: l.geom.Stride, Transposed: l.up,
		Upsample: l.enlarge, Upsampling: l.method, BatchNorm: l.bn,
		Activation: l.spec().Activation.String(), Parameters: parameters([]layer{*l}),
	}
}
