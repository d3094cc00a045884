package main

import (
	"fmt"
	"image"
	"math"
	"strings"

	"dcganviz/probe/forget"
	"dcganviz/probe/stats"
	"dcganviz/viz"
)

// forgottenColumns is how many samples are shown with and without, as in the
// paper's Fig. 6.
const forgottenColumns = 10

// summary is the three lines for people.
func (a *forgotten) summary() []string {
	first := a.Methods[0]
	held := ""
	if first.Count > 0 {
		held = fmt.Sprintf(", %d of %d maps", first.Count, first.Of)
	}
	lines := []string{
		fmt.Sprintf("%s on %s%s: %s area %s before, %s after by the judge (AUC %.3f), %s removed; mean score %.3f before, %.3f after",
			first.Name, first.Layer, held, a.Concept, figure(a.Area.Before), figure(first.Area), a.Judge.AUCHeldout.Mean, percent(first.Removed),
			a.Score.Before.Mean, first.Score.Mean),
		fmt.Sprintf("outside: RMSE %s, D's features moved by %s of their length; D's logit %s to %s (95%% of samples: %.2f to %.2f); KID %.2f ± %.2f (%.2f ± %.2f undropped)",
			figure(first.OutsideRMSE), figure(first.OutsideFeatures), figure(a.Undropped.Logit), figure(first.Logit), a.Undropped.LogitLo, a.Undropped.LogitHi,
			first.KID.Value, first.KID.SE, a.Undropped.KID.Value, a.Undropped.KID.SE),
	}
	var checks []string
	if a.Dropped.Count > 0 {
		checks = append(checks, fmt.Sprintf("as many random maps remove %.0f%% ± %.0f, of like energy %.0f%% ± %.0f; in order of weight %s",
			100*a.Random.Removed.Mean, 100*a.Random.Removed.SD, 100*a.EnergyMatched.Removed.Mean, 100*a.EnergyMatched.Removed.SD, a.halves()))
	}
	if r := first.Recolouring; r != nil {
		checks = append(checks, fmt.Sprintf("its colours alone move the judge's score of %d photographs by %s and the scorer's by %s, %s itself those of samples by %s and %s",
			r.Photographs, change(r.Judge.Recoloured), change(r.Scorer.Recoloured), first.Name, change(r.Judge.Effect), change(r.Scorer.Effect)))
	}
	if len(checks) > 0 {
		lines = append(lines, strings.Join(checks, "; "))
	}
	for _, m := range a.Methods[1:] {
		lines = append(lines, fmt.Sprintf("%s on %s: %s removed at RMSE %s outside, D's logit %s", m.Name, m.Layer, percent(m.Removed), figure(m.OutsideRMSE), figure(m.Logit)))
	}
	return lines
}

// halves tells the smallest number of maps that halve the score.
func (a *forgotten) halves() string {
	switch {
	case a.Halves == 0:
		return "no number of maps halves the score"
	case len(a.Probes) > 0:
		return fmt.Sprintf("%d maps of each layer halve the score", a.Halves)
	}
	return fmt.Sprintf("%d maps halve the score", a.Halves)
}

func change(i stats.Interval) string {
	return fmt.Sprintf("%+.1f%% (%+.1f to %+.1f)", 100*i.Mean, 100*i.Lo, 100*i.Hi)
}

func figure(i stats.Interval) string { return fmt.Sprintf("%.3f (%.3f to %.3f)", i.Mean, i.Lo, i.Hi) }

func percent(i stats.Interval) string {
	return fmt.Sprintf("%.0f%% (%.0f to %.0f)", 100*i.Mean, 100*i.Lo, 100*i.Hi)
}

// drawForgotten draws the samples with and without, the curve, and methods and
// controls on the same axes.
func drawForgotten(e *env, st *forget.Result, a *forgotten, summary []string) (image.Image, error) {
	parts := make([]viz.Part, 0, 3)
	sheet, err := samplesForgotten(e, st)
	if err != nil {
		return nil, err
	}
	width := sheet.Bounds().Dx()
	parts = append(parts, viz.Part{Image: sheet,
		Caption: "The first samples that nothing was fitted on, as G draws them and with each method. Nothing is pasted: methods act on activations."})
	if len(a.Curve) > 0 {
		curves, err := curvesForgotten(a, width)
		if err != nil {
			return nil, err
		}
		parts = append(parts, viz.Part{Image: curves,
			Caption: "Maps dropped in order of the probe's weight (95% intervals over samples), beside as many random ones (mean and standard deviation of draws)."})
	}
	pareto, err := paretoForgotten(a, width)
	if err != nil {
		return nil, err
	}
	parts = append(parts, viz.Part{Image: pareto,
		Caption: "What is gone, by a judge that guided no method, against what changed elsewhere. Bars are 95% intervals over samples; of controls, standard deviations over draws of maps."})
	return viz.Stack(parts, viz.StackOptions{Title: fmt.Sprintf("Forgetting: %s, %s", a.Concept, a.Model), Footer: footerOf(summary[:min(3, len(summary))])})
}

