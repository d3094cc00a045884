package figure

import (
	"path/filepath"
	"slices"

	"dcganviz/model/zoo"
	"dcganviz/probe/score"
	"dcganviz/probe/stats"
)

// A Viewer is what numbers say of a scorer.
type Viewer struct {
	Name       string         `json:"name"`
	Kind       score.Kind     `json:"kind"`
	AUCHeldout stats.Interval `json:"auc_heldout"`
	Half       string         `json:"half,omitempty"`
	Pictures   int            `json:"pictures,omitempty"`
}

func viewerOf(name string, s *score.Scorer) Viewer {
	v := Viewer{Name: filepath.Base(name), Kind: s.Info.Kind, Half: s.Info.Half, Pictures: s.Info.Pictures}
	if s.Info.Heldout != nil {
		v.AUCHeldout = s.Info.Heldout.AUC
	}
	return v
}

// attach gives a scorer its D. It refuses one that is for other images than G's. what
// names it in the error.
func (l *Lab) attach(s *score.Scorer, what string) error {
	cfg := l.Model.G.Config()
	if h, w, _ := cfg.Dims(); h != w {
		return usage("%s looks at square images, and G draws %dx%d: a concept cannot be looked for in them", what, h, w)
	}
	if s.Info.Size != cfg.Size || s.Info.Channels != cfg.Channels && s.Info.Channels != 1 {
		return usage("%s looks at images of %dx%d with %d channels, and G draws %dx%d with %d",
			what, s.Info.Size, s.Info.Size, s.Info.Channels, cfg.Size, cfg.Size, cfg.Channels)
	}
	if err := s.Attach(l.Model.D); err != nil {
		return usage("%s: %w", what, err)
	}
	return nil
}

// OpenScorer opens an embedded scorer by its name, or a file of dcganviz score
// fit.
func OpenScorer(where string) (*score.Scorer, error) {
	if !slices.Contains(zoo.Scorers(), where) {
		return score.Load(where)
	}
	b, err := zoo.Scorer(where)
	if err != nil {
		return nil, err
	}
	return score.Parse(b)
}
