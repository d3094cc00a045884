package figure

import (
	"fmt"
	"image"

	"dcganviz/probe/vector"
	"dcganviz/viz"
)

// Draw draws the rows as the paper's Fig. 8 does, and below what is measured along
// them.
func (a *TurnResult) Draw() (*viz.Picture, error) {
	if a.images.Data == nil {
		return nil, errNoImages
	}
	s := a.images.Shape
	tiles, err := pictures(a.images)
	if err != nil {
		return nil, err
	}
	opt := viz.SheetOptions{Columns: a.Steps, GapPx: 2, Scale: max(1, 96/s[1])}
	for i := range a.Steps {
		opt.ColumnLabels = append(opt.ColumnLabels, fmt.Sprintf("%+.2g", a.Reach*(float64(i)/float64(a.Steps-1)-.5)))
	}
	for i, n := range a.Through {
		label := fmt.Sprintf("sample %d\nρ %.2f", n, a.first().Rows[i].Rho)
		if !a.first().Rows[i].Turned {
			label += "\nno turn"
		}
		opt.RowLabels = append(opt.RowLabels, label)
	}
	sheet, err := viz.Sheet(tiles, opt)
	if err != nil {
		return nil, usage("%w", err)
	}
	parts := []viz.Part{{Image: sheet, Caption: fmt.Sprintf(
		"Each row: a sample, in the middle, plus so much of the vector from %s to %s, which is the difference of the means of their exemplars.", a.From.Name, a.To.Name)}}
	plots, err := plotsTurned(a, sheet.Bounds().Dx())
	if err != nil {
		return nil, err
	}
	parts = append(parts, viz.Part{Image: plots, Caption: fmt.Sprintf(
		"Mean and standard deviation over rows; in grey over %d random directions of the same length through the same samples.", a.first().Draws)})
	return viz.Stack(parts, viz.StackOptions{Title: fmt.Sprintf("Turning: %s to %s, %s", a.From.Name, a.To.Name, a.Model), Footer: a.Words().Verdict})
}

// first is the turning that is reported first: the score's, where there is one.
func (a *TurnResult) first() *vector.Turning {
	if a.ByScore != nil {
		return a.ByScore
	}
	return a.ByDirection
}

func plotsTurned(a *TurnResult, width int) (image.Image, error) {
	type series struct {
		label string
		t     *vector.Turning
	}
	var all []series
	if a.ByScore != nil {
		all = append(all, series{a.Score.Score, a.ByScore})
	}
	if a.ByDirection != nil {
		all = append(all, series{"logit of the fitted direction", a.ByDirection})
	}
	var parts []viz.Part
	for _, s := range all {
		way, random := viz.Curve{Name: "the vector"}, viz.Curve{Name: "random directions", Control: true}
		for i := range a.Steps {
			x := float64(i)
			random.X, random.Y = append(random.X, x), append(random.Y, around(s.t.RandomScores[i].Mean, s.t.RandomScores[i].SD))
			v := s.t.Step(i)
			way.X, way.Y = append(way.X, x), append(way.Y, around(v.Mean, v.SD))
		}
		plot, err := curvePlot([]viz.Curve{random, way}, viz.PlotOptions{WidthPx: max(width/len(all)-20, 300), HeightPx: 280,
			X: viz.Axis{Label: "step", Whole: true}, Y: viz.Axis{Label: s.label}})
		if err != nil {
			return nil, err
		}
		parts = append(parts, viz.Part{Image: plot})
	}
	return viz.Stack(parts, viz.StackOptions{Row: true})
}
