package figure

import (
	"fmt"

	"dcganviz/probe/units"
)

// Summary says what the units draw.
func (a *UnitsResult) Summary() []string { return a.words().lines() }

func (a *UnitsResult) words() Words {
	switch {
	case len(a.Units) == 0:
		return Words{}
	case len(a.Order) == 0:
		return a.unitWords()
	}
	return a.layerWords()
}

// layerWords are on all units of a layer.
func (a *UnitsResult) layerWords() (w Words) {
	var effects, inside, shuffled, alike []float64
	painting, overlap, up, down := 0, 0, 0, 0
	low, high, best := &a.Units[0], &a.Units[0], &a.Units[0]
	for i := range a.Units {
		u := &a.Units[i]
		effects = append(effects, u.Effect.Mean)
		if u.Effect.Mean < low.Effect.Mean {
			low = u
		}
		if u.Effect.Mean > high.Effect.Mean {
			high = u
		}
		if overlapOf(u) > overlapOf(best) {
			best = u
		}
		if u.Concentration != nil && u.Shuffled != nil && u.Matched != nil && u.Matched.Concentration != nil {
			inside, shuffled, alike = append(inside, u.Concentration.Mean), append(shuffled, u.Shuffled.Mean), append(alike, *u.Matched.Concentration)
		}
		if u.Paints() {
			painting++
		}
		if u.Concept != nil && u.Concept.IoU.Mean > u.Concept.ChanceHi {
			overlap++
		}
		switch sideOfZero(u.Logit) {
		case 1:
			up++
		case -1:
			down++
		}
	}
	dead := "None is dead."
	if n := len(a.Dead); n > 0 {
		dead = fmt.Sprintf("%d of them are dead: %s.", n, numbers(a.Dead))
	}
	w.Found = fmt.Sprintf("%d of %d units of %s draw where they are active: without them the image changes more there than elsewhere, beyond both controls. %s", painting, len(a.Units), a.Layer, dead)
	w.Number = fmt.Sprintf("Where a unit is active it changes the image %.1f times as much as elsewhere (median; 1 is no more). Held at %s in %d of %d samples, a unit changes the image by RMSE %.3f (median), from %.3f (unit %d) to %.3f (unit %d).",
		median(inside), a.Hold, a.HeldSamples, a.Samples, median(effects), low.Effect.Mean, low.Unit, high.Effect.Mean, high.Unit)
	if a.Concept != "" && best.Concept != nil {
		w.Number += fmt.Sprintf(" The area of %d of %d overlaps with the concept (%s) more than 97.5%% of shuffles; most does that of unit %d: IoU %s, by chance %.3f.",
			overlap, len(a.Units), a.Concept, best.Unit, thousandths(best.Concept.IoU), best.Concept.Chance)
	}
	if a.Logit != nil {
		w.Number += fmt.Sprintf(" Without it D finds samples better for %d units and worse for %d (intervals beyond 0, %d samples; chance alone gives about %.0f).", up, down, a.LogitSamples, .05*float64(len(a.Units)))
	}
	w.Control = fmt.Sprintf("In a unit's areas of other samples, which keep its usual places but not this image: %.1f times. Units as strong, in the same areas: %.1f times.", median(shuffled), median(alike))
	return w
}

// unitWords are on one unit.
func (a *UnitsResult) unitWords() (w Words) {
	u := &a.Units[0]
	if u.Dead {
		return Words{
			Found:   fmt.Sprintf("Unit %d of %s is dead: zero at all %dx%d locations of %d samples.", u.Unit, a.Layer, a.Height, a.Width, a.Samples),
			Number:  "Holding it at zero changes nothing.",
			Control: "It has no area, and no other unit to be compared with.",
		}
	}
	w.Found = fmt.Sprintf("Holding unit %d of %s at %s changes images by RMSE %s.", u.Unit, a.Layer, a.Hold, thousandths(u.Effect))
	if c := u.Concentration; c != nil {
		w.Found += fmt.Sprintf(" Inside of its area it changes %s times as much as outside: 1 is no more.", tenths(*c))
	}
	w.Number = fmt.Sprintf("Its mean is %.3f, its standard deviation %.3f; it is above zero at %s of locations. Its area, where it exceeds %.3f, is %.1f%% of the image in %s of %d samples. Inside of it the RMSE is %s, outside %s.",
		u.Mean, u.SD, percent(u.Active), u.Threshold, 100*u.Area, percent(u.Seen), a.Samples, thousandthsOr(u.Inside), thousandthsOr(u.Outside))
	if s := u.Shuffled; s != nil {
		w.Control = fmt.Sprintf("In the unit's areas of other samples, which are not where it is active in this one: %s times.", tenths(*s))
	}
	w.Control = joined(w.Control, alikeText(u.Matched))
	if c := u.Concept; c != nil {
		w.Number += fmt.Sprintf(" Its area overlaps by %.2f with where a scorer sees the concept (%s), of at most 1.", c.IoU.Mean, a.Concept)
		w.Control = joined(w.Control, fmt.Sprintf("With where the scorer sees it in other samples it overlaps by %.2f (97.5%% of shuffles: at most %.2f).", c.Chance, c.ChanceHi))
	}
	if u.Logit != nil && a.Logit != nil {
		w.Number += fmt.Sprintf(" D's logit, %s as drawn, changes by %s in %d samples.", thousandths(*a.Logit), thousandths(*u.Logit), a.LogitSamples)
	}
	return w
}

// alikeText is on units that are as strong.
func alikeText(m *units.Matched) string {
	if m == nil {
		return ""
	}
	text := fmt.Sprintf("Units as strong (%s) change images by RMSE %.3f", numbers(m.Units), m.Effect)
	if m.Concentration != nil {
		text += fmt.Sprintf(", in the same areas %.2f times as much as outside", *m.Concentration)
	}
	return text + "."
}
