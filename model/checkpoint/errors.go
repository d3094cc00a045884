package checkpoint

import (
	"errors"
	"slices"

	"dcganviz/internal/pth"
	"dcganviz/internal/refuse"
	"dcganviz/internal/theano"
	"dcganviz/model/checkpoint/internal/infer"
)

// The kinds of errors.
var (
	// ErrRefused means that a checkpoint was found and cannot be used: it is
	// damaged, cut short, of other nets than it says, or holds NaN.
	ErrRefused = infer.ErrRefused
	// ErrUnsupported means that a checkpoint may well be right, but is of a
	// kind that this program does not read.
	ErrUnsupported = infer.ErrUnsupported
	// ErrAmbiguous means that a checkpoint can be read in several ways, and that
	// OpenOptions don't say in which, or say what does not fit it.
	ErrAmbiguous = infer.ErrAmbiguous
)

// An AmbiguousError is an ErrAmbiguous that an option would decide.
type AmbiguousError = infer.AmbiguousError

// An UnknownGeometryError says that a net is of no known family, or of several,
// so that its strides and paddings have to be said. It is an ErrAmbiguous.
type UnknownGeometryError = infer.UnknownGeometryError

// classify makes an error of a file format also one of this package's kinds. The
// formats share most of their kinds.
func classify(err error) error {
	switch {
	case isAny(err, ErrUnsupported, ErrRefused, ErrAmbiguous):
		return err
	case errors.Is(err, theano.ErrAmbiguous):
		return refuse.WithKind(err, ErrAmbiguous)
	case isAny(err, pth.ErrUnsupported, theano.ErrNone):
		return refuse.WithKind(err, ErrUnsupported)
	case isAny(err, pth.ErrCorrupt, pth.ErrTooLarge, pth.ErrForeign):
		return refuse.WithKind(err, ErrRefused)
	}
	return err
}

func isAny(err error, targets ...error) bool {
	return slices.ContainsFunc(targets, func(t error) bool { return errors.Is(err, t) })
}
