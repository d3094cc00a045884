package model

import (
	"errors"
	"fmt"
	"slices"

	"dcganviz/internal/pth"
	"dcganviz/internal/theano"
)

var (
	// ErrRefused means that a checkpoint was found and cannot be used: it is
	// damaged, cut short, of other nets than it says, or holds NaN.
	ErrRefused = errors.New("checkpoint refused")
	// ErrUnsupported means that a checkpoint may well be right, but is of a
	// kind that this program does not read.
	ErrUnsupported = errors.New("checkpoint not supported")
	// ErrAmbiguous means that a checkpoint can be read in several ways, and that
	// OpenOptions don't say in which, or say what does not fit it.
	ErrAmbiguous = errors.New("checkpoint ambiguous")
)

// An AmbiguousError is an ErrAmbiguous that an option would decide.
type AmbiguousError struct {
	// Options are the fields of OpenOptions of which one decides, such as Key
	// or D.Size.
	Options []string
	why     error
}

func (e *AmbiguousError) Error() string { return e.why.Error() }

// Is makes it an ErrAmbiguous.
func (e *AmbiguousError) Is(target error) bool { return target == ErrAmbiguous }

// A refusal adds the kind of an error to its message without repeating it.
type refusal struct{ why, kind error }

func (r *refusal) Error() string   { return r.why.Error() }
func (r *refusal) Unwrap() []error { return []error{r.why, r.kind} }

// refuse makes an error about what a file says.
func refuse(format string, args ...any) error {
	return &refusal{fmt.Errorf(format, args...), ErrRefused}
}

func unsupported(format string, args ...any) error {
	return unsupportedBy(fmt.Errorf(format, args...))
}

func unsupportedBy(err error) error { return &refusal{err, ErrUnsupported} }

func ambiguous(format string, args ...any) error {
	return &refusal{fmt.Errorf(format, args...), ErrAmbiguous}
}

// undecided is ambiguous where one of the options would decide.
func undecided(options []string, format string, args ...any) error {
	return &AmbiguousError{options, fmt.Errorf(format, args...)}
}

// classify ties the containers' errors, most of which all of them share, to this
// package's.
func classify(err error) error {
	switch {
	case isAny(err, ErrUnsupported, ErrRefused, ErrAmbiguous):
		return err
	case errors.Is(err, theano.ErrAmbiguous):
		return &refusal{err, ErrAmbiguous}
	case isAny(err, pth.ErrUnsupported, theano.ErrNone):
		return &refusal{err, ErrUnsupported}
	case isAny(err, pth.ErrCorrupt, pth.ErrTooLarge, pth.ErrForeign):
		return &refusal{err, ErrRefused}
	}
	return err
}

func isAny(err error, targets ...error) bool {
	return slices.ContainsFunc(targets, func(t error) bool { return errors.Is(err, t) })
}
