package safetensors

import (
	"encoding/binary"
	"fmt"
	"math"

	"dcganviz/internal/half"
	"dcganviz/internal/refuse"
)

// Float32s returns the elements of an F16, BF16, F32 or F64 tensor in C order.
//
// Widening is exact, NaN payloads included. An F64 value is rounded to nearest
// even; one that is finite and too large for a float32 gives ErrUnsupported
// with its index, as does every other dtype. The slice is the caller's own.
func (t *Tensor) Float32s() ([]float32, error) {
	if _, err := t.check(); err != nil {
		return nil, err
	}
	dst := make([]float32, t.Len())
	if err := t.Float32sInto(dst); err != nil {
		return nil, err
	}
	return dst, nil
}

// Float32sInto is Float32s into memory of the caller's, whose length must be
// t.Len(). After an error dst is undefined.
func (t *Tensor) Float32sInto(dst []float32) error {
	b, err := t.check()
	if err != nil {
		return err
	}
	if len(dst) != t.Len() {
		return fmt.Errorf("safetensors: tensor %s: destination has %d elements, want %d for shape %v", refuse.Quote(t.Name), len(dst), t.Len(), t.Shape)
	}
	switch t.DType {
	case F32:
		for i := range dst {
			dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		}
	case F16:
		for i := range dst {
			dst[i] = half.ToFloat32(binary.LittleEndian.Uint16(b[2*i:]))
		}
	case BF16:
		for i := range dst {
			dst[i] = half.BFloat16ToFloat32(binary.LittleEndian.Uint16(b[2*i:]))
		}
	case F64:
		for i := range dst {
			wide := math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
			v, ok := half.Narrow(wide)
			if !ok {
				return t.wrap(refuse.Unsupported("element %d is %g, want at most %g in float32", i, wide, math.MaxFloat32))
			}
			dst[i] = v
		}
	default:
		return t.wrap(refuse.Unsupported("dtype %s, want F16, BF16, F32 or F64", t.DType))
	}
	return nil
}

// Float64s returns the elements of an F16, BF16, F32 or F64 tensor, exactly.
// Any other dtype gives ErrUnsupported.
func (t *Tensor) Float64s() ([]float64, error) {
	b, err := t.check()
	if err != nil {
		return nil, err
	}
	if t.DType != F64 {
		narrow, err := t.Float32s()
		if err != nil {
			return nil, err
		}
		dst := make([]float64, len(narrow))
		for i, v := range narrow {
			dst[i] = half.Widen(v)
		}
		return dst, nil
	}
	dst := make([]float64, t.Len())
	for i := range dst {
		dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return dst, nil
}

// Int64s returns the elements of an integer or BOOL tensor. A BOOL byte other
// than 0 and 1 gives ErrCorrupt, any other dtype (U64 too) ErrUnsupported.
func (t *Tensor) Int64s() ([]int64, error) {
	b, err := t.check()
	if err != nil {
		return nil, err
	}
	var at func(i int) int64
	switch t.DType {
	case I8:
		at = func(i int) int64 { return int64(int8(b[i])) }
	case U8, BOOL:
		at = func(i int) int64 { return int64(b[i]) }
	case I16:
		at = func(i int) int64 { return int64(int16(binary.LittleEndian.Uint16(b[2*i:]))) }
	case U16:
		at = func(i int) int64 { return int64(binary.LittleEndian.Uint16(b[2*i:])) }
	case I32:
		at = func(i int) int64 { return int64(int32(binary.LittleEndian.Uint32(b[4*i:]))) }
	case U32:
		at = func(i int) int64 { return int64(binary.LittleEndian.Uint32(b[4*i:])) }
	case I64:
		at = func(i int) int64 { return int64(binary.LittleEndian.Uint64(b[8*i:])) }
	default:
		return nil, t.wrap(refuse.Unsupported("dtype %s, want an integer type of at most 64 signed bits or BOOL", t.DType))
	}
	dst := make([]int64, t.Len())
	for i := range dst {
		dst[i] = at(i)
		if t.DType == BOOL && dst[i] > 1 {
			return nil, t.wrap(refuse.Corrupt("element %d is byte %#02x, want 0 or 1 for BOOL", i, b[i]))
		}
	}
	return dst, nil
}

// check returns the bytes when they are there and fit the shape.
func (t *Tensor) check() ([]byte, error) {
	want, err := t.size()
	if err != nil {
		return nil, t.wrap(err)
	}
	if t.Data == nil && want > 0 {
		return nil, fmt.Errorf("safetensors: tensor %s: only the header was read, not the data", refuse.Quote(t.Name))
	}
	if len(t.Data) != want {
		return nil, t.wrap(refuse.Corrupt("%d bytes, want %d for %s %v", len(t.Data), want, t.DType, t.Shape))
	}
	return t.Data, nil
}

func (t *Tensor) wrap(err error) error {
	return fmt.Errorf("safetensors: tensor %s: %w", refuse.Quote(t.Name), err)
}
