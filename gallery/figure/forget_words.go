package figure

import (
	"cmp"
	"fmt"

	"dcganviz/gallery"
	"dcganviz/probe/forget"
	"dcganviz/probe/stats"
)

// Words say how much of the concept is gone, and what else changed.
func (a *ForgetResult) Words() (w Words) {
	if len(a.Methods) == 0 {
		return w
	}
	if a.unseen(0) {
		return a.nothing()
	}
	first := a.Methods[0]
	removed, rmse, over := first.Removed, first.OutsideRMSE, ""
	if a.byRule() {
		removed, rmse = a.Rule.Removed, a.Rule.OutsideRMSE
		if n := len(a.Rule.Probes); n > 1 {
			over = fmt.Sprintf(" (mean and interval over %d probes and the samples)", n)
		}
	}
	w.Verdict = fmt.Sprintf("The method %q removes %s of the area of the concept (%s)", first.Name.String(), percent(removed.Mean), a.Concept)
	switch r := a.Random; {
	case r.Draws > 0 && r.P > .05:
		w.Verdict += fmt.Sprintf(", which maps at random may do as well (p %s)", chance(r.P))
	case r.Draws > 0 && r.P > 0:
		w.Verdict += fmt.Sprintf(", more than maps at random do (p %s)", chance(r.P))
	}
	w.Verdict += "."
	w.Number = fmt.Sprintf("A judge that guided no method sees %s of the concept's area gone, at RMSE %s elsewhere on a scale from -1 to 1%s.", eachPercent(removed), thousandths(rmse), over)
	w.Control = a.control(&first)
	w.More = append(w.More, a.methodText(&first), a.judged())
	if len(a.Methods) > 1 {
		best := a.Methods[1]
		for i, m := range a.Methods[1:] {
			if m.Removed.Mean > best.Removed.Mean {
				best = m
			}
			w.More = append(w.More, fmt.Sprintf("%s on %s removes %s at RMSE %s elsewhere; D's logit is then %s.", m.Name, m.Layer, a.removedBy(1+i), thousandths(m.OutsideRMSE), thousandths(m.Logit)))
		}
		w.Verdict += fmt.Sprintf(" Of the others %q removes most, %s.", best.Name.String(), percent(best.Removed.Mean))
	}
	w.More = append(w.More, some(a.randomMaps(), a.fillings(), a.colours())...)
	return w
}

// nothing are the words where the judge sees none of the concept.
func (a *ForgetResult) nothing() Words {
	first := &a.Methods[0]
	return Words{
		Verdict: fmt.Sprintf("The judge sees no %s in %d samples: nothing can be measured. Take more samples, or a judge that sees it.", a.Concept, a.Samples),
		Number:  fmt.Sprintf("The method %q removes nothing that the judge sees, at RMSE %s elsewhere on a scale from -1 to 1.", first.Name.String(), thousandths(first.OutsideRMSE)),
		More:    []string{a.methodText(first), a.judged()},
	}
}

// control is the control of a method in a sentence: maps at random, or its filling of pixels.
func (a *ForgetResult) control(m *forget.MethodReport) string {
	switch {
	case a.Random.Draws > 0:
		text := fmt.Sprintf("As many maps at random remove %s at RMSE %s", percentPlusMinus(a.Random.Removed.Mean, a.Random.Removed.SD), plusMinus(a.Random.OutsideRMSE.Mean, a.Random.OutsideRMSE.SD))
		if a.Random.P > 0 {
			text += fmt.Sprintf(" (%d draws; p %s that one removes as much)", a.Random.Draws, chance(a.Random.P))
		}
		return text + "."
	case m.Fill != nil:
		p := m.Fill.PixelFill
		return fmt.Sprintf("The same surface over pixels, which knows nothing of G, removes %s at RMSE %s.", eachPercent(p.Removed), thousandths(p.OutsideRMSE))
	}
	return ""
}

// methodText says what a method does to other things than the concept.
func (a *ForgetResult) methodText(m *forget.MethodReport) string {
	on := fmt.Sprintf("%s acts on %s", m.Name, m.Layer)
	if m.Count > 0 {
		on += fmt.Sprintf(", where it holds %s of %d maps at zero", a.held(), m.Of)
	}
	return fmt.Sprintf("%s. The judge finds the concept on %s of the pixels of %d samples, and then on %s. Elsewhere D's features move by %s of their length. D's logit goes from %s to %s (95%% of samples: %.2f to %.2f), KID from %s to %s.", on,
		percent(a.Area.Before.Mean), a.Samples, percent(m.Area.Mean), thousandths(m.OutsideFeatures), thousandths(a.Undropped.Logit), thousandths(m.Logit),
		a.Undropped.LogitLo, a.Undropped.LogitHi, plusMinus(a.Undropped.KID.Value, a.Undropped.KID.SE), plusMinus(m.KID.Value, m.KID.SE))
}

// unseen reports whether the judge sees nothing of the concept, before a method and after,
// so that nothing can be removed. Older versions called that 1 of 1.
func (a *ForgetResult) unseen(method int) bool {
	m := a.Methods[method]
	return m.Before.Area.Mean == 0 && m.Area.Mean == 0 && (m.Removed.Mean == 0 || m.Removed.Mean == 1)
}

