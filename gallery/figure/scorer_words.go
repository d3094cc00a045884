package figure

import (
	"fmt"

	"dcganviz/probe/score"
)

// ScorerWords say how well a scorer finds its concept.
func ScorerWords(r *score.Report, concept string) (w Words) {
	w.Verdict = fmt.Sprintf("The scorer finds the concept (%s) better than chance.", concept)
	if !(r.AUC.Lo > 0.5) {
		w.Verdict = fmt.Sprintf("The scorer does not find the concept (%s) better than chance.", concept)
	}
	w.Number = fmt.Sprintf("AUC %.4f (%.4f to %.4f; 95%% interval by photographs) over %d locations, %d of them with the concept.", r.AUC.Mean, r.AUC.Lo, r.AUC.Hi, r.Locations, r.Positives)
	w.Control = "Chance has 0.5, a perfect scorer 1."
	w.More = []string{fmt.Sprintf("%d pictures of %d photographs were scored.", r.Pictures, r.Groups)}
	if p := r.PictureAUC; p != nil {
		w.More[0] += fmt.Sprintf(" AUC of whole pictures, by their highest location: %.4f (%.4f to %.4f).", p.Mean, p.Lo, p.Hi)
	}
	w.More = append(w.More, fmt.Sprintf("Labelled is %.4f of the area, scored one half or more %.4f; the mean score is %.4f.", r.AreaLabelled, r.AreaScored, r.MeanScore),
		fmt.Sprintf("Calibration error %.4f, log loss %.4f, Brier score %.4f.", r.CalibrationError, r.LogLoss, r.Brier))
	return w
}
