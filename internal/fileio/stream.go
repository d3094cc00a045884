package fileio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// WriteFilesContext is WriteFiles that waits for nobody once ctx ends: neither for a
// pipe's reader to come, nor for it to read on. It then returns ctx.Err(), and there
// is none of the files. Files that no pipe is among are written whatever ctx says.
func WriteFilesContext(ctx context.Context, files ...File) (at int, err error) {
	s := active
	s.ctx = ctx
	return s.writeFiles(files)
}

// readerEvery is how often writeStream looks whether a pipe has a reader.
const readerEvery = 20 * time.Millisecond

// openThere opens what is there for writing. A pipe without a reader is ENXIO: the
// system's own way of waiting for one cannot be ended.
func openThere(path string, flag int) (file, error) {
	if isPipe(path) {
		flag |= syscall.O_NONBLOCK
	}
	return os.OpenFile(path, os.O_WRONLY|flag, 0)
}

func isPipe(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&fs.ModeNamedPipe != 0
}

// writeStream writes to a pipe or a character device, where nothing can be
// undone.
func (s system) writeStream(path string, write func(io.Writer) error) error {
	ctx := s.ctx
	if ctx == nil {
		ctx = context.Background()
	}
	f, err := s.open(path, 0)
	for errors.Is(err, syscall.ENXIO) && isPipe(path) {
		if _, err := filepath.EvalSymlinks(path); err != nil {
			// Such as /dev/stdout: no reader can come to a pipe without a name.
			return notWritable(syscall.EPIPE)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(readerEvery):
		}
		f, err = s.open(path, 0)
	}
	if err != nil {
		return notWritable(err)
	}
	defer f.Close()
	if d, ok := f.(interface{ SetWriteDeadline(time.Time) error }); ok {
		passed := time.Unix(1, 0)
		defer context.AfterFunc(ctx, func() { d.SetWriteDeadline(passed) })()
	}
	if err = fill(f, write); err == nil {
		err = notWritable(f.Close())
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("%w while its reader did not read", ctx.Err())
	}
	return err
}
