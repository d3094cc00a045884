package figure

import (
	"fmt"

	"dcganviz/gallery"
	"dcganviz/probe/forget"
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
	return fmt.Sprintf("Its colours alone move the judge's score of %d photographs by %s and the scorer's by %s; the method itself moves the scores of samples by %s and %s.",
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

// methodWords say what a method does.
var methodWords = map[forget.Method]string{
	forget.Paper:    "holds maps of positive weight at zero, as in the paper",
	forget.Mean:     "holds them at their means instead",
	forget.Causal:   "holds maps at zero that were measured to take the concept away",
	forget.Erase:    "projects the concept's direction out of all activations",
	forget.Fill:     "replaces activations where the classifier finds the concept",
	forget.FillSeen: "replaces activations where a scorer sees it in the image",
}

// Describe says on the page what is gone and what else changed.
func (a *ForgetResult) Describe(b *Block) error {
	if len(a.Methods) == 0 {
		return fmt.Errorf("no methods")
	}
	if b.Command == "forget" && a.Concept != "" {
		b.Title = "Forgetting a concept: " + a.Concept
	}
	first := a.Methods[0]
	b.Done = fmt.Sprintf("A classifier learnt, from the activations of layer %s of G, where a %s is drawn. Then G drew the same samples again without what says so: by %s, %s.",
		first.Layer, a.Concept, plural(len(a.Methods), "method"), "each acting on activations and never on pixels")
	if first.Count > 0 {
		b.Done = fmt.Sprintf("A classifier learnt, from the %d feature maps of layer %s of G, where a %s is drawn. Then G drew the same samples again, with %d of the maps held at zero, and by further methods where the picture has more rows. All act on activations, none on pixels.",
			first.Of, first.Layer, a.Concept, first.Count)
	}
	b.Look = fmt.Sprintf("Move the slider: does the %s go, and does everything else stay? The plots below show how much goes against how much else changes; up and to the left is better.", a.Concept)
	b.say(a.words())
	b.Alt = fmt.Sprintf("Rows of the same samples, as drawn and with %s forgotten by %s, above plots of what is removed against what else changes", a.Concept, plural(len(a.Methods), "method"))
	b.Table = &gallery.Table{Caption: "What each method does: " + a.Concept, Columns: []gallery.Column{
		{Name: "Method"}, {Name: "Removed", Hint: "share of the concept's area that is gone, by the judge"}, {Name: "RMSE outside", Hint: "change of pixels elsewhere"},
		{Name: "D's logit", Hint: fmt.Sprintf("%.2f as drawn", a.Undropped.Logit.Mean)}, {Name: "What it does"},
	}}
	for _, m := range a.Methods {
		b.Table.Rows = append(b.Table.Rows, []gallery.Cell{
			{Text: m.Name.String(), Sort: m.Name.String()}, {Text: eachPercent(m.Removed), Sort: fmt.Sprint(m.Removed.Mean)},
			gallery.Number(m.OutsideRMSE.Mean, "%.3f"), gallery.Number(m.Logit.Mean, "%.2f"), {Text: methodWords[m.Name]},
		})
	}
	a.placeTiles(b)
	return nil
}

// placeTiles makes the samples tiles: a row as drawn, and one for each method.
func (a *ForgetResult) placeTiles(b *Block) {
	if len(b.Block.Layout) == 0 {
		return
	}
	columns, rows := b.Block.Layout[0].Columns, 1+len(a.Methods)
	if columns < 1 || columns > gallery.MostTiles {
		return
	}
	g, ok := b.Group(0, columns*rows)
	if !ok {
		return
	}
	for i := range g.Count {
		column, row := i%columns, i/columns
		name, text, command := fmt.Sprintf("Sample %d", column), "As G draws it.", ""
		if a.MeasuredSeed != 0 {
			text, command = fmt.Sprintf("As G draws latent number %d of seed %d.", column, a.MeasuredSeed), b.draws(a.MeasuredSeed, column, 1)
		}
		if row > 0 {
			m := a.Methods[row-1].Name.String()
			name += ", " + m
			text = fmt.Sprintf("Without %s, by the method %s.", a.Concept, m)
			if command != "" {
				text += " The command draws it as it was."
			}
		}
		b.Add(g, i, name, text, command)
	}
	for _, m := range a.Methods {
		b.Data.Wipe = append(b.Data.Wipe, "forgotten, by "+m.Name.String())
	}
}
