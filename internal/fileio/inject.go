package fileio

import (
	"io"
	"io/fs"
	"os"
)

// Inject lets calls to the system fail, until restore. It is for tests, of this package
// and of those that write through it; nothing else may be under way then. Until then
// nothing is flushed to the disk either, which takes most of the time.
//
// fault is told of each call before it is made, and of the path: "create", "open" for
// writing, "input" for reading, "read", "readdir", "write", "chmod", "sync", "close",
// "link", "rename", "mkdir", "remove", "removeall", "syncdir" or "lock". If it returns an
// error, the call fails with it. A write that fails has written half of its bytes. A
// close that fails has closed.
func Inject(fault func(call, path string) error) (restore func()) {
	s, before := realSystem, active
	one := func(call string, do func(path string) error) func(string) error {
		return func(path string) error {
			if err := fault(call, path); err != nil {
				return &fs.PathError{Op: call, Path: path, Err: err}
			}
			return do(path)
		}
	}
	two := func(call string, do func(from, to string) error) func(from, to string) error {
		return func(from, to string) error {
			if err := fault(call, to); err != nil {
				return &os.LinkError{Op: call, Old: from, New: to, Err: err}
			}
			return do(from, to)
		}
	}
	active = system{
		create: func(path string, perm fs.FileMode) (f file, err error) {
			err = one("create", func(string) error { f, err = s.create(path, perm); return err })(path)
			return &injected{f, fault}, err
		},
		open: func(path string, flag int) (f file, err error) {
			err = one("open", func(string) error { f, err = s.open(path, flag); return err })(path)
			return &injected{f, fault}, err
		},
		input: func(path string) (f *os.File, err error) {
			err = one("input", func(string) error { f, err = s.input(path); return err })(path)
			return f, err
		},
		readAt: func(r io.ReaderAt, b []byte, at int64) (n int, err error) {
			f, ok := r.(*os.File)
			if !ok {
				return s.readAt(r, b, at) // of memory
			}
			err = one("read", func(string) error { n, err = s.readAt(f, b, at); return err })(f.Name())
			return n, err
		},
		readDir: func(dir string) (entries []fs.DirEntry, err error) {
			err = one("readdir", func(string) error { entries, err = s.readDir(dir); return err })(dir)
			return entries, err
		},
		link:      two("link", s.link),
		rename:    two("rename", s.rename),
		mkdir:     one("mkdir", s.mkdir),
		remove:    one("remove", s.remove),
		removeAll: one("removeall", s.removeAll),
		syncDir:   one("syncdir", func(string) error { return nil }),
		lock: func(path string) (unlock func(), err error) {
			err = one("lock", func(string) error { unlock, err = s.lock(path); return err })(path)
			return unlock, err
		},
	}
	return func() { active = before }
}

// injected is a file whose calls fail.
type injected struct {
	file
	fault func(call, path string) error
}

func (f *injected) fails(call string) error {
	if err := f.fault(call, f.Name()); err != nil {
		return &fs.PathError{Op: call, Path: f.Name(), Err: err}
	}
	return nil
}

func (f *injected) Write(p []byte) (int, error) {
	if err := f.fails("write"); err != nil {
		n, _ := f.file.Write(p[:len(p)/2])
		return n, err
	}
	return f.file.Write(p)
}

func (f *injected) Chmod(mode fs.FileMode) error {
	if err := f.fails("chmod"); err != nil {
		return err
	}
	return f.file.Chmod(mode)
}

func (f *injected) Sync() error { return f.fails("sync") }

func (f *injected) Close() error {
	err := f.fails("close")
	if closed := f.file.Close(); err == nil {
		err = closed
	}
	return err
}
