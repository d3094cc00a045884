package npy

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"dcganviz/internal/fileio"
	"dcganviz/internal/half"
	"dcganviz/internal/refuse"
)

// MaxElements is the largest number of elements that is read, 4 GB of float32.
const MaxElements = 1 << 30

// Array is an array of float32 in C order, the last axis fastest.
type Array struct {
	// Shape is empty for a scalar.
	Shape []int
	Data  []float32
	// BigEndian says that a file had the numbers in that byte order.
	BigEndian bool
}

// ReadFile reads the file at a path, whichever its float type, byte order and
// memory order.
//
// Widening is exact, NaN payloads included. A float64 is rounded to nearest
// even; one that is finite and too large for a float32 gives ErrUnsupported
// with its place. The file must end with the array. Memory for the elements is
// taken only when all their bytes are known to be there.
//
// Errors name the path, and wrap ErrCorrupt, ErrTooLarge, ErrUnsupported or the
// system's error.
func ReadFile(path string) (*Array, error) { return readPath(path, true) }

// ReadFileHeader is ReadFile that leaves the data on the disk: the array has a
// shape that fits the file's size, and nil Data.
func ReadFileHeader(path string) (*Array, error) { return readPath(path, false) }

func readPath(path string, data bool) (*Array, error) {
	f, size, err := fileio.OpenRegular(path)
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	defer f.Close()
	a, err := read(f, size, data)
	if err != nil {
		return nil, fmt.Errorf("npy: %s: %w", path, err)
	}
	return a, nil
}

func read(r io.ReaderAt, size int64, data bool) (*Array, error) {
	h, at, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}
	n, err := h.elements()
	if err != nil {
		return nil, err
	}
	switch want := int64(n) * int64(h.bits/8); {
	case size-at < want:
		return nil, refuse.Corrupt("%d bytes of data, want %d for shape %v of f%d", size-at, want, h.shape, h.bits/8)
	case size-at > want:
		return nil, refuse.Corrupt("%d bytes after the %d of shape %v, want none", size-at-want, want, h.shape)
	case n > MaxElements:
		return nil, refuse.TooLarge("%d elements, want at most %d", n, MaxElements)
	}
	// The caller's size is believed only as far as there is a last byte.
	if err := fileio.ReadFullAt(r, make([]byte, 1), size-1); err != nil {
		return nil, err
	}
	if !data {
		return &Array{Shape: h.shape, BigEndian: h.big}, nil
	}
	a := &Array{Shape: h.shape, Data: make([]float32, n), BigEndian: h.big}
	if err := h.readData(r, at, a.Data); err != nil {
		return nil, err
	}
	return a, nil
}

// readHeader returns the header and where the data begins.
func readHeader(r io.ReaderAt, size int64) (header, int64, error) {
	const firstBytes = len(magic) + 2
	if size < int64(firstBytes) {
		return header{}, 0, refuse.Corrupt("%d bytes, want at least %d: no .npy file", size, firstBytes)
	}
	var b [12]byte
	if err := fileio.ReadFullAt(r, b[:firstBytes], 0); err != nil {
		return header{}, 0, err
	}
	before, err := preamble(b[:firstBytes])
	if err != nil {
		return header{}, 0, err
	}
	if size < int64(before) {
		return header{}, 0, refuse.Corrupt("ends at byte %d, want the length of the header there", size)
	}
	if err := fileio.ReadFullAt(r, b[firstBytes:before], int64(firstBytes)); err != nil {
		return header{}, 0, err
	}
	length := headerLength(b[:before])
	switch {
	case length > MaxHeader:
		return header{}, 0, refuse.TooLarge("header of %d bytes, want at most %d", length, MaxHeader)
	case length > size-int64(before):
		return header{}, 0, refuse.Corrupt("header of %d bytes, but only %d follow its length", length, size-int64(before))
	}
	text := make([]byte, length)
	if err := fileio.ReadFullAt(r, text, int64(before)); err != nil {
		return header{}, 0, err
	}
	h, err := parseHeader(string(text))
	return h, int64(before) + length, err
}

// chunkBytes is how much is read at once; a multiple of every element size.
const chunkBytes = 1 << 16

// readData reads the elements from offset at into data, in C order.
func (h *header) readData(r io.ReaderAt, at int64, data []float32) error {
	var order binary.ByteOrder = binary.LittleEndian
	if h.big {
		order = binary.BigEndian
	}
	place := func(i int) int { return i }
	if h.fortran {
		place = cOrder(h.shape)
	}
	itemBytes := h.bits / 8
	chunk := make([]byte, min(chunkBytes, len(data)*itemBytes))
	for i := 0; i < len(data); {
		b := chunk[:min(len(chunk), (len(data)-i)*itemBytes)]
		if err := fileio.ReadFullAt(r, b, at); err != nil {
			return err
		}
		at += int64(len(b))
		for ; len(b) > 0; b = b[itemBytes:] {
			to := place(i)
			switch h.bits {
			case 16:
				data[to] = half.ToFloat32(order.Uint16(b))
			case 32:
				data[to] = math.Float32frombits(order.Uint32(b))
			case 64:
				wide := math.Float64frombits(order.Uint64(b))
				v, ok := half.Narrow(wide)
				if !ok {
					return refuse.Unsupported("element %v is %g, want at most %g in float32", position(h.shape, to), wide, math.MaxFloat32)
				}
				data[to] = v
			}
			i++
		}
	}
	return nil
}

// cOrder returns a function that must be called with 0, 1, 2, ... in turn, the
// places of elements in Fortran order, and gives their places in C order.
func cOrder(shape []int) func(int) int {
	strides := make([]int, len(shape))
	stride := 1
	for axis := len(shape) - 1; axis >= 0; axis-- {
		strides[axis] = stride
		stride *= shape[axis]
	}
	index := make([]int, len(shape))
	next := 0
	return func(int) int {
		to := next
		for axis := range shape {
			index[axis]++
			next += strides[axis]
			if index[axis] < shape[axis] {
				break
			}
			next -= shape[axis] * strides[axis]
			index[axis] = 0
		}
		return to
	}
}

// position returns the index along each axis of the element at place i in C
// order.
func position(shape []int, i int) []int {
	index := make([]int, len(shape))
	for axis := len(shape) - 1; axis >= 0; axis-- {
		index[axis] = i % shape[axis]
		i /= shape[axis]
	}
	return index
}
