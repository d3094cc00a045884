package pth

import (
	"errors"
	"fmt"

	"dcganviz/internal/refuse"
)

// What errors wrap; the first three are those of package refuse.
var (
	ErrCorrupt     = refuse.ErrCorrupt
	ErrTooLarge    = refuse.ErrTooLarge
	ErrUnsupported = refuse.ErrUnsupported
	// ErrForeign means that only running code which the file names could open
	// it; the error says which class or function.
	ErrForeign = errors.New("refused, no code is run for a file")
	// ErrAmbiguous means that a file holds several state dicts and none was
	// asked for; the error lists them.
	ErrAmbiguous = errors.New("ambiguous")
	// ErrNoStateDict means that a file holds no state dict, or none at the
	// path asked for; the error lists those that are there.
	ErrNoStateDict = errors.New("no such state dict")
	// ErrNoTensor means that a state dict has no tensor of the name asked for.
	ErrNoTensor = errors.New("no such tensor")
)

func foreign(format string, args ...any) error {
	return fmt.Errorf(format+": %w", append(args, ErrForeign)...)
}
