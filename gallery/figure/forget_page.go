package figure

import (
	"fmt"

	"dcganviz/gallery"
	"dcganviz/probe/forget"
)

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
