package hdf5

import (
	"bytes"
	"compress/zlib"
	"io"

	"dcganviz/internal/refuse"
)

// A filter is one change that was made to each chunk when it was written.
type filter struct {
	id   uint16
	size int // of an element, for shuffle
}

const (
	filterDeflate    = 1
	filterShuffle    = 2
	filterFletcher32 = 3
)

// maxFilters is how many an array has at most.
const maxFilters = 32

// parseFilters reads the filters of an array, in the order in which they were applied.
func parseFilters(f *File, b []byte) ([]filter, error) {
	if b == nil {
		return nil, nil
	}
	c := &cursor{b: b}
	version, n := c.u8(), int(c.u8())
	if c.err == nil && (version < 1 || version > 2 || n > maxFilters) {
		return nil, refuse.Unsupported("%d filters of version %d", n, version)
	}
	if version == 1 {
		c.skip(6)
	}
	var out []filter
	for range n {
		id := c.u16()
		var name int
		if version == 1 || id >= 256 {
			name = int(c.u16())
		}
		c.skip(2) // whether it may be left out
		values := int(c.u16())
		if version == 1 {
			name = (name + 7) &^ 7
		}
		title := c.bytes(name)
		x := filter{id: id}
		for i := range values {
			if v := c.u32(); i == 0 {
				x.size = int(v)
			}
		}
		if version == 1 && values%2 == 1 {
			c.skip(4)
		}
		if c.err != nil {
			return nil, c.err
		}
		switch id {
		case filterDeflate, filterShuffle, filterFletcher32:
		default:
			return nil, refuse.Unsupported("filter %d %s, want deflate, shuffle or fletcher32", id, refuse.Quote(string(bytes.TrimRight(title, "\x00"))))
		}
		out = append(out, x)
	}
	return out, c.err
}

// undo returns a chunk as it was before the filter. size is that of the whole chunk.
func (x filter) undo(b []byte, size int) ([]byte, error) {
	switch x.id {
	case filterDeflate:
		r, err := zlib.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, refuse.Corrupt("a deflated chunk: %w", err)
		}
		// The sum of Fletcher may lie within what was deflated.
		out, err := io.ReadAll(io.LimitReader(r, int64(size)+5))
		if err != nil {
			return nil, refuse.Corrupt("a deflated chunk: %w", err)
		}
		if len(out) > size+4 {
			return nil, refuse.Corrupt("a chunk inflates to more than %d bytes", size)
		}
		return out, nil
	case filterShuffle:
		if x.size < 1 || len(b)%x.size != 0 {
			return nil, refuse.Corrupt("%d shuffled bytes of elements of %d", len(b), x.size)
		}
		out := make([]byte, len(b))
		n := len(b) / x.size
		for i := range n {
			for j := range x.size {
				out[i*x.size+j] = b[j*n+i]
			}
		}
		return out, nil
	}
	if len(b) < 4 {
		return nil, refuse.Corrupt("a chunk of %d bytes without its sum", len(b))
	}
	data, want := b[:len(b)-4], le.Uint32(b[len(b)-4:])
	if got := fletcher32(data); got != want {
		return nil, refuse.Corrupt("a chunk's sum is %#x, want %#x", got, want)
	}
	return data, nil
}

// fletcher32 is HDF5's sum: of words of 16 bits, high byte first, with a last odd byte as the
// high one.
//
// Source: Fletcher 1982, IEEE Transactions on Communications 30(1).
func fletcher32(b []byte) uint32 {
	var low, high uint32
	for i := 0; i < len(b); i += 2 {
		w := uint32(b[i]) << 8
		if i+1 < len(b) {
			w |= uint32(b[i+1])
		}
		low = fold(low + w)
		high = fold(high + low)
	}
	return high<<16 | low
}

// fold is a remainder by 65535 that leaves 65535 as it is.
func fold(x uint32) uint32 { return x&0xffff + x>>16 }
