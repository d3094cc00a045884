package dataset

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

// spool is a temporary file that holds unpacked bytes, so that they can be
// read at random. Its name is its own and says nothing of what is in it.
type spool struct {
	*os.File
	buf  *bufio.Writer
	size int64
	gone bool // the directory entry was removed already
}

// newSpool makes a spool in dir. Where the system lets it, the file loses its
// name at once, so that not even a killed process leaves it behind.
func newSpool(dir string) (*spool, error) {
	f, err := os.CreateTemp(dir, "dcganviz-*.spool")
	if err != nil {
		return nil, fmt.Errorf("unpacking: %w", err)
	}
	return &spool{File: f, buf: bufio.NewWriterSize(f, 256<<10), gone: os.Remove(f.Name()) == nil}, nil
}

// add appends what r still holds. What was added can be read after finish.
func (s *spool) add(r io.Reader) (at, n int64, err error) {
	at = s.size
	n, err = io.Copy(s.buf, r)
	s.size += n
	return at, n, err
}

// finish writes what is still in memory, and frees it.
func (s *spool) finish() error {
	err := s.buf.Flush()
	s.buf = nil
	return err
}

// Close closes and removes the file.
func (s *spool) Close() error {
	err := s.File.Close()
	if !s.gone {
		if rmErr := os.Remove(s.Name()); err == nil {
			err = rmErr
		}
	}
	return err
}

// capped reads from r and answers ErrLimit instead of byte limit+1.
type capped struct {
	r     io.Reader
	limit int64
	n     int64
}

func (c *capped) Read(p []byte) (int, error) {
	if left := c.limit - c.n; int64(len(p)) > left {
		p = p[:left+1]
	}
	n, err := c.r.Read(p)
	if c.n += int64(n); c.n > c.limit {
		return 0, fail(ErrLimit, "unpacks to more than %d bytes", c.limit)
	}
	return n, err
}
