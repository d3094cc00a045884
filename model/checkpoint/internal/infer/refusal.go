package infer

import (
	"errors"
	"fmt"

	"dcganviz/internal/refuse"
)

// The kinds of errors, which package checkpoint documents.
var (
	ErrRefused     = errors.New("checkpoint refused")
	ErrUnsupported = errors.New("checkpoint not supported")
	ErrAmbiguous   = errors.New("checkpoint ambiguous")
)

// An AmbiguousError is an ErrAmbiguous that an option would decide.
type AmbiguousError struct {
	// Options are fields of OpenOptions, such as Key or D.Size. Setting one of them
	// decides.
	Options []string
	why     error
}

func (e *AmbiguousError) Error() string { return e.why.Error() }

// Is makes it an ErrAmbiguous.
func (e *AmbiguousError) Is(target error) bool { return target == ErrAmbiguous }

// Refuse makes an ErrRefused.
func Refuse(format string, args ...any) error {
	return refuse.Of(ErrRefused, format, args...)
}

// Unsupported makes an ErrUnsupported.
func Unsupported(format string, args ...any) error {
	return refuse.Of(ErrUnsupported, format, args...)
}

// Ambiguous makes an ErrAmbiguous.
func Ambiguous(format string, args ...any) error {
	return refuse.Of(ErrAmbiguous, format, args...)
}

// Undecided is Ambiguous where one of the options would decide.
func Undecided(options []string, format string, args ...any) error {
	return &AmbiguousError{options, fmt.Errorf(format, args...)}
}
