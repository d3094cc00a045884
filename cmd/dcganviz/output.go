package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"dcganviz/internal/fileio"
)

// galleryDir is where pictures go without --out. They may be replaced, because the
// recipe in each of them redraws it.
const galleryDir = "gallery"

// outputs are the files that a command writes: all of them, or none.
type outputs struct {
	files []output
	made  bool // the gallery's folder, for them
}

type output struct {
	flag, path string
	force      bool
	write      func(io.Writer) error
}

// add plans a file that a flag names.
func (o *outputs) add(flag, path string, force bool) {
	o.files = append(o.files, output{flag: flag, path: path, force: force})
}

// check finds out, before any work, whether the files could be written.
func (o *outputs) check() error {
	seen := make(map[string]string)
	for _, f := range o.files {
		if filepath.Dir(f.path) == galleryDir {
			if err := o.makeGallery(); err != nil {
				return err
			}
		}
		path, err := fileio.Resolve(f.path)
		if err != nil {
			return fmt.Errorf("--%s: %w", f.flag, err)
		}
		if other := seen[path]; other != "" {
			return usageError("--%s and --%s both name %s", other, f.flag, f.path)
		}
		seen[path] = f.flag
		if err := fileio.CheckOut(f.path, f.force); err != nil {
			return fmt.Errorf("--%s: %w", f.flag, err)
		}
	}
	return nil
}

func (o *outputs) makeGallery() error {
	err := os.Mkdir(galleryDir, 0o777)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fail(exitOutput, "--out: %w", err)
	}
	o.made = o.made || err == nil
	return nil
}

// set says how the file at path, which was added, is written.
func (o *outputs) set(path string, write func(io.Writer) error) {
	for i := range o.files {
		if o.files[i].path == path {
			o.files[i].write = write
		}
	}
}

// commit writes the files that were set.
func (o *outputs) commit() error {
	o.files = slices.DeleteFunc(o.files, func(f output) bool { return f.write == nil })
	files := make([]fileio.File, len(o.files))
	for i, f := range o.files {
		files[i] = fileio.File{Path: f.path, Options: fileio.Options{Force: f.force}, Write: f.write}
	}
	if at, err := fileio.WriteFiles(files...); err != nil {
		return fmt.Errorf("--%s: %w", o.files[at].flag, err)
	}
	return nil
}

// finish is to be deferred. It removes the gallery's folder if it was made for files
// that were not written.
func (o *outputs) finish() {
	if o.made {
		os.Remove(galleryDir) // stays if it is not empty
	}
}

// writeAll returns a function that writes contents, for fileio.WriteFile.
func writeAll(contents []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(contents)
		return err
	}
}

// json prints a machine-readable result.
func (e *env) json(v any) error {
	enc := json.NewEncoder(e.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
