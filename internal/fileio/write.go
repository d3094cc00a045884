package fileio

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

var (
	// ErrExists means that the output is there and was not to be replaced.
	ErrExists = errors.New("file exists")
	// ErrNotWritable means that the place cannot take the output: no such
	// directory, no permission, a full disk, or no regular file.
	ErrNotWritable = errors.New("cannot write")
)

// bufferBytes is the size of the buffer between a caller's writes and the file.
const bufferBytes = 1 << 16

// Options tells WriteFile what it may do. The zero value refuses to replace.
type Options struct {
	// Force replaces a file that is there; the default refuses with ErrExists.
	Force bool
	// Perm is the mode of a new file before the umask. 0 means 0o666, and
	// the mode of the old file where one is replaced.
	Perm fs.FileMode
	// Within is a folder above the file. No symbolic link below it is followed: one
	// on the way to the file or in its place is refused, and so is a pipe or a device.
	// Empty: links are followed.
	Within string
}

// WriteFile gives path the bytes that write writes, or returns an error and
// leaves everything as it was. (One exception: when flushing the directory
// fails, the whole new file is there, but a power cut could lose it.)
//
// Without Within a symbolic link is followed: the file that it names is replaced.
// Name files so that the user named himself, and no others: folders from outside
// may hold links that lead to files of his. Pipes and
// character devices such as /dev/stdout are written to directly, with or
// without Force, for there is nothing in them to lose; directories, block
// devices and sockets are refused.
//
// Errors wrap ErrExists, ErrNotWritable or what write returned.
func WriteFile(path string, opt Options, write func(io.Writer) error) error {
	_, err := WriteFiles(File{path, opt, write})
	return err
}

// writeStaged writes to a temporary file beside the target and flushes it.
func (s system) writeStaged(to target, opt Options, write func(io.Writer) error) (_ *staged, err error) {
	perm := opt.Perm
	if perm == 0 {
		perm = 0o666
	}
	f, err := s.temp(to.path, perm)
	if err != nil {
		return nil, notWritable(err)
	}
	// Deferred, so that nothing stays behind when write panics, too.
	whole := false
	defer func() {
		f.Close()
		if !whole {
			s.remove(f.Name())
		}
	}()
	if to.exists && opt.Perm == 0 {
		if err := f.Chmod(to.perm); err != nil {
			return nil, notWritable(err)
		}
	}
	if err := fill(f, write); err != nil {
		return nil, err
	}
	if err := f.Sync(); err != nil {
		return nil, notWritable(err)
	}
	if err := f.Close(); err != nil {
		return nil, notWritable(err)
	}
	whole = true
	return &staged{system: s, to: to, force: opt.Force, temp: f.Name()}, nil
}

// fill runs write on a buffer before f and tells its errors from those of f,
// also where write forgets about the latter.
func fill(f io.Writer, write func(io.Writer) error) error {
	out := &outlet{to: f}
	buffered := bufio.NewWriterSize(out, bufferBytes)
	err := write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if out.err != nil {
		return notWritable(out.err)
	}
	return err
}

// outlet remembers the first error of the writer behind it.
type outlet struct {
	to  io.Writer
	err error
}

func (o *outlet) Write(p []byte) (int, error) {
	n, err := o.to.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	if o.err == nil {
		o.err = err
	}
	return n, err
}

func errExists() error {
	return fmt.Errorf("%w: give another name, or --force to replace it", ErrExists)
}

// notWritable marks err, where there is one, as the output's fault; the path is
// already named.
func notWritable(err error) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &p):
		err = p.Err
	case errors.As(err, &l):
		err = l.Err
	}
	return fmt.Errorf("%w: %w", ErrNotWritable, err)
}
