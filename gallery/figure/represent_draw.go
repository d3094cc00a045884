package figure

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"dcganviz/probe/represent"
	"dcganviz/viz"
)

// Draw draws accuracies over the number of features, and the confusion matrix.
func (r *RepresentResult) Draw() (*viz.Picture, error) {
	plot, err := r.drawAccuracies()
	if err != nil {
		return nil, err
	}
	matrix, err := r.drawConfusion()
	if err != nil {
		return nil, err
	}
	return viz.Stack([]viz.Part{
		{Image: plot, Caption: "Accuracy on test pictures over the number of features, with 95% intervals over draws and test pictures; small points are draws. Projected features are as many as a picture has numbers."},
		{Image: matrix, Caption: "D: classes of test pictures (rows) and what they were taken for (columns). The darker, the larger the share of the row; the root is shown, so that few mistakes are seen."},
	}, viz.StackOptions{Title: "What D's features are worth: " + r.Model, Footer: r.Words().Verdict})
}

// drawAccuracies draws a point for each row of the table.
func (r *RepresentResult) drawAccuracies() (*viz.Picture, error) {
	series := map[string]*viz.PointSeries{}
	var order []*viz.PointSeries
	add := func(name string, control bool, m *represent.Measured, label string) {
		s := series[name]
		if s == nil {
			s = &viz.PointSeries{Name: name, Control: control}
			series[name] = s
			order = append(order, s)
		}
		x := float64(m.Width)
		s.Points = append(s.Points, viz.Point{X: viz.Interval{Mean: x, Lo: x, Hi: x}, Y: viz.Interval(m.Accuracy), Label: label})
		if len(m.Draws) > 1 {
			for _, v := range m.Draws {
				s.Cloud = append(s.Cloud, viz.XY{X: x, Y: v})
			}
		}
	}
	labels := map[represent.Kind]string{represent.Trained: "D", represent.Random: "random weights", represent.KMeans: "K-means", represent.Pixels: "pixels"}
	low, widest := 1.0, 0
	for i := range r.Rows {
		row := &r.Rows[i]
		low, widest = min(low, row.Accuracy.Lo), max(widest, row.Width)
		switch {
		case row.Kind == represent.Layer:
			add("layers of D", false, &row.Measured, row.Layer)
		case row.Kind == represent.Trained:
			add("D", false, &row.Measured, labels[row.Kind])
		default:
			add("controls", true, &row.Measured, labels[row.Kind])
		}
		if row.Equal != nil {
			low = min(low, row.Equal.Accuracy.Lo)
			add("projected", row.Kind != represent.Trained, row.Equal, labels[row.Kind]+", projected")
		}
	}
	all := make([]viz.PointSeries, len(order))
	for i, s := range order {
		all[i] = *s
	}
	// An axis that begins below chance would press the points together.
	base := float64(int(max(0, low-.05)*20)) / 20
	return viz.PointPlot(all, viz.PlotOptions{WidthPx: representPx, HeightPx: 460,
		X: viz.Axis{Label: "features", Log2: true, High: float64(widest) * roomBeside}, Y: viz.Axis{Label: "accuracy", Low: base, High: 1}})
}

const (
	representPx = 760
	// roomBeside is how far the axis goes on behind the widest features, for labels.
	roomBeside = 1.2
	// A cell of the matrix is at most mostCell pixels wide; names stand beside cells of at
	// least namedCell.
	mostCell  = 32
	namedCell = 20
)

// drawConfusion draws the shares of the rows.
func (r *RepresentResult) drawConfusion() (*viz.Picture, error) {
	k := len(r.Classes)
	cell := min(mostCell, max(2, representPx*2/3/k))
	tiles := make([]image.Image, 0, k*k)
	for _, row := range r.Confusion {
		total := 0
		for _, n := range row {
			total += n
		}
		for _, n := range row {
			level := uint8(255)
			if total > 0 {
				level -= uint8(225 * math.Sqrt(float64(n)/float64(total)))
			}
			tile := image.NewRGBA(image.Rect(0, 0, cell, cell))
			draw.Draw(tile, tile.Rect, image.NewUniform(color.RGBA{level, level, 255, 255}), image.Point{}, draw.Src)
			tiles = append(tiles, tile)
		}
	}
	o := viz.SheetOptions{Columns: k, GapPx: 1}
	if cell >= namedCell {
		o.RowLabels, o.ColumnLabels = r.Classes, r.Classes
	}
	return viz.Sheet(tiles, o)
}
