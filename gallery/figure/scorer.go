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
