package figure

import (
	"image"
	"image/color"
	"math"

	"dcganviz/viz"
)

// curvePlot is viz.CurvePlot. Curves without any number, as nets give whose answers are
// all alike, make an empty picture that says so: the rest of the figure still counts.
func curvePlot(curves []viz.Curve, o viz.PlotOptions) (*viz.Picture, error) {
	for _, c := range curves {
		for _, y := range c.Y {
			if !math.IsNaN(y.Mean) && !math.IsInf(y.Mean, 0) {
				return viz.CurvePlot(curves, o)
			}
		}
	}
	blank := image.NewPaletted(image.Rect(0, 0, o.WidthPx, o.HeightPx/4), color.Palette{color.White})
	return viz.Stack([]viz.Part{{Image: blank, Caption: o.Y.Label + ": there is no number to draw."}}, viz.StackOptions{})
}
