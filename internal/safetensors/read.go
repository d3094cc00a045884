package safetensors

import (
	"encoding/binary"
	"fmt"
	"io"

	"dcganviz/internal/fileio"
	"dcganviz/internal/refuse"
)

// File is what a safetensors file holds.
type File struct {
	// Metadata are the free entries of the header; nil if there are none.
	Metadata map[string]string
	// Tensors are in the order in which the header names them.
	Tensors []Tensor
	// SHA256 are the digits of the digest after they were found to be right,
	// and "" for a file without one, or when only the header was read.
	SHA256 string

	index map[string]int
}

// lengthBytes is the size of the length field before the header.
const lengthBytes = 8

// ReadHeader reads a file's header alone: the tensors have no data, and the
// digest is not checked.
//
// Errors wrap ErrCorrupt, ErrTooLarge, ErrUnsupported or what r returned.
func ReadHeader(r io.ReaderAt, size int64) (*File, error) {
	return prefixed(read(r, size, false))
}

// Parse reads and checks a file in memory. The tensors share b. Its errors are
// those of ReadHeader.
func Parse(b []byte) (*File, error) {
	n, err := headerLength(b[:min(len(b), lengthBytes)], int64(len(b)))
	if err != nil {
		return prefixed(nil, err)
	}
	return prefixed(assemble(b[:lengthBytes], b[lengthBytes:lengthBytes+n], b[lengthBytes+n:]))
}

// ReadFile reads and checks the file at a path, and its errors name it. Every byte
// is read once. Memory for the data is taken only when the header has proved to be
// right and to fit the file's size.
func ReadFile(path string) (*File, error) { return readPath(path, true) }

// ReadFileHeader is ReadHeader for a path, and its errors name it.
func ReadFileHeader(path string) (*File, error) { return readPath(path, false) }

func readPath(path string, data bool) (*File, error) {
	f, size, err := fileio.OpenRegular(path)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	defer f.Close()
	file, err := read(f, size, data)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %s: %w", path, err)
	}
	return file, nil
}

func prefixed(f *File, err error) (*File, error) {
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	return f, nil
}

func read(r io.ReaderAt, size int64, data bool) (*File, error) {
	if size < 0 {
		return nil, refuse.Corrupt("size %d, want a positive one", size)
	}
	var length [lengthBytes]byte
	got := length[:min(size, lengthBytes)]
	if err := fileio.ReadFullAt(r, got, 0); err != nil {
		return nil, err
	}
	n, err := headerLength(got, size)
	if err != nil {
		return nil, err
	}
	// The caller's size is believed only as far as there is a last byte.
	if err := fileio.ReadFullAt(r, make([]byte, 1), size-1); err != nil {
		return nil, err
	}
	json := make([]byte, n)
	if err := fileio.ReadFullAt(r, json, lengthBytes); err != nil {
		return nil, err
	}
	begin := int64(lengthBytes + n)
	h, err := parseHeader(json, size-begin)
	if err != nil {
		return nil, err
	}
	if !data {
		return h.file(nil, ""), nil
	}
	if size > MaxFile {
		return nil, refuse.TooLarge("%d bytes, want at most %d", size, int64(MaxFile))
	}
	b := make([]byte, size-begin)
	if err := fileio.ReadFullAt(r, b, begin); err != nil {
		return nil, err
	}
	return h.checked(length[:], json, b)
}

func assemble(length, json, data []byte) (*File, error) {
	h, err := parseHeader(json, int64(len(data)))
	if err != nil {
		return nil, err
	}
	return h.checked(length, json, data)
}

// headerLength returns the length of the JSON of a file of size bytes, given
// its first bytes.
func headerLength(first []byte, size int64) (int, error) {
	if len(first) < lengthBytes {
		return 0, refuse.Corrupt("%d bytes, want at least %d", size, lengthBytes+len("{}"))
	}
	n := binary.LittleEndian.Uint64(first)
	switch {
	case n > MaxHeader:
		return 0, fmt.Errorf("header of %d bytes, want at most %d; perhaps no safetensors file: %w", n, MaxHeader, ErrTooLarge)
	case int64(n) > size-lengthBytes:
		return 0, refuse.Corrupt("header of %d bytes, but only %d follow its length", n, size-lengthBytes)
	}
	return int(n), nil
}

// checked returns the file when its digest is right.
func (h *header) checked(length, json, data []byte) (*File, error) {
	sum, err := h.verify(length, json, data)
	if err != nil {
		return nil, err
	}
	return h.file(data, sum), nil
}

// file hands the tensors their parts of data, which may be nil.
func (h *header) file(data []byte, sum string) *File {
	if data != nil {
		for _, s := range h.spans {
			h.tensors[s.tensor].Data = data[s.begin:s.end:s.end]
		}
	}
	return &File{Metadata: h.metadata, Tensors: h.tensors, SHA256: sum, index: h.index}
}

// Sniff reports whether a file that begins with first may be a safetensors
// file. It needs the first 9 bytes.
func Sniff(first []byte) bool {
	return len(first) > lengthBytes && first[lengthBytes] == '{' &&
		binary.LittleEndian.Uint64(first) <= MaxHeader
}

// Tensor returns the tensor of that name, or ErrNoTensor.
func (f *File) Tensor(name string) (*Tensor, error) {
	if i, ok := f.index[name]; ok {
		return &f.Tensors[i], nil
	}
	return nil, fmt.Errorf("safetensors: tensor %s among %d: %w", refuse.Quote(name), len(f.Tensors), ErrNoTensor)
}

// Has reports whether there is a tensor of that name.
func (f *File) Has(name string) bool {
	_, ok := f.index[name]
	return ok
}

// Float32s is Tensor.Float32s of the tensor of that name.
func (f *File) Float32s(name string) ([]float32, error) { return values(f, name, (*Tensor).Float32s) }

// Float64s is Tensor.Float64s of the tensor of that name.
func (f *File) Float64s(name string) ([]float64, error) { return values(f, name, (*Tensor).Float64s) }

// Int64s is Tensor.Int64s of the tensor of that name.
func (f *File) Int64s(name string) ([]int64, error) { return values(f, name, (*Tensor).Int64s) }

func values[T any](f *File, name string, of func(*Tensor) ([]T, error)) ([]T, error) {
	t, err := f.Tensor(name)
	if err != nil {
		return nil, err
	}
	return of(t)
}
