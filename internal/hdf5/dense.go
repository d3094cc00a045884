package hdf5

import (
	"math/bits"

	"dcganviz/internal/refuse"
)

// dense calls f for each object of a heap that a tree of version 2 and kind leads to. Groups
// and objects with many members or attributes keep them so.
func (f *File) dense(heap, tree uint64, kind byte, each func(*cursor) error) error {
	if heap == undefined || tree == undefined {
		return nil
	}
	h, err := f.fractalHeap(heap)
	if err != nil {
		return err
	}
	return f.tree2(tree, kind, func(record *cursor) error {
		if kind == 5 {
			record.skip(4) // the hash of the name
		}
		id := record.bytes(h.idSize)
		if record.err != nil {
			return record.err
		}
		object, err := h.object(id)
		if err != nil {
			return err
		}
		return each(&cursor{b: object})
	})
}

// A fractalHeap is objects in blocks that double in size from row to row.
type fractalHeap struct {
	f                      *File
	idSize                 int
	offsetSize, lengthSize int // of the numbers in an id
	width                  uint64
	start, largest         uint64 // sizes of direct blocks
	root                   uint64
	rows                   int // 0: the root is a direct block
}

// encoded is how many bytes hold numbers up to n.
func encoded(n uint64) int { return max(0, bits.Len64(n)-1)/8 + 1 }

func (f *File) fractalHeap(at uint64) (*fractalHeap, error) {
	c := f.signed("FRHP", at)
	c.skip(1)
	h := &fractalHeap{f: f, idSize: int(c.u16())}
	filters := c.u16()
	c.skip(1) // whether blocks have sums
	managed := uint64(c.u32())
	c.skip(12 * 8) // huge and tiny objects, and free space
	h.width, h.start, h.largest = uint64(c.u16()), c.length(), c.length()
	maxBits := c.u16()
	c.skip(2)
	h.root, h.rows = c.offset(), int(c.u16())
	if c.err == nil && filters != 0 {
		return nil, refuse.Unsupported("byte %d: a heap with filters", at)
	}
	c.sum(0)
	if c.err != nil {
		return nil, c.err
	}
	h.offsetSize = (int(maxBits) + 7) / 8
	h.lengthSize = min(encoded(h.largest), encoded(managed))
	if h.width == 0 || h.width > 1<<12 || bits.OnesCount64(h.start) != 1 || bits.OnesCount64(h.largest) != 1 ||
		h.start > h.largest || h.largest > 1<<31 || h.rows > 64 || h.offsetSize > 8 {
		return nil, refuse.Corrupt("byte %d: a heap of %d blocks of %d to %d bytes a row", at, h.width, h.start, h.largest)
	}
	return h, f.work(c.at)
}

// object returns the bytes of an object.
func (h *fractalHeap) object(id []byte) ([]byte, error) {
	c := &cursor{b: id}
	switch head := c.u8(); {
	case head>>4 == 0:
	case head>>4 == 2: // so small that it lies in its own id
		return c.bytes(int(head&15) + 1), c.err
	default:
		return nil, refuse.Unsupported("an object of a heap of kind %d", head>>4)
	}
	offset, n := c.uint(h.offsetSize), c.uint(h.lengthSize)
	if c.err != nil {
		return nil, c.err
	}
	at, size := h.root, h.start
	for rows, level := h.rows, 0; rows > 0; level++ {
		if level > maxLevel {
			return nil, refuse.Corrupt("a heap of more than %d levels", maxLevel)
		}
		row, column := 0, offset/h.start
		size = h.start
		if column >= h.width {
			row = bits.Len64(column / h.width)
			size = h.start << (row - 1)
			offset -= size * h.width
			column = offset / size
		}
		offset -= column * size
		if row >= rows || column >= h.width {
			return nil, refuse.Corrupt("an object behind the end of its heap")
		}
		c := h.f.signed("FHIB", at)
		c.skip(1 + 8 + h.offsetSize + (row*int(h.width)+int(column))*8)
		if at = c.offset(); c.err != nil {
			return nil, c.err
		}
		if size <= h.largest {
			break
		}
		rows = bits.Len64(size / (h.start * h.width))
	}
	if n > uint64(len(h.f.b)) || offset > size || n > size-offset {
		return nil, refuse.Corrupt("an object of %d bytes at byte %d of a block of %d", n, offset, size)
	}
	block := h.f.signed("FHDB", at)
	if block.err != nil {
		return nil, block.err
	}
	if err := h.f.work(int(n)); err != nil {
		return nil, err
	}
	d := h.f.goTo("an object of a heap", at+offset, int64(n))
	return d.b, d.err
}

// tree2 calls each for the records of a tree of version 2.
func (f *File) tree2(at uint64, kind byte, each func(record *cursor) error) error {
	c := f.signed("BTHD", at)
	c.skip(1)
	got := c.u8()
	nodeSize, recordSize, depth := uint64(c.u32()), uint64(c.u16()), int(c.u16())
	c.skip(2)
	root, n := c.offset(), uint64(c.u16())
	c.skip(8)
	c.sum(0)
	switch {
	case c.err != nil:
		return c.err
	case got != kind:
		return refuse.Corrupt("byte %d: tree of kind %d, want %d", at, got, kind)
	case depth > maxLevel || recordSize == 0 || nodeSize < 10+recordSize:
		return refuse.Corrupt("byte %d: tree of %d levels, nodes of %d bytes and records of %d", at, depth, nodeSize, recordSize)
	case root == undefined || n == 0:
		return nil
	}
	// How many records a node has at each level, and below it, tells the sizes of counts.
	most := (nodeSize - 10) / recordSize
	countSize := encoded(most)
	below, belowSize := most, 0
	sizes := []int{0} // of the counts of all records below, by level
	for range depth {
		pointer := uint64(8 + countSize + belowSize)
		if nodeSize < 10+pointer {
			return refuse.Corrupt("byte %d: nodes of %d bytes", at, nodeSize)
		}
		own := (nodeSize - 10 - pointer) / (recordSize + pointer)
		if hi, lo := bits.Mul64(own+1, below); hi == 0 && lo < 1<<62 {
			below = lo + own
		}
		belowSize = encoded(below)
		sizes = append(sizes, belowSize)
	}
	var visit func(at, n uint64, level int) error
	visit = func(at, n uint64, level int) error {
		name := "BTLF"
		if level > 0 {
			name = "BTIN"
		}
		c := f.signed(name, at)
		c.skip(2)
		if n > nodeSize/recordSize {
			return refuse.Corrupt("byte %d: %d records in a node of %d bytes", at, n, nodeSize)
		}
		if err := f.work(int(min(nodeSize, 1<<20))); err != nil {
			return err
		}
		records := c.bytes(int(n * recordSize))
		type child struct{ at, n uint64 }
		var children []child
		if level > 0 {
			for range n + 1 {
				children = append(children, child{c.offset(), c.uint(countSize)})
				c.skip(sizes[level-1])
			}
		}
		c.sum(0)
		if c.err != nil {
			return c.err
		}
		for i := range n + 1 {
			if level > 0 {
				if err := visit(children[i].at, children[i].n, level-1); err != nil {
					return err
				}
			}
			if i < n {
				if err := each(&cursor{b: records[i*recordSize : (i+1)*recordSize]}); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return visit(root, n, depth)
}
