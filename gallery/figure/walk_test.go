package figure

import (
	"slices"
	"testing"

	"dcganviz/model"
	"dcganviz/probe"
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

// TestRefinedWayHoldsItsTiles: the latents between tiles are between them.
func TestRefinedWayHoldsItsTiles(t *testing.T) {
	anchors := model.Latents(1, 0, 4, model.Config{LatentDim: 6})
	for _, closed := range []bool{false, true} {
		path, err := probe.NewPath(anchors, probe.PathOptions{Closed: closed})
		if err != nil {
			t.Fatal(err)
		}
		w := wayAlong(path, 7, closed)
		z, err := w.refined(5)
		if err != nil {
			t.Fatal(err)
		}
		if want := w.steps()*5 + 1; z.Len() != want {
			t.Fatalf("closed %v: %d latents, want %d", closed, z.Len(), want)
		}
		for i := range z.Len() {
			if i%5 == 0 && !slices.Equal(z.Row(i), w.z.Row(i/5%7)) {
				t.Errorf("closed %v: latent %d is not that of tile %d", closed, i, i/5%7)
			}
			if i > 0 && slices.Equal(z.Row(i), z.Row(i-1)) {
				t.Errorf("closed %v: latents %d and %d are one", closed, i-1, i)
			}
		}
	}
}
