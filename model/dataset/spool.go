package dataset

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"

	"dcganviz/internal/fileio"
	"dcganviz/internal/refuse"
)

// spool is a temporary file that holds unpacked bytes, so that they can be
// read at random. Its name is its own and says nothing of what is in it.
type spool struct {
	*os.File
	dir  string
	buf  *bufio.Writer
	size int64
	gone bool // the directory entry was removed already
}

const (
	spoolBuffer = 256 << 10
	// keepFree is what a spool leaves of the disk to others, or a sixteenth of it if that
	// is less.
	keepFree = 256 << 20
)

// newSpool makes a spool in dir. Where the system lets it, the file loses its
// name at once, so that not even a killed process leaves it behind.
func newSpool(dir string) (*spool, error) {
	dir = cmp.Or(dir, os.TempDir())
	s := &spool{dir: dir}
	if err := s.checkFree(spoolBuffer); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(dir, "dcganviz-*.spool")
	if err != nil {
		return nil, s.full(err)
	}
	s.File, s.gone = f, os.Remove(f.Name()) == nil
	s.buf = bufio.NewWriterSize(onDisk{s}, spoolBuffer)
	return s, nil
}

// checkFree refuses n bytes for which the disk has no space.
func (s *spool) checkFree(n int) error {
	free, size, ok := fileio.Free(s.dir)
	if least := int64(n) + min(keepFree, size/16); ok && free < least {
		return s.full(fmt.Errorf("%d bytes are free, want %d", free, least))
	}
	return nil
}

// full is an error of the temporary folder, and not of what is unpacked.
func (s *spool) full(err error) error {
	return refuse.Of(fileio.ErrNotWritable, "unpacking to %q: %w: name a folder with more space by TMPDIR, or unpack the archive and name its folder", s.dir, err)
}

// onDisk is the file of a spool, as long as there is space.
type onDisk struct{ s *spool }

func (d onDisk) Write(p []byte) (int, error) {
	if err := d.s.checkFree(len(p)); err != nil {
		return 0, err
	}
	n, err := d.s.File.Write(p)
	if err != nil {
		err = d.s.full(err)
	}
	return n, err
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
