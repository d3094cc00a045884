package pth

import (
	"fmt"
	"io"

	"dcganviz/internal/fileio"
	"dcganviz/internal/refuse"
)

const (
	// MaxFile is the largest file whose data is read.
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

// Read reads and checks a file of size bytes. Every byte is read once.
//
// Errors wrap ErrCorrupt, ErrTooLarge, ErrUnsupported, ErrForeign or what r
// returned.
func Read(r io.ReaderAt, size int64) (*File, error) {
	return prefixed(read(r, size, true))
}

// ReadHeader reads what a file says of its tensors and leaves their data on the
// disk and unchecked. Its errors are those of Read.
func ReadHeader(r io.ReaderAt, size int64) (*File, error) {
	return prefixed(read(r, size, false))
}

// Parse is Read for a file in memory. The tensors share b.
func Parse(b []byte) (*File, error) {
	if b == nil {
		b = []byte{}
	}
	return prefixed(parse(&source{size: int64(len(b)), mem: b}, b[:min(len(b), sniffed)]))
}

// ReadFile is Read for a path, and its errors name it.
func ReadFile(path string) (*File, error) {
	return readPath(path, true)
}

// ReadFileHeader is ReadHeader for a path, and its errors name it.
func ReadFileHeader(path string) (*File, error) {
	return readPath(path, false)
}

func readPath(path string, data bool) (*File, error) {
	f, size, err := fileio.OpenRegular(path)
	if err != nil {
		return nil, fmt.Errorf("pth: %w", err)
	}
	defer f.Close()
	file, err := read(f, size, data)
	if err != nil {
		return nil, fmt.Errorf("pth: %s: %w", path, err)
	}
	return file, nil
}

func prefixed(f *File, err error) (*File, error) {
	if err != nil {
		return nil, fmt.Errorf("pth: %w", err)
	}
	return f, nil
}

func read(r io.ReaderAt, size int64, data bool) (*File, error) {
	if size < 0 {
		return nil, refuse.Corrupt("size %d, want a positive one", size)
	}
	first := make([]byte, min(size, sniffed))
	if err := fileio.ReadFullAt(r, first, 0); err != nil {
		return nil, err
	}
	src := &source{r: r, size: size}
	if _, err := sniff(first); err != nil || !data {
		return parse(src, first)
	}
	if size > MaxFile {
		return nil, refuse.TooLarge("%d bytes, want at most %d", size, int64(MaxFile))
	}
	// The caller's size is believed only as far as there is a last byte.
	if _, err := src.part(size-1, 1); err != nil {
		return nil, err
	}
	src.mem = make([]byte, size)
	n := copy(src.mem, first)
	if err := fileio.ReadFullAt(r, src.mem[n:], int64(n)); err != nil {
		return nil, err
	}
	return parse(src, first)
}

// parse reads a file of which the first bytes are known.
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
