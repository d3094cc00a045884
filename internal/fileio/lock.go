package fileio

import (
	"errors"
	"fmt"
	"path/filepath"
)

// ErrLocked means that another process holds the lock.
var ErrLocked = errors.New("locked by another process")

// Lock makes the file path and holds it until unlock, or until the process
// ends in whatever way: a lock file that a kill leaves behind is free. Unlock
// removes the file. Processes that ask for the same path while it is held, and
// other calls in this one, get ErrLocked; path must be nothing's but the lock's.
//
// A file system that knows no locks grants every one of them.
//
// A symbolic link, or whatever else is no regular file, is refused in its place.
func Lock(path string) (unlock func(), err error) {
	if err = below(filepath.Dir(path), path); err == nil {
		unlock, err = active.lock(path)
	}
	if err != nil {
		if !errors.Is(err, ErrLocked) {
			err = notWritable(err)
		}
		return nil, fmt.Errorf("fileio: %s: %w", path, err)
	}
	return unlock, nil
}
