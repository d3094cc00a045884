package dataset

import (
	"errors"
	"fmt"
)

// What can be wrong with a set, for callers that branch on it. Errors of this
// package wrap at most one of them, and name the file, the place in it, what
// was found and what was wanted. Any other error comes from the operating
// system or from a context and says so by itself.
var (
	// ErrNotFound means that the path, or the list file, does not exist.
	ErrNotFound = errors.New("dataset: not found")
	// ErrEmpty means that there is no picture in the set, or no name in the list.
	ErrEmpty = errors.New("dataset: no pictures")
	// ErrCorrupt means bytes that break their format, or end too early.
	ErrCorrupt = errors.New("dataset: corrupt")
	// ErrUnsupported means a format that this package does not read.
	ErrUnsupported = errors.New("dataset: format not supported")
	// ErrLimit means something larger than [Options] allows.
	ErrLimit = errors.New("dataset: over the limit")
	// ErrNotInSet means that the list names a picture which the set lacks.
	ErrNotInSet = errors.New("dataset: listed picture is not in the set")
	// ErrClosed means that the set was used after [Set.Close].
	ErrClosed = errors.New("dataset: set is closed")
)

// failure is an error of one kind, with a message of its own and possibly a
// cause: errors.Is finds the kind without the message having to repeat it.
type failure struct {
	kind error
	why  error
}

func (f *failure) Error() string   { return f.why.Error() }
func (f *failure) Unwrap() []error { return []error{f.kind, f.why} }

func fail(kind error, format string, args ...any) error {
	return &failure{kind: kind, why: fmt.Errorf(format, args...)}
}
