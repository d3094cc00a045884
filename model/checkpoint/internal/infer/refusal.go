package infer

import (
	"errors"
	"fmt"
)

// The kinds of errors, which package checkpoint documents.
var (
	ErrRefused     = errors.New("checkpoint refused")
	ErrUnsupported = errors.New("checkpoint not supported")
	ErrAmbiguous   = errors.New("checkpoint ambiguous")
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

// WithKind makes why an error of that kind.
func WithKind(why, kind error) error { return &refusal{why, kind} }

// Refuse makes an ErrRefused.
func Refuse(format string, args ...any) error {
	return WithKind(fmt.Errorf(format, args...), ErrRefused)
}

// Unsupported makes an ErrUnsupported.
func Unsupported(format string, args ...any) error {
	return WithKind(fmt.Errorf(format, args...), ErrUnsupported)
}

// Ambiguous makes an ErrAmbiguous.
func Ambiguous(format string, args ...any) error {
	return WithKind(fmt.Errorf(format, args...), ErrAmbiguous)
}

// Undecided is Ambiguous where one of the options would decide.
func Undecided(options []string, format string, args ...any) error {
	return &AmbiguousError{options, fmt.Errorf(format, args...)}
}
