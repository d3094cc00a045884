package score

import (
	"math"
	"testing"

	"dcganviz/model"
)

// TestReportByHand: two pictures of two locations each.
func TestReportByHand(t *testing.T) {
	scores := model.Tensor{Shape: []int{2, 1, 2}, Data: []float32{.95, .2, .4, .1}}
	labels := model.Tensor{Shape: []int{2, 1, 2}, Data: []float32{1, 0, 0, 0}}
	r, err := report(scores, labels, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	near := func(what string, got, want float64) {
		if !(math.Abs(got-want) < 1e-7) {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	near("AUC", r.AUC.Mean, 1)
	near("AUC of pictures", r.PictureAUC.Mean, 1)
	near("labelled", r.AreaLabelled, .25)
	near("scored", r.AreaScored, .25)
	near("mean", r.MeanScore, .4125)
	near("Brier", r.Brier, (.0025+.04+.16+.01)/4)
	near("log loss", r.LogLoss, -(math.Log(.95)+math.Log(.8)+math.Log(.6)+math.Log(.9))/4)
	near("calibration", r.CalibrationError, (.05+.2+.4+.1)/4)
	if r.Pictures != 2 || r.Groups != 2 || r.Locations != 4 || r.Positives != 1 {
		t.Errorf("counts %+v", r)
	}
	if b := r.Calibration[9]; b.Locations != 1 || b.Share != 1 || b.From != .9 || b.To != 1 {
		t.Errorf("highest bin %+v", b)
	}
}
