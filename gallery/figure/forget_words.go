package figure

import (
	"fmt"

	"dcganviz/probe/stats"
)

// Summary says how much of the concept is gone, and what else changed.
func (a *ForgetResult) Summary() []string { return a.words().lines() }

func (a *ForgetResult) words() (w Words) {
	if len(a.Methods) == 0 {
		return w
	}
	first := a.Methods[0]
	maps := ""
	if first.Count > 0 {
		maps = fmt.Sprintf(", which holds %d of %d maps at zero", first.Count, first.Of)
	}
	w.Found = fmt.Sprintf("The method %q on %s%s, removes %s of the area in which a judge sees the concept (%s), at RMSE %s elsewhere on a scale from -1 to 1.",
		first.Name.String(), first.Layer, maps, eachPercent(first.Removed), a.Concept, thousandths(first.OutsideRMSE))
	w.Number = fmt.Sprintf("The judge is independent of the method (AUC %.3f on real pictures). It finds the concept on %s of the pixels of %d samples, and then on %s. Elsewhere D's features move by %s of their length. D's logit goes from %s to %s (95%% of samples: %.2f to %.2f), KID from %s to %s.",
		a.Judge.AUCHeldout.Mean, percent(a.Area.Before.Mean), a.Samples, percent(first.Area.Mean), thousandths(first.OutsideFeatures), thousandths(a.Undropped.Logit), thousandths(first.Logit),
		a.Undropped.LogitLo, a.Undropped.LogitHi, plusMinus(a.Undropped.KID.Value, a.Undropped.KID.SE), plusMinus(first.KID.Value, first.KID.SE))
	if len(a.Methods) > 1 {
		best := a.Methods[1]
		for _, m := range a.Methods[1:] {
			if m.Removed.Mean > best.Removed.Mean {
				best = m
			}
			w.More = append(w.More, fmt.Sprintf("%s on %s removes %s at RMSE %s elsewhere; D's logit is then %s.", m.Name, m.Layer, eachPercent(m.Removed), thousandths(m.OutsideRMSE), thousandths(m.Logit)))
		}
		w.Number += fmt.Sprintf(" Of the other methods %q removes most: %s, at RMSE %s.", best.Name.String(), eachPercent(best.Removed), thousandths(best.OutsideRMSE))
	}
	w.Control = joined(a.randomMaps(), a.colours())
	return w
}

// randomMaps says what maps drawn at random do; nothing where none were held.
func (a *ForgetResult) randomMaps() string {
	if a.Random.Draws == 0 {
		return ""
	}
	spread := func(s stats.Spread) string { return percentPlusMinus(s.Mean, s.SD) }
	text := fmt.Sprintf("As many maps at random remove %s at RMSE %s; as many of like energy remove %s at RMSE %s. A method has to beat both to have found the maps that draw the %s.",
		spread(a.Random.Removed), plusMinus(a.Random.OutsideRMSE.Mean, a.Random.OutsideRMSE.SD), spread(a.EnergyMatched.Removed), plusMinus(a.EnergyMatched.OutsideRMSE.Mean, a.EnergyMatched.OutsideRMSE.SD), a.Concept)
	if a.Dropped.Count > 0 {
		text += " Dropped in the order of the probe's weight, " + a.halves() + "."
	}
	return text
}

// colours says whether viewers react to the colours alone that the method changes.
func (a *ForgetResult) colours() string {
	first := a.Methods[0]
	r := first.Recolouring
	if r == nil {
		return ""
	}
	return fmt.Sprintf("Its colours alone move the judge's score of %d photographs by %s and the scorer's by %s; the method itself moves those of samples by %s and %s.",
		r.Photographs, change(r.Judge.Recoloured), change(r.Scorer.Recoloured), change(r.Judge.Effect), change(r.Scorer.Effect))
}

// halves tells the smallest number of maps that halve the score.
func (a *ForgetResult) halves() string {
	switch {
	case a.Halves == 0:
		return "no number of maps halves the score"
	case len(a.Probes) > 0:
		return fmt.Sprintf("%d maps of each layer halve the score", a.Halves)
	}
	return fmt.Sprintf("%d maps halve the score", a.Halves)
}
