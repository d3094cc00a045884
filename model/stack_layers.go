package model

import (
	"fmt"
	"strconv"

	"dcganviz/internal/kernel"
)

// Limits on the layers of a Stack. With them no product of sizes overflows, and
// a few bytes of weights cannot ask for an image that fills the memory.
const (
	// MaxSide is the largest height and width, in pixels.
	MaxSide = 1 << 11
	// MaxFeature is how many numbers a layer may make of one image.
	MaxFeature = 1 << 24

	maxKernel = 1 << 10
	maxStride = 1 << 6
	maxModule = 200 // bytes of a module's name
)

// image returns the shape of the images.
func (c Config) image() volumeOf {
	h, w, channels := c.Dims()
	return volumeOf{h, w, channels}
}

// generator returns the layers of a G whose latents have that many numbers and
// whose images are of that shape.
func (s Stack) generator(latentDim int, image volumeOf) ([]layer, error) {
	layers, err := s.layers(volumeOf{1, 1, latentDim})
	if err != nil {
		return nil, err
	}
	if layers[0].joined > 0 {
		return nil, fmt.Errorf("layer 1: a class is joined to its input, want it in the latent")
	}
	last := &layers[len(layers)-1]
	if h, w, c := last.out(); (volumeOf{h, w, c}) != image {
		return nil, fmt.Errorf("it ends in %dx%dx%d, want images of %v", h, w, c, image)
	}
	name(layers, "project", "image")
	return layers, nil
}

// discriminator returns the layers of a D of images of that shape.
func (s Stack) discriminator(image volumeOf) ([]layer, error) {
	layers, err := s.layers(image)
	if err != nil {
		return nil, err
	}
	for i := range layers {
		if layers[i].enlarge > 1 {
			return nil, fmt.Errorf("layer %d: upsampling in a D, want it in a G only", i+1)
		}
	}
	last := &layers[len(layers)-1]
	if h, w, c := last.out(); last.outSize() != 1 {
		return nil, fmt.Errorf("it ends in %dx%dx%d, want one logit", h, w, c)
	}
	if last.slope != 1 || last.tanh {
		return nil, fmt.Errorf("it ends in an activation, want none after the logit")
	}
	name(layers, "", "logit")
	return layers, nil
}

// name names the layers by what they are; first and last may be given.
func name(layers []layer, first, last string) {
	counts := map[string]int{}
	for i := range layers {
		l := &layers[i]
		prefix := "conv"
		switch {
		case l.order == linearOrder || l.order == scoreOrder:
			prefix = "linear"
		case l.up || l.enlarge > 1:
			prefix = "up"
		}
		if i == 0 && first != "" {
			l.name = first
			continue
		}
		counts[prefix]++
		l.name = fmt.Sprintf("%s%d", prefix, counts[prefix])
	}
	layers[len(layers)-1].name = last
}

// A volumeOf is the shape of one image's activations.
type volumeOf struct{ h, w, c int }

func (v volumeOf) String() string { return fmt.Sprintf("%dx%dx%d", v.h, v.w, v.c) }

// Output returns the height, width and channels of what the layers make of an
// input of that shape. A latent is 1x1 with a channel for each of its numbers.
func (s Stack) Output(height, width, channels int) (h, w, c int, err error) {
	layers, err := s.layers(volumeOf{height, width, channels})
	if err != nil {
		return 0, 0, 0, err
	}
	h, w, c = layers[len(layers)-1].out()
	return h, w, c, nil
}

// layers returns the layers for an input of that shape.
func (s Stack) layers(in volumeOf) ([]layer, error) {
	var layers []layer
	modules := map[string]bool{}
	for i, spec := range s.Layers() {
		l, err := spec.layer(in)
		if err != nil {
			return nil, fmt.Errorf("layer %d (%.80q): %w", i+1, spec.Module, err)
		}
		for _, m := range []string{l.module, l.normModule} {
			if m != "" && modules[m] {
				return nil, fmt.Errorf("layer %d: module %.80q is there twice", i+1, m)
			}
			modules[m] = true
		}
		layers = append(layers, l)
		in.h, in.w, in.c = l.out()
	}
	if len(layers) == 0 {
		return nil, fmt.Errorf("no layers")
	}
	for i := range layers[:len(layers)-1] {
		if layers[i].tanh {
			return nil, fmt.Errorf("layer %d: tanh inside a net, want it at the end only", i+1)
		}
	}
	return layers, nil
}