// removedBy says what a method removes.
func (a *ForgetResult) removedBy(method int) string {
	if a.unseen(method) {
		return "nothing that the judge sees"
	}
	return eachPercent(a.Methods[method].Removed)
}

// held is how many maps the first method holds; a range where probes differ.
func (a *ForgetResult) held() string {
	least := a.Methods[0].Count
	most := least
	if a.byRule() {
		for _, p := range a.Rule.Probes {
			least, most = min(least, p.Units), max(most, p.Units)
		}
	}
	if least == most {
		return fmt.Sprint(most)
	}
	return fmt.Sprintf("%d to %d", least, most)
}

// byRule reports whether the first method is the paper's rule, tried with several probes.
func (a *ForgetResult) byRule() bool { return a.Rule != nil && a.Methods[0].Name == forget.Paper }

// judged says who the judge is.
func (a *ForgetResult) judged() string {
	text := fmt.Sprintf("The judge guided no method (AUC %.3f on real pictures", a.Judge.AUCHeldout.Mean)
	if s := a.Judge.AUCSamples; s != nil {
		text += fmt.Sprintf(", %s on samples with boxes drawn by eye", thousandths(*s))
	}
	text += ")."
	if a.byRule() {
		others := fmt.Sprintf(" The scorer, from which the probe learnt, sees %s removed", eachPercent(a.Rule.ScorerRemoved))
		if a.Guide != nil {
			others += fmt.Sprintf(", the guide %s", eachPercent(a.Rule.GuideRemoved))
		}
		text += others + "."
		if first := a.Methods[0]; first.Statistics == forget.Batch {
			text += " Batch norm uses the statistics of each 100 samples, before and after."
		}
	}
	return text
}

// randomMaps says what maps drawn at random do; nothing where none were held.
func (a *ForgetResult) randomMaps() string {
	r := a.Random
	if r.Draws == 0 {
		return ""
	}
	spread := func(s stats.Spread) string { return percentPlusMinus(s.Mean, s.SD) }
	at := func(c forget.Control) string { return plusMinus(c.OutsideRMSE.Mean, c.OutsideRMSE.SD) }
	text := fmt.Sprintf("As many maps at random remove %s at RMSE %s", spread(r.Removed), at(r))
	if r.P > 0 {
		var others []string
		for _, v := range []struct {
			name string
			of   *forget.ViewerControl
		}{{"the scorer", r.Scorer}, {"the guide", r.Guide}} {
			if v.of != nil {
				others = append(others, fmt.Sprintf("%s sees %s (p %s)", v.name, spread(v.of.Removed), chance(v.of.P)))
			}
		}
		text += fmt.Sprintf(" (%d draws on %d samples; p %s that a draw removes as much", r.Draws, r.Samples, chance(r.P))
		if len(others) > 0 {
			v := cmp.Or(r.Scorer, r.Guide)
			text += fmt.Sprintf("; of %d draws on %d samples ", v.Draws, v.Samples) + andList(others)
		}
		text += ")"
	}
	text += fmt.Sprintf("; as many of like energy remove %s at RMSE %s.", spread(a.EnergyMatched.Removed), at(a.EnergyMatched))
	if d := a.DamageMatched; d.Draws > 0 {
		text += fmt.Sprintf(" Random maps that do as much damage, %.0f ± %.0f of them at RMSE %s, remove %s (p %s).", d.Units.Mean, d.Units.SD, at(d), spread(d.Removed), chance(d.P))
	}
	text += fmt.Sprintf(" A method has to beat them all to have found the maps that draw the %s.", a.Concept)
	if a.Dropped.Count > 0 {
		text += " Dropped in the order of the probe's weight, " + a.halves() + "."
	}
	return text
}

// chance writes a p-value.
func chance(p float64) string { return fmt.Sprintf("%.2g", p) }

// fillings says what the controls of fillings do.
func (a *ForgetResult) fillings() string {
	var sentences []string
	for _, m := range a.Methods {
		if m.Fill == nil {
			continue
		}
		p, e := m.Fill.PixelFill, m.Fill.Elsewhere
		sentences = append(sentences, fmt.Sprintf("Filling pixels in place of the activations of %s removes %s at RMSE %s with KID %s, where %s has %s, %s and %s; filling where the next sample has the concept removes %s.",
			m.Name, eachPercent(p.Removed), thousandths(p.OutsideRMSE), plusMinus(p.KID.Value, p.KID.SE),
			m.Name, eachPercent(m.Removed), thousandths(m.OutsideRMSE), plusMinus(m.KID.Value, m.KID.SE), eachPercent(e.Removed)))
	}
	if len(sentences) == 0 {
		return ""
	}
	return joined(append(sentences, "A filling is a detector at run time and a fill: it says where the concept is seen, not what G knows of it.")...)
}

