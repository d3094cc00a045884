package figure

import (
	"fmt"
	"math"
	"strings"

	"dcganviz/gallery"
	"dcganviz/probe/filters"
)

// Summary says what the units respond to, and whether the maps know the weights.
func (a *FiltersResult) Summary() []string { return a.words().lines() }

func (a *FiltersResult) words() (w Words) {
	t, u := &a.Trained.Maps, &a.Untrained.Maps
	w.Found = "Every map is empty, so nothing follows from them."
	var others string
	if c := a.Sanity.Curves; len(c) > 0 && len(c[0].Stages) > 1 && c[0].Stages[1].Pairs > 0 {
		w.Found, others = a.sanityWords(&c[0]), a.otherRules()
	}
	w.Number = fmt.Sprintf("Over %d images (%s), the largest responses of %s of %s lie %s standard deviations above the units' means. Half of a map's energy, by %s, lies on %s of the field that the unit sees: the smaller, the more a map points at one thing. Contrast %s, smoothness %s.",
		a.Pictures.Count, a.Pictures.Title, plural(len(a.Trained.Units), "unit"), a.Layer, tenths(t.Selectivity), a.ruleName(), percents(t.HalfEnergyArea), tenths(t.Contrast), hundredths(t.Smoothness))
	nets := "An untrained net of the same shape"
	if a.UntrainedNets > 1 {
		nets = fmt.Sprintf("%d untrained nets of the same shape", a.UntrainedNets)
	}
	w.Control = fmt.Sprintf("%s: %s standard deviations, %s of the field, contrast %s, smoothness %s.",
		nets, tenths(u.Selectivity), percents(u.HalfEnergyArea), tenths(u.Contrast), hundredths(u.Smoothness))
	if u.Selectivity.Mean >= t.Selectivity.Mean {
		w.Control += " Their responses stand out no less, so that shows no learning."
	}
	w.Control = joined(w.Control, others)
	if len(a.Maximized) > 0 {
		text := make([]string, len(a.Maximized))
		for i, m := range a.Maximized {
			text[i] = fmt.Sprintf("%.2g to %.3g", m.Start, m.End)
		}
		w.More = []string{"Gradient ascent takes the activations from " + andList(text) + "."}
	}
	return w
}

// sanityWords say what the maps of a rule depend on: first the unit, then the weights.
// Likeness is the rank correlation.
func (a *FiltersResult) sanityWords(c *filters.SanityCurve) string {
	own, all := c.Stages[1], c.Stages[len(c.Stages)-1]
	chance := fmt.Sprintf("by chance it is %s", hundredths(c.Chance.Spearman))
	first := fmt.Sprintf("With random weights in %s the rank correlation of a map with itself is %s; %s.", own.Layer, hundredths(own.Spearman), chance)
	if c.Swapped.Pairs > 0 {
		other := c.Swapped.Spearman
		compared := "as alike as"
		switch {
		case other.Lo > own.Spearman.Hi:
			compared = "more alike than"
		case other.Hi < own.Spearman.Lo:
			compared = "less alike than"
		}
		first = fmt.Sprintf("The map of another unit at the same image and place is %s the unit's own with random weights in %s: the rank correlation is %s and %s; %s.", compared, own.Layer, hundredths(other), hundredths(own.Spearman), chance)
	}
	depends := "The maps depend on what D learnt:"
	if c.IgnoresWeights {
		depends = "Do not believe these maps, for the rule IGNORES THE WEIGHTS:"
	}
	if all.Pairs == 0 {
		return first + " With all weights random every map is empty."
	}
	text := fmt.Sprintf("%s %s with all weights random it is %s, of gradients of untrained nets %s", first, depends, hundredths(all.Spearman), hundredths(a.Sanity.Chance.Spearman))
	var alone []string
	for _, s := range c.Independent {
		alone = append(alone, fmt.Sprintf("%.2f of %s", s.Spearman.Mean, s.Layer))
	}
	if len(alone) > 1 {
		text += ", with the weights random " + andList(alone) + " alone"
	}
	return text + "."
}

// otherRules are the same of the rules that the maps are not made by.
func (a *FiltersResult) otherRules() string {
	var others []string
	for _, o := range a.Sanity.Curves[1:] {
		if len(o.Stages) > 1 && o.Stages[1].Pairs > 0 {
			text := fmt.Sprintf("%s %.2f", o.Rule, o.Stages[1].Spearman.Mean)
			if o.Swapped.Pairs > 0 {
				text += fmt.Sprintf(" (another unit %.2f)", o.Swapped.Spearman.Mean)
			}
			others = append(others, text)
		}
	}
	if others == nil {
		return ""
	}
	return fmt.Sprintf("By other rules, with %s random: %s.", a.Sanity.Curves[0].Stages[1].Layer, strings.Join(others, ", "))
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
