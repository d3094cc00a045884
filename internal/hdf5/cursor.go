package hdf5

import (
	"bytes"
	"math/bits"

	"dcganviz/internal/refuse"
)

// A cursor reads b from byte at on. Its first error stays; then everything is zero.
type cursor struct {
	b    []byte
	at   int
	base uint64 // address of b[0] in the file, for messages
	err  error
}

// undefined is the address of what is not there.
const undefined = 1<<64 - 1

// goTo returns a cursor at an address, for n bytes, or for all that follow if n is below 0.
func (f *File) goTo(what string, at uint64, n int64) *cursor {
	if at > uint64(len(f.b)) || n >= 0 && uint64(n) > uint64(len(f.b))-at {
		return &cursor{err: refuse.Corrupt("%s at byte %d, want it within the file's %d bytes", what, at, len(f.b))}
	}
	b := f.b[at:]
	if n >= 0 {
		b = b[:n]
	}
	return &cursor{b: b, base: at}
}

// signed is goTo behind a signature of four letters.
func (f *File) signed(signature string, at uint64) *cursor {
	c := f.goTo(signature, at, -1)
	if got := c.bytes(len(signature)); c.err == nil && string(got) != signature {
		c.err = refuse.Corrupt("byte %d: %s, want %s", at, refuse.Quote(string(got)), signature)
	}
	return c
}

// fail keeps the first error.
func (c *cursor) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

func (c *cursor) left() int { return len(c.b) - c.at }

// bytes returns the next n bytes, or as many zeros behind an error.
func (c *cursor) bytes(n int) []byte {
	if c.err == nil && (n < 0 || n > c.left()) {
		c.err = refuse.Corrupt("byte %d: %d bytes, want %d", c.base+uint64(c.at), c.left(), n)
	}
	if c.err != nil {
		return make([]byte, min(max(n, 0), 16))
	}
	c.at += n
	return c.b[c.at-n : c.at : c.at]
}

func (c *cursor) skip(n int)     { c.bytes(n) }
func (c *cursor) u8() byte       { return c.bytes(1)[0] }
func (c *cursor) u16() uint16    { return le.Uint16(c.bytes(2)) }
func (c *cursor) u32() uint32    { return le.Uint32(c.bytes(4)) }
func (c *cursor) offset() uint64 { return le.Uint64(c.bytes(8)) }
func (c *cursor) length() uint64 { return le.Uint64(c.bytes(8)) }

// uint reads a number of n bytes, at most 8.
func (c *cursor) uint(n int) uint64 {
	var v uint64
	for i, b := range c.bytes(n) {
		if i < 8 {
			v |= uint64(b) << (8 * i)
		}
	}
	return v
}

// text reads up to a zero byte.
func (c *cursor) text() string {
	if c.err != nil {
		return ""
	}
	n := bytes.IndexByte(c.b[c.at:], 0)
	if n < 0 {
		c.fail(refuse.Corrupt("byte %d: a name without an end", c.base+uint64(c.at)))
		return ""
	}
	return string(c.bytes(n + 1)[:n])
}

// sum reads a checksum of all bytes from byte from on, and compares.
func (c *cursor) sum(from int) {
	at := c.at
	want := c.u32()
	if c.err == nil {
		if got := lookup3(c.b[from:at]); got != want {
			c.fail(refuse.Corrupt("byte %d: checksum %#x, want %#x", c.base+uint64(at), want, got))
		}
	}
}

// lookup3 is the format's checksum.
//
// Source: Bob Jenkins 2006, lookup3.c, hashlittle with 0 to begin with, which is in the
// public domain.
func lookup3(b []byte) uint32 {
	start := 0xdeadbeef + uint32(len(b))
	x, y, z := start, start, start
	add := func() { // 12 bytes, zeros behind the end
		var w [12]byte
		b = b[copy(w[:], b):]
		x, y, z = x+le.Uint32(w[:]), y+le.Uint32(w[4:]), z+le.Uint32(w[8:])
	}
	for len(b) > 12 {
		add()
		for _, k := range [...]int{4, 6, 8, 16, 19, 4} {
			x = (x - z) ^ bits.RotateLeft32(z, k)
			x, y, z = y, z+y, x
		}
	}
	if len(b) == 0 {
		return z
	}
	add()
	for _, k := range [...]int{14, 11, 25, 16, 4, 14, 24} {
		z = (z ^ y) - bits.RotateLeft32(y, k)
		x, y, z = y, z, x
	}
	return y
}
