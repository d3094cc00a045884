package figure

import (
	"fmt"
	"math"
	"strings"

	"dcganviz/gallery"
	"dcganviz/probe/filters"
)

// Words say whether the maps know the weights, and what the units respond to.
func (a *FiltersResult) Words() (w Words) {
	w.Verdict = "Every map is empty, so nothing follows from them."
	if c := a.Sanity.Curves; len(c) > 0 && len(c[0].Stages) > 1 && c[0].Stages[1].Pairs > 0 {
		a.sanityWords(&w, &c[0])
		w.More = append(w.More, some(a.otherRules())...)
	}
	w.More = append(w.More, a.responseWords()...)
	if len(a.Maximized) > 0 {
		text := make([]string, len(a.Maximized))
		for i, m := range a.Maximized {
			text[i] = fmt.Sprintf("%.2g to %.3g", m.Start, m.End)
		}
		w.More = append(w.More, "Gradient ascent takes the activations from "+andList(text)+".")
	}
	return w
}

// responseWords say what the units respond to, and the same of untrained nets.
func (a *FiltersResult) responseWords() []string {
	t, u := &a.Trained.Maps, &a.Untrained.Maps
	own := fmt.Sprintf("Over %d images (%s), the largest responses of %s of %s lie %s standard deviations above the units' means. Half of a map's energy, by %s, lies on %s of the field that the unit sees: the smaller, the more a map points at one thing. Contrast %s, smoothness %s.",
		a.Pictures.Count, a.Pictures.Title, plural(len(a.Trained.Units), "unit"), a.Layer, tenths(t.Selectivity), a.ruleName(), percents(t.HalfEnergyArea), tenths(t.Contrast), hundredths(t.Smoothness))
	nets := "An untrained net of the same shape"
	if a.UntrainedNets > 1 {
		nets = fmt.Sprintf("%d untrained nets of the same shape", a.UntrainedNets)
	}
	control := fmt.Sprintf("%s: %s standard deviations, %s of the field, contrast %s, smoothness %s.",
		nets, tenths(u.Selectivity), percents(u.HalfEnergyArea), tenths(u.Contrast), hundredths(u.Smoothness))
	if u.Selectivity.Mean >= t.Selectivity.Mean {
		control += " Their responses stand out no less, so that shows no learning."
	}
	return []string{own, control}
}

// sanityWords say what the maps of a rule depend on: the weights, and the unit. Likeness is
// the rank correlation.
func (a *FiltersResult) sanityWords(w *Words, c *filters.SanityCurve) {
	own, all := c.Stages[1], c.Stages[len(c.Stages)-1]
	switch {
	case all.Pairs == 0:
		w.Verdict = "With random weights every map is empty."
	case c.IgnoresWeights:
		w.Verdict = "Do not believe these maps: they hardly change where D has random weights."
	default:
		w.Verdict = "The maps depend on what D learnt."
	}
	likeness := []string{fmt.Sprintf("%s with random weights in %s", hundredths(own.Spearman), own.Layer)}
	if all.Pairs > 0 {
		likeness = append([]string{hundredths(all.Spearman) + " with all weights random"}, likeness...)
	}
	if c.Swapped.Pairs > 0 {
		other := c.Swapped.Spearman
		compared := "as much as"
		switch {
		case other.Lo > own.Spearman.Hi:
			compared = "more than"
		case other.Hi < own.Spearman.Lo:
			compared = "less than"
		}
		w.Verdict += fmt.Sprintf(" The map of another unit resembles a unit's map %s its own does with random weights in %s.", compared, own.Layer)
		likeness = append(likeness, hundredths(other)+" of another unit at the same image and place")
	}
	w.Number = fmt.Sprintf("Rank correlation with the map as it is: %s.", andList(likeness))
	w.Control = fmt.Sprintf("By chance it is %s.", hundredths(c.Chance.Spearman))
	var alone []string
	for _, s := range c.Independent {
		alone = append(alone, fmt.Sprintf("%.2f of %s", s.Spearman.Mean, s.Layer))
	}
	if len(alone) > 1 && all.Pairs > 0 {
		w.More = append(w.More, fmt.Sprintf("With the weights of one layer random it is %s; of gradients of two untrained nets %s.", andList(alone), hundredths(a.Sanity.Chance.Spearman)))
	}
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
	b.say(a.Words())
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
