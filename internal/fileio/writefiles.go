package fileio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
)

// A File is an output of WriteFiles.
type File struct {
	Path string
	Options
	// Write writes the contents.
	Write func(io.Writer) error
}

// WriteFiles is WriteFile for files that belong together: it writes all of them or
// none. at is the number of the file that is at fault.
//
// No file moves to its place before all of them are complete and flushed. If a
// move fails, the moves before it are taken back. There are two exceptions more
// than WriteFile has: a file system without hard links cannot bring back a file
// that was replaced, and nothing takes back what was written to a pipe. The paths
// must differ, see Resolve.
func WriteFiles(files ...File) (at int, err error) {
	return WriteFilesContext(context.Background(), files...)
}

func (s system) writeFiles(files []File) (at int, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("fileio: %s: %w", files[at].Path, err)
		}
	}()
	targets := make([]target, len(files))
	for i, f := range files {
		if targets[i], err = look(f.Path, f.Within); err != nil {
			return i, err
		}
		if targets[i].exists && !f.Force {
			return i, errExists()
		}
	}
	all := make([]*staged, len(files))
	defer func() {
		for _, g := range all {
			g.discard()
		}
	}()
	for i, f := range files {
		if targets[i].stream {
			continue
		}
		if all[i], err = s.writeStaged(targets[i], f.Options, f.Write); err != nil {
			return i, err
		}
	}
	// Streams go last: they can fail too, but not be taken back.
	for i, f := range files {
		if targets[i].stream {
			if err := s.writeStream(targets[i].path, f.Write); err != nil {
				return i, err
			}
		}
	}
	for i, g := range all {
		if err := g.move(i < len(all)-1); err != nil {
			for _, moved := range all[:i] {
				moved.takeBack()
			}
			return i, err
		}
	}
	for i, g := range all {
		if err := g.syncDir(); err != nil {
			return i, err
		}
	}
	return 0, nil
}

// A staged file is whole, under a temporary name. nil is a stream, which has
// nothing to move.
type staged struct {
	system
	to    target
	force bool
	temp  string // empty once it is gone
	old   string // second name of the file that was replaced; empty: none
}

// move gives the file its name. With keep, the file that it replaces can come
// back.
func (g *staged) move(keep bool) error {
	switch {
	case g == nil:
		return nil
	case !g.force:
		moved, err := g.renameNew(g.temp, g.to.path)
		if moved {
			g.temp = ""
		}
		return err
	}
	if keep && g.to.exists {
		// Where there are no links, going on without is the best there is.
		g.old, _ = g.free(g.to.path, func(name string) error { return g.link(g.to.path, name) })
	}
	if err := g.rename(g.temp, g.to.path); err != nil {
		return notWritable(err)
	}
	g.temp = "" // may be another writer's from now on
	return nil
}

// takeBack undoes move.
func (g *staged) takeBack() {
	switch {
	case g == nil:
	case g.old != "":
		if g.rename(g.old, g.to.path) == nil {
			g.old = ""
		}
	case !g.to.exists:
		g.remove(g.to.path)
	}
}

// discard removes the names that nobody needs any more.
func (g *staged) discard() {
	if g == nil {
		return
	}
	for _, name := range []string{g.temp, g.old} {
		if name != "" {
			g.remove(name)
		}
	}
}

// syncDir makes the move survive a power cut.
func (g *staged) syncDir() error {
	if g == nil {
		return nil
	}
	return notWritable(g.system.syncDir(filepath.Dir(g.to.path)))
}

// renameNew gives the file from the name path, unless path exists, even if another
// program makes it at the last moment. A hard link does that in one step. moved is
// then false, and the caller still has to remove the old name. On a file system
// without links (FAT, some network shares) an empty file made with O_EXCL claims the
// name, and the rename replaces it.
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
