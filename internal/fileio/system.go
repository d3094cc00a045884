package fileio

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// system holds the calls to the operating system that can fail half way, so
// that tests can let each of them fail.
type system struct {
	create    func(path string, perm fs.FileMode) (file, error) // fails where path is there
	open      func(path string, flag int) (file, error)         // for writing, neither made nor emptied
	input     func(path string) (*os.File, error)               // for reading
	readAt    func(r io.ReaderAt, b []byte, at int64) (int, error)
	readDir   func(dir string) ([]fs.DirEntry, error)
	link      func(from, to string) error // fails where to is there
	rename    func(from, to string) error // replaces to
	mkdir     func(dir string) error
	remove    func(path string) error
	removeAll func(path string) error
	syncDir   func(dir string) error
	lock      func(path string) (unlock func(), err error)
	ctx       context.Context // nil, or ends waiting for pipes
}

// file is what is asked of an *os.File.
type file interface {
	Appender
	Name() string
	Chmod(mode fs.FileMode) error
}

var realSystem = system{
	create: func(path string, perm fs.FileMode) (file, error) {
		return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	},
	open:      openThere,
	input:     os.Open,
	readAt:    func(r io.ReaderAt, b []byte, at int64) (int, error) { return r.ReadAt(b, at) },
	readDir:   os.ReadDir,
	link:      os.Link,
	rename:    os.Rename,
	mkdir:     func(dir string) error { return os.Mkdir(dir, 0o777) },
	remove:    os.Remove,
	removeAll: os.RemoveAll,
	syncDir:   syncDir,
	lock:      lock,
}

// active is the system that the package works with. Inject alone replaces it.
var active = realSystem

// syncDir makes a rename in dir survive a power cut. Windows has no such call
// for directories, and some file systems refuse it: there is no more to do then.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if errors.Is(err, fs.ErrPermission) {
		return nil // a directory may be writable and searchable without being readable
	}
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// maxTemps bounds the search for a free temporary name.
const maxTemps = 1000

// temp makes an empty file beside path.
func (s system) temp(path string, perm fs.FileMode) (f file, err error) {
	_, err = s.free(path, func(name string) error {
		f, err = s.create(name, perm)
		return err
	})
	return f, err
}

// free finds a temporary name beside path that is free, by what make says of
// it. Names are counted, not drawn, so that the same run makes the same names.
func (s system) free(path string, make func(name string) error) (string, error) {
	prefix := tempPrefix(path)
	for n := range maxTemps {
		name := fmt.Sprintf("%s%d", prefix, n)
		err := make(name)
		switch {
		case err == nil:
			return name, nil
		case !errors.Is(err, fs.ErrExist):
			return "", err
		}
	}
	return "", fmt.Errorf("%d temporary files %s* are in the way, remove them", maxTemps, prefix)
}

// tempMark is between the name of an output and the number of a temporary file.
const tempMark = ".tmp-"

// maxBase keeps a temporary name below the 255 bytes that file systems allow.
const maxBase = 200

func tempPrefix(path string) string {
	dir, base := filepath.Split(path)
	if len(base) > maxBase {
		h := fnv.New64a()
		h.Write([]byte(base))
		base = fmt.Sprintf("%016x", h.Sum64())
	}
	return dir + "." + base + tempMark
}

// RemoveStale removes the temporary files that killed runs of WriteFile left in
// dir. ours says by name which outputs it is about. RemoveStale does not find the
// temporary files of outputs with names above 200 bytes. A dir that is not there is
// no error.
//
// Only a caller that owns these outputs alone may ask for it: it would pull the
// file from under another writer.
func RemoveStale(dir string, ours func(name string) bool) error {
	entries, err := active.readDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("fileio: %w", err)
	}
	for _, e := range entries {
		at := strings.LastIndex(e.Name(), tempMark)
		if at < 1 || e.Name()[0] != '.' || !e.Type().IsRegular() || !ours(e.Name()[1:at]) {
			continue
		}
		if number := e.Name()[at+len(tempMark):]; number == "" || strings.Trim(number, "0123456789") != "" {
			continue
		}
		if err := active.remove(filepath.Join(dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("fileio: remove what a killed run left: %w", err)
		}
	}
	return nil
}
