package dataset

import (
	"errors"
	"io"
	"io/fs"

	"dcganviz/internal/fileio"
)

// sections is the source of pictures that lie uncompressed in one or more
// files: a tar, a spooled file, IDX, CIFAR-10.
type sections struct {
	files  []io.ReaderAt
	closer []io.Closer
}

func (s *sections) read(e *entry, buf []byte) ([]byte, error) {
	buf = grow(buf, e.size)
	if n, err := s.files[e.file].ReadAt(buf, e.at); n < len(buf) {
		if errors.Is(err, io.EOF) {
			return buf, fail(ErrCorrupt, "cut short: %d bytes, want %d", n, len(buf))
		}
		return buf, err
	}
	return buf, nil
}

func (s *sections) Close() error {
	var errs []error
	for _, c := range s.closer {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// grow returns n bytes, in the memory of buf if that is large enough. Callers have checked n
// against a limit and against the bytes that are there.
func grow(buf []byte, n int64) []byte {
	if int64(cap(buf)) < n {
		return make([]byte, n)
	}
	return buf[:n]
}

// readAll reads r to its end into buf, which grows as bytes arrive and not by
// what a header claims. More than limit bytes is ErrLimit.
func readAll(r io.Reader, buf []byte, limit int64) ([]byte, error) {
	buf = buf[:0]
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if int64(len(buf)) > limit {
			return buf, fail(ErrLimit, "over %d bytes", limit)
		}
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
	}
}

// isSystem reports whether err came from the operating system, or its disks, rather
// than from the bytes that were read.
func isSystem(err error) bool {
	var pe *fs.PathError
	return errors.As(err, &pe) || errors.Is(err, fileio.ErrNotWritable)
}

// corrupt wraps an error that some bytes caused, and passes on one that the
// operating system caused or that has its kind already.
func corrupt(err error, format string, args ...any) error {
	var f *failure
	if isSystem(err) || errors.As(err, &f) {
		return err
	}
	return fail(ErrCorrupt, format+": %w", append(args, err)...)
}
