package figure

import (
	"fmt"
	"math"
)

// Summary says how far neighbours on the map are alike.
func (a *TSNEResult) Summary() []string { return a.words().lines() }

func (a *TSNEResult) words() (w Words) {
	reduced := ""
	if a.Components > 0 {
		reduced = fmt.Sprintf(", reduced to %d principal components with %s of the variance", a.Components, percent(a.Variance))
	}
	w.Found = fmt.Sprintf("%d %s in %s (%d values%s) were laid out: neighbours on the map are alike to %.3f of at most 1.", a.Points, a.Of, a.Space, a.Features, reduced, a.Trust.Value)
	w.Number = fmt.Sprintf("That is the trustworthiness %.3f: how far the %d nearest on the map are near in %s too. KL divergence %.3f after %d steps at perplexity %g.",
		a.Trust.Value, a.Trust.K, a.Space, a.Embedding.Divergence, a.Embedding.Iterations, a.Embedding.Perplexity)
	w.Control = fmt.Sprintf("The first two principal components, which are a map as well, reach %.3f.", a.Control.Value)
	if v := a.Values; v != nil {
		w.Number += fmt.Sprintf(" The %s of a point and of its nearest correlate by %.2f, in %s by %.2f.", a.Colour, zeroed(v.Plane), a.Space, zeroed(v.Features))
		w.Control += fmt.Sprintf(" On them it correlates by %.2f.", zeroed(v.Control))
	}
	if l := a.Labels; l != nil {
		w.Number += fmt.Sprintf(" The nearest neighbour has the same label for %.1f%%, in %s for %.1f%%.", 100*l.Plane, a.Space, 100*l.Features)
		w.Control += fmt.Sprintf(" On them the label is the same for %.1f%%; the commonest label is that of %.1f%%.", 100*l.Control, 100*l.Chance)
	}
	return w
}

// zeroed is v without the sign of what prints as zero.
func zeroed(v float64) float64 { return math.Round(v*100)/100 + 0 }