// layer returns the layer for an input of that shape.
func (s *LayerSpec) layer(in volumeOf) (layer, error) {
	l := layer{
		bias: s.Bias, bn: s.Norm.Batch(), flat: s.Norm == ValueNorm || s.Norm == LayerNorm, normLast: s.NormLast, eps: s.NormEps,
		enlarge: s.Upsample, method: s.Upsampling, module: s.Module, normModule: s.NormModule, joined: s.Joined,
	}
	if s.Joined > 0 {
		l.join = joinEverywhere
		if s.Kind == Linear && (in.h > 1 || in.w > 1) {
			l.join = joinFirst
		}
		in.c += s.Joined
	}
	if err := s.check(); err != nil {
		return l, err
	}
	switch s.Norm {
	case GroupNorm:
		l.groups = s.Groups
	case LayerNorm:
		l.groups = 1
	}
	switch s.Activation {
	case NoActivation:
		l.slope = 1
	case LeakyReLU:
		l.slope = float32(s.Slope)
	case Tanh:
		l.slope, l.tanh = 1, true
	}
	var err error
	if s.Kind == Linear {
		err = l.linear(in, volumeOf{max(s.Height, 1), max(s.Width, 1), s.Channels})
	} else {
		err = l.convolution(in, s)
	}
	if err != nil {
		return l, err
	}
	h, w, c := l.out()
	if h > MaxSide || w > MaxSide || h*w*c > MaxFeature {
		return l, fmt.Errorf("it makes %dx%dx%d of %v, more than anyone can draw", h, w, c, in)
	}
	one := l.geom
	one.N = 1
	if err := one.Validate(); err != nil {
		return l, fmt.Errorf("no such convolution of %v: %w", in, err)
	}
	return l, nil
}

// spec returns what layer makes l of.
func (l *layer) spec() LayerSpec {
	h, w, c := l.out()
	g := &l.geom
	s := LayerSpec{
		Channels: c, Upsample: l.enlarge, Upsampling: l.method, Joined: l.joined, Bias: l.bias, NormEps: l.eps,
		Module: l.module, NormModule: l.normModule,
	}
	switch l.order {
	case linearOrder, scoreOrder:
		s.Kind, s.Height, s.Width = Linear, h, w
	case convTOrder:
		s.Kind, s.OutputPadding = ConvTranspose2D, g.H-((g.OH-1)*g.Stride-2*g.Pad+g.KH)
	}
	if s.Kind != Linear {
		s.KernelHeight, s.KernelWidth, s.Stride, s.Padding = g.KH, g.KW, g.Stride, g.Pad
	}
	s.NormLast = l.normLast
	switch {
	case l.groups > 0 && l.flat:
		s.Norm = LayerNorm
	case l.groups > 0:
		s.Norm, s.Groups = GroupNorm, l.groups
	case l.flat:
		s.Norm = ValueNorm
	case l.bn:
		s.Norm = ChannelNorm
	}
	switch {
	case l.tanh:
		s.Activation = Tanh
	case l.slope == 0:
		s.Activation = ReLU
	case l.slope != 1:
		s.Activation = LeakyReLU
		// The shortest number that rounds to the slope: 0.2, not 0.20000000298.
		s.Slope, _ = strconv.ParseFloat(strconv.FormatFloat(float64(l.slope), 'g', -1, 32), 64)
	}
	return s
}

