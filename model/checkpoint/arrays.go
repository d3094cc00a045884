package checkpoint

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"

	"dcganviz/internal/theano"
	"dcganviz/model"
	"dcganviz/model/checkpoint/internal/infer"
)

const (
	// arraysEps is what batch norm in the authors' code adds to the variance.
	arraysEps = 1e-8
	// arraysLaw is the law of the latents of the one such net that they
	// published, whose name there says "100z_gaussian".
	arraysLaw = model.Normal
)

// readArrays reads the authors' arrays: Theano's weights under the names that
// the same nets have in PyTorch.
func readArrays(place *theano.Place, unflipped, data bool) (*source, error) {
	read := place.Read
	if !data {
		read = place.ReadHeader
	}
	nets, err := read()
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
		d := &infer.Dict{Path: n.path, Tensors: arrayTensors(n.arrays, !unflipped)}
		s.nets = append(s.nets, d.Nets(0)...)
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
func arrayTensors(arrays []theano.Array, flip bool) []infer.Tensor {
	var out []infer.Tensor
	at := 0
	for i, a := range arrays {
		t := arrayTensor{Array: a}
		name := ""
		switch {
		case len(a.Shape) == 1 && len(arrays[i-1].Shape) != 1: // gain
			name = sequentialName(at) + ".weight"
		case len(a.Shape) == 1: // bias, and behind it the activation
			name = sequentialName(at) + ".bias"
			at += 2
			if len(arrays[i-2].Shape) == 2 {
				at++ // the reshape
			}
		case len(a.Shape) == 2:
			if i > 0 {
				at++ // the flattening
			}
			name = sequentialName(at) + ".weight"
			t.turned = true
			at++
		default:
			name = sequentialName(at) + ".weight"
			t.flipped = flip
			at++
			if i+1 < len(arrays) && len(arrays[i+1].Shape) != 1 {
				at++ // the activation of a layer without batch norm
			}
		}
		out = append(out, infer.Tensor{Name: name, Shape: t.shape(), DType: "float32", Data: t})
	}
	return out
}

// sequentialName is the name of a module of the nn.Sequential main.
func sequentialName(at int) string { return fmt.Sprintf("main.%d", at) }

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
	out := make([]float32, len(t.Data))
	return out, t.Float32sInto(out)
}

// Float32sInto is Float32s into memory of the caller's.
func (t arrayTensor) Float32sInto(dst []float32) error {
	switch {
	case t.turned:
		rows, columns := t.Shape[0], t.Shape[1]
		for i, v := range t.Data {
			dst[i%columns*rows+i/columns] = v
		}
	case t.flipped:
		copy(dst, t.Data)
		taps := t.Shape[2] * t.Shape[3]
		for i := 0; i < len(dst); i += taps {
			slices.Reverse(dst[i : i+taps])
		}
	default:
		copy(dst, t.Data)
	}
	return nil
}

// Int64s is never asked for: the arrays hold no counts.
func (t arrayTensor) Int64s() ([]int64, error) {
	return nil, infer.Unsupported("%q holds no whole numbers", t.Name)
}
