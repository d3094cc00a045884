package run

import (
	"errors"

	"dcganviz/internal/fileio"
	"dcganviz/internal/refuse"
	"dcganviz/model/checkpoint"
)

// What a run's folder may be refused for.
var (
	// ErrExists means that the folder holds a run, which was neither to be resumed
	// nor to be replaced.
	ErrExists = errors.New("the folder holds a run")
	// ErrTaken means that the folder holds other things than a run, or that another
	// process trains in it.
	ErrTaken = errors.New("the folder is taken")
	// ErrFolder means that the folder cannot be made, or that nothing can be written
	// to it.
	ErrFolder = errors.New("the folder cannot be written to")
)

// refused is about a file of the folder that is damaged.
func refused(format string, args ...any) error {
	return refuse.Of(checkpoint.ErrRefused, format, args...)
}

// unwritable is about the folder, unwritten about a file in it.
func unwritable(err error) error { return refuse.WithKind(err, ErrFolder) }
func unwritten(err error) error  { return refuse.WithKind(err, fileio.ErrNotWritable) }
