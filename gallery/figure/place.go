package figure

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dcganviz/internal/pth"
	"dcganviz/internal/theano"
	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
	"dcganviz/model/zoo"
)

// A Place is where a model is.
type Place struct {
	Title  string // what the caller calls it
	Name   string // of an embedded model; else empty
	Folder string // of a run; else empty
	Path   string // of a file, or of a folder of arrays
}

// Find finds a model, without looking into it: an embedded one by its name, the
// folder of a run, a checkpoint file, or a folder with the arrays of the paper's
// authors. It is fs.ErrNotExist if nothing is there.
func Find(where string) (Place, error) {
	p := Place{Title: where, Path: where}
	if slices.Contains(zoo.Names(), where) {
		p.Name = where
		return p, nil
	}
	info, err := os.Stat(where)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p, NoModel(where)
	case err != nil:
		return p, err
	case !info.IsDir():
		return p, nil
	}
	file := filepath.Join(where, train.ModelFile)
	if _, err := os.Stat(file); err == nil {
		p.Folder, p.Path = where, file
	} else if !theano.Sniff(where) {
		return p, missing("%s has no %s and no arrays like 200_gen_params.jl_01.npy, want the folder of a run or of the paper's authors%s", where, train.ModelFile, holds(where))
	}
	return p, nil
}

// mostStem is how many bytes of a model's name its pictures take on.
const mostStem = 100

// Stem is how the names of the model's pictures begin: the name of an embedded model, of a
// run's folder, or of a file without its ending.
func (p Place) Stem() string {
	if p.Name != "" {
		return p.Name
	}
	path := p.Path
	if filepath.Base(path) == train.ModelFile { // all runs call their model so
		path = filepath.Dir(path)
	}
	if whole, err := filepath.Abs(path); err == nil {
		path = whole // . has no name
	}
	stem := filepath.Base(path)
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		stem = strings.TrimSuffix(stem, filepath.Ext(stem))
	}
	if stem == string(filepath.Separator) {
		stem = "model"
	}
	if len(stem) > mostStem {
		stem = strings.ToValidUTF8(stem[:mostStem], "")
	}
	return stem
}

// holds says which files of a folder may be meant by its name.
func holds(folder string) string {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return ""
	}
	var files []string
	for _, e := range entries {
		name := e.Name()
		if other := pth.OtherNamed(name); other != "" {
			return fmt.Sprintf("; %q in it: %s", name, other)
		}
		switch strings.ToLower(filepath.Ext(name)) {
		case ".pth", ".pt", ".ckpt", ".safetensors":
			files = append(files, fmt.Sprintf("%.80q", name))
		}
	}
	if len(files) == 0 {
		return ""
	}
	const most = 4
	if len(files) > most {
		files = append(files[:most], "...")
	}
	return "; name a file in it: " + strings.Join(files, ", ")
}

// NoModel says that there is no model of that name, and which there are. It is
// fs.ErrNotExist.
func NoModel(where string) error {
	embedded := "none is embedded in this build"
	if names := zoo.Names(); len(names) > 0 {
		embedded = "embedded are " + strings.Join(names, ", ")
	}
	return missing("no model %q: %s, and there is no such folder or file", where, embedded)
}

// Open loads the model.
func (p Place) Open(opt checkpoint.OpenOptions) (*checkpoint.Checkpoint, error) {
	if p.Name == "" {
		return checkpoint.Open(p.Path, opt)
	}
	b, err := zoo.File(p.Name)
	if err != nil {
		return nil, err
	}
	return checkpoint.OpenBytes(p.Name, b, opt)
}
