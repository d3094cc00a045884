package figure

import (
	"fmt"
	"strconv"
	"strings"

	"dcganviz/gallery"
	"dcganviz/probe/units"
)

// Words say what the units draw.
func (a *UnitsResult) Words() Words {
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
	low, high := &a.Units[0], &a.Units[0]
	for i := range a.Units {
		u := &a.Units[i]
		effects = append(effects, u.Effect.Mean)
		if u.Effect.Mean < low.Effect.Mean {
			low = u
		}
		if u.Effect.Mean > high.Effect.Mean {
			high = u
		}
		if u.Concentration != nil && u.Shuffled != nil && u.Matched != nil && u.Matched.Concentration != nil {
			inside, shuffled, alike = append(inside, u.Concentration.Mean), append(shuffled, u.Shuffled.Mean), append(alike, *u.Matched.Concentration)
		}
		if u.Paints() {
			painting++
		}
		if u.Concept != nil && a.ConceptChanceHi != nil && u.Concept.IoU.Mean > *a.ConceptChanceHi {
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
	w.Verdict = fmt.Sprintf("%d of %d units of %s draw where they are active: without them the image changes more there than elsewhere. %s", painting, len(a.Units), a.Layer, dead)
	w.Number = fmt.Sprintf("Where a unit is active it changes the image %.1f times as much as elsewhere (median).", median(inside))
	w.Control = fmt.Sprintf("In a unit's areas of other samples, its usual places: %.1f times; units as strong, in the same areas: %.1f times.", median(shuffled), median(alike))
	w.More = some(fmt.Sprintf("Held at %s in %d of %d samples, a unit changes the image by RMSE %.3f (median), from %.3f (unit %d) to %.3f (unit %d). A unit counts as one that draws where it is active if it exceeds both controls.",
		a.Hold, a.HeldSamples, a.Samples, median(effects), low.Effect.Mean, low.Unit, high.Effect.Mean, high.Unit))
	if a.ConceptChanceHi != nil {
		w.More = append(w.More, fmt.Sprintf("The area of %d of %d overlaps with the concept (%s) more than the largest of all does in 97.5%% of shuffles.", overlap, len(a.Units), a.Concept))
	}
	w.More = append(w.More, some(a.searchWords())...)
	if a.Logit != nil {
		w.More = append(w.More, fmt.Sprintf("Without it D finds samples better for %d units and worse for %d (intervals beyond 0, %d samples; chance alone gives about %.0f).", up, down, a.LogitSamples, .05*float64(len(a.Units))))
	}
	return w
}

// searchWords are on the unit that overlaps most with the concept.
func (a *UnitsResult) searchWords() string {
	s := a.Search
	if s == nil {
		return ""
	}
	return fmt.Sprintf("Of all %d units of %s, unit %d of %s overlaps most with the concept, chosen on %d other samples (IoU %.3f): here IoU %s, of at most %.2f for an area of that size. In shuffles of the samples the largest of all %d reaches %s (%s). %s of its area shows the concept, and so does %s of the image.",
		s.Units, andList(s.Layers), s.Unit, s.Layer, s.Samples, s.Chosen, thousandths(s.IoU), s.AtMost, s.Units, thousandths(s.Chance), pValue(s.P), eachPercent(s.Within), percent(s.Area))
}

// unitWords are on one unit.
func (a *UnitsResult) unitWords() (w Words) {
	u := &a.Units[0]
	if u.Dead {
		return Words{
			Verdict: fmt.Sprintf("Unit %d of %s is dead: zero at all %dx%d locations of %d samples.", u.Unit, a.Layer, a.Height, a.Width, a.Samples),
			Number:  "Holding it at zero changes nothing.",
			Control: "It has no area, and no other unit to be compared with.",
		}
	}
	does := "does not draw where it is active more than the controls do"
	if u.Paints() {
		does = "draws where it is active"
	}
	w.Verdict = fmt.Sprintf("Unit %d of %s %s.", u.Unit, a.Layer, does)
	if c := u.Concept; c != nil {
		more := "no more"
		if c.IoU.Mean > c.ChanceHi {
			more = "more"
		}
		w.Verdict += fmt.Sprintf(" Its area overlaps with the %s %s than shuffles do: IoU %.2f, by chance %.2f.", a.Concept, more, c.IoU.Mean, c.Chance)
	}
	w.Number = fmt.Sprintf("Held at %s it changes images by RMSE %s", a.Hold, thousandths(u.Effect))
	if c := u.Concentration; c != nil {
		w.Number += fmt.Sprintf(", inside of its area %s times as much as outside", tenths(*c))
	}
	w.Number += "."
	if s := u.Shuffled; s != nil {
		w.Control = fmt.Sprintf("In its areas of other samples, its usual places: %s times", tenths(*s))
		if m := u.Matched; m != nil && m.Concentration != nil {
			w.Control += fmt.Sprintf("; units as strong, in the same areas: %.2f times", *m.Concentration)
		}
		w.Control += "."
	}
	w.More = some(fmt.Sprintf("Its mean is %.3f, its standard deviation %.3f; it is above zero at %s of locations. Its area, where it exceeds %.3f, is %.1f%% of the image in %s of %d samples. Inside of it the RMSE is %s, outside %s.",
		u.Mean, u.SD, percent(u.Active), u.Threshold, 100*u.Area, percent(u.Seen), a.Samples, thousandthsOr(u.Inside), thousandthsOr(u.Outside)), alikeText(u.Matched))
	if c := u.Concept; c != nil {
		w.More = append(w.More, some(fmt.Sprintf("Its area overlaps by %.2f with where a scorer sees the concept, and by %.2f with where it sees it in other samples (97.5%% of shuffles: at most %.2f).", c.IoU.Mean, c.Chance, c.ChanceHi), a.searchWords())...)
	}
	if u.Logit != nil && a.Logit != nil {
		w.More = append(w.More, fmt.Sprintf("D's logit, %s as drawn, changes by %s in %d samples.", thousandths(*a.Logit), thousandths(*u.Logit), a.LogitSamples))
	}
	return w
}

// alikeText is on units that are as strong.
func alikeText(m *units.Matched) string {
	if m == nil {
		return ""
	}
	text := fmt.Sprintf("Units as strong (%s) change images by RMSE %.3f.", numbers(m.Units), m.Effect)
	if len(m.Seers) > 0 {
		text += fmt.Sprintf(" Of these, %s overlap with the concept themselves", numbers(m.Seers))
		if m.Others != nil {
			text += fmt.Sprintf("; in this unit's areas the others change the image %.2f times as much as outside", *m.Others)
		}
		text += "."
	}
	return text
}

// drivers are the samples that drive a unit most.
func drivers(u *units.Unit) string {
	var words []string
	for _, t := range u.Top {
		words = append(words, strconv.Itoa(t.Sample))
	}
	return strings.Join(words, ", ")
}

// Describe says on the page what the units draw.
func (a *UnitsResult) Describe(b *Block) error {
	if len(a.Units) == 0 || len(a.Units) > gallery.MostTiles {
		return fmt.Errorf("%d units", len(a.Units))
	}
	b.Done = fmt.Sprintf("A unit is one channel of layer %s of G, a map of %dx%d numbers. For each the samples of seed %d that drive it most are shown, dimmed where it is not active, and last what changes when it is held at %s, amplified; grey is no change.",
		a.Layer, a.Height, a.Width, a.Seed, a.Hold)
	b.Look = "What do the bright parts of one unit have in common, and does the change lie there too? Sort the table to find units that matter."
	b.Alt = fmt.Sprintf("For each of %d units of layer %s: samples with the parts where the unit is active, and what changes without it", len(a.Units), a.Layer)
	if len(a.Order) == 0 {
		return a.describeCard(b, &a.Units[0])
	}
	byUnit := make(map[int]*units.Unit)
	for i := range a.Units {
		byUnit[a.Units[i].Unit] = &a.Units[i]
	}
	b.say(a.Words())
	b.Table = &gallery.Table{Caption: "The units of " + a.Layer, Columns: []gallery.Column{
		{Name: "Unit"}, {Name: "Samples that drive it most, and the change"}, {Name: "Effect", Hint: "RMSE of images without it"}, {Name: "In/out", Hint: "change where it is active over change elsewhere"},
		{Name: "Control", Hint: "in/out with its areas of other samples"}, {Name: "Area", Hint: "share of the image where it is active"},
	}}
	if a.Concept != "" {
		b.Table.Columns = append(b.Table.Columns, gallery.Column{Name: "Overlap", Hint: "of its area with the " + a.Concept + ", intersection over union; by chance in brackets"})
	}
	b.Table.Columns = append(b.Table.Columns, gallery.Column{Name: "D's logit", Hint: "its change without the unit"})
	g, placed := b.Group(0, len(a.Order))
	for i, k := range a.Order {
		u := byUnit[k]
		if u == nil {
			return fmt.Errorf("unit %d is ordered and not there", k)
		}
		picture := gallery.Cell{}
		if placed {
			picture.Tiles = []int{len(b.Data.Tiles)}
			b.Add(g, i, fmt.Sprintf("Unit %d", k), fmt.Sprintf("Samples %s drive it most. The command draws its card.", drivers(u)), b.command("units", "--layer", a.Layer, "--seed", strconv.FormatUint(a.Seed, 10), "--unit", strconv.Itoa(k), "--out", fmt.Sprintf("%s-unit%d.png", a.Layer, k)))
		}
		row := []gallery.Cell{gallery.Number(float64(k), "%.0f"), picture, gallery.Number(u.Effect.Mean, "%.3f"), optional(u.Concentration, "%.1f"), optional(u.Shuffled, "%.1f"),
			{Text: fmt.Sprintf("%.1f%%", 100*u.Area), Sort: fmt.Sprint(u.Area)}}
		if a.Concept != "" {
			c := gallery.Cell{Text: "–"}
			if u.Concept != nil {
				c = gallery.Cell{Text: fmt.Sprintf("%.2f (%.2f)", u.Concept.IoU.Mean, u.Concept.Chance), Sort: fmt.Sprint(u.Concept.IoU.Mean)}
			}
			row = append(row, c)
		}
		b.Table.Rows = append(b.Table.Rows, append(row, optional(u.Logit, "%+.3f")))
	}
	return nil
}

// cardRows are the rows of a unit's card.
var cardRows = []string{"as drawn", "without the unit", "the change"}

// describeCard says what the card of one unit shows.
func (a *UnitsResult) describeCard(b *Block, u *units.Unit) error {
	layer, hold, seed := a.Layer, a.Hold, a.Seed
	b.Title = fmt.Sprintf("Unit %d of %s", u.Unit, layer)
	b.Done = fmt.Sprintf("A unit is one channel of a layer of G. The samples of seed %d that drive this one most are shown: as drawn, with its area, where it is most active, outlined; with the unit held at %s; and the change, amplified, where grey means no change.", seed, hold)
	b.Look = "What do the outlined parts have in common? Move the slider: does it go when the unit is held, and does the rest stay?"
	b.say(a.Words())
	b.Alt = fmt.Sprintf("Unit %d of layer %s: samples as drawn with its area outlined, with the unit held, and the change", u.Unit, layer)
	g, ok := b.Group(0, len(cardRows)*len(u.Top))
	if !ok || len(u.Top) == 0 {
		return nil
	}
	for i := range g.Count {
		top, row := u.Top[i%len(u.Top)], i/len(u.Top)
		text := fmt.Sprintf("Of sample %d of seed %d, which drives the unit to %.3g.", top.Sample, seed, top.Activation)
		command := b.draws(seed, top.Sample, 1)
		if command != "" {
			text += " The command draws the sample, without an outline."
		}
		b.Add(g, i, fmt.Sprintf("Sample %d, %s", top.Sample, cardRows[row]), text, command)
	}
	b.Data.Wipe = cardRows[1:]
	return nil
}
