package figure

import (
	"context"
	"fmt"
	"image"
	"slices"

	"dcganviz/model"
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
		Caption: a.rowWords()})
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
		Caption: "What is gone, by a judge that guided no method, against what changed elsewhere. Bars are 95% intervals over samples, of paper over probes too; of random maps, standard deviations over draws."})
	return viz.Stack(parts, viz.StackOptions{Title: fmt.Sprintf("Forgetting: %s, %s", a.Concept, a.Model), Footer: a.Words().Verdict})
}

// A forgottenRow is a row of the picture: the first samples as drawn, by a method, or by a
// control of it.
type forgottenRow struct {
	label string
	// method is its number, and kind which of its pictures.
	method int
	kind   rowKind
}

type rowKind uint8

const (
	rowBefore rowKind = iota
	rowAfter
	rowPixels
	rowElsewhere
)

// rowsOf returns the rows of the picture. Where methods are measured by other statistics of
// batch norm than the first one, the samples as drawn by these stand before them.
func rowsOf(a *ForgetResult) (rows []forgottenRow) {
	known := map[forget.Statistics]bool{}
	for i, m := range a.Methods {
		if !known[m.Statistics] {
			known[m.Statistics] = true
			label := "as drawn"
			if i > 0 {
				label += ", " + m.Statistics.String()
			}
			rows = append(rows, forgottenRow{label, i, rowBefore})
		}
		rows = append(rows, forgottenRow{m.Name.String(), i, rowAfter})
		if m.Fill != nil {
			rows = append(rows, forgottenRow{"pixels filled", i, rowPixels}, forgottenRow{"elsewhere", i, rowElsewhere})
		}
	}
	return rows
}

// forgottenRows draws the first samples, row by row.
func forgottenRows(ctx context.Context, st *forget.Result, rows []forgottenRow) (out [][]image.Image, err error) {
	var images [rowElsewhere + 1]model.Tensor
	for i, r := range rows {
		if i == 0 || rows[i-1].method != r.method {
			if images[rowBefore], images[rowAfter], err = st.Pictures(ctx, r.method, forgottenColumns); err != nil {
				return nil, err
			}
			if images[rowPixels], images[rowElsewhere], err = st.ControlPictures(ctx, r.method, forgottenColumns); err != nil {
				return nil, err
			}
		}
		row, err := pictures(images[r.kind])
		if err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, nil
}

func samplesForgotten(a *ForgetResult) (*viz.Picture, error) {
	opt := viz.SheetOptions{Columns: forgottenColumns, GapPx: 2, Scale: max(1, 64/a.rows[0][0].Bounds().Dy())}
	for _, r := range rowsOf(a) {
		opt.RowLabels = append(opt.RowLabels, r.label)
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
		removed, rmse := m.Removed, m.OutsideRMSE
		if m.Name == forget.Paper && a.Rule != nil {
			removed, rmse = a.Rule.Removed, a.Rule.OutsideRMSE
		}
		series = append(series, viz.PointSeries{Name: m.Name.String(), Points: []viz.Point{{
			X: viz.Interval(rmse), Y: viz.Interval(removed), Label: label}}})
	}
	for _, m := range a.Methods {
		if m.Fill == nil {
			continue
		}
		of := m.Name.String()
		for _, c := range []struct {
			name string
			*forget.Outcome
		}{{"pixels, as " + of, m.Fill.PixelFill}, {of + " elsewhere", m.Fill.Elsewhere}} {
			series = append(series, viz.PointSeries{Name: c.name, Control: true, Points: []viz.Point{{
				X: viz.Interval(c.OutsideRMSE), Y: viz.Interval(c.Removed), Label: c.name}}})
		}
	}
	control := func(name string, c forget.Control) {
		if c.Draws > 0 {
			series = append(series, viz.PointSeries{Name: name, Control: true, Points: []viz.Point{{X: around(c.OutsideRMSE.Mean, c.OutsideRMSE.SD), Y: around(c.Removed.Mean, c.Removed.SD), Label: name}}})
		}
	}
	control("random maps", a.Random)
	control("of like energy", a.EnergyMatched)
	control("random, of like damage", a.DamageMatched)
	return viz.PointPlot(series, viz.PlotOptions{WidthPx: width, HeightPx: 420,
		X: viz.Axis{Label: "damage: RMSE outside, of pixels in [-1, 1]"}, Y: viz.Axis{Label: "area removed, by the judge", High: 1}})
}
