package pth

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"dcganviz/internal/half"
	"dcganviz/internal/refuse"
)

// Float32s returns the elements of a tensor of floats in C order.
//
// Widening is exact, NaN payloads included. A float64 is rounded to nearest
// even; one that is finite and too large for a float32 gives ErrUnsupported
// with its index, as does every other dtype. The slice is the caller's own.
func (t *Tensor) Float32s() ([]float32, error) {
	if err := t.readyFloats(); err != nil {
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
	if err := t.readyFloats(); err != nil {
		return err
	}
	if len(dst) != t.Len() {
		return t.wrap(fmt.Errorf("destination has %d elements, want %d for shape %v", len(dst), t.Len(), t.Shape))
	}
	order := t.Storage.order()
	switch t.DType {
	case Float32:
		t.float32s(dst)
	case Float16:
		gather(t, dst, func(b []byte) float32 { return half.ToFloat32(order.Uint16(b)) })
	case BFloat16:
		gather(t, dst, func(b []byte) float32 { return half.BFloat16ToFloat32(order.Uint16(b)) })
	case Float64:
		i, bad, value := 0, -1, 0.0
		gather(t, dst, func(b []byte) float32 {
			wide := math.Float64frombits(order.Uint64(b))
			v, ok := half.Narrow(wide)
			if !ok && bad < 0 {
				bad, value = i, wide
			}
			i++
			return v
		})
		if bad >= 0 {
			return t.wrap(refuse.Unsupported("element %d is %g, want at most %g in float32", bad, value, math.MaxFloat32))
		}
	}
	return nil
}

// readyFloats reports a tensor whose elements cannot be read as floats.
func (t *Tensor) readyFloats() error {
	if err := t.ready(); err != nil {
		return err
	}
	if !t.DType.float() {
		return t.wrap(refuse.Unsupported("dtype %s, want float32, float16, bfloat16 or float64", t.DType))
	}
	return nil
}

// float32s is gather for the type that nearly all checkpoints have.
func (t *Tensor) float32s(dst []float32) {
	b, big := t.Storage.data, t.Storage.big
	t.runs(func(at, step, n int) {
		out := dst[:n]
		dst = dst[n:]
		p := 4 * at
		for i := range out {
			u := binary.LittleEndian.Uint32(b[p:])
			if big {
				u = bits.ReverseBytes32(u)
			}
			out[i] = math.Float32frombits(u)
			p += 4 * step
		}
	})
}

// Int64s returns the elements of a tensor of integers or bools in C order. A
// bool stored as a byte other than 0 and 1 gives ErrCorrupt, a tensor of floats
// ErrUnsupported. The slice is the caller's own.
func (t *Tensor) Int64s() ([]int64, error) {
	if err := t.ready(); err != nil {
		return nil, err
	}
	if t.DType.float() {
		return nil, t.wrap(refuse.Unsupported("dtype %s, want an integer type or bool", t.DType))
	}
	dst := make([]int64, t.Len())
	order := t.Storage.order()
	switch t.DType {
	case Int64:
		gather(t, dst, func(b []byte) int64 { return int64(order.Uint64(b)) })
	case Int32:
		gather(t, dst, func(b []byte) int64 { return int64(int32(order.Uint32(b))) })
	case Int16:
		gather(t, dst, func(b []byte) int64 { return int64(int16(order.Uint16(b))) })
	case Int8:
		gather(t, dst, func(b []byte) int64 { return int64(int8(b[0])) })
	case UInt8, Boolean:
		gather(t, dst, func(b []byte) int64 { return int64(b[0]) })
	}
	if t.DType == Boolean {
		for i, v := range dst {
			if v > 1 {
				return nil, t.wrap(refuse.Corrupt("element %d is byte %#02x, want 0 or 1 for bool", i, v))
			}
		}
	}
	return dst, nil
}

// Bytes returns the elements in C order, little-endian and otherwise as they
// are in the file: what a NamedTensor holds. The slice is the caller's own.
func (t *Tensor) Bytes() ([]byte, error) {
	if err := t.ready(); err != nil {
		return nil, err
	}
	size := t.DType.Size()
	dst := make([]byte, 0, size*t.Len())
	data := t.Storage.data
	t.runs(func(at, step, n int) {
		if step == 1 {
			dst = append(dst, data[size*at:size*(at+n)]...)
			return
		}
		for i := range n {
			p := size * (at + i*step)
			dst = append(dst, data[p:p+size]...)
		}
	})
	if t.Storage.big {
		for e := dst; len(e) > 0; e = e[size:] {
			slices.Reverse(e[:size])
		}
	}
	return dst, nil
}

// gather fills dst with the elements in C order.
func gather[T any](t *Tensor, dst []T, get func(b []byte) T) {
	size, data := t.DType.Size(), t.Storage.data
	i := 0
	t.runs(func(at, step, n int) {
		for k := range n {
			p := size * (at + k*step)
			dst[i] = get(data[p : p+size])
			i++
		}
	})
}

func (s *Storage) order() binary.ByteOrder {
	if s.big {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// ready reports why the elements are not to be had.
func (t *Tensor) ready() error {
	if t.Storage.data == nil && t.Storage.Len > 0 {
		return fmt.Errorf("pth: tensor %s: only the header was read, not the data", refuse.Quote(t.Name))
	}
	if t.Storage.doubt != "" {
		return t.wrap(refuse.Unsupported("%s", t.Storage.doubt))
	}
	return nil
}

func (t *Tensor) wrap(err error) error {
	return fmt.Errorf("pth: tensor %s: %w", refuse.Quote(t.Name), err)
}
