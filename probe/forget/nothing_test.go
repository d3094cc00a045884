package forget

import (
	"testing"

	"dcganviz/model"
	"dcganviz/probe/score"
	"dcganviz/probe/stats"
)

// blind is a viewer that sees a concept nowhere.
type blind struct{ side int }

func (b blind) Scores(x model.Tensor, _ model.RunOptions) (model.Tensor, error) {
	return model.NewTensor(x.Len(), b.side, b.side), nil
}

// TestNothingIsRemovedOfNothing: a judge and a second scorer that see the concept in no sample
// see none of it removed, by any figure.
func TestNothingIsRemovedOfNothing(t *testing.T) {
	s := subject(t)
	s.Judge, s.Second = blind{16}, blind{16}
	s.Guide = score.Viewer(s.Scorer)
	st, err := Study(t.Context(), *s, model.RunOptions{}, Options{Methods: []Method{Paper, FillSeen}, Draws: 4, Probes: 2, Samples: 20, CurveSamples: 20})
	if err != nil {
		t.Fatal(err)
	}
	r := st.Report
	for what, got := range map[string]stats.Interval{
		"rule": r.Rule.Removed, "rule, guide": r.Rule.GuideRemoved, "paper": r.Methods[0].Removed, "paper, guide": r.Methods[0].GuideRemoved,
		"fill-seen": r.Methods[1].Removed, "pixels": r.Methods[1].Fill.PixelFill.Removed, "curve": r.Curve[0].Removed,
	} {
		if got != (stats.Interval{}) {
			t.Errorf("%s: %+v of nothing is removed", what, got)
		}
	}
	for what, got := range map[string]stats.Spread{"random": r.Random.Removed, "of like damage": r.DamageMatched.Removed, "random, guide": r.Random.Guide.Removed} {
		if got != (stats.Spread{}) {
			t.Errorf("%s: %+v of nothing is removed", what, got)
		}
	}
}

// TestRemovedIsOverSamplesThatShowIt: if all of the one sample that shows the concept goes,
// all goes, whatever the bootstrap draws.
func TestRemovedIsOverSamplesThatShowIt(t *testing.T) {
	b := new(Baseline)
	if got := b.removed([]float64{0, .5, 0, 0}, []float64{0, .25, 0, 0}); got != (stats.Interval{Mean: .5, Lo: .5, Hi: .5}) {
		t.Errorf("half is gone of one of four samples: %+v", got)
	}
}
