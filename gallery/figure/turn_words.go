package figure

import (
	"fmt"

	"dcganviz/gallery"
	"dcganviz/probe/vector"
)

// Words say how far the images follow the turn.
func (a *TurnResult) Words() (w Words) {
	t := a.first()
	if t == nil {
		return w
	}
	w.Verdict = fmt.Sprintf("%d of %d rows go from %s to %s.", t.Turned, len(t.Rows), shown(a.From), shown(a.To))
	if t.TurnedP == 0 { // of a version that did not count
		w.Verdict = fmt.Sprintf("From %s to %s: how many rows turn was not counted.", shown(a.From), shown(a.To))
	}
	switch still := a.still(); {
	case len(still) == 0 || t.TurnedP == 0:
	case len(still) == 1:
		w.Verdict += fmt.Sprintf(" The row through %s does not turn.", still[0])
	default:
		w.Verdict += fmt.Sprintf(" The rows through %s do not turn.", andList(still))
	}
	w.Number = followed(t)
	w.Control = fmt.Sprintf("Of %d random directions of the same length, and the vector itself, as good are: %s.", t.Draws, ranks(t))
	by := a.directionName()
	if a.ByScore != nil {
		by = a.scoreName()
	}
	w.More = some(fmt.Sprintf("A row turns if %s begins below its limit and ends above.", by),
		"Random directions reach "+reached(t)+".",
		fmt.Sprintf("The vector is made of %d and %d exemplars; %d rows of %d steps go through other samples.", a.Averaged[0], a.Averaged[1], len(a.Through), a.Steps))
	if d := a.ByDirection; d != nil && a.ByScore != nil {
		w.More = append(w.More, fmt.Sprintf("D's own features flatter, since G was trained to please them: by %s, %d of %d rows turn. %s Ranks: %s; random directions reach %s.", a.directionName(), d.Turned, len(d.Rows), followed(d), ranks(d), reached(d)))
	}
	return w
}

// still names the samples whose rows do not turn.
func (a *TurnResult) still() (names []string) {
	for i, row := range a.first().Rows {
		if !row.Turned && i < len(a.Through) {
			names = append(names, fmt.Sprintf("sample %d", a.Through[i]))
		}
	}
	return names
}

// followed says how far a score changes, and how steadily.
func followed(t *vector.Turning) string {
	return fmt.Sprintf("From end to end the score changes by %.3g ± %.2g, in order with the steps by Spearman's rho %s (1: always, 0: not at all).", t.Swing.Mean, t.Swing.SD, plusMinus(t.Rho.Mean, t.Rho.SD))
}

// ranks are the p-values.
func ranks(t *vector.Turning) string {
	text := fmt.Sprintf("by the change %s, by rho %s", pValue(t.SwingP), pValue(t.P))
	if t.TurnedP > 0 {
		text += fmt.Sprintf(", by rows that turn %s", pValue(t.TurnedP))
	}
	return text
}

// reached is what random directions reach.
func reached(t *vector.Turning) string {
	text := fmt.Sprintf("a change of ±%.2g, a rho of %s (%.2f in magnitude)", t.RandomSwing.Mean, plusMinus(t.RandomRho.Mean, t.RandomRho.SD), t.RandomSize.Mean)
	if t.TurnedP > 0 {
		text += fmt.Sprintf(" and %s rows that turn", plusMinus(t.RandomTurned.Mean, t.RandomTurned.SD))
	}
	return text
}

// directionName says what the direction was fitted on.
func (a *TurnResult) directionName() string {
	auc := ""
	if a.DirectionAUC != nil {
		auc = fmt.Sprintf(" (AUC %.2f on the averaged ones)", *a.DirectionAUC)
	}
	return fmt.Sprintf("a direction in D's features, fitted on %d other exemplars%s", len(a.From.Numbers)+len(a.To.Numbers)-a.Averaged[0]-a.Averaged[1], auc)
}

func (a *TurnResult) scoreName() string {
	if a.Score == nil {
		return "an independent score"
	}
	if a.Score.Scorer == nil {
		return fmt.Sprintf("the independent score %s (%s)", a.Score.Score, a.Score.Measure)
	}
	v := a.Score.Scorer
	text := fmt.Sprintf("the score %s (%s", a.Score.Score, v.Name)
	if v.Pictures > 0 {
		text += fmt.Sprintf(", fitted on %s; AUC %s on others", plural(v.Pictures, "real picture"), hundredths(v.AUCHeldout))
	}
	return text + ")"
}

// Describe says on the page how far the images follow the turn.
func (a *TurnResult) Describe(b *Block) error {
	from, to := shown(a.From), shown(a.To)
	if a.Steps < 2 || a.Steps > gallery.MostTiles || len(a.Through) > gallery.MostTiles {
		return fmt.Errorf("%d steps through %d samples", a.Steps, len(a.Through))
	}
	b.Title = fmt.Sprintf("From %s to %s", from, to)
	b.Done = fmt.Sprintf("The mean latent of %d samples that show %s, minus the mean latent of %d that show %s, is a vector. %s, in the middle of their rows, were moved along it: back to the left, forth to the right.",
		a.Averaged[1], to, a.Averaged[0], from, plural(len(a.Through), "other sample"))
	b.Look = fmt.Sprintf("Does each row go from %s to %s, and does it stay the same picture otherwise?", from, to)
	b.say(a.Words())
	b.Alt = fmt.Sprintf("%s of %d images, each going from %s to %s, above plots of what is measured along them", plural(len(a.Through), "row"), a.Steps, from, to)
	if g, ok := b.Group(0, a.Steps*len(a.Through)); ok {
		for i := range g.Count {
			n, at := a.Through[i/a.Steps], a.Reach*(float64(i%a.Steps)/float64(a.Steps-1)-.5)
			b.Add(g, i, fmt.Sprintf("Sample %d %+.2g", n, at),
				fmt.Sprintf("Latent number %d of seed %d with %+.2g of the vector from %s to %s. The command draws it without.", n, a.Seed, at, from, to), b.draws(a.Seed, n, 1))
		}
	}
	return nil
}
