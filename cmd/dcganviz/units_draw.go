package main

import (
	"context"
	"fmt"
	"image"
	"slices"
	"strings"

	"dcganviz/model"
	"dcganviz/probe/stats"
	"dcganviz/probe/units"
	"dcganviz/viz"
)

// layerSummary is the three lines for people, of all units.
func (a *unitsAnswer) layerSummary() []string {
	var effects, inside, shuffled, alike []float64
	painting, overlap, up, down := 0, 0, 0, 0
	low, high, best := &a.Units[0], &a.Units[0], &a.Units[0]
	for i := range a.Units {
		u := &a.Units[i]
		effects = append(effects, u.Effect.Mean)
		if u.Effect.Mean < low.Effect.Mean {
			low = u
		}
		if u.Effect.Mean > high.Effect.Mean {
			high = u
		}
		if overlapOf(u) > overlapOf(best) {
			best = u
		}
		if u.Concentration != nil && u.Shuffled != nil && u.Matched != nil && u.Matched.Concentration != nil {
			inside, shuffled, alike = append(inside, u.Concentration.Mean), append(shuffled, u.Shuffled.Mean), append(alike, *u.Matched.Concentration)
		}
		if u.Paints() {
			painting++
		}
		if u.Concept != nil && u.Concept.IoU.Mean > u.Concept.ChanceHi {
			overlap++
		}
		switch beyond(u.Logit) {
		case 1:
			up++
		case -1:
			down++
		}
	}
	dead := "none is dead"
	if n := len(a.Dead); n > 0 {
		dead = fmt.Sprintf("%d of them dead: %s", n, numbers(a.Dead))
	}
	lines := []string{
		fmt.Sprintf("%s: %d units of %dx%d, %s; each held at %s in %d of %d samples changes the image by RMSE %.3f (median), from %.3f (unit %d) to %.3f (unit %d)",
			a.Layer, a.Of, a.Height, a.Width, dead, a.Hold, a.HeldSamples, a.Samples, median(effects), low.Effect.Mean, low.Unit, high.Effect.Mean, high.Unit),
		fmt.Sprintf("where a unit is active it changes %.1f times as much as elsewhere (median), in its areas of other samples %.1f, units as strong there %.1f: %d of %d draw where they are active beyond both controls",
			median(inside), median(shuffled), median(alike), painting, len(a.Units)),
	}
	var last []string
	if a.Concept != "" && best.Concept != nil {
		last = append(last, fmt.Sprintf("the area of %d of %d overlaps with the %s more than 97.5%% of shuffles, most that of unit %d: IoU %s, by chance %.3f",
			overlap, len(a.Units), a.Concept, best.Unit, figure(best.Concept.IoU), best.Concept.Chance))
	}
	if a.Logit != nil {
		last = append(last, fmt.Sprintf("without it D finds samples better for %d units and worse for %d (intervals beyond 0, %d samples; chance alone gives about %.0f)", up, down, a.LogitSamples, .05*float64(len(a.Units))))
	}
	if len(last) == 0 {
		last = []string{"no D and no scorer to ask what is lost"}
	}
	return append(lines, strings.Join(last, "; "))
}

// unitSummary is the three lines for people, of one unit.
func (a *unitsAnswer) unitSummary() []string {
	u := &a.Units[0]
	if u.Dead {
		return []string{
			fmt.Sprintf("%s, unit %d of %d: dead, zero at all %dx%d locations of %d samples", a.Layer, u.Unit, a.Of, a.Height, a.Width, a.Samples),
			"held at zero it changes nothing", "it has no area, and no other unit to be compared with",
		}
	}
	lines := []string{
		fmt.Sprintf("%s, unit %d of %d: mean %.3f, SD %.3f, above zero at %.0f%% of locations; its area, where it exceeds %.3f, is %.1f%% of the image in %.0f%% of samples",
			a.Layer, u.Unit, a.Of, u.Mean, u.SD, 100*u.Active, u.Threshold, 100*u.Area, 100*u.Seen),
		fmt.Sprintf("held at %s in %d samples: RMSE %s, inside of its area %s, outside %s: %s times as much, in its areas of other samples %s%s",
			a.Hold, a.HeldSamples, figure(u.Effect), figureOr(u.Inside), figureOr(u.Outside), figureOr(u.Concentration), figureOr(u.Shuffled), alikeText(u.Matched)),
	}
	var last []string
	if u.Concept != nil {
		last = append(last, fmt.Sprintf("%s: IoU %s, by chance %.3f (97.5%% of shuffles to %.3f)", a.Concept, figure(u.Concept.IoU), u.Concept.Chance, u.Concept.ChanceHi))
	}
	if u.Logit != nil {
		last = append(last, fmt.Sprintf("D's logit changes by %s in %d samples, of %s as drawn", figure(*u.Logit), a.LogitSamples, figure(*a.Logit)))
	}
	if len(last) == 0 {
		last = []string{"no D and no scorer to ask what is lost"}
	}
	return append(lines, strings.Join(last, "; "))
}

