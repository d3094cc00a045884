package dataset

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"

	"dcganviz/internal/fileio"
	"dcganviz/internal/refuse"
)

// Limits of the texts that come with a set.
const (
	maxTextBytes = 256 << 20
	maxRows      = 1 << 19 // of a table
	maxRow       = 64 << 10
)

// openText opens a text file, which must be a regular one: nobody knows when a pipe or
// a device ends. want says what it should be.
func openText(file, want string) (io.ReadSeekCloser, error) {
	f, size, err := fileio.OpenRegular(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fail(ErrNotFound, "no such file")
	case errors.Is(err, refuse.ErrUnsupported):
		if info, err := os.Stat(file); err == nil {
			return nil, fail(ErrUnsupported, "%s, want %s", fileio.KindOf(info.Mode()), want)
		}
		return nil, fail(ErrUnsupported, "%w", err)
	case err != nil:
		return nil, err
	case size > maxTextBytes:
		f.Close()
		return nil, fail(ErrLimit, "%d bytes, limit %d", size, maxTextBytes)
	}
	return f, nil
}

// countRows returns how many rows the text in r has at most, which stands at its begin
// before and after.
func countRows(r io.ReadSeeker) (int, error) {
	buf := make([]byte, 64<<10)
	for count := 1; ; {
		n, err := r.Read(buf)
		count += bytes.Count(buf[:n], []byte("\n")) + bytes.Count(buf[:n], []byte("}"))
		if err == io.EOF || count >= maxRows {
			_, err := r.Seek(0, io.SeekStart)
			return min(count, maxRows), err
		} else if err != nil {
			return 0, err
		}
	}
}

// A feed gives a parser a file piece by piece, such as a row. Of one that does not end,
// as within quotes, it would gather all.
type feed struct {
	r    io.Reader
	what string // a piece is
	most int64  // bytes in a piece
	left int64  // of this piece
	at   int64  // bytes given
}

func (f *feed) Read(p []byte) (int, error) {
	if f.left <= 0 {
		return 0, fail(ErrLimit, "more than %d bytes in one %s", f.most, f.what)
	}
	n, err := f.r.Read(p[:min(int64(len(p)), f.left)])
	f.left -= int64(n)
	f.at += int64(n)
	return n, err
}

func newFeed(r io.Reader, what string, most int64) *feed {
	return &feed{r: r, what: what, most: most, left: most}
}

// next begins a piece at the given offset, up to which the parser has used what it has.
func (f *feed) next(offset int64) { f.left = offset + f.most - f.at }

// open ends a piece: what follows may be of any length.
func (f *feed) open() { f.left = math.MaxInt64 }
