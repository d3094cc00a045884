package figure

import (
	"fmt"
	"math"
	"strings"

	"dcganviz/gallery"
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
			w.Found = "Do not believe these maps, for the rule IGNORES THE WEIGHTS: " + kept + "."
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

// ruleWords say how a map is made.
func ruleWords(rule string) string {
	switch rule {
	case "guided":
		return "by guided backpropagation, which follows only what raises the response"
	case "deconvnet":
		return "by the deconvnet's rule, which follows only what is passed back as positive"
	case "gradient":
		return "by its gradient"
	}
	return fmt.Sprintf("by the rule %q", rule)
}

// Describe says on the page what the units respond to.
func (a *FiltersResult) Describe(b *Block) error {
	units := a.Trained.Units
	if len(units) == 0 || len(units) > gallery.MostTiles {
		return fmt.Errorf("%d units", len(units))
	}
	b.Done = fmt.Sprintf("For %s of layer %s of the discriminator D, the images that they respond to most were found among %d (%s). A map says which pixels a response came from, %s.",
		plural(len(units), "unit"), a.Layer, a.Pictures.Count, a.Pictures.Title, ruleWords(a.Rule.String()))
	b.Look = "Does a unit of the trained net pick out one thing, on all of its images? The untrained net of the same shape beside it says what a net shows that has learnt nothing."
	b.say(a.words())
	b.Alt = fmt.Sprintf("A row for each of %s: maps of an untrained net, maps of the trained one, and the images, with the parts that the unit sees in frames", plural(len(units), "unit"))
	b.Table = &gallery.Table{Caption: "The units of " + a.Layer, Columns: []gallery.Column{
		{Name: "Unit"}, {Name: "Maps"}, {Name: "Images"}, {Name: "Largest response", Hint: "activation"}, {Name: "Above the mean", Hint: "in standard deviations of the unit"},
	}}
	each := len(units[0].Top)
	maps, ok := b.Group(1, each*len(units))
	images, also := b.Group(2, each*len(units))
	ok = ok && also && 2*each*len(units) <= gallery.MostTiles
	for i, u := range units {
		if len(u.Top) != each || each == 0 {
			return fmt.Errorf("unit %d has %d responses, want %d", u.Unit, len(u.Top), each)
		}
		var of [2]gallery.Cell
		for j, top := range u.Top {
			if !ok {
				break
			}
			name := a.Pictures.Names[top.Image]
			if name == "" {
				name = fmt.Sprintf("image %d", top.Image)
			}
			text := fmt.Sprintf("Response %.3g of unit %d to %s.", top.Value, u.Unit, name)
			of[0].Tiles, of[1].Tiles = append(of[0].Tiles, len(b.Data.Tiles)), append(of[1].Tiles, len(b.Data.Tiles)+1)
			b.Add(maps, i*each+j, fmt.Sprintf("Unit %d, map %d", u.Unit, j+1), text, "")
			b.Add(images, i*each+j, fmt.Sprintf("Unit %d, image %d", u.Unit, j+1), text, "")
		}
		above := math.NaN()
		if u.SD > 0 {
			above = (u.Top[0].Value - u.Mean) / u.SD
		}
		row := []gallery.Cell{gallery.Number(float64(u.Unit), "%.0f"), of[0], of[1], gallery.Number(u.Top[0].Value, "%.2f"), {Text: "–"}}
		if !math.IsNaN(above) {
			row[4] = gallery.Number(above, "%.1f")
		}
		b.Table.Rows = append(b.Table.Rows, row)
	}
	return nil
}
