package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dcganviz/internal/theano"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
	"dcganviz/model/zoo"
)

// modelFlag is how a command is pointed at a model.
type modelFlag struct {
	Where string `arg:"" optional:"" name:"model" help:"An embedded model (see dcganviz models), a run's folder, a checkpoint of this program's or PyTorch's, or a folder with the arrays of the paper's authors (default: ${default_model})."`
	sourceFlags
}

// sourceFlags are modelFlag without its argument.
type sourceFlags struct {
	Model string `placeholder:"MODEL" recipe:"none" help:"The same as a flag."`
	foreignFlags
}

// opened is a model that a command was pointed at.
type opened struct {
	*checkpoint.Checkpoint        // its Title is what the user calls it
	name                   string // of an embedded model; else empty
	folder                 string // of a run; else empty
	said                   foreignFlags
}

// A place is where a model is.
type place struct {
	title  string // what the user calls it
	name   string // of an embedded model; else empty
	folder string // of a run; else empty
	path   string // of a file, or of a folder of arrays
}

// find finds the model, without looking into it.
func (f modelFlag) find() (place, error) {
	p := place{title: f.Where}
	switch {
	case f.Model != "" && f.Where != "" && f.Model != f.Where:
		return p, usageError("two models, %s and --model %s, want one", f.Where, f.Model)
	case f.Model != "":
		p.title = f.Model
	case f.Where == "":
		p.title = zoo.Default
	}
	if err := f.check(); err != nil {
		return p, err
	}
	p.path = p.title
	if slices.Contains(zoo.Names(), p.title) {
		p.name = p.title
		return p, nil
	}
	info, err := os.Stat(p.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p, noModel(p.title)
	case err != nil:
		return p, err
	case !info.IsDir():
		return p, nil
	}
	file := filepath.Join(p.title, train.ModelFile)
	if _, err := os.Stat(file); err == nil {
		p.folder, p.path = p.title, file
	} else if !theano.Sniff(p.title) {
		return p, missing("%s has no %s and no arrays like 200_gen_params.jl_01.npy, want the folder of a run or of the paper's authors", p.title, train.ModelFile)
	}
	return p, nil
}

// open finds and loads the model.
func (f modelFlag) open(e *env) (*opened, error) {
	p, err := f.find()
	if err != nil {
		return nil, err
	}
	o := &opened{name: p.name, folder: p.folder, said: f.foreignFlags}
	if p.name != "" {
		var b []byte
		if b, err = zoo.File(p.name); err == nil {
			o.Checkpoint, err = checkpoint.OpenBytes(p.name, b, f.options())
		}
	} else {
		o.Checkpoint, err = checkpoint.Open(p.path, f.options())
	}
	if err != nil {
		return nil, ambiguous(p.title, err)
	}
	o.Title = p.title
	for _, n := range o.Notes {
		e.note("%s: %s", o.Title, n)
	}
	return o, nil
}

func noModel(where string) error {
	embedded := "none is embedded in this build"
	if names := zoo.Names(); len(names) > 0 {
		embedded = "embedded are " + strings.Join(names, ", ")
	}
	return missing("no model %q: %s, and there is no such folder or file", where, embedded)
}

// missing is about a model or file that is not there.
func missing(format string, args ...any) error {
	return &coded{fmt.Errorf(format, args...), exitMissing}
}

// discriminator returns D, or says that there is none and how to name one.
func (o *opened) discriminator() (*model.D, error) {
	d, err := o.Discriminator()
	if err != nil {
		err = fmt.Errorf("%w: name the file that it is in by --disc", err)
	}
	return d, err
}

func unsupported(format string, args ...any) error {
	return &coded{fmt.Errorf(format, args...), exitUnsupported}
}

// estimate gives nets without running statistics an estimate, unless the
// statistics of the batch are asked for: an image would depend on those that it
// is drawn with.
func (o *opened) estimate(e *env, pool *model.Pool) error {
	if o.said.BN != nil || o.Meta.BN != checkpoint.BatchStats {
		return nil
	}
	done, err := o.EstimateStatistics(pool)
	if done != "" {
		e.note("%s: %s; --bn batch takes those of the images that are drawn", o.Title, done)
	}
	return err
}
