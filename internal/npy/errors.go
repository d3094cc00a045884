package npy

import "dcganviz/internal/refuse"

// What errors wrap, those of package refuse.
var (
	ErrCorrupt     = refuse.ErrCorrupt
	ErrTooLarge    = refuse.ErrTooLarge
	ErrUnsupported = refuse.ErrUnsupported
)
