package zoo

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
)

// boxes holds NAME.csv, boxes on samples of seed 1 as dataset.ParseBoxes takes
// them.
//
//go:embed boxes
var boxes embed.FS

const (
	boxFolder = "boxes"
	boxEnd    = ".csv"
)

// ErrNoBoxes means that no boxes of that name are embedded.
var ErrNoBoxes = errors.New("no such boxes")

// BoxNames returns the names of the embedded boxes, sorted: each the model's and
// the concept's.
func BoxNames() []string { return listed(boxes, boxFolder, boxEnd) }

// Boxes returns the file of the boxes of that name. Its error wraps ErrNoBoxes
// if there is none.
func Boxes(name string) ([]byte, error) {
	all := BoxNames()
	if !slices.Contains(all, name) {
		return nil, fmt.Errorf("zoo: boxes %q, want one of %q: %w", name, all, ErrNoBoxes)
	}
	return fs.ReadFile(boxes, boxFolder+"/"+name+boxEnd)
}
