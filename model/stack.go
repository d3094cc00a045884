package model

import (
	"encoding/json"
	"fmt"

	"dcganviz/internal/enum"
	"dcganviz/internal/plainjson"
)

// A Stack is the layers of a net of the Custom architecture, from the input to
// the output. It is a value: two stacks of equal layers are equal. The zero
// value is a net that is not there.
type Stack struct {
	text string // the layers as JSON, which makes a Config comparable
}

// A LayerSpec is one layer of a Stack: a convolution, a transposed one or a
// linear map, then a norm and an activation. Its input may be enlarged first.
type LayerSpec struct {
	// Kind is what the layer computes.
	Kind Kind `json:"kind"`
	// Channels is how many feature maps it has.
	Channels int `json:"channels"`
	// Height and Width are of a Linear layer: its result is reshaped to
	// [Channels, Height, Width] in PyTorch's order. 0 means 1.
	Height int `json:"height,omitempty"`
	Width  int `json:"width,omitempty"`
	// Upsample is how many times the height and the width of a Conv2D's input are
	// enlarged before the convolution, by the method Upsampling. 0 means not at
	// all.
	Upsample   int        `json:"upsample,omitempty"`
	Upsampling Upsampling `json:"upsampling,omitempty"`
	// KernelHeight, KernelWidth, Stride, Padding and OutputPadding are
	// PyTorch's, of a convolution. A Stride of 0 means 1. OutputPadding is of
	// a ConvTranspose2D.
	KernelHeight  int `json:"kernel_height,omitempty"`
	KernelWidth   int `json:"kernel_width,omitempty"`
	Stride        int `json:"stride,omitempty"`
	Padding       int `json:"padding,omitempty"`
	OutputPadding int `json:"output_padding,omitempty"`
	// Joined is how many feature maps of a class's row come behind the input's own, at
	// every location the same; of a Linear layer, so many numbers behind all others.
	// D's first layer may have maps of pixels instead: see Config.DCondition.
	Joined int `json:"joined,omitempty"`
	// Bias says that one number a channel is added (of a Linear layer: one a
	// number of its result).
	Bias bool `json:"bias,omitempty"`
	// Norm is the norm after that, and Groups into how many groups a GroupNorm
	// divides the channels: 1 to Channels. NormEps is what it adds to the variance, 0
	// for what Config says.
	Norm    Norm    `json:"norm,omitempty"`
	Groups  int     `json:"groups,omitempty"`
	NormEps float64 `json:"norm_eps,omitempty"`
	// NormLast says that the norm comes after the activation, not before it.
	NormLast bool `json:"norm_last,omitempty"`
	// Activation is what follows, and Slope its factor for numbers below zero
	// where it is LeakyReLU.
	Activation Activation `json:"activation"`
	Slope      float64    `json:"slope,omitempty"`
	// Module and NormModule are the names in a state dict, without ".weight".
	Module     string `json:"module"`
	NormModule string `json:"norm_module,omitempty"`
}

// A Kind is what a layer computes first.
type Kind uint8

// The kinds, as PyTorch calls them.
const (
	Conv2D Kind = iota
	ConvTranspose2D
	Linear
)

var kindNames = [...]string{"conv", "conv_transpose", "linear"}

func (k Kind) String() string { return enum.Name(k, kindNames[:]) }

// MarshalText writes conv, conv_transpose or linear.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (k *Kind) UnmarshalText(text []byte) (err error) {
	*k, err = enum.Parse[Kind]("model: kind of layer", string(text), kindNames[:])
	return err
}

// A Norm is how a layer's numbers are normalised.
type Norm uint8

const (
	// NoNorm is no norm.
	NoNorm Norm = iota
	// ChannelNorm is batch norm with one gain a channel, as BatchNorm2d.
	ChannelNorm
	// ValueNorm is batch norm with one gain for every number of a Linear layer's
	// result, as BatchNorm1d before the reshape.
	ValueNorm
	// GroupNorm normalises each image by itself, a group of channels at a time,
	// and has one gain a channel: GroupNorm, and with as many groups as channels
	// InstanceNorm2d (Wu & He 2018, arXiv:1803.08494, section 3.1).
	GroupNorm
	// LayerNorm normalises all numbers of an image at once, and has one gain for
	// each, as PyTorch's LayerNorm of [C, H, W] (Ba et al. 2016,
	// arXiv:1607.06450, section 3).
	LayerNorm
)

var normNames = [...]string{"none", "channel", "value", "group", "layer"}

