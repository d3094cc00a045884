package figure

import (
	"slices"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/audit"
)

// TestMarksOfAnAudit: red on the space that is flagged. On a smooth walk there are none,
// unless they are asked for: then thin ones on what D sees, and none on a walk that stands
// still.
func TestMarksOfAnAudit(t *testing.T) {
	still, smooth, sharp := audit.Jumps{Sharpest: -1}, audit.Jumps{Sharpest: 3}, audit.Jumps{Sharpest: 5, Sharp: true}
	for name, c := range map[string]struct {
		pixels, features audit.Jumps
		tiles            []int
		red, framed      bool
	}{
		"still": {still, still, nil, false, true}, "smooth": {still, smooth, nil, false, false}, "framed": {still, smooth, []int{3, 4}, false, true},
		"sharp": {sharp, smooth, []int{5, 0}, true, false},
	} {
		a := &WalkResult{Audit: &audit.Report{Spaces: []audit.Space{{Walk: c.pixels}, {Walk: c.features}}}}
		if c.framed {
			a.Parameters.Frames = framesAlways
		}
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

// TestRecipesOfBeforeMeanWhatTheyMeant: walks had a full audit, and results of arithmetic
// a reach of 0.25; there were no options for it.
func TestRecipesOfBeforeMeanWhatTheyMeant(t *testing.T) {
	for _, c := range [][2]string{
		{"walk --steps=9", "--steps=9 --audit=full --frames=always"},
		{"walk --steps=9 --audit=quick", "--steps=9 --audit=quick --frames=always"},
		{"walk --no-audit", "--no-audit"},
		{"walk --none=1", "--none=1"},
		{"sample -n=1", "-n=1"},
		{"arithmetic --seed=2", "--seed=2 --reach=0.25"},
		{"arithmetic --reach=0", "--reach=0"},
		{"nobody --steps=9", "--steps=9"},
	} {
		words := strings.Fields(c[0])
		if got := strings.Join(Completed(&Recipe{Command: words[0], Model: "facades", Args: words[1:]}), " "); got != c[1] {
			t.Errorf("%s: %q, want %q", c[0], got, c[1])
		}
	}
}

// TestAuditOfAnotherWalkIsNoEvidence: a quick walk leaves the audit's picture of an
// earlier one beside it.
func TestAuditOfAnotherWalkIsNoEvidence(t *testing.T) {
	full, quick := []string{"--steps=9"}, []string{"--steps=9", "--audit=quick"}
	for _, c := range []struct {
		walk     []string
		sha256   string
		evidence int
	}{{full, "1", 1}, {quick, "1", 0}, {full, "2", 0}} {
		all := blocks([]Picture{{File: "a.png", Command: "walk", SHA256: c.sha256, Args: c.walk, Width: 1, Height: 1},
			{File: "a-audit.png", Command: "walk", SHA256: "1", Args: full, Width: 1, Height: 1}})
		if n := len(all[0].Evidence); n != c.evidence || len(all) != 2-n {
			t.Errorf("a walk with %v: %d pictures of evidence in %d blocks, want %d", c.walk, n, len(all), c.evidence)
		}
	}
}
