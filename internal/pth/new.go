package pth

import (
	"fmt"
	"math"
	"slices"

	"dcganviz/internal/half"
	"dcganviz/internal/refuse"
)

// NamedTensor is a tensor to be written.
type NamedTensor struct {
	Name  string
	DType DType
	// Shape is in C order, the last axis fastest; empty for a scalar.
	Shape []int
	// Data are the elements, little-endian and in C order, as Tensor.Bytes
	// returns them.
	Data []byte
}

// Element lists the Go types that New stores: as float32, float64, int64,
// int32, uint8 and bool.
type Element interface {
	float32 | float64 | int64 | int32 | uint8 | bool
}

// New returns a tensor that holds values, which are in C order. The number of
// values must be what shape describes. Neither slice is kept.
func New[T Element](name string, shape []int, values []T) (NamedTensor, error) {
	t := NamedTensor{Name: name, Shape: slices.Clone(shape)}
	switch v := any(values).(type) {
	case []float32:
		t.DType, t.Data = Float32, make([]byte, 4*len(v))
		for i, x := range v {
			le.PutUint32(t.Data[4*i:], math.Float32bits(x))
		}
	case []float64:
		t.DType, t.Data = Float64, make([]byte, 8*len(v))
		for i, x := range v {
			le.PutUint64(t.Data[8*i:], math.Float64bits(x))
		}
	case []int64:
		t.DType, t.Data = Int64, make([]byte, 8*len(v))
		for i, x := range v {
			le.PutUint64(t.Data[8*i:], uint64(x))
		}
	case []int32:
		t.DType, t.Data = Int32, make([]byte, 4*len(v))
		for i, x := range v {
			le.PutUint32(t.Data[4*i:], uint32(x))
		}
	case []uint8:
		t.DType, t.Data = UInt8, slices.Clone(v)
	case []bool:
		t.DType, t.Data = Boolean, make([]byte, len(v))
		for i, x := range v {
			if x {
				t.Data[i] = 1
			}
		}
	}
	return t, t.check()
}

// NewHalf returns a float16 tensor that holds values, rounded to nearest even.
// Finite values from 65520 on, which a half cannot hold, give ErrUnsupported;
// infinities and NaN stay what they are. Neither slice is kept.
func NewHalf(name string, shape []int, values []float32) (NamedTensor, error) {
	t := NamedTensor{Name: name, DType: Float16, Shape: slices.Clone(shape), Data: make([]byte, 2*len(values))}
	for i, v := range values {
		if half.Overflows(v) {
			return NamedTensor{}, fmt.Errorf("pth: tensor %s: %w", refuse.Quote(name),
				refuse.Unsupported("element %d is %g, want at most %d in half precision: keep float32", i, v, half.Max))
		}
		le.PutUint16(t.Data[2*i:], half.FromFloat32(v))
	}
	return t, t.check()
}

// check reports whether the bytes fit dtype and shape.
func (t *NamedTensor) check() error {
	size := t.DType.Size()
	if size == 0 {
		return fmt.Errorf("pth: tensor %s: %w", refuse.Quote(t.Name), refuse.Unsupported("dtype %s, want one with a storage of its own", refuse.Quote(string(t.DType))))
	}
	if len(t.Shape) > MaxRank {
		return fmt.Errorf("pth: tensor %s: %w", refuse.Quote(t.Name), refuse.TooLarge("%d axes, want at most %d", len(t.Shape), MaxRank))
	}
	for axis, d := range t.Shape {
		if d < 0 || d > MaxDim {
			return fmt.Errorf("pth: tensor %s: %w", refuse.Quote(t.Name), refuse.TooLarge("axis %d has length %d, want 0 to %d", axis, d, MaxDim))
		}
	}
	full := make([]int, len(t.Shape)) // its product is the largest stride
	for i, d := range t.Shape {
		full[i] = max(d, 1)
	}
	if _, ok := elements(full); !ok {
		return fmt.Errorf("pth: tensor %s: %w", refuse.Quote(t.Name), refuse.TooLarge("shape %v overflows the size of a file", t.Shape))
	}
	if n, _ := elements(t.Shape); n*size != len(t.Data) {
		return fmt.Errorf("pth: tensor %s: %d bytes for %s %v", refuse.Quote(t.Name), len(t.Data), t.DType, t.Shape)
	}
	return nil
}