// Batch reports whether n is a batch norm, which keeps running statistics.
func (n Norm) Batch() bool { return n == ChannelNorm || n == ValueNorm }

func (n Norm) String() string { return enum.Name(n, normNames[:]) }

// MarshalText writes none, channel, value, group or layer.
func (n Norm) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (n *Norm) UnmarshalText(text []byte) (err error) {
	*n, err = enum.Parse[Norm]("model: norm", string(text), normNames[:])
	return err
}

// An Upsampling is a way of enlarging feature maps, as PyTorch's Upsample does.
type Upsampling uint8

const (
	// Nearest repeats each location.
	Nearest Upsampling = iota
	// Bilinear blends neighbours. A location stands in the middle of the ones that it
	// becomes (align_corners=False).
	Bilinear
	// BilinearCorners blends neighbours and keeps the corners where they are
	// (align_corners=True).
	BilinearCorners
)

var upsamplingNames = [...]string{"nearest", "bilinear", "bilinear-corners"}

func (u Upsampling) String() string { return enum.Name(u, upsamplingNames[:]) }

// ParseUpsampling returns the method of that name.
func ParseUpsampling(name string) (Upsampling, error) {
	return enum.Parse[Upsampling]("model: upsampling", name, upsamplingNames[:])
}

// MarshalText writes nearest, bilinear or bilinear-corners.
func (u Upsampling) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (u *Upsampling) UnmarshalText(text []byte) (err error) {
	*u, err = ParseUpsampling(string(text))
	return err
}

// An Activation is the function that a layer ends in.
type Activation uint8

const (
	// NoActivation leaves numbers as they are.
	NoActivation Activation = iota
	// ReLU is max(x, 0).
	ReLU
	// LeakyReLU is x, times a slope where x is below zero.
	LeakyReLU
	// Tanh is for the last layer of G.
	Tanh
)

var activationNames = [...]string{"none", "relu", "leaky_relu", "tanh"}

func (a Activation) String() string { return enum.Name(a, activationNames[:]) }

// MarshalText writes none, relu, leaky_relu or tanh.
func (a Activation) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (a *Activation) UnmarshalText(text []byte) (err error) {
	*a, err = enum.Parse[Activation]("model: activation", string(text), activationNames[:])
	return err
}

const (
	// MaxLayers is more than a DCGAN of any size has.
	MaxLayers = 64
	// maxStackText bounds the JSON of a Stack: a file may hold any text in its
	// place.
	maxStackText = MaxLayers * 1024
)

// NewStack returns the stack of layers. Whether they fit each other is for
// Config.Validate to say.
func NewStack(layers ...LayerSpec) (Stack, error) {
	if len(layers) < 1 || len(layers) > MaxLayers {
		return Stack{}, fmt.Errorf("model: stack: %d layers, want 1 to %d", len(layers), MaxLayers)
	}
	for i := range layers {
		if err := layers[i].check(); err != nil {
			return Stack{}, fmt.Errorf("model: stack: layer %d (%.80q): %w", i+1, layers[i].Module, err)
		}
	}
	text, err := plainjson.Marshal(layers)
	if err != nil {
		return Stack{}, fmt.Errorf("model: stack: %w", err)
	}
	if len(text) > maxStackText {
		return Stack{}, fmt.Errorf("model: stack: %d bytes of JSON, want at most %d", len(text), maxStackText)
	}
	return Stack{string(text)}, nil
}

// Layers returns the layers; none for the zero value.
func (s Stack) Layers() []LayerSpec {
	var layers []LayerSpec
	if s.text != "" {
		if err := json.Unmarshal([]byte(s.text), &layers); err != nil {
			panic("model: stack: " + err.Error()) // only NewStack makes the text
		}
	}
	return layers
}

// IsZero reports that there is no net.
func (s Stack) IsZero() bool { return s.text == "" }

func (s Stack) String() string { return fmt.Sprintf("stack of %d layers", len(s.Layers())) }

// MarshalJSON writes the list of layers.
func (s Stack) MarshalJSON() ([]byte, error) {
	if s.text == "" {
		return []byte("null"), nil
	}
	return []byte(s.text), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Stack) UnmarshalJSON(text []byte) (err error) {
	if string(text) == "null" {
		*s = Stack{}
		return nil
	}
	if len(text) > maxStackText {
		return fmt.Errorf("model: stack: %d bytes of JSON, want at most %d", len(text), maxStackText)
	}
	var layers []LayerSpec
	if err := json.Unmarshal(text, &layers); err != nil {
		return err
	}
	*s, err = NewStack(layers...)
	return err
}
