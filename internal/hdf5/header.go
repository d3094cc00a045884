package hdf5

import (
	"dcganviz/internal/refuse"
)

// Kinds of messages in the header of an object.
const (
	messageDataspace    = 0x01
	messageLinkInfo     = 0x02
	messageDatatype     = 0x03
	messageLink         = 0x06
	messageExternal     = 0x07
	messageLayout       = 0x08
	messageFilters      = 0x0b
	messageAttribute    = 0x0c
	messageContinuation = 0x10
	messageSymbolTable  = 0x11
	messageAttributes   = 0x15
)

// A message is one of an object's properties.
type message struct {
	kind byte
	data []byte
}

// maxBlocks is how many pieces the header of one object may have.
const maxBlocks = 1 << 10

// messages reads the header of an object at an address.
func (f *File) messages(at uint64) ([]message, error) {
	c := f.goTo("header of an object", at, -1)
	start := c.bytes(4)
	if c.err != nil {
		return nil, c.err
	}
	if string(start) == "OHDR" {
		return f.messages2(c)
	}
	if start[0] != 1 {
		return nil, refuse.Corrupt("byte %d: header of an object of version %d, want 1 or 2", at, start[0])
	}
	c.skip(4) // links to it
	size := c.u32()
	c.skip(4)
	if c.err == nil && int64(size) > int64(c.left()) {
		return nil, refuse.Corrupt("byte %d: header of %d bytes, but %d follow", at, size, c.left())
	}
	c.fail(f.work(int(size)))
	blocks := []*cursor{&cursor{b: c.bytes(int(size))}}
	var all []message
	for i := 0; i < len(blocks); i++ {
		for b := blocks[i]; b.left() >= 8 && c.err == nil; {
			kind, size, flags := b.u16(), b.u16(), b.u8()
			b.skip(3)
			m := message{byte(kind), b.bytes(int(size))}
			if kind > 0xff {
				m.kind = 0
			}
			c.fail(b.err)
			f.take(c, m, flags, &all, &blocks)
		}
	}
	return all, c.err
}

// messages2 reads a header of version 2, behind its signature.
func (f *File) messages2(c *cursor) ([]message, error) {
	if v := c.u8(); v != 2 {
		c.fail(refuse.Corrupt("byte %d: header of an object of version %d, want 2", c.base, v))
	}
	flags := c.u8()
	if flags&0x20 != 0 {
		c.skip(16) // times
	}
	if flags&0x10 != 0 {
		c.skip(4) // when attributes move to a heap
	}
	size := c.uint(1 << (flags & 3))
	if c.err == nil && size > uint64(c.left()) {
		return nil, refuse.Corrupt("byte %d: header of %d bytes, but %d follow", c.base, size, c.left())
	}
	c.fail(f.work(int(size)))
	first := &cursor{b: c.bytes(int(size))}
	c.sum(0)
	head := 4
	if flags&4 != 0 {
		head += 2 // the order of creation
	}
	blocks := []*cursor{first}
	var all []message
	for i := 0; i < len(blocks); i++ {
		b := blocks[i]
		if i > 0 { // a continuation has a signature and a sum of its own
			if string(b.bytes(4)) != "OCHK" || b.left() < 4 {
				c.fail(refuse.Corrupt("byte %d: no continuation of a header", b.base))
				break
			}
			end := &cursor{b: b.b, at: len(b.b) - 4, base: b.base}
			end.sum(0)
			c.fail(end.err)
			b.b = b.b[:len(b.b)-4]
		}
		for b.left() >= head && c.err == nil {
			kind, size, flags := b.u8(), b.u16(), b.u8()
			b.skip(head - 4)
			m := message{kind, b.bytes(int(size))}
			c.fail(b.err)
			f.take(c, m, flags, &all, &blocks)
		}
	}
	return all, c.err
}

// take adds a message to all, or the block that a continuation leads to.
func (f *File) take(c *cursor, m message, flags byte, all *[]message, blocks *[]*cursor) {
	const shared = 2
	switch {
	case c.err != nil:
	case m.kind == messageContinuation:
		d := &cursor{b: m.data}
		at, n := d.offset(), d.length()
		c.fail(d.err)
		if n > uint64(len(f.b)) || len(*blocks) >= maxBlocks {
			c.fail(refuse.Corrupt("byte %d: header continues in %d bytes at byte %d", c.base, n, at))
			return
		}
		next := f.goTo("continuation of a header", at, int64(n))
		c.fail(next.err)
		c.fail(f.work(int(n)))
		*blocks = append(*blocks, next)
	case flags&shared != 0:
		c.fail(refuse.Unsupported("byte %d: message %#x is shared with other objects", c.base, m.kind))
	default:
		*all = append(*all, m)
	}
}

// only returns the message of a kind, or nil.
func only(all []message, kind byte) []byte {
	for _, m := range all {
		if m.kind == kind {
			return m.data
		}
	}
	return nil
}
