package hdf5

import (
	"slices"

	"dcganviz/internal/refuse"
)

// A chunks is where the parts of an array lie, each of the same shape. Those at the end
// of an axis reach past it.
type chunks struct {
	shape   []int // of a part
	filters []filter
	parts   []part
}

// A part is one chunk: its bytes as they are in the file, and its place in the array.
type part struct {
	at   []int
	b    []byte
	skip uint32 // bit i: filter i was left out
}

// layout reads where the elements of an array are.
func (f *File) layout(a *Array, c *cursor, filters []filter) error {
	version, class := c.u8(), c.u8()
	if c.err == nil && version != 3 && version != 4 {
		return refuse.Unsupported("an array with a layout of version %d, want 3 or 4", version)
	}
	switch {
	case class == 0: // in the header
		a.raw = c.bytes(int(c.u16()))
	case class == 1: // in one piece
		at, n := c.offset(), c.length()
		if c.err != nil {
			return c.err
		}
		if at == undefined {
			if a.elements() > 0 {
				return refuse.Unsupported("an array that was never written")
			}
			return nil
		}
		if n > uint64(len(f.b)) {
			return refuse.Corrupt("%d bytes of elements in a file of %d", n, len(f.b))
		}
		d := f.goTo("elements", at, int64(n))
		a.raw = d.b
		c.fail(d.err)
	case class == 2 && version == 3:
		return f.chunked(a, c, filters)
	case class == 2:
		return f.oneChunk(a, c, filters)
	default:
		return refuse.Unsupported("an array with a layout of class %d", class)
	}
	if c.err == nil && len(a.raw) != a.size() {
		return refuse.Corrupt("%d bytes of elements, want %d for shape %v", len(a.raw), a.size(), a.Shape)
	}
	if c.err == nil && len(filters) > 0 {
		return refuse.Corrupt("filters without chunks")
	}
	return c.err
}

// chunkShape checks the shape of the parts: their last axis is the bytes of an element.
func (a *Array) chunkShape(dims []uint64) ([]int, error) {
	if len(dims) != len(a.Shape)+1 || len(a.Shape) == 0 || dims[len(a.Shape)] != uint64(a.kind.size) {
		return nil, refuse.Corrupt("chunks of %v for shape %v and elements of %d bytes", dims, a.Shape, a.kind.size)
	}
	var shape []int
	size := uint64(a.kind.size)
	for _, x := range dims[:len(a.Shape)] {
		if x == 0 || x > 1<<31 || size > (1<<32)/x {
			return nil, refuse.TooLarge("chunks of %v", dims)
		}
		size *= x
		shape = append(shape, int(x))
	}
	// A chunk may be larger than its array, but not without bound.
	if size > uint64(len(a.f.b))+moreThanFile {
		return nil, refuse.TooLarge("chunks of %d bytes", size)
	}
	return shape, nil
}

// chunked reads the tree of an array's parts.
func (f *File) chunked(a *Array, c *cursor, filters []filter) error {
	n := int(c.u8())
	at := c.offset()
	var dims []uint64
	for range n {
		dims = append(dims, uint64(c.u32()))
	}
	if c.err != nil {
		return c.err
	}
	shape, err := a.chunkShape(dims)
	if err != nil {
		return err
	}
	a.form = &chunks{shape: shape, filters: filters}
	if at == undefined {
		if a.elements() > 0 {
			return refuse.Unsupported("an array that was never written")
		}
		return nil
	}
	seen := map[string]bool{}
	return f.tree1(at, 1, 8+8*n, func(key, child *cursor) error {
		size, skip := key.u32(), key.u32()
		p := part{skip: skip}
		for i, x := range a.Shape {
			o := key.offset()
			if o >= uint64(x) || o%uint64(shape[i]) != 0 {
				return refuse.Corrupt("a chunk at %d of an axis of %d", o, x)
			}
			p.at = append(p.at, int(o))
		}
		d := f.goTo("a chunk", child.offset(), int64(size))
		if d.err != nil {
			return d.err
		}
		if name := string(key.b[8:]); seen[name] {
			return refuse.Corrupt("two chunks at %v", p.at)
		} else {
			seen[name] = true
		}
		p.b = d.b
		a.form.parts = append(a.form.parts, p)
		return f.count(1)
	})
}

// oneChunk reads the layout of version 4 of an array with a single part.
func (f *File) oneChunk(a *Array, c *cursor, filters []filter) error {
	flags := c.u8()
	n, size := int(c.u8()), int(c.u8())
	var dims []uint64
	for range n {
		dims = append(dims, c.uint(size))
	}
	if index := c.u8(); c.err == nil && index != 1 {
		return refuse.Unsupported("chunks with an index of kind %d, want 1, a single chunk", index)
	}
	shape, err := a.chunkShape(dims)
	if c.err != nil || err != nil {
		c.fail(err)
		return c.err
	}
	length, skip := uint64(a.kind.size), uint32(0)
	for _, x := range shape {
		length *= uint64(x)
	}
	if flags&2 != 0 {
		length, skip = c.length(), c.u32()
	}
	at := c.offset()
	if c.err != nil {
		return c.err
	}
	if length > uint64(len(f.b)) {
		return refuse.Corrupt("a chunk of %d bytes in a file of %d", length, len(f.b))
	}
	d := f.goTo("a chunk", at, int64(length))
	a.form = &chunks{shape: shape, filters: filters, parts: []part{{make([]int, len(shape)), d.b, skip}}}
	return d.err
}

// bytes returns the elements as they are in the file, in C order.
func (a *Array) bytes() ([]byte, error) {
	if a.form == nil {
		return a.raw, nil
	}
	counts := 1
	for i, x := range a.Shape {
		counts *= (x + a.form.shape[i] - 1) / a.form.shape[i]
	}
	if len(a.form.parts) != counts {
		return nil, refuse.Unsupported("%d of %d chunks were written", len(a.form.parts), counts)
	}
	out := make([]byte, a.size())
	size := a.kind.size
	for _, x := range a.form.shape {
		size *= x
	}
	for _, p := range a.form.parts {
		b := p.b
		for i, f := range slices.Backward(a.form.filters) {
			if p.skip>>i&1 == 0 {
				var err error
				if b, err = f.undo(b, size); err != nil {
					return nil, err
				}
			}
		}
		if len(b) != size {
			return nil, refuse.Corrupt("a chunk of %d bytes, want %d", len(b), size)
		}
		a.place(out, b, p.at)
	}
	return out, nil
}

// place copies a part to where it belongs, row by row of the last axis.
func (a *Array) place(out, b []byte, at []int) {
	last := len(a.Shape) - 1
	size := a.kind.size
	row := min(a.form.shape[last], a.Shape[last]-at[last]) * size
	var copyRows func(axis, from, to int)
	copyRows = func(axis, from, to int) {
		if axis == last {
			to, from = (to*a.Shape[axis]+at[axis])*size, from*a.form.shape[axis]*size
			copy(out[to:to+row], b[from:from+row])
			return
		}
		for i := range min(a.form.shape[axis], a.Shape[axis]-at[axis]) {
			copyRows(axis+1, from*a.form.shape[axis]+i, to*a.Shape[axis]+at[axis]+i)
		}
	}
	copyRows(0, 0, 0)
}
