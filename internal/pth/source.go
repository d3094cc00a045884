package pth

import (
	"io"

	"dcganviz/internal/fileio"
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
	return b, fileio.ReadFullAt(s.r, b, at)
}
