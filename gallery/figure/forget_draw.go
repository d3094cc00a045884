package figure

import (
	"context"
	"fmt"
	"image"
	"math"
	"slices"

	"dcganviz/probe/forget"
	"dcganviz/probe/stats"
	"dcganviz/viz"
)

// forgottenColumns is how many samples are shown with and without, as in the
// paper's Fig. 6.
const forgottenColumns = 10

// Draw draws the samples with and without, the curve, and methods and controls on
// the same axes.
func (a *ForgetResult) Draw() (*viz.Picture, error) {
	if a.rows == nil {
		return nil, errNoImages
	}
	parts := make([]viz.Part, 0, 3)
	sheet, err := samplesForgotten(a)
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
	return viz.Stack(parts, viz.StackOptions{Title: fmt.Sprintf("Forgetting: %s, %s", a.Concept, a.Model), Footer: a.words().footer()})
}

// forgottenRows draws the first samples: as G draws them, then with each method.
func forgottenRows(ctx context.Context, st *forget.Result) (rows [][]image.Image, err error) {
	for i, v := range st.Interventions {
		before, after, err := st.Pictures(ctx, v, forgottenColumns)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			row, err := pictures(before)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
		row, err := pictures(after)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func samplesForgotten(a *ForgetResult) (*viz.Picture, error) {
	opt := viz.SheetOptions{Columns: forgottenColumns, GapPx: 2, RowLabels: []string{"as drawn"}, Scale: max(1, 64/a.rows[0][0].Bounds().Dy())}
	for _, m := range a.Methods {
		opt.RowLabels = append(opt.RowLabels, m.Name.String())
	}
	return viz.Sheet(slices.Concat(a.rows...), opt)
}

func curvesForgotten(a *ForgetResult, width int) (image.Image, error) {
	draw := func(label string, of func(forget.Outcome) stats.Interval, random func(forget.Control) stats.Spread) (image.Image, error) {
		maps := viz.Curve{Name: "by weight"}
		control := viz.Curve{Name: "random", Control: true}
		for _, p := range a.Curve {
			x, r := float64(p.Units), random(p.Random)
			maps.X, maps.Y = append(maps.X, x), append(maps.Y, viz.Interval(of(p.Outcome)))
			control.X = append(control.X, x)
			control.Y = append(control.Y, around(r.Mean, r.SD))
		}
		return curvePlot([]viz.Curve{maps, control}, viz.PlotOptions{WidthPx: width / 2, HeightPx: 260,
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

func paretoForgotten(a *ForgetResult, width int) (image.Image, error) {
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
			series = append(series, viz.PointSeries{Name: name, Control: true, Points: []viz.Point{{X: around(c.OutsideRMSE.Mean, c.OutsideRMSE.SD), Y: around(c.Removed.Mean, c.Removed.SD), Label: name}}})
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
