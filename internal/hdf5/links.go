package hdf5

import (
	"dcganviz/internal/refuse"
)

// A link is the name of a member and the address of its header.
type link struct {
	name string
	at   uint64
}

// links returns the members of a group. A group without any has none of the messages.
func (f *File) links(all []message) ([]link, error) {
	var out []link
	for _, m := range all {
		c := &cursor{b: m.data}
		switch m.kind {
		case messageSymbolTable:
			tree, heap := c.offset(), c.offset()
			if c.err != nil {
				return nil, c.err
			}
			names, err := f.localHeap(heap)
			if err != nil {
				return nil, err
			}
			if err := f.symbols(tree, names, &out); err != nil {
				return nil, err
			}
		case messageLink:
			l, err := f.link(c)
			if err != nil {
				return nil, err
			}
			out = append(out, l)
		case messageLinkInfo:
			c.skip(1)
			if c.u8()&1 != 0 {
				c.skip(8)
			}
			heap, tree := c.offset(), c.offset()
			if c.err != nil {
				return nil, c.err
			}
			err := f.dense(heap, tree, 5, func(d *cursor) error {
				l, err := f.link(d)
				out = append(out, l)
				return err
			})
			if err != nil {
				return nil, err
			}
		}
		if len(out) > MaxObjects {
			return nil, refuse.TooLarge("a group of more than %d members", MaxObjects)
		}
	}
	return out, nil
}

// link reads one link.
func (f *File) link(c *cursor) (link, error) {
	version, flags := c.u8(), c.u8()
	var kind byte
	if flags&0x08 != 0 {
		kind = c.u8()
	}
	if flags&0x04 != 0 {
		c.skip(8) // the order of creation
	}
	if flags&0x10 != 0 {
		c.skip(1) // ASCII or UTF-8
	}
	n := c.uint(1 << (flags & 3))
	if c.err == nil && n > uint64(c.left()) {
		return link{}, refuse.Corrupt("a name of %d bytes, but %d follow", n, c.left())
	}
	l := link{name: string(c.bytes(int(n)))}
	if c.err == nil && version != 1 {
		return l, refuse.Corrupt("a link of version %d, want 1", version)
	}
	if c.err == nil && kind != 0 {
		return l, refuse.Unsupported("link %s leads to another name or file", refuse.Quote(l.name))
	}
	l.at = c.offset()
	return l, c.err
}

// localHeap returns the names of a symbol table.
func (f *File) localHeap(at uint64) ([]byte, error) {
	c := f.signed("HEAP", at)
	c.skip(4)
	size := c.length()
	c.skip(8)
	data := c.offset()
	if c.err != nil {
		return nil, c.err
	}
	if size > uint64(len(f.b)) {
		return nil, refuse.Corrupt("byte %d: heap of %d bytes in a file of %d", at, size, len(f.b))
	}
	d := f.goTo("heap of names", data, int64(size))
	return d.b, d.err
}

// symbols walks the tree of a symbol table.
func (f *File) symbols(at uint64, names []byte, out *[]link) error {
	return f.tree1(at, 0, 8, func(_, child *cursor) error {
		c := f.signed("SNOD", child.offset())
		c.skip(2)
		for range c.u16() {
			name, header, kind := c.offset(), c.offset(), c.u32()
			c.skip(4 + 16)
			if c.err != nil {
				return c.err
			}
			if kind == 2 {
				return refuse.Unsupported("a link that leads to another name")
			}
			if name >= uint64(len(names)) {
				return refuse.Corrupt("byte %d: a name at byte %d of %d", c.base, name, len(names))
			}
			t := &cursor{b: names[name:]}
			*out = append(*out, link{t.text(), header})
			if t.err != nil {
				return t.err
			}
			if err := f.work(40); err != nil {
				return err
			}
		}
		return c.err
	})
}

// maxLevel is how high a tree is at most.
const maxLevel = 16

// tree1 calls leaf for each child of the leaves of a tree of version 1: with its key, of
// keySize bytes, and its address.
func (f *File) tree1(at uint64, kind byte, keySize int, leaf func(key, child *cursor) error) error {
	var visit func(at uint64, level int) error
	visit = func(at uint64, level int) error {
		c := f.signed("TREE", at)
		if got := c.u8(); c.err == nil && got != kind {
			return refuse.Corrupt("byte %d: tree of kind %d, want %d", at, got, kind)
		}
		own := int(c.u8())
		if c.err == nil && (own > maxLevel || level >= 0 && own != level) {
			return refuse.Corrupt("byte %d: level %d of a tree, want %d", at, own, level)
		}
		n := int(c.u16())
		c.skip(16) // its neighbours
		if err := f.work(24 + n*(keySize+8)); err != nil {
			return err
		}
		for range n {
			key, child := &cursor{b: c.bytes(keySize)}, &cursor{b: c.bytes(8)}
			if c.err != nil {
				return c.err
			}
			var err error
			if own == 0 {
				err = leaf(key, child)
			} else {
				err = visit(child.offset(), own-1)
			}
			if err != nil {
				return err
			}
		}
		return c.err
	}
	return visit(at, -1)
}
