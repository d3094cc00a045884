package figure

import (
	"fmt"
	"strings"

	"dcganviz/probe/represent"
	"dcganviz/probe/stats"
)

// kindNames are what the kinds are called in sentences.
var kindNames = map[represent.Kind]string{
	represent.Trained: "D", represent.Random: "the same net with random weights", represent.KMeans: "K-means on patches", represent.Pixels: "raw pixels",
}

// rivals are the kinds beside D.
var rivals = []represent.Kind{represent.KMeans, represent.Random, represent.Pixels}

// inPercent writes a share with its interval.
func inPercent(v stats.Interval) string {
	return fmt.Sprintf("%.1f%% (%.1f to %.1f)", 100*v.Mean, 100*v.Lo, 100*v.Hi)
}

// beside writes how far accuracies are behind D's, in points.
func beside(v stats.Interval) string {
	how := "behind"
	if v.Mean < 0 {
		how, v = "ahead of", stats.Interval{Mean: -v.Mean, Lo: -v.Hi, Hi: -v.Lo}
	}
	return fmt.Sprintf("%s D by %.1f points (%.1f to %.1f)", how, 100*v.Mean, 100*v.Lo, 100*v.Hi)
}

// Words say whether D's features are worth more than those of the controls.
func (r *RepresentResult) Words() (w Words) {
	d := r.Row(represent.Trained)
	if d == nil {
		return w
	}
	w.Verdict = r.verdict()
	w.Number = fmt.Sprintf("A linear classifier of D's %d features, given %s, is right for %s of %d test pictures; naming the commonest class is for %.1f%%.",
		d.Features, r.given(), inPercent(d.Accuracy), r.Test, 100*r.Chance)
	var controls []string
	for _, k := range rivals {
		if row := r.Row(k); row != nil && row.Behind != nil {
			controls = append(controls, fmt.Sprintf("of %s (%d features) for %s, %s", kindNames[k], row.Features, inPercent(row.Accuracy), beside(*row.Behind)))
		}
	}
	w.Control = "The same classifier " + andList(controls) + "."
	if d.Equal != nil {
		var equal []string
		for _, k := range rivals {
			row := r.Row(k)
			if row == nil || row.EqualBehind == nil {
				continue
			}
			m := row.Equal
			if m == nil {
				m = &row.Measured
			}
			equal = append(equal, fmt.Sprintf("%s %s, %s", kindNames[k], inPercent(m.Accuracy), beside(*row.EqualBehind)))
		}
		w.More = append(w.More, fmt.Sprintf("Projected at random to %d numbers, as many as a picture has: D %s, %s.", d.Equal.Width, inPercent(d.Equal.Accuracy), andList(equal)))
	}
	var layers []string
	for _, row := range r.Rows {
		if row.Kind == represent.Layer {
			layers = append(layers, fmt.Sprintf("%s %s of %d features", row.Layer, inPercent(row.Accuracy), row.Features))
		}
	}
	if len(layers) > 0 {
		w.More = append(w.More, fmt.Sprintf("D's layers alone: %s.", andList(layers)))
	}
	w.More = append(w.More, r.protocol(), r.hardest())
	return w
}

// verdict says what D's features are worth more than, as much as, and less than: the last
// first.
func (r *RepresentResult) verdict() string {
	var more, same, less []string
	for _, k := range rivals {
		row := r.Row(k)
		switch {
		case row == nil || row.Behind == nil:
		case row.Behind.Lo > 0:
			more = append(more, kindNames[k])
		case row.Behind.Hi < 0:
			less = append(less, kindNames[k])
		default:
			same = append(same, kindNames[k])
		}
	}
	var parts []string
	for _, of := range []struct {
		how  string
		what []string
	}{{"less than", less}, {"about as much as", same}, {"more than", more}} {
		if len(of.what) > 0 {
			parts = append(parts, of.how+" "+andList(of.what))
		}
	}
	return "To a linear classifier D's features are worth " + strings.Join(parts, ", ") + "."
}

// given says which labels a classifier had.
func (r *RepresentResult) given() string {
	if r.LabelsPerClass == 0 {
		return fmt.Sprintf("all %d labels", r.Train)
	}
	return fmt.Sprintf("%d labels of each of %d classes in %d draws", r.LabelsPerClass, len(r.Classes), len(r.Row(represent.Trained).Draws))
}

// protocol says how C was chosen.
func (r *RepresentResult) protocol() string {
	var chosen []string
	excess := 0.0
	for _, k := range append([]represent.Kind{represent.Trained}, rivals...) {
		row := r.Row(k)
		if row == nil {
			continue
		}
		at := ""
		if row.AtEdge {
			at = ", an end of those tried,"
		}
		chosen = append(chosen, fmt.Sprintf("%g%s for %s", row.C, at, kindNames[k]))
		excess = max(excess, row.Excess)
	}
	from := "a fifth of the same set, at random"
	if r.TestPictures != "" {
		from = r.TestPictures
	}
	return fmt.Sprintf("Pictures: %s; tested on %s. %d training pictures chose C: %s. All features were brought to mean 0 and variance 1; objectives are at most %.3f%% above the smallest.",
		r.Pictures, from, r.Deciding, andList(chosen), 100*excess)
}

// hardest names the class that D tells worst, and what it is taken for.
func (r *RepresentResult) hardest() string {
	d := r.Row(represent.Trained)
	worst, present := -1, make([]bool, len(r.Classes))
	for i, row := range r.Confusion {
		for _, n := range row {
			present[i] = present[i] || n > 0
		}
		if present[i] && (worst < 0 || d.OfClass[i] < d.OfClass[worst]) {
			worst = i
		}
	}
	if worst < 0 {
		return ""
	}
	taken := -1
	for j, n := range r.Confusion[worst] {
		if j != worst && n > 0 && (taken < 0 || n > r.Confusion[worst][taken]) {
			taken = j
		}
	}
	if taken < 0 {
		return "No test picture was taken for another class by D's features."
	}
	return fmt.Sprintf("D's features tell %q worst: %.1f%% are right, and it is most often taken for %q.", r.Classes[worst], 100*d.OfClass[worst], r.Classes[taken])
}

// Describe says on the page how the table was made.
func (r *RepresentResult) Describe(b *Block) error {
	if r.Row(represent.Trained) == nil {
		return fmt.Errorf("no row of D")
	}
	b.Done = fmt.Sprintf("D's feature maps of all layers were pooled to 4x4 for %d labelled pictures, and a linear support vector machine learnt to name their classes; %d others test it. The same was done with features that D did not learn.", r.Train, r.Test)
	b.Look = "The distance from D to the same net with random weights is what training without labels was worth to a classifier. A point further right has more features, which help by themselves."
	b.Alt = "A plot of accuracy over the number of features for D, its layers, random nets, K-means and pixels, above a confusion matrix"
	b.say(r.Words())
	return nil
}
