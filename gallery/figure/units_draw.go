package figure

import (
	"context"
	"fmt"
	"image"

	"dcganviz/model"
	"dcganviz/probe/stats"
	"dcganviz/probe/units"
	"dcganviz/viz"
)

// leastUnitPx is how wide an image is drawn at least, so that the numbers of a unit have
// room below its images.
const leastUnitPx = 64

// sheetColumns is how many units stand side by side.
const sheetColumns = 4

// Draw draws the sheet of all units, or the card of one.
func (a *UnitsResult) Draw() (*viz.Picture, error) {
	switch {
	case a.card != nil:
		return a.card.Draw()
	case a.study == nil:
		return nil, errNoImages
	}
	st := a.study
	byUnit := map[int]*units.Unit{}
	for i := range a.Units {
		byUnit[a.Units[i].Unit] = &a.Units[i]
	}
	tiles := make([]viz.UnitTile, len(a.Order))
	for i, k := range a.Order {
		u := byUnit[k]
		samples, areas := topOf(st, u)
		drawn, err := pictures(st.Samples(samples))
		if err != nil {
			return nil, err
		}
		change := st.Samples([]int{0})
		change.Data, a.Gains[k] = viz.Amplify(st.Difference(k))
		changes, err := pictures(change)
		if err != nil {
			return nil, err
		}
		tiles[i] = viz.UnitTile{Samples: drawn, Areas: areas, Change: changes[0], Caption: unitCaption(u, a.Gains[k])}
	}
	order := map[string]string{"effect": "falling effect", "area": "falling area", "concept": "falling overlap with the " + a.Concept, "unit": "number"}[a.Sort]
	side := tiles[0].Change.Bounds().Dx()
	return viz.UnitSheet(tiles, viz.SheetOptions{Columns: sheetColumns, GapPx: 14, TextPx: 12, Scale: (leastUnitPx + side - 1) / side,
		Title: fmt.Sprintf("What the units of %s draw, %s", a.Layer, a.Model),
		Footer: fmt.Sprintf("%s\nEach unit: the samples of seed %d that drive it most, dimmed outside of its area (where its map, upsampled, exceeds all but %g of its activations), and what holding it at %s changes on average, "+
			"amplified as said, grey = nothing. in/out: how many times as much changes inside of its area as outside; the same in its areas of other samples; and by units as strong. In order of %s.",
			a.Words().Verdict, a.Seed, a.Quantile, a.Hold, order)})
}

func unitCaption(u *units.Unit, gain float64) string {
	if u.Dead {
		return fmt.Sprintf("unit %d: dead\n", u.Unit)
	}
	short := func(i *stats.Interval) string {
		if i == nil {
			return "-"
		}
		return fmt.Sprintf("%.1f", i.Mean)
	}
	alike := "-"
	if u.Matched != nil && u.Matched.Concentration != nil {
		alike = fmt.Sprintf("%.1f", *u.Matched.Concentration)
	}
	text := fmt.Sprintf("unit %d: RMSE %.3f (%.3f to %.3f), change x%.2g\nin/out %s, shuffled %s, alike %s",
		u.Unit, u.Effect.Mean, u.Effect.Lo, u.Effect.Hi, gain, short(u.Concentration), short(u.Shuffled), alike)
	if u.Concept != nil {
		text += fmt.Sprintf("; IoU %.2f (%.2f)", u.Concept.IoU.Mean, u.Concept.Chance)
	}
	return text
}

// topOf returns the samples that drive a unit most, and its areas in them.
func topOf(st *units.Result, u *units.Unit) (samples []int, areas [][]bool) {
	for _, p := range u.Top {
		samples = append(samples, p.Sample)
		areas = append(areas, st.Area(u.Unit, p.Sample))
	}
	return samples, areas
}

// histogramRanges is how many ranges a card sorts activations into.
const histogramRanges = 60

// makeCard draws what the card of one unit shows.
func (a *UnitsResult) makeCard(ctx context.Context) error {
	st := a.study
	u := &a.Units[0]
	samples, areas := topOf(st, u)
	before := st.Samples(samples)
	after, err := st.Held(ctx, u.Unit, samples)
	if err != nil {
		return err
	}
	change := before.Clone()
	for i, v := range after.Data {
		change.Data[i] = v - before.Data[i]
	}
	card := viz.UnitCard{Areas: areas, HeldAt: fmt.Sprintf("held at\n%.3g", u.Held), Title: fmt.Sprintf("Unit %d of %s, %s", u.Unit, a.Layer, a.Model),
		Footer: a.Words().Verdict}
	change.Data, card.ChangeGain = viz.Amplify(change.Data)
	a.Gains[u.Unit] = card.ChangeGain
	for _, row := range []struct {
		to *[]image.Image
		of model.Tensor
	}{{&card.Drawn, before}, {&card.Held, after}, {&card.Changes, change}} {
		if *row.to, err = pictures(row.of); err != nil {
			return err
		}
	}
	for _, p := range u.Top {
		card.Labels = append(card.Labels, fmt.Sprintf("sample %d\n%.2f", p.Sample, p.Activation))
	}
	h := st.Histogram(u.Unit, histogramRanges)
	a.Histogram = &h
	all := float64(a.Samples * a.Height * a.Width)
	if h.Hi > h.Lo {
		card.Lo, card.Hi, card.Threshold = h.Lo, h.Hi, float64(u.Threshold)
		for _, n := range h.Counts {
			card.Shares = append(card.Shares, float64(n)/all)
		}
		card.HistogramCaption = fmt.Sprintf("Activations that are not zero, of %d locations in %d samples; zero are %.0f%%, not drawn.", int(all), a.Samples, 100*float64(h.Zeros)/all)
	}
	a.card = &card
	return nil
}
