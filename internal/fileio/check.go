package fileio

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// CheckOut tells whether WriteFile could write to path now, as far as can be
// known without writing the file: whether its directory is there and takes new
// files, and whether path is free or may be replaced.
//
// Its errors wrap ErrExists or ErrNotWritable. A nil error is no promise; the
// disk may fill up and another program may take the name.
func CheckOut(path string, opt Options) error {
	if err := active.checkOut(path, opt); err != nil {
		return fmt.Errorf("fileio: %s: %w", path, err)
	}
	return nil
}

func (s system) checkOut(path string, opt Options) error {
	to, err := look(path, opt.Within)
	if err != nil {
		return err
	}
	if to.stream {
		return nil // opening a pipe could block, and waking its reader is not ours
	}
	if to.exists && !opt.Force {
		return errExists()
	}
	// Mode bits do not tell: access lists, read-only mounts and quotas decide
	// too. Making a file does.
	f, err := s.temp(to.path, 0o600)
	if err != nil {
		return notWritable(err)
	}
	err = f.Close()
	if rerr := s.remove(f.Name()); err == nil {
		err = rerr
	}
	return notWritable(err)
}

// Resolve returns the absolute path of the file that WriteFile would make or
// replace for path, with symbolic links followed: two outputs that resolve to
// one path would replace each other.
func Resolve(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("fileio: %s: %w", path, err)
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real, nil
	}
	// It is not there, or a pipe that has no name.
	dir, base := filepath.Split(path)
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	return filepath.Join(dir, base), nil
}

// target is what stands at an output's path.
type target struct {
	path   string      // with symbolic links resolved
	exists bool        // a regular file is there
	stream bool        // a pipe or a character device is there
	perm   fs.FileMode // of the file that exists
}

// look says what stands at path, and refuses what can be no output. within is that of
// Options.
func look(path, within string) (target, error) {
	refuse := func(format string, args ...any) (target, error) {
		return target{}, fmt.Errorf("%w: "+format, append([]any{ErrNotWritable}, args...)...)
	}
	if path == "" {
		return refuse("empty file name")
	}
	if os.IsPathSeparator(path[len(path)-1]) {
		return refuse("this names a directory, want a file name after it")
	}
	if within != "" {
		if err := below(within, path); err != nil {
			return target{}, fmt.Errorf("%w: %w", ErrNotWritable, err)
		}
	}
	info, err := os.Stat(path)
	switch {
	case err == nil:
	case errors.Is(err, fs.ErrNotExist):
		if l, lerr := os.Lstat(path); lerr == nil && l.Mode()&fs.ModeSymlink != 0 {
			return refuse("symbolic link to a file that is not there")
		}
		dir := filepath.Dir(path)
		if d, err := os.Stat(dir); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return refuse("directory %s does not exist, make it first", dir)
			}
			return target{}, notWritable(err)
		} else if !d.IsDir() {
			return refuse("%s is not a directory", dir)
		}
		return target{path: path}, nil
	default:
		return target{}, notWritable(err)
	}

	switch mode := info.Mode(); {
	case mode.IsRegular():
		real, err := filepath.EvalSymlinks(path)
		if err != nil {
			return target{}, notWritable(err)
		}
		return target{path: real, exists: true, perm: mode.Perm()}, nil
	case mode.IsDir():
		return refuse("this is a directory, want a file")
	case mode&fs.ModeCharDevice != 0, mode&fs.ModeNamedPipe != 0:
		return target{path: path, stream: true}, nil
	default:
		return refuse("this is no regular file but %s", mode)
	}
}
