package fileio

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
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
}

// WriteFile gives path the bytes that write writes, or returns an error and
// leaves everything as it was. (One exception: when flushing the directory
// fails, the whole new file is there, but a power cut could lose it.)
//
// A symbolic link is followed: the file that it names is replaced. Pipes and
// character devices such as /dev/stdout are written to directly, with or
// without Force, for there is nothing in them to lose; directories, block
// devices and sockets are refused.
//
// Errors wrap ErrExists, ErrNotWritable or what write returned.
func WriteFile(path string, opt Options, write func(io.Writer) error) error {
	if err := system(realSystem).writeFile(path, opt, write); err != nil {
		return fmt.Errorf("fileio: %s: %w", path, err)
	}
	return nil
}

func (s system) writeFile(path string, opt Options, write func(io.Writer) error) (err error) {
	to, err := look(path)
	if err != nil {
		return err
	}
	if to.stream {
		return s.writeStream(to.path, write)
	}
	if to.exists && !opt.Force {
		return errExists()
	}

	perm := opt.Perm
	if perm == 0 {
		perm = 0o666
	}
	f, err := s.temp(to.path, perm)
	if err != nil {
		return notWritable(err)
	}
	// Deferred, so that nothing stays behind when write panics, too. Once the
	// file has moved, its old name may be another writer's.
	moved := false
	defer func() {
		f.Close()
		if !moved {
			s.remove(f.Name())
		}
	}()

	if to.exists && opt.Perm == 0 {
		if err := f.Chmod(to.perm); err != nil {
			return notWritable(err)
		}
	}
	if err := fill(f, write); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return notWritable(err)
	}
	if err := f.Close(); err != nil {
		return notWritable(err)
	}
	if opt.Force {
		if err := s.rename(f.Name(), to.path); err != nil {
			return notWritable(err)
		}
		moved = true
	} else if moved, err = s.renameNew(f.Name(), to.path); err != nil {
		return err
	}
	if err := s.syncDir(filepath.Dir(to.path)); err != nil {
		return notWritable(err)
	}
	return nil
}

// writeStream writes to a pipe or a character device, where nothing can be
// undone.
func (s system) writeStream(path string, write func(io.Writer) error) error {
	f, err := s.open(path)
	if err != nil {
		return notWritable(err)
	}
	defer f.Close()
	if err := fill(f, write); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return notWritable(err)
	}
	return nil
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

// renameNew gives the file from the name path unless path is there, whoever
// made it and whenever. A hard link does that in one step; moved is then false
// and the old name still to be removed. Where the file system has no links
// (FAT, some network shares), an empty file made with O_EXCL claims the name
// and the rename replaces it.
func (s system) renameNew(from, path string) (moved bool, err error) {
	err = s.link(from, path)
	switch {
	case err == nil:
		return false, nil
	case errors.Is(err, fs.ErrExist):
		return false, errExists()
	}
	claim, err := s.create(path, 0o666)
	switch {
	case errors.Is(err, fs.ErrExist):
		return false, errExists()
	case err != nil:
		return false, notWritable(err)
	}
	err = claim.Close()
	if err == nil {
		err = s.rename(from, path)
	}
	if err != nil {
		s.remove(path)
		return false, notWritable(err)
	}
	return true, nil
}

func errExists() error {
	return fmt.Errorf("%w: give another name, or --force to replace it", ErrExists)
}

// notWritable marks err as the output's fault; the path is already named.
func notWritable(err error) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		err = p.Err
	case errors.As(err, &l):
		err = l.Err
	}
	return fmt.Errorf("%w: %w", ErrNotWritable, err)
}
