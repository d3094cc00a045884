package model

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"

	"dcganviz/internal/theano"
)

const (
	// arraysEps is what batch norm in the authors' code adds to the variance.
	arraysEps = 1e-8
	// arraysLaw is the law of the latents of the one such net that they
	// published, whose name there says "100z_gaussian".
	arraysLaw = Normal
)

// readArrays reads the authors' arrays: Theano's weights under the names that
// the same nets have in PyTorch.
func readArrays(path string, unflipped, data bool) (*source, error) {
	read := theano.Read
	if !data {
		read = theano.ReadHeader
	}
	nets, err := read(path)
	if err != nil {
		return nil, err
	}
	s := &source{format: "the authors' arrays", arrays: true}
	if unflipped {
		s.format += ", kernels not flipped"
	}
	h := sha256.New()
	for _, n := range []struct {
		path   string
		arrays []theano.Array
	}{{"gen", nets.G}, {"discrim", nets.D}} {
		if len(n.arrays) == 0 {
			continue
		}
		for _, a := range n.arrays {
			s.size += 4 * numbers(a.Shape)
			b := fmt.Appendf(nil, "%s %s %v ", n.path, a.Name, a.Shape)
			for _, v := range a.Data {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
			}
			h.Write(b)
		}
		d := &foreignDict{path: n.path, tensors: arrayTensors(n.arrays, !unflipped)}
		s.leaves = append(s.leaves, d.leaves(0)...)
	}
	if data {
		sum := hex.EncodeToString(h.Sum(nil))
		s.sha256 = func() string { return sum }
	}
	return s, nil
}

// numbers returns how many a tensor of that shape has.
func numbers(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// arrayTensors names the arrays as an nn.Sequential of the same layers would,
// in which each activation, reshape and flattening takes a place.
func arrayTensors(arrays []theano.Array, flip bool) []foreignTensor {
	var out []foreignTensor
	at := 0
	for i, a := range arrays {
		t := arrayTensor{Array: a}
		name := ""
		switch {
		case len(a.Shape) == 1 && len(arrays[i-1].Shape) != 1: // gain
			name = sequential(at) + ".weight"
		case len(a.Shape) == 1: // bias, and behind it the activation
			name = sequential(at) + ".bias"
			at += 2
			if len(arrays[i-2].Shape) == 2 {
				at++ // the reshape
			}
		case len(a.Shape) == 2:
			if i > 0 {
				at++ // the flattening
			}
			name = sequential(at) + ".weight"
			t.turned = true
			at++
		default:
			name = sequential(at) + ".weight"
			t.flipped = flip
			at++
			if i+1 < len(arrays) && len(arrays[i+1].Shape) != 1 {
				at++ // the activation of a layer without batch norm
			}
		}
		out = append(out, foreignTensor{name, t.shape(), "float32", t})
	}
	return out
}

// An arrayTensor is an array as PyTorch would have it.
type arrayTensor struct {
	theano.Array
	turned  bool // [in, out] of a linear layer, [out, in] in PyTorch
	flipped bool // kernels are turned around
}

func (t arrayTensor) shape() []int {
	if t.turned {
		return []int{t.Shape[1], t.Shape[0]}
	}
	return t.Shape
}

// Float32s returns the values in PyTorch's order.
func (t arrayTensor) Float32s() ([]float32, error) {
	out := slices.Clone(t.Data)
	switch {
	case t.turned:
		transpose(out, t.Data, t.Shape[0], t.Shape[1])
	case t.flipped:
		taps := t.Shape[2] * t.Shape[3]
		for i := 0; i < len(out); i += taps {
			slices.Reverse(out[i : i+taps])
		}
	}
	return out, nil
}

// Int64s is never asked for: the arrays hold no counts.
func (t arrayTensor) Int64s() ([]int64, error) {
	return nil, unsupported("%q holds no whole numbers", t.Name)
}
