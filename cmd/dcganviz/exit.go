package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"dcganviz/internal/fileio"
	"dcganviz/internal/npy"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/dataset"
	"dcganviz/model/train"
	training "dcganviz/model/train/run"
	"dcganviz/model/zoo"
	"dcganviz/probe"
	"dcganviz/probe/score"
	"dcganviz/viz"
)

// The exit codes. Any other is a bug.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2   // flags, arguments
	exitPartly      = 3   // done in part: what is missing was named
	exitMissing     = 10  // no such model or file
	exitRefused     = 11  // corrupt, cut short or hostile
	exitUnsupported = 12  // may be right, but this program cannot read it
	exitOutput      = 13  // output exists or cannot be written
	exitInterrupted = 130 // Ctrl-C, SIGTERM, SIGHUP
	exitNoReader    = 141 // nobody reads stdout any more: what shells say of tools that SIGPIPE ends
)

// A coded error brings its exit code along.
type coded struct {
	error
	code int
}

func (c *coded) Unwrap() error { return c.error }

// fail returns an error with an exit code.
func fail(code int, format string, args ...any) error {
	return &coded{fmt.Errorf(format, args...), code}
}

// usageError is about flags and arguments.
func usageError(format string, args ...any) error { return fail(exitUsage, format, args...) }

// causes maps the errors of packages to exit codes. The first that fits counts.
var causes = []struct {
	is   error
	code int
}{
	{context.Canceled, exitInterrupted},
	{probe.ErrInput, exitUsage},
	{training.ErrExists, exitOutput},
	{training.ErrTaken, exitOutput},
	{training.ErrFolder, exitOutput},
	{fileio.ErrExists, exitOutput},
	{fileio.ErrNotWritable, exitOutput},
	{syscall.ENOSPC, exitOutput}, // also of temporary files
	{syscall.EDQUOT, exitOutput},
	{train.ErrChanged, exitUsage},
	{checkpoint.ErrAmbiguous, exitUsage},
	{checkpoint.ErrRefused, exitRefused},
	{model.ErrUnusable, exitRefused},
	{model.ErrNoClass, exitUsage},
	{checkpoint.ErrUnsupported, exitUnsupported},
	{score.ErrNoScorer, exitUnsupported},
	{score.ErrExamples, exitUsage},
	{dataset.ErrNotFound, exitMissing},
	{dataset.ErrEmpty, exitMissing},
	{dataset.ErrNotInSet, exitMissing},
	{dataset.ErrCorrupt, exitRefused},
	{dataset.ErrLimit, exitRefused},
	{dataset.ErrUnsupported, exitUnsupported},
	{viz.ErrBadPicture, exitRefused},
	{viz.ErrNoRecipe, exitUnsupported},
	{npy.ErrCorrupt, exitRefused},
	{npy.ErrTooLarge, exitRefused},
	{npy.ErrUnsupported, exitUnsupported},
	{zoo.ErrNoModel, exitMissing},
	{fs.ErrNotExist, exitMissing},
}

// exitCode returns the code that says why err happened.
func exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	if c := (*coded)(nil); errors.As(err, &c) {
		return c.code
	}
	for _, c := range causes {
		if errors.Is(err, c.is) {
			return c.code
		}
	}
	return exitFailed
}
