package figure

import (
	"fmt"
	"strings"

	"dcganviz/gallery"
	"dcganviz/probe/vector"
)

// Summary says how far the images follow the turn.
func (a *TurnResult) Summary() []string { return a.words().lines() }

func (a *TurnResult) words() (w Words) {
	var follow, swing, controls []string
	for _, s := range []struct {
		t    *vector.Turning
		name string
	}{{a.ByDirection, a.directionName()}, {a.ByScore, a.scoreName()}} {
		t := s.t
		if t == nil {
			continue
		}
		follow = append(follow, fmt.Sprintf("by %s, %s", s.name, plusMinus(t.Rho.Mean, t.Rho.SD)))
		swing = append(swing, fmt.Sprintf("%.3g ± %.2g", t.Swing.Mean, t.Swing.SD))
		controls = append(controls, fmt.Sprintf("rho %s (magnitude %.2f; p %.2f), from end to end ±%.2g (p %.2f)", plusMinus(t.RandomRho.Mean, t.RandomRho.SD), t.RandomSize.Mean, t.P, t.RandomSwing.Mean, t.SwingP))
	}
	if len(follow) == 0 {
		return w
	}
	w.Found = fmt.Sprintf("Images of a row are in order from %s to %s, by Spearman's rho (1: always, 0: not at all): %s.", shown(a.From), shown(a.To), strings.Join(follow, "; "))
	w.Number = fmt.Sprintf("From end to end the score changes by %s. The vector is made of %d and %d exemplars; %d rows of %d steps go through other samples.", strings.Join(swing, "; "), a.Averaged[0], a.Averaged[1], len(a.Through), a.Steps)
	w.Control = "Random directions of the same length through the same samples: " + strings.Join(controls, "; ") + ". The smaller p, the fewer of them do as well."
	return w
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
	name := a.Score.Measure
	if a.Score.Scorer != nil {
		name = a.Score.Scorer.Name
	}
	return fmt.Sprintf("the independent score %s (%s)", a.Score.Score, name)
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
	b.say(a.words())
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