func samplesForgotten(e *env, st *forget.Result) (image.Image, error) {
	var tiles []image.Image
	opt := viz.SheetOptions{Columns: forgottenColumns, GapPx: 2, RowLabels: []string{"as drawn"}}
	for i, v := range st.Interventions {
		before, after, err := st.Pictures(e.ctx, v, forgottenColumns)
		if err != nil {
			return nil, err
		}
		s := before.Shape
		opt.Scale = max(1, 64/s[1])
		if i == 0 {
			row, err := viz.Images(before.Data, s[0], s[1], s[2], s[3])
			if err != nil {
				return nil, err
			}
			tiles = row
		}
		row, err := viz.Images(after.Data, s[0], s[1], s[2], s[3])
		if err != nil {
			return nil, err
		}
		tiles = append(tiles, row...)
		opt.RowLabels = append(opt.RowLabels, v.Method)
	}
	return viz.Sheet(tiles, opt)
}

func curvesForgotten(a *forgotten, width int) (image.Image, error) {
	draw := func(label string, of func(forget.Outcome) stats.Interval, random func(forget.Control) stats.Spread) (image.Image, error) {
		maps := viz.Curve{Name: "by weight"}
		control := viz.Curve{Name: "random", Control: true}
		for _, p := range a.Curve {
			x, r := float64(p.Units), random(p.Random)
			maps.X, maps.Y = append(maps.X, x), append(maps.Y, viz.Interval(of(p.Outcome)))
			control.X = append(control.X, x)
			control.Y = append(control.Y, viz.Interval{Mean: r.Mean, Lo: r.Mean - r.SD, Hi: r.Mean + r.SD})
		}
		return viz.CurvePlot([]viz.Curve{maps, control}, viz.PlotOptions{WidthPx: width / 2, HeightPx: 260,
			X: viz.Axis{Label: "maps dropped", Log2: true}, Y: viz.Axis{Label: label, High: .3}})
	}
	removed, err := draw("area removed", func(o forget.Outcome) stats.Interval { return o.Removed }, func(c forget.Control) stats.Spread { return c.Removed })
	if err != nil {
		return nil, err
	}
	rmse, err := draw("RMSE outside", func(o forget.Outcome) stats.Interval { return o.OutsideRMSE }, func(c forget.Control) stats.Spread { return c.OutsideRMSE })
	if err != nil {
		return nil, err
	}
	return viz.Stack([]viz.Part{{Image: removed}, {Image: rmse}}, viz.StackOptions{Row: true})
}

func paretoForgotten(a *forgotten, width int) (image.Image, error) {
	var series []viz.PointSeries
	for _, m := range a.Methods {
		label := m.Name.String()
		if m.Count > 0 {
			label += fmt.Sprintf(", %d maps", m.Count)
		}
		series = append(series, viz.PointSeries{Name: m.Name.String(), Points: []viz.Point{{
			X: viz.Interval(m.OutsideRMSE), Y: viz.Interval(m.Removed), Label: label}}})
	}
	control := func(name string, c forget.Control) {
		if c.Draws > 0 {
			series = append(series, viz.PointSeries{Name: name, Control: true, Points: []viz.Point{{X: spread(c.OutsideRMSE), Y: spread(c.Removed), Label: name}}})
		}
	}
	control("random maps", a.Random)
	control("of like energy", a.EnergyMatched)
	return viz.PointPlot(series, viz.PlotOptions{WidthPx: width, HeightPx: 420,
		X: viz.Axis{Label: "damage: RMSE outside, of pixels in [-1, 1]"}, Y: viz.Axis{Label: "area removed, by the judge", High: 1},
		Regions: []viz.Region{
			{Label: "80% at 0.05", XLow: math.Inf(-1), XHigh: .05, YLow: .8, YHigh: math.Inf(1)},
			{Label: "60% at 0.15", XLow: math.Inf(-1), XHigh: .15, YLow: .6, YHigh: math.Inf(1)},
		}})
}

func spread(s stats.Spread) viz.Interval {
	return viz.Interval{Mean: s.Mean, Lo: s.Mean - s.SD, Hi: s.Mean + s.SD}
}
