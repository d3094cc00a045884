package safetensors

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"dcganviz/internal/half"
	"dcganviz/internal/refuse"
)

// Element lists the Go types that New stores: as F32, F64, I8, I32, I64, U8
// and BOOL.
type Element interface {
	float32 | float64 | int8 | int32 | int64 | uint8 | bool
}

// New returns a tensor that holds values, which are in C order. The number of
// values must be what shape describes. Neither slice is kept.
func New[T Element](name string, shape []int, values []T) (Tensor, error) {
	t := Tensor{Name: name, Shape: slices.Clone(shape)}
	switch v := any(values).(type) {
	case []float32:
		t.DType, t.Data = F32, make([]byte, 4*len(v))
		for i, x := range v {
			binary.LittleEndian.PutUint32(t.Data[4*i:], math.Float32bits(x))
		}
	case []float64:
		t.DType, t.Data = F64, make([]byte, 8*len(v))
		for i, x := range v {
			binary.LittleEndian.PutUint64(t.Data[8*i:], math.Float64bits(x))
		}
	case []int64:
		t.DType, t.Data = I64, make([]byte, 8*len(v))
		for i, x := range v {
			binary.LittleEndian.PutUint64(t.Data[8*i:], uint64(x))
		}
	case []int32:
		t.DType, t.Data = I32, make([]byte, 4*len(v))
		for i, x := range v {
			binary.LittleEndian.PutUint32(t.Data[4*i:], uint32(x))
		}
	case []int8:
		t.DType, t.Data = I8, make([]byte, len(v))
		for i, x := range v {
			t.Data[i] = byte(x)
		}
	case []uint8:
		t.DType, t.Data = U8, slices.Clone(v)
	case []bool:
		t.DType, t.Data = BOOL, make([]byte, len(v))
		for i, x := range v {
			if x {
				t.Data[i] = 1
			}
		}
	}
	return t, t.fits(len(values))
}

// Overflow says what NewHalf does with finite values from 65520 on, which a
// half cannot hold.
type Overflow int

const (
	RefuseOverflow Overflow = iota // an error, the default
	OverflowToInf                  // infinity of the same sign
)

// NewHalf returns an F16 tensor that holds values, rounded to nearest even.
// Infinities and NaN stay what they are. The number of values must be what
// shape describes. Neither slice is kept.
func NewHalf(name string, shape []int, values []float32, overflow Overflow) (Tensor, error) {
	t := Tensor{Name: name, DType: F16, Shape: slices.Clone(shape), Data: make([]byte, 2*len(values))}
	for i, v := range values {
		if overflow == RefuseOverflow && half.Overflows(v) {
			return Tensor{}, t.wrap(refuse.Unsupported("element %d is %g, want at most %d in half precision: keep float32", i, v, half.Max))
		}
		binary.LittleEndian.PutUint16(t.Data[2*i:], half.FromFloat32(v))
	}
	return t, t.fits(len(values))
}

func (t *Tensor) fits(values int) error {
	if t.Len() != values {
		return fmt.Errorf("safetensors: tensor %s: %d values for shape %v", refuse.Quote(t.Name), values, t.Shape)
	}
	return nil
}
