package hdf5

import (
	"bytes"
	"encoding/binary"

	"dcganviz/internal/refuse"
)

const (
	// MaxFile is the size of the largest file, in bytes.
	MaxFile = 2 << 30
	// MaxObjects is how many groups, arrays and attributes a file has at most.
	MaxObjects = 1 << 16
	// MaxDepth is how deep groups lie in groups.
	MaxDepth = 32
	// moreThanFile is what all arrays may take beyond the size of the file, in bytes.
	moreThanFile = 64 << 20
)

// Signature is how a file begins.
const Signature = "\x89HDF\r\n\x1a\n"

var le = binary.LittleEndian

// A File is a parsed file.
type File struct {
	Root *Node

	b       []byte
	objects int                          // counted against MaxObjects
	worked  int                          // bytes of headers, trees and heaps that were read
	seen    map[uint64]bool              // object headers
	arrays  uint64                       // bytes of all arrays
	heaps   map[uint64]map[uint32][]byte // texts, by address and number
}

// Parse reads the structure of a file: all of it but the elements of its arrays, which
// stay where they are in b.
//
// Errors wrap ErrCorrupt, ErrTooLarge or ErrUnsupported of package refuse.
func Parse(b []byte) (*File, error) {
	if len(b) > MaxFile {
		return nil, refuse.TooLarge("%d bytes, want at most %d", len(b), MaxFile)
	}
	if !bytes.HasPrefix(b, []byte(Signature)) {
		return nil, refuse.Corrupt("no file of HDF5: it does not begin with its signature")
	}
	f := &File{b: b, seen: map[uint64]bool{}, heaps: map[uint64]map[uint32][]byte{}}
	root, err := f.superblock()
	if err != nil {
		return nil, err
	}
	if f.Root, err = f.node("", root, 0); err != nil {
		return nil, err
	}
	if f.Root.Data != nil {
		return nil, refuse.Corrupt("the root is no group")
	}
	return f, nil
}

// superblock reads what a file begins with, and returns the address of the root group.
func (f *File) superblock() (root uint64, err error) {
	c := &cursor{b: f.b, at: len(Signature)}
	version := c.u8()
	var offsetSize, lengthSize byte
	switch version {
	case 0, 1:
		c.skip(4) // versions of parts, all 0
		offsetSize, lengthSize = c.u8(), c.u8()
		c.skip(1 + 2 + 2 + 4) // sizes of nodes, which the nodes tell, and flags
		if version == 1 {
			c.skip(4)
		}
	case 2, 3:
		offsetSize, lengthSize = c.u8(), c.u8()
		c.skip(1)
	default:
		return 0, refuse.Unsupported("HDF5 with a superblock of version %d, want 0 to 3", version)
	}
	if offsetSize != 8 || lengthSize != 8 {
		return 0, refuse.Unsupported("HDF5 with addresses of %d bytes and lengths of %d, want 8", offsetSize, lengthSize)
	}
	base := c.offset()
	c.skip(8) // free space, or an extension
	end := c.offset()
	if version < 2 {
		c.skip(8 + 8) // driver, and where the root's name is
	}
	root = c.offset()
	if version >= 2 {
		c.sum(0)
	}
	switch {
	case c.err != nil:
		return 0, c.err
	case base != 0:
		return 0, refuse.Unsupported("HDF5 that begins with %d bytes of another program", base)
	case end > uint64(len(f.b)):
		return 0, refuse.Corrupt("%d bytes, want the %d that the superblock says", len(f.b), end)
	}
	return root, nil
}

// count counts n objects.
func (f *File) count(n int) error {
	if f.objects += n; f.objects > MaxObjects {
		return refuse.TooLarge("more than %d objects", MaxObjects)
	}
	return nil
}

// work counts n bytes of structure. Nothing in a sound file is read more than a few times.
func (f *File) work(n int) error {
	if f.worked += n; f.worked > 8*len(f.b)+1<<16 {
		return refuse.Corrupt("its parts lead to each other without end")
	}
	return nil
}
