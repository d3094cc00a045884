package figure

import (
	"slices"
	"strings"
	"testing"
)

// TestEmbeddedViewersServeOtherModels: another model of façades has no viewers of its own. The
// scorer that comes for windows looks at D's features, so that the guide stands in; the judge is
// the one that comes. Viewers of whole images, and of images of another size, are not offered.
func TestEmbeddedViewersServeOtherModels(t *testing.T) {
	labs := map[string]*Lab{}
	for _, name := range []string{"facades", "facades-epoch1", "digits"} {
		labs[name] = must[*Lab](t)(OpenLab(name, nil))
	}
	for _, c := range []struct{ model, concept, role, want string }{
		{"facades", "window", roleScorer, "facades-window-scorer"},
		{"facades", "window", roleGuide, "facades-window-guide"},
		{"facades-epoch1", "window", roleScorer, "facades-window-guide"},
		{"facades-epoch1", "window", roleGuide, ""},
		{"facades-epoch1", "window", roleJudge, "facades-window-judge"},
		{"facades-epoch1", "glasses", roleJudge, ""},
		{"facades-epoch1", "door", roleScorer, ""},
		{"digits", "window", roleJudge, ""},
	} {
		if got := embeddedViewer(labs[c.model], c.concept, c.role); got != c.want {
			t.Errorf("%s of %s for %s: %q, want %q", c.role, c.concept, c.model, got, c.want)
		}
	}
	if known := viewedConcepts(); !slices.Equal(known, []string{"signboard", "window"}) {
		t.Errorf("viewers of %v, want signboard, window", known)
	}
	if err := noViewer(labs["digits"], "window", roleJudge); !strings.Contains(err.Error(), "like those of "+labs["digits"].Model.Title) {
		t.Error(err)
	}
}
