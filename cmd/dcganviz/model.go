package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dcganviz/internal/kernel"
	"dcganviz/model"
	"dcganviz/model/train"
	"dcganviz/model/zoo"
)

// modelFlag is how a command is pointed at a model.
type modelFlag struct {
	Where string `arg:"" optional:"" name:"model" help:"An embedded model (see dcganviz models), a run's folder or a checkpoint file (default: ${default_model})."`
	Model string `placeholder:"MODEL" help:"The same as a flag."`
}

// opened is a model that a command was pointed at.
type opened struct {
	*model.Checkpoint
	name   string // of an embedded model; else empty
	title  string // what the user calls it
	folder string // of a run; else empty
}

// open finds and loads the model.
func (f modelFlag) open() (*opened, error) {
	where := f.Where
	switch {
	case f.Model != "" && where != "" && f.Model != where:
		return nil, usageError("two models, %s and --model %s, want one", where, f.Model)
	case f.Model != "":
		where = f.Model
	case where == "":
		where = zoo.Default
	}
	o := &opened{title: where}
	var err error
	if slices.Contains(zoo.Names(), where) {
		o.name = where
		o.Checkpoint, err = zoo.Open(where)
		return o, err
	}
	info, err := os.Stat(where)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, noModel(where)
	case err != nil:
		return nil, err
	case info.IsDir():
		o.folder, where = where, filepath.Join(where, train.ModelFile)
		if _, err := os.Stat(where); errors.Is(err, fs.ErrNotExist) {
			return nil, missing("%s has no %s, want the folder of a run", o.folder, train.ModelFile)
		}
	}
	o.Checkpoint, err = model.Load(where)
	return o, err
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

// generator returns G, or says that there is none.
func (o *opened) generator() (*model.G, error) {
	if o.G == nil {
		return nil, unsupported("%s holds no G, which draws the pictures", o.title)
	}
	return o.G, nil
}

// discriminator returns D, or says that there is none.
func (o *opened) discriminator() (*model.D, error) {
	if o.D == nil {
		return nil, unsupported("%s holds no D, which scores pictures", o.title)
	}
	return o.D, nil
}

func unsupported(format string, args ...any) error {
	return &coded{fmt.Errorf(format, args...), exitUnsupported}
}

// running returns how the model's nets are to be run.
func (o *opened) running(pool *kernel.Pool) model.RunOptions {
	return model.RunOptions{Pool: pool, BatchStats: o.Meta.BN == model.BatchStats}
}

// identify fills in what a recipe or an answer says of the model.
func (o *opened) identify(r *recipe) { r.Model, r.SHA256 = o.name, o.SHA256 }
