package hdf5

import (
	"dcganviz/internal/refuse"
)

// readAttributes gives a node its attributes.
func (f *File) readAttributes(n *Node, all []message) error {
	one := func(c *cursor) error {
		name, a, err := f.attribute(c)
		if err != nil {
			return err
		}
		if n.attributes[name] != nil {
			return refuse.Corrupt("two attributes with the name %s", refuse.Quote(name))
		}
		n.attributes[name] = a
		return f.count(1)
	}
	for _, m := range all {
		c := &cursor{b: m.data}
		switch m.kind {
		case messageAttribute:
			if err := one(c); err != nil {
				return err
			}
		case messageAttributes:
			c.skip(1)
			if c.u8()&1 != 0 {
				c.skip(2)
			}
			heap, tree := c.offset(), c.offset()
			if c.err != nil {
				return c.err
			}
			if err := f.dense(heap, tree, 8, one); err != nil {
				return err
			}
		}
	}
	return nil
}

// attribute reads one attribute.
func (f *File) attribute(c *cursor) (string, *Array, error) {
	version, flags := c.u8(), c.u8()
	if c.err == nil && (version < 1 || version > 3) {
		return "", nil, refuse.Unsupported("an attribute of version %d, want 1 to 3", version)
	}
	if version >= 2 && flags&3 != 0 {
		return "", nil, refuse.Unsupported("an attribute whose type is shared with other objects")
	}
	nameSize, typeSize, spaceSize := int(c.u16()), int(c.u16()), int(c.u16())
	if version == 3 {
		c.skip(1) // ASCII or UTF-8
	}
	part := func(n int) *cursor {
		b := c.bytes(n)
		if version == 1 {
			c.skip(-n & 7)
		}
		return &cursor{b: b}
	}
	text, kind, space := part(nameSize), part(typeSize), part(spaceSize)
	name := text.text()
	for _, e := range []error{c.err, text.err} {
		if e != nil {
			return "", nil, e
		}
	}
	a, err := f.array(kind.b, space.b)
	if err != nil {
		return "", nil, within("@"+name, err)
	}
	if a.raw = c.bytes(a.size()); c.err != nil {
		return "", nil, within("@"+name, c.err)
	}
	return name, a, nil
}

// An Array is numbers or texts on a grid.
type Array struct {
	// Shape is the length of each axis, the last one fastest; empty for one element.
	Shape []int

	f    *File
	kind kind
	raw  []byte // the elements, if they lie in one piece
	form *chunks
}

// elements is their number.
func (a *Array) elements() int {
	n := 1
	for _, x := range a.Shape {
		n *= x
	}
	return n
}

// size is the number of bytes of the elements in the file.
func (a *Array) size() int { return a.elements() * a.kind.size }

// array reads a type and a shape, whose product it bounds.
func (f *File) array(kind, space []byte) (*Array, error) {
	k, err := parseKind(&cursor{b: kind})
	if err != nil {
		return nil, err
	}
	shape, none, err := parseShape(&cursor{b: space})
	if err != nil {
		return nil, err
	}
	a := &Array{Shape: shape, f: f, kind: k}
	if none {
		a.Shape = []int{0}
	}
	return a, nil
}

// maxRank is how many axes an array has at most.
const maxRank = 32

// maxElements bounds the elements of an array, so that their bytes can be counted.
const maxElements = 1 << 40

// parseShape reads a shape; none says that there are no elements at all.
func parseShape(c *cursor) (shape []int, none bool, err error) {
	version, rank := c.u8(), int(c.u8())
	c.skip(1) // whether the largest shape follows
	switch version {
	case 1:
		c.skip(5)
	case 2:
		none = c.u8() == 2
	default:
		if c.err == nil {
			return nil, false, refuse.Unsupported("a shape of version %d, want 1 or 2", version)
		}
	}
	if rank > maxRank {
		return nil, false, refuse.Corrupt("%d axes, want at most %d", rank, maxRank)
	}
	n := uint64(1)
	for range rank {
		x := c.length()
		if c.err == nil && (x > maxElements || x > 0 && n > maxElements/x) {
			return nil, false, refuse.TooLarge("axis of %d", x)
		}
		n *= max(x, 1)
		shape = append(shape, int(x))
	}
	return shape, none, c.err
}

// dataset reads an array of a file, without its elements.
func (f *File) dataset(all []message, layout []byte) (*Array, error) {
	kind, space := only(all, messageDatatype), only(all, messageDataspace)
	if kind == nil || space == nil {
		return nil, refuse.Corrupt("an array without a type or a shape")
	}
	if only(all, messageExternal) != nil {
		return nil, refuse.Unsupported("an array in another file")
	}
	a, err := f.array(kind, space)
	if err != nil {
		return nil, err
	}
	if f.arrays += uint64(a.elements()) * uint64(max(a.kind.size, 1)); f.arrays > uint64(len(f.b))+moreThanFile {
		return nil, refuse.TooLarge("arrays of more than the file's size and %d bytes", moreThanFile)
	}
	filters, err := parseFilters(f, only(all, messageFilters))
	if err != nil {
		return nil, err
	}
	return a, f.layout(a, &cursor{b: layout}, filters)
}
