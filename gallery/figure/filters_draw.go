package figure

import (
	"fmt"
	"image"
	"math"
	"slices"

	"dcganviz/model"
	"dcganviz/probe/filters"
	"dcganviz/probe/stats"
	"dcganviz/viz"
)

// ruleName is the rule, with the leak where it matters.
func (a *FiltersResult) ruleName() string {
	if a.Rule == filters.Gradient {
		return a.Rule.String()
	}
	return fmt.Sprintf("%s (%s)", a.Rule, a.Leak)
}

// filterTilePx is how large a tile is at least, where its pixels are enlarged
// by a whole factor.
const filterTilePx = 128

// Draw draws the maps of both nets, the pictures with the fields, the sanity curves,
// and the maxima if there are any.
func (a *FiltersResult) Draw() (*viz.Picture, error) {
	st := a.study
	if st == nil {
		return nil, errNoImages
	}
	untrained, err := mapTiles(a, &st.Untrained)
	if err != nil {
		return nil, err
	}
	trained, err := mapTiles(a, &st.Trained)
	if err != nil {
		return nil, err
	}
	pictures, boxes, err := pictureTiles(&st.Trained)
	if err != nil {
		return nil, err
	}
	size := st.Trained.Pictures.Shape[1]
	opt := viz.FilterPanelOptions{Columns: len(st.Trained.Units) / len(a.Trained.Units), TilePx: size * max(1, (filterTilePx+size-1)/size)}
	for _, u := range a.Trained.Units {
		opt.RowLabels = append(opt.RowLabels, fmt.Sprintf("unit %d", u.Unit))
	}
	what := "Maps of the largest responses"
	if cropped(a, size) {
		what = fmt.Sprintf("Receptive fields (%dx%d pixels) of the largest responses", a.FieldWidth, a.FieldHeight)
	}
	panel, err := viz.FilterPanel([]viz.FilterBlock{
		{Tiles: untrained, Caption: "An untrained net of the same shape, its own largest responses."},
		{Tiles: trained, Caption: what + " of the trained net, by " + a.ruleName() + "; grey is zero, each map has its own scale."},
		{Tiles: pictures, Boxes: boxes, Caption: "The images of those, largest response first, with the receptive fields."},
	}, opt)
	if err != nil {
		return nil, err
	}
	width := panel.Bounds().Dx()
	parts := []viz.Part{{Image: panel}}
	if len(a.Maximized) > 0 {
		row, err := maximaRow(a, a.maxima, opt.TilePx/size)
		if err != nil {
			return nil, err
		}
		parts = append(parts, viz.Part{Image: row,
			Caption: "Gradient ascent from noise: what the neuron in the middle of the layer likes, with its activation at the start and the end, and the largest on the images."})
	}
	curves, err := sanityCurves(a, width)
	if err != nil {
		return nil, err
	}
	parts = append(parts, viz.Part{Image: curves, Caption: fmt.Sprintf(
		"How alike a map stays inside the receptive field when D's layers get random weights: from %s down, one more at a time, or each alone. A rule that ignores the weights stays at 1. Another unit: by the rule of the maps, at the same image and place. Chance: gradients of two untrained nets. Bands are 95%% intervals over units, images and %d draws.",
		a.Layer, a.Sanity.Draws)})
	return viz.Stack(parts, viz.StackOptions{Title: fmt.Sprintf("What units of D respond to: %s, %s", a.Layer, a.Model), Footer: a.Words().Verdict})
}

// cropped tells whether maps are drawn as receptive fields alone: those small
// enough for that.
func cropped(a *FiltersResult, size int) bool { return 2*max(a.FieldHeight, a.FieldWidth) <= size }

func mapTiles(a *FiltersResult, p *filters.Panel) ([]image.Image, error) {
	tiles := make([]image.Image, p.Maps.Len())
	h, w, c := p.Maps.Shape[1], p.Maps.Shape[2], p.Maps.Shape[3]
	crop := cropped(a, h)
	for i := range tiles {
		m, mh, mw := p.Maps.Row(i), h, w
		if crop {
			m, mh, mw = cropMap(m, w, c, p.Responses[i].Field, a.FieldHeight, a.FieldWidth), a.FieldHeight, a.FieldWidth
		}
		var err error
		if tiles[i], err = viz.SignedMap(m, mh, mw, c); err != nil {
			return nil, err
		}
	}
	return tiles, nil
}