// rowWords says what the rows of the picture show.
func (a *ForgetResult) rowWords() string {
	text := "The first samples that nothing was fitted on, as G draws them and with each method, which acts on activations."
	for _, m := range a.Methods {
		if m.Fill != nil {
			return text + " The rows below a filling are its controls: the same surface over pixels, and the filling where the next sample has the concept."
		}
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
	forget.Fill:     "replaces activations where the classifier finds the concept by what surrounds them",
	forget.FillSeen: "replaces activations where viewers see the concept in the image: a detector at run time and a fill",
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
		first.Layer, a.Concept, plural(len(a.Methods), "method"), "each acting on activations")
	if first.Count > 0 {
		b.Done = fmt.Sprintf("A classifier learnt, from the %d feature maps of layer %s of G, where a %s is drawn. Then G drew the same samples again, with %d of the maps held at zero, and by further methods where the picture has more rows. Methods act on activations; rows of controls say what they are.",
			first.Of, first.Layer, a.Concept, first.Count)
	}
	b.Look = fmt.Sprintf("Move the slider: does the %s go, and does everything else stay? The plots below show how much goes against how much else changes; up and to the left is better.", a.Concept)
	b.say(a.Words())
	b.Alt = fmt.Sprintf("Rows of the same samples, as drawn and with %s forgotten by %s, above plots of what is removed against what else changes", a.Concept, plural(len(a.Methods), "method"))
	b.Table = &gallery.Table{Caption: "What each method does: " + a.Concept, Columns: []gallery.Column{
		{Name: "Method"}, {Name: "Removed", Hint: "share of the concept's area that is gone, by the judge"}, {Name: "RMSE outside", Hint: "change of pixels elsewhere"},
		{Name: "D's logit", Hint: fmt.Sprintf("%.2f as drawn", a.Undropped.Logit.Mean)}, {Name: "What it does"},
	}}
	for i, m := range a.Methods {
		b.Table.Rows = append(b.Table.Rows, []gallery.Cell{
			{Text: m.Name.String(), Sort: m.Name.String()}, {Text: a.removedBy(i), Sort: fmt.Sprint(m.Removed.Mean)},
			gallery.Number(m.OutsideRMSE.Mean, "%.3f"), gallery.Number(m.Logit.Mean, "%.2f"), {Text: methodWords[m.Name]},
		})
		if m.Fill == nil {
			continue
		}
		for _, c := range []struct {
			name, does string
			*forget.Outcome
		}{{"pixels", "control: the same surface over pixels", m.Fill.PixelFill}, {"elsewhere", "control: fills where the next sample has the concept", m.Fill.Elsewhere}} {
			name := m.Name.String() + ", " + c.name
			b.Table.Rows = append(b.Table.Rows, []gallery.Cell{
				{Text: name, Sort: name}, {Text: eachPercent(c.Removed), Sort: fmt.Sprint(c.Removed.Mean)},
				gallery.Number(c.OutsideRMSE.Mean, "%.3f"), gallery.Number(c.Logit.Mean, "%.2f"), {Text: c.does},
			})
		}
	}
	a.placeTiles(b)
	return nil
}

// placeTiles makes the samples tiles, row by row.
func (a *ForgetResult) placeTiles(b *Block) {
	if len(b.Block.Layout) == 0 {
		return
	}
	shown := rowsOf(a)
	columns, rows := b.Block.Layout[0].Columns, len(shown)
	if columns < 1 || columns > gallery.MostTiles {
		return
	}
	g, ok := b.Group(0, columns*rows)
	if !ok {
		return
	}
	for i := range g.Count {
		column, r := i%columns, shown[i/columns]
		m := a.Methods[r.method]
		name, text, command := fmt.Sprintf("Sample %d", column), "As G draws it.", ""
		if a.MeasuredSeed != 0 {
			text = fmt.Sprintf("As G draws latent number %d of seed %d.", column, a.MeasuredSeed)
			command = b.draws(a.MeasuredSeed, column, 1)
		}
		if m.Statistics == forget.Batch {
			text, command = fmt.Sprintf("%s Batch norm uses the statistics of 100 samples.", text), ""
		}
		if r.kind != rowBefore {
			name += ", " + m.Name.String()
			text = map[rowKind]string{
				rowAfter:     fmt.Sprintf("Without %s, by the method %s.", a.Concept, m.Name),
				rowPixels:    fmt.Sprintf("A control: pixels are filled where %s fills activations.", m.Name),
				rowElsewhere: fmt.Sprintf("A control: %s fills where the next sample has the concept.", m.Name),
			}[r.kind]
			if command != "" {
				text += " The command draws it as it was."
			}
		}
		if r.kind > rowAfter || r.kind == rowBefore && r.method > 0 {
			name += ", " + r.label
		}
		b.Add(g, i, name, text, command)
	}
	for _, r := range shown[1:] {
		name := "forgotten, by " + a.Methods[r.method].Name.String()
		switch r.kind {
		case rowBefore:
			name = r.label
		case rowPixels, rowElsewhere:
			name = a.Methods[r.method].Name.String() + ", " + r.label
		}
		b.Data.Wipe = append(b.Data.Wipe, name)
	}
}
