package zoo

import (
	"embed"
	"errors"
	"io/fs"
)

// free is what may be used for anything; restricted, in a folder of the same
// layout, what may not, and is left out of a build with the tag nofaces.
//
//go:embed models scorers boxes pictures concepts
var free embed.FS

// files is everything embedded.
var files = layers{free, restricted}

// layers are trees laid over each other; no two hold a file of one name.
type layers []fs.FS

// Open opens the file of the first tree that has it.
func (l layers) Open(name string) (f fs.File, err error) {
	err = &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	for _, t := range l {
		if f, err = t.Open(name); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return f, err
}

// ReadDir lists the folder of all trees.
func (l layers) ReadDir(name string) (all []fs.DirEntry, err error) {
	for _, t := range l {
		entries, err := fs.ReadDir(t, name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		all = append(all, entries...)
	}
	return all, nil
}
