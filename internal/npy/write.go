package npy

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Write writes data, which is in C order, as a float32 array of that shape;
// no axes make a scalar. The bytes are those that numpy.save writes: version
// 1.0, little-endian, the data aligned to 64 bytes.
func Write(w io.Writer, shape []int, data []float32) error {
	h := header{shape: shape}
	for axis, d := range shape {
		if d < 0 || d > MaxDim {
			return fmt.Errorf("npy: write: axis %d has length %d, want 0 to %d", axis, d, MaxDim)
		}
	}
	if len(shape) > MaxRank {
		return fmt.Errorf("npy: write: shape has %d axes, want at most %d", len(shape), MaxRank)
	}
	n, err := h.elements()
	if err != nil {
		return fmt.Errorf("npy: write: %w", err)
	}
	if n != len(data) {
		return fmt.Errorf("npy: write: %d elements, want %d for shape %v", len(data), n, shape)
	}
	if _, err := w.Write(appendHeader(nil, shape)); err != nil {
		return fmt.Errorf("npy: write: %w", err)
	}
	chunk := make([]byte, 0, min(chunkBytes, 4*len(data)))
	for len(data) > 0 {
		chunk = chunk[:0]
		part := data[:min(len(data), chunkBytes/4)]
		for _, v := range part {
			chunk = binary.LittleEndian.AppendUint32(chunk, math.Float32bits(v))
		}
		if _, err := w.Write(chunk); err != nil {
			return fmt.Errorf("npy: write: %w", err)
		}
		data = data[len(part):]
	}
	return nil
}

const (
	alignment = 64
	// growthDigits is the room that numpy leaves in a header for the first
	// axis to grow to 64 bits without moving the data.
	growthDigits = 21
)

// appendHeader appends all that stands before the data.
func appendHeader(b []byte, shape []int) []byte {
	var axes strings.Builder
	for _, d := range shape {
		fmt.Fprintf(&axes, "%d, ", d)
	}
	tuple := strings.TrimSuffix(axes.String(), " ")
	if len(shape) != 1 {
		tuple = strings.TrimSuffix(tuple, ",")
	}
	text := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }", tuple)
	if len(shape) > 0 {
		text += strings.Repeat(" ", growthDigits-len(strconv.Itoa(shape[0])))
	}
	const before = len(magic) + 2 + 2
	text += strings.Repeat(" ", alignment-(before+len(text)+1)%alignment) + "\n"

	b = append(b, magic...)
	b = append(b, 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(text)))
	return append(b, text...)
}