func alikeText(m *units.Matched) string {
	if m == nil {
		return ""
	}
	text := fmt.Sprintf("; units %s, as strong: RMSE %.3f", numbers(m.Units), m.Effect)
	if m.Inside != nil {
		text += fmt.Sprintf(", inside %.3f", *m.Inside)
	}
	if m.Concentration != nil {
		text += fmt.Sprintf(", %.2f times", *m.Concentration)
	}
	return text
}

func figureOr(i *stats.Interval) string {
	if i == nil {
		return "-"
	}
	return figure(*i)
}

func numbers(list []int) string {
	const most = 12
	out := make([]string, 0, most)
	for i, n := range list {
		if i == most {
			out = append(out, "...")
			break
		}
		out = append(out, fmt.Sprint(n))
	}
	return strings.Join(out, ", ")
}

// median is 0 of nothing.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Sorted(slices.Values(v))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// sheetColumns is how many units stand side by side.
const sheetColumns = 4

// drawUnitSheet draws all units.
func drawUnitSheet(st *units.Result, a *unitsAnswer, summary []string) (image.Image, error) {
	byUnit := map[int]*units.Unit{}
	for i := range a.Units {
		byUnit[a.Units[i].Unit] = &a.Units[i]
	}
	tiles := make([]viz.UnitTile, len(a.Order))
	for i, k := range a.Order {
		u := byUnit[k]
		samples, areas := topOf(st, u)
		drawn, err := picturesOf(st.Samples(samples))
		if err != nil {
			return nil, err
		}
		change := st.Samples([]int{0})
		change.Data, a.Gains[k] = viz.Amplify(st.Difference(k))
		changes, err := picturesOf(change)
		if err != nil {
			return nil, err
		}
		tiles[i] = viz.UnitTile{Samples: drawn, Areas: areas, Change: changes[0], Caption: unitCaption(u, a.Gains[k])}
	}
	order := map[string]string{"effect": "falling effect", "area": "falling area", "concept": "falling overlap with the " + a.Concept, "unit": "number"}[a.Sort]
	return viz.UnitSheet(tiles, viz.SheetOptions{Columns: sheetColumns, GapPx: 14, TextPx: 12,
		Title: fmt.Sprintf("What the units of %s draw, %s", a.Layer, a.Model),
		Footer: fmt.Sprintf("Each unit: the samples of seed %d that drive it most, dimmed outside of its area (where its map, upsampled, exceeds all but %g of its activations), and what holding it at %s changes on average, "+
			"amplified as said, grey = nothing. in/out: how many times as much changes inside of its area as outside; the same in its areas of other samples; and by units as strong. In order of %s.\n%s.",
			a.Seed, a.Quantile, a.Hold, order, strings.Join(summary, ".\n"))})
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

// picturesOf converts images [N, H, W, C].
func picturesOf(t model.Tensor) ([]image.Image, error) {
	return viz.Images(t.Data, t.Shape[0], t.Shape[1], t.Shape[2], t.Shape[3])
}

// histogramRanges is how many ranges a card sorts activations into.
const histogramRanges = 60

// drawUnitCard draws one unit.
func drawUnitCard(ctx context.Context, st *units.Result, a *unitsAnswer) (image.Image, error) {
	u := &a.Units[0]
	samples, areas := topOf(st, u)
	before := st.Samples(samples)
	after, err := st.Held(ctx, u.Unit, samples)
	if err != nil {
		return nil, err
	}
	change := before.Clone()
	for i, v := range after.Data {
		change.Data[i] = v - before.Data[i]
	}
	card := viz.UnitCard{Areas: areas, HeldAt: fmt.Sprintf("held at\n%.3g", u.Held), Title: fmt.Sprintf("Unit %d of %s, %s", u.Unit, a.Layer, a.Model),
		Footer: strings.Join(a.unitSummary(), ".\n") + "."}
	change.Data, card.ChangeGain = viz.Amplify(change.Data)
	a.Gains[u.Unit] = card.ChangeGain
	for _, row := range []struct {
		to *[]image.Image
		of model.Tensor
	}{{&card.Drawn, before}, {&card.Held, after}, {&card.Changes, change}} {
		if *row.to, err = picturesOf(row.of); err != nil {
			return nil, err
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
	return card.Draw()
}
