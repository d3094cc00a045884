package fileio

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"dcganviz/internal/refuse"
)

// A Folder is the path of a folder that the user named. Whoever filled it may have put
// symbolic links into it. Its methods follow none of them: they refuse a name with a
// link on its way or in its place. Names are relative to the folder. Errors name the
// path.
type Folder string

// An Appender is a file that is written to at its end.
type Appender interface {
	io.WriteCloser
	// Sync brings what was written to the disk.
	Sync() error
}

// Join returns the path of what has a name in the folder.
func (d Folder) Join(name string) string { return filepath.Join(string(d), name) }

// WriteFile gives a file new contents, as the function WriteFile does with Force.
func (d Folder) WriteFile(name string, write func(io.Writer) error) error {
	return WriteFile(d.Join(name), Options{Force: true, Within: string(d)}, write)
}

// Open opens a file for reading, as OpenRegular does.
func (d Folder) Open(name string) (f *os.File, size int64, err error) {
	path, err := d.at(name)
	if err != nil {
		return nil, 0, err
	}
	return OpenRegular(path)
}

// ReadFile reads a file of at most so many bytes. A larger one is refuse.ErrTooLarge.
func (d Folder) ReadFile(name string, most int64) ([]byte, error) {
	f, size, err := d.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if size > most {
		return nil, fmt.Errorf("%s: %w", d.Join(name), refuse.TooLarge("%d bytes, want at most %d", size, most))
	}
	b := make([]byte, size)
	if err := ReadFullAt(f, b, 0); err != nil {
		return nil, fmt.Errorf("%s: %w", d.Join(name), err)
	}
	return b, nil
}

// Append opens a file that is there for writing at its end.
func (d Folder) Append(name string) (Appender, error) {
	path, err := d.at(name)
	if err != nil {
		return nil, err
	}
	return active.open(path, os.O_APPEND)
}

// ReadDir lists a folder, sorted by name.
func (d Folder) ReadDir(name string) ([]fs.DirEntry, error) {
	path, err := d.at(name)
	if err != nil {
		return nil, err
	}
	return active.readDir(path)
}

// Mkdir makes a folder, unless it is there.
func (d Folder) Mkdir(name string) error {
	path, err := d.at(name)
	if err != nil {
		return err
	}
	if err = active.mkdir(path); errors.Is(err, fs.ErrExist) && isDir(path) {
		return nil
	}
	return err
}

// Rename moves what is at from to to. A file that is there is replaced.
func (d Folder) Rename(from, to string) error {
	old, err := d.at(from)
	if err != nil {
		return err
	}
	path, err := d.at(to)
	if err != nil {
		return err
	}
	return active.rename(old, path)
}

// Remove removes a file or an empty folder.
func (d Folder) Remove(name string) error {
	path, err := d.at(name)
	if err != nil {
		return err
	}
	return active.remove(path)
}

// RemoveAll removes a folder with all that is in it. It removes links in there, not
// what they lead to.
func (d Folder) RemoveAll(name string) error {
	path, err := d.at(name)
	if err != nil {
		return err
	}
	return active.removeAll(path)
}

// Has reports whether anything has that name.
func (d Folder) Has(name string) bool {
	_, err := os.Lstat(d.Join(name))
	return err == nil
}

// CheckFile refuses a name that the methods refuse, and that of a folder.
func (d Folder) CheckFile(name string) error {
	path, err := d.at(name)
	if err == nil && isDir(path) {
		err = fmt.Errorf("%s is a folder, want a file: move it away", path)
	}
	return err
}

func (d Folder) at(name string) (string, error) {
	path := d.Join(name)
	return path, below(string(d), path)
}

// below decides for the whole package what is no part of a folder: it refuses a path
// with a symbolic link below the folder within, and one where neither a regular file
// nor a folder is. What is not there is no fault.
func below(within, path string) error {
	rest, err := filepath.Rel(within, path)
	if err != nil || !filepath.IsLocal(rest) {
		return fmt.Errorf("%s is not in the folder %s", path, within)
	}
	if rest == "." {
		return nil
	}
	at := filepath.Clean(within)
	for part := range strings.SplitSeq(rest, string(filepath.Separator)) {
		at = filepath.Join(at, part)
		info, err := os.Lstat(at)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case info.Mode().IsRegular(), info.IsDir():
		default:
			return fmt.Errorf("%s is %s, which is not followed here: remove it, or name another place", at, KindOf(info.Mode()))
		}
	}
	return nil
}

// MkdirAll makes the folder at path and those above it. It returns those that it made,
// for RemoveEmpty; after an error there are none. It flushes the folders around them: a
// power cut takes no file away with its folder. Errors wrap ErrNotWritable.
func MkdirAll(path string) (made []string, err error) {
	made, err = active.mkdirAll(path)
	if err != nil {
		RemoveEmpty(made)
		return nil, fmt.Errorf("fileio: %s: %w", path, notWritable(err))
	}
	return made, nil
}

// mkdirAll returns what it made, innermost first, also after an error.
func (s system) mkdirAll(path string) (made []string, err error) {
	var missing []string
	for dir := path; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		switch {
		case err == nil && !info.IsDir():
			return nil, &fs.PathError{Op: "mkdir", Path: dir, Err: syscall.ENOTDIR}
		case err != nil && (!errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir)):
			return nil, err
		}
		if err == nil {
			break
		}
		missing = append(missing, dir)
	}
	for _, dir := range slices.Backward(missing) {
		err := s.mkdir(dir)
		if err == nil {
			made = slices.Insert(made, 0, dir)
			err = s.syncDir(filepath.Dir(dir))
		} else if isDir(dir) { // another program's meanwhile
			err = nil
		}
		if err != nil {
			return made, err
		}
	}
	return made, nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// RemoveEmpty removes folders that MkdirAll made. Those that hold something stay.
func RemoveEmpty(dirs []string) {
	for _, dir := range dirs {
		active.remove(dir)
	}
}
