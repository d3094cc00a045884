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
	if f, err = os.Open(path); err != nil {
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
	is := "no regular file but " + mode.Type().String()
	switch {
	case mode.IsDir():
		is = "a folder"
	case mode&fs.ModeNamedPipe != 0:
		is = "a pipe"
	case mode&fs.ModeDevice != 0:
		is = "a device"
	}
	return fmt.Errorf("%s: %w", path, refuse.Unsupported("this is %s, want a file", is))
}

// ReadFullAt fills b from offset at of a file that is known to be longer. One
// that turns out not to be is cut short: refuse.ErrCorrupt.
func ReadFullAt(r io.ReaderAt, b []byte, at int64) error {
	n, err := r.ReadAt(b, at)
	switch {
	case n == len(b):
		return nil
	case err == nil || errors.Is(err, io.EOF):
		return refuse.Corrupt("ends at byte %d, want %d more", at+int64(n), len(b)-n)
	}
	return fmt.Errorf("read at byte %d: %w", at+int64(n), err)
}
