package figure

import (
	"fmt"
	"strings"
)

// Summary says what the units respond to, and whether the maps know the weights.
func (a *FiltersResult) Summary() []string { return a.words().lines() }

func (a *FiltersResult) words() (w Words) {
	t, u := &a.Trained.Maps, &a.Untrained.Maps
	w.Found = "Every map is empty, so nothing follows from them."
	if c := a.Sanity.Curves; len(c) > 0 && len(c[0].Stages) > 1 {
		own, all := c[0].Stages[1], c[0].Stages[len(c[0].Stages)-1]
		kept := fmt.Sprintf("with random weights in %s they keep %s of their likeness above chance, with all weights random %s", own.Layer, percents(own.Kept), percents(all.Kept))
		switch {
		case all.Pairs == 0:
		case c[0].IgnoresWeights:
			w.Found = "Do not believe these maps: the rule IGNORES THE WEIGHTS, for " + kept + "."
		default:
			w.Found = "The maps depend on what D learnt: " + kept + "."
		}
		var others []string
		for _, o := range c[1:] {
			if len(o.Stages) > 1 {
				others = append(others, fmt.Sprintf("%s %s", o.Rule, percent(o.Stages[1].Kept.Mean)))
			}
		}
		if len(others) > 0 {
			w.Control = fmt.Sprintf(" Other rules keep with %s random: %s.", own.Layer, strings.Join(others, ", "))
		}
	}
	w.Number = fmt.Sprintf("Over %d images (%s), the largest responses of %s of %s lie %s standard deviations above the units' means. Half of a map's energy, by %s, lies on %s of the field that the unit sees: the smaller, the more a map points at one thing. Contrast %s, smoothness %s.",
		a.Pictures.Count, a.Pictures.Title, plural(len(a.Trained.Units), "unit"), a.Layer, tenths(t.Selectivity), a.ruleName(), percents(t.HalfEnergyArea), tenths(t.Contrast), hundredths(t.Smoothness))
	w.Control = fmt.Sprintf("An untrained net of the same shape: %s standard deviations, %s of the field, contrast %s, smoothness %s.",
		tenths(u.Selectivity), percents(u.HalfEnergyArea), tenths(u.Contrast), hundredths(u.Smoothness)) + w.Control
	if len(a.Maximized) > 0 {
		text := make([]string, len(a.Maximized))
		for i, m := range a.Maximized {
			text[i] = fmt.Sprintf("%.2g to %.3g", m.Start, m.End)
		}
		w.More = []string{"Gradient ascent takes the activations from " + andList(text) + "."}
	}
	return w
}
