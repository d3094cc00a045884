package figure

import (
	"errors"
	"fmt"
	"io/fs"

	"dcganviz/model/checkpoint"
	"dcganviz/probe"
)

// usage makes an error about the caller's settings. It is probe.ErrInput.
func usage(format string, args ...any) error { return probe.Input(format, args...) }

// A failure adds the kind of an error to its message without repeating it.
type failure struct{ why, kind error }

func (f *failure) Error() string   { return f.why.Error() }
func (f *failure) Unwrap() []error { return []error{f.why, f.kind} }

// missing is about a model or file that is not there: fs.ErrNotExist.
func missing(format string, args ...any) error {
	return &failure{fmt.Errorf(format, args...), fs.ErrNotExist}
}

// unsupported is about what this program, or this model, cannot do.
func unsupported(format string, args ...any) error {
	return &failure{fmt.Errorf(format, args...), checkpoint.ErrUnsupported}
}

// refused is about a model whose numbers are of no use.
func refused(format string, args ...any) error {
	return &failure{fmt.Errorf(format, args...), checkpoint.ErrRefused}
}

// errNoImages says that a result was read from its numbers, which hold no images.
var errNoImages = errors.New("figure: the result was read from its numbers, which hold no images: make the figure again")
