package fileio

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"dcganviz/internal/refuse"
)

// OpenRegular opens a regular file, or one that symbolic links lead to, for
// reading, and says how large it is. The caller closes it.
//
// Anything else gives refuse.ErrUnsupported: opening a pipe would wait for a
// writer, and a device has no size. Errors name the path, but not this package.
func OpenRegular(path string) (f *os.File, size int64, err error) {
	// Looked at before it is opened, for the pipe's sake, and again when it is
	// open, for another file may have come in its place.
	info, err := os.Stat(path)
	if err == nil {
		err = wantRegular(path, info.Mode())
	}
	if err != nil {
		return nil, 0, err
	}
	if f, err = active.input(path); err != nil {
		return nil, 0, err
	}
	if info, err = f.Stat(); err == nil {
		err = wantRegular(path, info.Mode())
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

func wantRegular(path string, mode fs.FileMode) error {
	if mode.IsRegular() {
		return nil
	}
	return fmt.Errorf("%s: %w", path, refuse.Unsupported("this is %s, want a file", KindOf(mode)))
}

// KindOf says what is there that is no regular file: "a folder", "a pipe".
func KindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&(fs.ModeSymlink|fs.ModeIrregular) != 0: // the latter is a junction of Windows
		return "a symbolic link"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "no regular file but " + mode.Type().String()
}

// NewReader returns a reader of the first size bytes of a file, from its beginning on.
func NewReader(r io.ReaderAt, size int64) io.Reader {
	return io.NewSectionReader(through{r}, 0, size)
}

// through reads as all of the package does.
type through struct{ r io.ReaderAt }

func (t through) ReadAt(b []byte, at int64) (int, error) { return active.readAt(t.r, b, at) }

// ReadFullAt fills b from offset at of a file that is known to be longer. One
// that turns out not to be is cut short: refuse.ErrCorrupt.
func ReadFullAt(r io.ReaderAt, b []byte, at int64) error {
	n, err := active.readAt(r, b, at)
	switch {
	case n == len(b):
		return nil
	case err == nil || errors.Is(err, io.EOF):
		return refuse.Corrupt("ends at byte %d, want %d more", at+int64(n), len(b)-n)
	}
	return fmt.Errorf("read at byte %d: %w", at+int64(n), err)
}