// cropMap returns the field of a map [H, W, C], of the size that it has where no
// border of the image cuts it: what is beyond is zero.
func cropMap(m []float32, width, c int, f filters.Field, h, w int) []float32 {
	out := make([]float32, h*w*c)
	y, x := 0, 0 // of the field in the crop: cut at the top or left, it ends at the bottom or right
	if f.Y0 == 0 {
		y = h - (f.Y1 - f.Y0)
	}
	if f.X0 == 0 {
		x = w - (f.X1 - f.X0)
	}
	n := (f.X1 - f.X0) * c
	for row := range f.Y1 - f.Y0 {
		copy(out[((y+row)*w+x)*c:][:n], m[((f.Y0+row)*width+f.X0)*c:])
	}
	return out
}

func pictureTiles(p *filters.Panel) ([]image.Image, []image.Rectangle, error) {
	tiles, err := pictures(p.Pictures)
	boxes := make([]image.Rectangle, len(p.Responses))
	for i, r := range p.Responses {
		boxes[i] = image.Rect(r.Field.X0, r.Field.Y0, r.Field.X1, r.Field.Y1)
	}
	return tiles, boxes, err
}

func maximaRow(a *FiltersResult, maxima model.Tensor, scale int) (image.Image, error) {
	tiles, err := pictures(maxima)
	if err != nil {
		return nil, err
	}
	opt := viz.SheetOptions{Columns: min(len(tiles), 12), GapPx: 8, Scale: scale}
	for i, m := range a.Maximized {
		opt.Captions = append(opt.Captions, fmt.Sprintf("unit %d\n%.2g to %.3g\nimages: %.3g", m.Unit, m.Start, m.End, a.Trained.Units[i].Top[0].Value))
	}
	return viz.Sheet(tiles, opt)
}

// sanityCurves draws the rank correlation while layers go one after the other, and each
// alone, and SSIM for the former.
func sanityCurves(a *FiltersResult, width int) (image.Image, error) {
	draw := func(label, along string, stagesOf func(*filters.SanityCurve) []filters.Stage, of func(filters.Likeness) stats.Interval) (image.Image, error) {
		var curves []viz.Curve
		for k := range a.Sanity.Curves {
			c := &a.Sanity.Curves[k]
			curve := viz.Curve{Name: c.Rule.String()}
			for i, stage := range stagesOf(c) {
				y := viz.Interval(of(stage.Likeness))
				if stage.Pairs == 0 {
					y.Mean = math.NaN()
				}
				curve.X, curve.Y = append(curve.X, float64(i)), append(curve.Y, y)
			}
			curves = append(curves, curve)
		}
		o := viz.PlotOptions{WidthPx: max(240, (width-40)/3), HeightPx: 280,
			X: viz.Axis{Label: along, Whole: true}, Y: viz.Axis{Label: label, High: 1}}
		if swapped := a.Sanity.Curves[0].Swapped; swapped.Pairs > 0 {
			o.References = append(o.References, viz.Reference{Label: "another unit", Y: of(swapped).Mean})
		}
		if a.Sanity.Chance.Pairs > 0 {
			o.References = append(o.References, viz.Reference{Label: "chance", Y: of(a.Sanity.Chance).Mean})
		}
		return curvePlot(curves, o)
	}
	cascading := func(c *filters.SanityCurve) []filters.Stage { return c.Stages }
	// The net as it is comes first, as in the other curve.
	independent := func(c *filters.SanityCurve) []filters.Stage { return slices.Concat(c.Stages[:1], c.Independent) }
	rank := func(l filters.Likeness) stats.Interval { return l.Spearman }
	var parts []viz.Part
	for _, p := range []struct {
		label, along string
		stages       func(*filters.SanityCurve) []filters.Stage
		of           func(filters.Likeness) stats.Interval
	}{
		{"rank correlation", "layers with random weights", cascading, rank},
		{"rank correlation", "the one layer with random weights", independent, rank},
		{"SSIM", "layers with random weights", cascading, func(l filters.Likeness) stats.Interval { return l.SSIM }},
	} {
		plot, err := draw(p.label, p.along, p.stages, p.of)
		if err != nil {
			return nil, err
		}
		parts = append(parts, viz.Part{Image: plot})
	}
	return viz.Stack(parts, viz.StackOptions{Row: true})
}
