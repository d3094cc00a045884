package figure

import (
	"slices"
	"testing"

	"dcganviz/probe/audit"
)

// TestMarksOfAnAudit: red on the space that is flagged, else thin on what D
// sees, and none on a walk that stands still.
func TestMarksOfAnAudit(t *testing.T) {
	still, smooth, sharp := audit.Jumps{Sharpest: -1}, audit.Jumps{Sharpest: 3}, audit.Jumps{Sharpest: 5, Sharp: true}
	for name, c := range map[string]struct {
		pixels, features audit.Jumps
		tiles            []int
		red              bool
	}{
		"still": {still, still, nil, false}, "smooth": {still, smooth, []int{3, 4}, false}, "sharp": {sharp, smooth, []int{5, 0}, true},
	} {
		a := &WalkResult{Audit: &audit.Report{Spaces: []audit.Space{{Walk: c.pixels}, {Walk: c.features}}}}
		var tiles []int
		for _, m := range a.marks(6) {
			tiles = append(tiles, m.Tile)
			if red := m.Color == nil; red != c.red {
				t.Errorf("%s: red %v, want %v", name, red, c.red)
			}
		}
		if !slices.Equal(tiles, c.tiles) {
			t.Errorf("%s: frames on %v, want %v", name, tiles, c.tiles)
		}
	}
}
