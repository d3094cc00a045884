package figure

import (
	"fmt"
	"strings"
)

// Summary says whether the model copies.
func (a *NearestResult) Summary() []string { return a.words().lines() }

func (a *NearestResult) words() (w Words) {
	var copies, apart, controls []string
	flagged, seen := false, true
	for _, s := range a.Spaces {
		in := "in " + spaceName(s.Name) + " "
		copies = append(copies, fmt.Sprintf("%s%s of the samples (AUC %s)", in, eachPercent(s.Samples.Copies), thousandths(s.Samples.AUC)))
		apart = append(apart, fmt.Sprintf("%s%s from samples, %s from held-out pictures", in, thousandths(s.Samples.Median), thousandths(s.Heldout.Median)))
		controls = append(controls, fmt.Sprintf("%s%s (AUC %s)", in, eachPercent(s.Memoriser.Copies), thousandths(s.Memoriser.AUC)))
		flagged, seen = flagged || s.Samples.Flagged, seen && s.Memoriser.Flagged
	}
	w.Found = fmt.Sprintf("The model does not copy: %d samples, %d training and %d held-out pictures were compared, and it is not flagged.", a.Samples, a.Training, a.Heldout)
	if flagged {
		w.Found = fmt.Sprintf("The model copies: %d samples, %d training and %d held-out pictures were compared, and it is FLAGGED.", a.Samples, a.Training, a.Heldout)
	}
	if !seen {
		w.Found = "Nothing follows from this search: its control, which copies on purpose, was not flagged everywhere."
	}
	w.Number = fmt.Sprintf("As near to a training picture as copies are: %s. Of real pictures held out from training at most %s are, by chance. The median distance to the nearest training picture is %s.", strings.Join(copies, "; "), percent(a.Chance), strings.Join(apart, "; "))
	verdict := "so copies are flagged."
	if !seen {
		verdict = "which was NOT FLAGGED everywhere."
	}
	w.Control = "Of copies that were made on purpose, training pictures moved by a pixel and with noise: " + strings.Join(controls, "; ") + ", " + verdict
	return w
}
