package safetensors

import (
	"errors"

	"dcganviz/internal/refuse"
)

// What errors wrap; the first three come from package refuse.
var (
	ErrCorrupt     = refuse.ErrCorrupt
	ErrTooLarge    = refuse.ErrTooLarge
	ErrUnsupported = refuse.ErrUnsupported
	// ErrNoTensor means that the file has no tensor of the name asked for.
	ErrNoTensor = errors.New("no such tensor")
)
