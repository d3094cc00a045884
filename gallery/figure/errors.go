package figure

import (
	"errors"
	"io/fs"

	"dcganviz/internal/refuse"
	"dcganviz/model/checkpoint"
	"dcganviz/probe"
)

// usage makes an error about the caller's settings. It is probe.ErrInput.
func usage(format string, args ...any) error { return probe.Input(format, args...) }

// missing is about a model or file that is not there: fs.ErrNotExist.
func missing(format string, args ...any) error {
	return refuse.Of(fs.ErrNotExist, format, args...)
}

// unsupported is about what this program, or this model, cannot do.
func unsupported(format string, args ...any) error {
	return refuse.Of(checkpoint.ErrUnsupported, format, args...)
}

// refused is about a model whose numbers are of no use.
func refused(format string, args ...any) error {
	return refuse.Of(checkpoint.ErrRefused, format, args...)
}

// errNoImages says that a result was read from its numbers, which hold no images.
var errNoImages = errors.New("figure: the result was read from its numbers, which hold no images: make the figure again")
