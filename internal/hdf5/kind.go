package hdf5

import (
	"cmp"
	"math"
	"unicode/utf8"

	"dcganviz/internal/half"
	"dcganviz/internal/refuse"
)

// A kind is the type of an array's elements.
type kind struct {
	class  class
	size   int // bytes of an element in the file
	big    bool
	signed bool
}

type class byte

const (
	classInteger class = iota
	classFloat
	classString
	classText  // strings of variable length
	classOther // another, named in an error when its elements are asked for
)

// parseKind reads a type. One that is not known is an error only for who wants elements.
func parseKind(c *cursor) (kind, error) {
	head := c.u8()
	bits := c.uint(3)
	k := kind{class: classOther, size: int(c.u32())}
	if c.err != nil {
		return k, c.err
	}
	if k.size > MaxFile {
		return k, refuse.Corrupt("elements of %d bytes", k.size)
	}
	switch head & 15 {
	case 0:
		offset, precision := c.u16(), c.u16()
		if offset == 0 && int(precision) == 8*k.size && k.size <= 8 {
			k.class, k.big, k.signed = classInteger, bits&1 != 0, bits&8 != 0
		}
	case 1:
		offset, precision := c.u16(), c.u16()
		got := [4]byte{c.u8(), c.u8(), c.u8(), c.u8()} // where exponent and mantissa are
		bias := c.u32()
		ieee := map[int]struct {
			parts [4]byte
			bias  uint32
		}{2: {[4]byte{10, 5, 0, 10}, 15}, 4: {[4]byte{23, 8, 0, 23}, 127}, 8: {[4]byte{52, 11, 0, 52}, 1023}}
		if want, ok := ieee[k.size]; ok && got == want.parts && bias == want.bias && offset == 0 && int(precision) == 8*k.size && bits&0x40 == 0 {
			k.class, k.big = classFloat, bits&1 != 0
		}
	case 3:
		k.class = classString
	case 9:
		if bits&15 == 1 && k.size == 16 {
			k.class = classText
		}
	}
	return k, c.err
}

// Float32s returns the numbers, in C order. Those of 64 bits are rounded to nearest even;
// one that is finite and too large for a float32 is ErrUnsupported.
func (a *Array) Float32s() ([]float32, error) {
	if a == nil {
		return nil, refuse.Unsupported("no such array")
	}
	if a.kind.class != classFloat {
		return nil, refuse.Unsupported("elements that are no floating-point numbers of 2, 4 or 8 bytes")
	}
	raw, err := a.bytes()
	if err != nil {
		return nil, err
	}
	out := make([]float32, a.elements())
	for i := range out {
		switch v := a.kind.number(raw[i*a.kind.size:]); a.kind.size {
		case 2:
			out[i] = half.ToFloat32(uint16(v))
		case 4:
			out[i] = math.Float32frombits(uint32(v))
		case 8:
			x := math.Float64frombits(v)
			out[i] = float32(x)
			if math.IsInf(float64(out[i]), 0) && !math.IsInf(x, 0) {
				return nil, refuse.Unsupported("element %d is %g, too large for a float32", i, x)
			}
		}
	}
	return out, nil
}

// number returns the bits of the element that b begins with.
func (k kind) number(b []byte) uint64 {
	var v uint64
	for i := range k.size {
		at := i
		if k.big {
			at = k.size - 1 - i
		}
		v |= uint64(b[at]) << (8 * i)
	}
	return v
}

// Texts returns the strings, in C order. They are UTF-8.
func (a *Array) Texts() ([]string, error) {
	if a == nil {
		return nil, refuse.Unsupported("no such attribute")
	}
	if a.elements() == 0 {
		return nil, nil // Keras writes empty lists of names as numbers
	}
	if a.kind.class != classString && a.kind.class != classText {
		return nil, refuse.Unsupported("elements that are no text")
	}
	raw, err := a.bytes()
	if err != nil {
		return nil, err
	}
	out := make([]string, a.elements())
	total := 0
	for i := range out {
		b := raw[i*a.kind.size : (i+1)*a.kind.size]
		if a.kind.class == classText {
			if b, err = a.f.text(b); err != nil {
				return nil, err
			}
		}
		if total += len(b); total > len(a.f.b)+moreThanFile {
			return nil, refuse.TooLarge("texts of more than the file's size and %d bytes", moreThanFile)
		}
		for len(b) > 0 && b[len(b)-1] == 0 {
			b = b[:len(b)-1]
		}
		if !utf8.Valid(b) {
			return nil, refuse.Corrupt("text %s is no UTF-8", refuse.Quote(string(b)))
		}
		out[i] = string(b)
	}
	return out, nil
}

// Text returns the one string.
func (a *Array) Text() (string, error) {
	all, err := a.Texts()
	if err == nil && len(all) != 1 {
		err = refuse.Corrupt("%d strings, want one", len(all))
	}
	if err != nil {
		return "", err
	}
	return all[0], nil
}

// A reference to a string of variable length is its length, the address of a heap, and
// its number there.

// text returns the string of a reference.
func (f *File) text(ref []byte) ([]byte, error) {
	c := &cursor{b: ref}
	size, at, index := c.u32(), c.offset(), c.u32()
	if size == 0 {
		return nil, nil
	}
	heap, err := f.globalHeap(at)
	if err != nil {
		return nil, err
	}
	b := heap[index]
	if uint64(len(b)) < uint64(size) {
		return nil, refuse.Corrupt("byte %d: object %d of the heap has %d bytes, want %d", at, index, len(b), size)
	}
	return b[:size], nil
}

// globalHeap returns the objects of a heap by their numbers.
func (f *File) globalHeap(at uint64) (map[uint32][]byte, error) {
	if heap := f.heaps[at]; heap != nil {
		return heap, nil
	}
	c := f.signed("GCOL", at)
	c.skip(4)
	total := c.length()
	if c.err == nil && (total < 16 || total-16 > uint64(c.left())) {
		return nil, refuse.Corrupt("byte %d: heap of %d bytes, but %d follow", at, total, c.left())
	}
	if err := f.work(int(min(total, MaxFile))); c.err != nil || err != nil {
		return nil, cmp.Or(c.err, err)
	}
	c.b = c.b[:total]
	heap := map[uint32][]byte{}
	for c.left() >= 16 {
		index := c.u16()
		c.skip(6)
		n := c.length()
		if index == 0 {
			break // the rest is free
		}
		if n > uint64(c.left()) {
			return nil, refuse.Corrupt("byte %d: object %d of the heap has %d bytes, but %d follow", at, index, n, c.left())
		}
		heap[uint32(index)] = c.bytes(int(n))
		c.skip(min(-c.at&7, c.left()))
	}
	f.heaps[at] = heap
	return heap, nil
}
