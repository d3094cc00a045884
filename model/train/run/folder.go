package run

import (
	"errors"
	"io/fs"
	"os"
	"slices"

	"dcganviz/internal/fileio"
	"dcganviz/internal/refuse"
	"dcganviz/model/train"
)

// A Mode says what becomes of a run that is in the folder already.
type Mode int

const (
	// New refuses it: ErrExists.
	New Mode = iota
	// Resume goes on with it.
	Resume
	// Replace removes it when the new run is saved.
	Replace
)

// A Folder is the folder of a run, for this process alone.
//
// With Replace the old run is there until Start has saved the new one. If Start
// fails it stays, and if the process is killed the next Claim brings it back.
type Folder struct {
	path   string
	mode   Mode
	made   []string // folders made for it, innermost first
	unlock func()
}

// lockFile keeps other trainers out of the folder as long as one is at work.
const lockFile = ".dcganviz-lock"

// Claim opens the folder at path for a run. A folder that is not there is made. One
// that holds other things is not changed. path may be a symbolic link, but a run with
// one in it is refused: it would lead out of the folder what is written there.
//
// Errors wrap ErrExists, ErrTaken, ErrFolder or, where there is no folder to
// resume from, fs.ErrNotExist.
func Claim(path string, mode Mode) (_ *Folder, err error) {
	f := &Folder{path: path, mode: mode}
	defer func() {
		if err != nil {
			f.Release()
		}
	}()
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.IsDir():
		return nil, f.refuse(ErrTaken, "this is a file, want a folder")
	case !errors.Is(err, fs.ErrNotExist): // the lock finds out about other errors
	case mode == Resume:
		return nil, err
	default:
		if f.made, err = fileio.MkdirAll(path); err != nil {
			return nil, unwritable(err)
		}
	}
	f.unlock, err = fileio.Lock(f.join(lockFile))
	if errors.Is(err, fileio.ErrLocked) {
		return nil, f.refuse(ErrTaken, "another dcganviz train is at work there: wait until it is done, or stop it")
	} else if err != nil {
		return nil, unwritable(err)
	}
	if f.isRun() {
		err = f.recover()
	} else {
		// All that a session leaves that was killed before it wrote the plan.
		err = fileio.RemoveStale(path, func(name string) bool { return name == PlanFile })
	}
	if err != nil {
		return nil, unwritable(err)
	}
	if mode != Resume {
		if err := f.check(); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// Release gives the folder back. If Claim made it, and no run was begun in it, it
// is removed.
func (f *Folder) Release() {
	if f.unlock != nil {
		f.unlock()
	}
	fileio.RemoveEmpty(f.made)
}

// check refuses a folder that holds what a new run may not replace.
func (f *Folder) check() error {
	entries, err := f.dir().ReadDir("")
	if err != nil {
		return unwritable(err)
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return e.Name() == lockFile })
	switch {
	case len(entries) == 0:
	case !f.isRun():
		return f.refuse(ErrTaken, "holds other things than a run, want a new or empty folder")
	case f.mode != Replace:
		return f.refuse(ErrExists, "holds a run already")
	}
	return nil
}

func (f *Folder) refuse(kind error, why string) error {
	return refuse.Of(kind, "%s: %s", f.path, why)
}

// isRun reports whether the folder is a run's. A model alone does not make it one:
// other programs give theirs the same name.
func (f *Folder) isRun() bool {
	return slices.ContainsFunc([]string{PlanFile, train.StateFile, replacedDir, movingDir}, f.dir().Has)
}

// dir is the folder as its files are read, written and moved.
func (f *Folder) dir() fileio.Folder { return fileio.Folder(f.path) }

func (f *Folder) join(name string) string { return f.dir().Join(name) }