// check reports a spec that no input has a layer for.
func (s *LayerSpec) check() error {
	for _, f := range []struct {
		name           string
		v, least, most int
	}{
		{"kind", int(s.Kind), 0, int(Linear)},
		{"norm", int(s.Norm), 0, int(LayerNorm)},
		{"activation", int(s.Activation), 0, int(Tanh)},
		{"upsampling", int(s.Upsampling), 0, int(BilinearCorners)},
		{"upsampling factor", s.Upsample, 0, maxStride},
		{"channels", s.Channels, 1, maxLatentDim},
		{"numbers of a class", s.Joined, 0, maxLatentDim},
		{"height", s.Height, 0, MaxSide},
		{"width", s.Width, 0, MaxSide},
		{"kernel height", s.KernelHeight, 0, maxKernel},
		{"kernel width", s.KernelWidth, 0, maxKernel},
		{"stride", s.Stride, 0, maxStride},
		{"padding", s.Padding, 0, maxKernel},
		{"output padding", s.OutputPadding, 0, maxStride},
		{"length of the module's name", len(s.Module), 1, maxModule},
		{"length of the norm's name", len(s.NormModule), 0, maxModule},
	} {
		if f.v < f.least || f.v > f.most {
			return fmt.Errorf("%s %d, want %d to %d", f.name, f.v, f.least, f.most)
		}
	}
	if (s.Norm == NoNorm) != (s.NormModule == "") {
		return fmt.Errorf("norm %v of the name %q", s.Norm, s.NormModule)
	}
	conv, transposed := s.Kind != Linear, s.Kind == ConvTranspose2D
	switch {
	case conv != (s.KernelHeight > 0 && s.KernelWidth > 0):
		return fmt.Errorf("a kernel of %dx%d of a %v layer", s.KernelHeight, s.KernelWidth, s.Kind)
	case !conv && (s.Stride > 0 || s.Padding > 0), !transposed && s.OutputPadding > 0:
		return fmt.Errorf("stride %d, padding %d and output padding %d of a %v layer", s.Stride, s.Padding, s.OutputPadding, s.Kind)
	case conv && (s.Height > 0 || s.Width > 0 || s.Norm == ValueNorm):
		return fmt.Errorf("a %v layer with %d, %d and norm %v, which are a linear layer's", s.Kind, s.Height, s.Width, s.Norm)
	case s.Upsample == 1, s.Upsample > 1 && s.Kind != Conv2D, s.Upsample == 0 && s.Upsampling != Nearest:
		return fmt.Errorf("%v upsampling by %d before a %v layer, want 2 or more before a %v one", s.Upsampling, s.Upsample, s.Kind, Conv2D)
	case !(s.NormEps >= 0 && s.NormEps < 1), s.Norm == NoNorm && s.NormEps != 0:
		return fmt.Errorf("norm %v with an epsilon of %g, want 0 to below 1", s.Norm, s.NormEps)
	case s.Norm == GroupNorm && (s.Groups < 1 || s.Channels%s.Groups != 0), s.Norm != GroupNorm && s.Groups != 0:
		return fmt.Errorf("norm %v in %d groups of %d channels", s.Norm, s.Groups, s.Channels)
	case transposed && s.OutputPadding > 0 && s.OutputPadding >= s.Stride:
		return fmt.Errorf("output padding %d, want below the stride %d", s.OutputPadding, s.Stride)
	case s.Activation == LeakyReLU && !(s.Slope > 0 && s.Slope < 1):
		return fmt.Errorf("slope %g of a leaky ReLU, want above 0 and below 1", s.Slope)
	case s.NormLast && (s.Norm == NoNorm || s.Activation != ReLU && s.Activation != LeakyReLU):
		return fmt.Errorf("norm %v after the activation %v, want a norm after a ReLU", s.Norm, s.Activation)
	case s.Activation != LeakyReLU && s.Slope != 0:
		return fmt.Errorf("slope %g of %v", s.Slope, s.Activation)
	}
	return nil
}

func (l *layer) convolution(in volumeOf, s *LayerSpec) error {
	g := kernel.Geom{KH: s.KernelHeight, KW: s.KernelWidth, Stride: max(s.Stride, 1), Pad: s.Padding}
	if s.Kind == ConvTranspose2D {
		l.up, l.order = true, convTOrder
		side := func(in, k int) int { return (in-1)*g.Stride - 2*g.Pad + k + s.OutputPadding }
		g.H, g.W, g.C = side(in.h, g.KH), side(in.w, g.KW), s.Channels
		g.OH, g.OW, g.K = in.h, in.w, in.c
	} else {
		if s.Upsample > 1 {
			in.h, in.w = in.h*s.Upsample, in.w*s.Upsample
		}
		if in.h+2*g.Pad < g.KH || in.w+2*g.Pad < g.KW {
			return fmt.Errorf("a kernel of %dx%d with padding %d is larger than its input %v", g.KH, g.KW, g.Pad, in)
		}
		side := func(in, k int) int { return (in+2*g.Pad-k)/g.Stride + 1 }
		g.H, g.W, g.C = in.h, in.w, in.c
		g.OH, g.OW, g.K = side(in.h, g.KH), side(in.w, g.KW), s.Channels
	}
	l.geom = g
	return nil
}

// linear makes a linear layer of a convolution whose filter covers the whole of
// the side that has pixels.
func (l *layer) linear(in, out volumeOf) error {
	switch {
	case in.h == 1 && in.w == 1:
		l.up, l.order = true, linearOrder
		l.geom = kernel.Geom{H: out.h, W: out.w, C: out.c, OH: 1, OW: 1, K: in.c, KH: out.h, KW: out.w, Stride: 1}
	case out.h == 1 && out.w == 1:
		l.order = scoreOrder
		l.geom = kernel.Geom{H: in.h, W: in.w, C: in.c, OH: 1, OW: 1, K: out.c, KH: in.h, KW: in.w, Stride: 1}
	default:
		return fmt.Errorf("a linear layer from %v to %v, want one of them to be 1x1", in, out)
	}
	return nil
}
