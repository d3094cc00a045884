package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"dcganviz/internal/fileio"
	"dcganviz/internal/plainjson"
)

// galleryDir is where pictures go without --out. They may be replaced, because the
// recipe in each of them redraws it.
const galleryDir = "gallery"

// outputs are the files that a command writes: all of them, or none.
type outputs struct {
	env   *env
	files []output
	made  []string // the folders for them, as fileio.MkdirAll returns them
}

type output struct {
	named string // by which flag or argument
	fileio.File
}

// outputs returns no files yet. finish is to be deferred.
func (e *env) outputs() (files *outputs, finish func()) {
	files = &outputs{env: e}
	return files, e.halt.atExit(files.finish)
}

// add plans a file that a flag or an argument names.
func (o *outputs) add(named, path string, opt fileio.Options) {
	o.files = append(o.files, output{named, fileio.File{Path: path, Options: opt}})
}

// within is the folder below which the outputs in a folder follow no symbolic link: the
// folder itself, which the user named. The gallery's nobody named.
func within(folder string) string {
	if folder == galleryDir {
		return "."
	}
	return folder
}

// check finds out, before any work, whether the files could be written. It makes the
// folders that they need.
func (o *outputs) check() error { return o.env.halt.during(o.checkAll) }

func (o *outputs) checkAll() error {
	seen := make(map[string]string)
	for _, f := range o.files {
		made, err := fileio.MkdirAll(filepath.Dir(f.Path))
		if err != nil {
			return fmt.Errorf("%s: %w", f.named, err)
		}
		o.made = append(made, o.made...)
		path, err := fileio.Resolve(f.Path)
		if err != nil {
			return fmt.Errorf("%s: %w", f.named, err)
		}
		if other := seen[path]; other != "" {
			return usageError("%s and %s both name %s", other, f.named, f.Path)
		}
		seen[path] = f.named
		if err := fileio.CheckOut(f.Path, f.Options); err != nil {
			return fmt.Errorf("%s: %w", f.named, err)
		}
	}
	return nil
}

// set says how the file at path, which was added, is written.
func (o *outputs) set(path string, write func(io.Writer) error) {
	for i := range o.files {
		if o.files[i].Path == path {
			o.files[i].Write = write
		}
	}
}

// commit writes the files that were set.
func (o *outputs) commit() error {
	o.files = slices.DeleteFunc(o.files, func(f output) bool { return f.Write == nil })
	files := each(o.files, func(f output) fileio.File { return f.File })
	return o.env.halt.during(func() error {
		at, err := fileio.WriteFilesContext(o.env.ctx, files...)
		if err != nil {
			return fmt.Errorf("%s: %w", o.files[at].named, err)
		}
		return nil
	})
}

// makeFolder makes a folder and those above it. finish, to be deferred, removes those
// that nothing was written to.
func (e *env) makeFolder(path string) (finish func(), err error) {
	err = e.halt.during(func() error {
		made, err := fileio.MkdirAll(path)
		finish = e.halt.atExit(func() { fileio.RemoveEmpty(made) })
		return err
	})
	return finish, err
}

// finish removes the folders that were made for files that were not written.
func (o *outputs) finish() { fileio.RemoveEmpty(o.made) }

func extension(path string) string { return strings.ToLower(filepath.Ext(path)) }

// checkEnding refuses a name that promises another kind of file than what goes into it.
// A name without an ending, such as that of a device, promises nothing.
func checkEnding(flag, path, kind string, endings ...string) error {
	if ext := extension(path); ext != "" && !slices.Contains(endings, ext) {
		return usageError("%s %s is to be %s: let its name end with %s", flag, path, kind, strings.Join(endings, " or "))
	}
	return nil
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
	return plainjson.Write(e.data, v, plainjson.Options{Lines: true, PlainHTML: true})
}
