package pth

import (
	"errors"
	"fmt"
	"io"

	"dcganviz/internal/refuse"
)

// source is a file: in memory, or to be read in parts.
type source struct {
	r    io.ReaderAt
	size int64
	mem  []byte // the whole file, or nil
}

// part returns n bytes from offset at, without copying what is in memory.
func (s *source) part(at, n int64) ([]byte, error) {
	if at < 0 || n < 0 || at > s.size || n > s.size-at {
		return nil, refuse.Corrupt("wants %d bytes at byte %d, the file has %d", n, at, s.size)
	}
	if s.mem != nil {
		return s.mem[at : at+n : at+n], nil
	}
	b := make([]byte, n)
	return b, readFull(s.r, b, at)
}

// readFull fills b from offset at. A file that turns out to be shorter than
// its size is cut short.
func readFull(r io.ReaderAt, b []byte, at int64) error {
	n, err := r.ReadAt(b, at)
	switch {
	case n == len(b):
		return nil
	case err == nil || errors.Is(err, io.EOF):
		return refuse.Corrupt("ends at byte %d, want %d more", at+int64(n), len(b)-n)
	}
	return fmt.Errorf("read at byte %d: %w", at+int64(n), err)
}
