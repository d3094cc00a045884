package pth

import (
	"fmt"
	"io"

	"dcganviz/internal/fileio"
	"dcganviz/internal/refuse"
)

const (
	// MaxFile is the largest file whose data is to be read.
	MaxFile = 4 << 30
	// spare is what the tensors of a file may take beyond its size.
	spare = 64 << 20
)

// Format is one of the two ways in which torch.save writes.
type Format int

const (
	Zip    Format = iota // since version 1.6
	Legacy               // before, and with _use_new_zipfile_serialization=False
)

// String returns the name of the format.
func (f Format) String() string {
	if f == Legacy {
		return "PyTorch legacy"
	}
	return "PyTorch zip"
}

// File is what a checkpoint holds.
type File struct {
	Format Format
	// Root is the object that was saved.
	Root Value
	// Tensors are all distinct ones, in the order of the pickle.
	Tensors []*Tensor
}

// ReadHeader reads what a file of size bytes says of its tensors. Their data stay
// on the disk, unchecked.
//
// Errors wrap ErrCorrupt, ErrTooLarge, ErrUnsupported, ErrForeign or what r
// returned.
func ReadHeader(r io.ReaderAt, size int64) (*File, error) {
	return prefixed(readHeader(r, size))
}

// Parse reads and checks a file in memory. The tensors share b. Its errors are
// those of ReadHeader.
func Parse(b []byte) (*File, error) {
	if b == nil {
		b = []byte{}
	}
	return prefixed(parse(&source{size: int64(len(b)), mem: b}, b[:min(len(b), SniffBytes)]))
}

func prefixed(f *File, err error) (*File, error) {
	if err != nil {
		return nil, fmt.Errorf("pth: %w", err)
	}
	return f, nil
}

func readHeader(r io.ReaderAt, size int64) (*File, error) {
	if size < 0 {
		return nil, refuse.Corrupt("size %d, want a positive one", size)
	}
	first := make([]byte, min(size, SniffBytes))
	if err := fileio.ReadFullAt(r, first, 0); err != nil {
		return nil, err
	}
	return parse(&source{r: r, size: size}, first)
}

// parse reads a file. first are its first bytes, which were read already.
func parse(src *source, first []byte) (*File, error) {
	format, err := sniff(first)
	if err != nil {
		return nil, err
	}
	b := &builder{src: src, storages: make(map[string]*Storage)}
	f := &File{Format: format}
	if format == Zip {
		err = b.zip(f)
	} else {
		err = b.legacy(f)
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}
