package viz

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A frame is all of a plot but its data: axes, regions, references, title,
// legend and footer. It is used in this order: newFrame; its scales include
// the data and its keys name them; draw.
type frame struct {
	o     PlotOptions
	style plotStyle
	x, y  scale
	keys  []key

	img   *image.RGBA
	plot  *plot.Plot
	inner draw.Canvas // where data are
	bare  Plot        // what is there before labels
}

// picture is the plot that was drawn.
func (f *frame) picture() *Picture { return &Picture{RGBA: f.img, Plots: []Plot{f.bare}} }

func newFrame(o PlotOptions) (*frame, error) {
	f := &frame{o: o}
	var err error
	if f.o.WidthPx, f.o.HeightPx, err = plotSize(o.WidthPx, o.HeightPx); err != nil {
		return nil, err
	}
	if f.style, err = newPlotStyle(); err != nil {
		return nil, err
	}
	if f.x, err = newScale("x", o.X); err != nil {
		return nil, err
	}
	if f.y, err = newScale("y", o.Y); err != nil {
		return nil, err
	}
	if err := checkCount("regions and references", len(o.Regions)+len(o.References), maxLabels); err != nil {
		return nil, err
	}
	for i, r := range o.Regions {
		if !(r.XLow < r.XHigh && r.YLow < r.YHigh) {
			return nil, fmt.Errorf("region %d is x %g to %g, y %g to %g, want low to high", i, r.XLow, r.XHigh, r.YLow, r.YHigh)
		}
		for _, b := range []struct {
			s *scale
			v float64
		}{{&f.x, r.XLow}, {&f.x, r.XHigh}, {&f.y, r.YLow}, {&f.y, r.YHigh}} {
			if math.IsInf(b.v, 0) {
				continue
			}
			if err := b.s.include(b.v); err != nil {
				return nil, fmt.Errorf("bound of region %d: %w", i, err)
			}
		}
	}
	for i, r := range o.References {
		if err := f.y.include(r.Y); err != nil {
			return nil, fmt.Errorf("reference %d: %w", i, err)
		}
	}
	return f, nil
}

// draw lays the plot out and draws it, then the labels of its references.
// The placer that it gives knows what is drawn.
func (f *frame) draw(data ...plot.Plotter) (*placer, error) {
	c, img, err := newPlotCanvas(f.o.WidthPx, f.o.HeightPx)
	if err != nil {
		return nil, err
	}
	f.img = img
	c = draw.Crop(c, plotMargin, -plotMargin, plotMargin-4, 4-plotMargin)
	if c, err = f.style.drawTitle(c, f.o.Title, f.o.Footer); err != nil {
		return nil, err
	}
	for i, r := range f.o.Regions {
		if r.Label != "" {
			f.keys = append(f.keys, regionKey(i, r.Label))
		}
	}
	body, rows, err := f.layout(c)
	if err != nil {
		return nil, err
	}
	f.plot.Add(regions{f}, horizontalRules{}, verticalRules{}, references{f})
	f.plot.Add(data...)
	f.plot.Draw(body)
	for i, row := range rows {
		f.style.drawKeys(c, f.inner.Min.X, c.Max.Y-vg.Length(i*keysPx)-textPx, row)
	}
	bounds := image.Rectangle{f.pixel(vg.Point{X: f.inner.Min.X, Y: f.inner.Max.Y}), f.pixel(vg.Point{X: f.inner.Max.X, Y: f.inner.Min.Y})}
	f.bare = inside(f.img, bounds)
	p := newPlacer(f.img, bounds)
	return p, f.labelReferences(p)
}

// layout makes the axes, and gives their canvas and the rows of the legend
// above it.
func (f *frame) layout(c draw.Canvas) (body draw.Canvas, rows [][]key, err error) {
	// The legend lines up with the data, whose left edge depends on the marks
	// of the vertical axis, which depend on the height that the legend leaves.
	const below = 6 // the legend
	for reserved := 0; ; reserved = len(rows) {
		body = c
		if reserved > 0 {
			body.Max.Y -= vg.Length(reserved*keysPx) + below
		}
		f.newPlot(body)
		f.inner = f.plot.DataCanvas(body)
		if rows, err = f.style.keyRows(f.keys, int(c.Max.X-f.inner.Min.X)); err != nil {
			return body, nil, err
		}
		if len(rows) <= reserved {
			break
		}
	}
	if size := f.inner.Size(); size.X < 40 || size.Y < 24 {
		return body, nil, fmt.Errorf("size %dx%d leaves %.0fx%.0f for the data, want at least 40x24: make it larger, or its texts shorter",
			f.o.WidthPx, f.o.HeightPx, max(0, size.X), max(0, size.Y))
	}
	return body, rows, nil
}

// newPlot makes the axes for a canvas.
func (f *frame) newPlot(c draw.Canvas) {
	size := c.Size()
	// A label longer than its axis ends in an ellipsis.
	const corner = 60 // for the marks of the other axis
	l, err := newLettering(textPx, false, ink)
	x, y := f.o.X.Label, f.o.Y.Label
	if err == nil {
		x, y = l.fit(x, int(size.X)-corner), l.fit(y, int(size.Y)-corner/2)
	}
	f.plot = f.style.plot(x, y)
	f.plot.X.Tick.Marker = f.x.ticks(int(size.X), 75)
	f.plot.Y.Tick.Marker = f.y.ticks(int(size.Y), 30)
	f.plot.X.Min, f.plot.X.Max = f.x.bounds()
	f.plot.Y.Min, f.plot.Y.Max = f.y.bounds()
}

// at is where a point lies on the data's canvas.
func (f *frame) at(c draw.Canvas, x, y float64) vg.Point {
	toX, toY := f.plot.Transforms(&c)
	return vg.Point{X: toX(f.x.at(x)), Y: toY(f.y.at(y))}
}

// pixel is the pixel of the picture at a point of the canvas.
func (f *frame) pixel(p vg.Point) image.Point {
	return image.Pt(int(math.Floor(float64(p.X))), f.img.Rect.Dy()-1-int(math.Floor(float64(p.Y))))
}

// labelReferences writes each reference's label above or below its line,
// where least lies below the text.
func (f *frame) labelReferences(p *placer) error {
	l, err := newLettering(textPx-1, false, muted)
	if err != nil {
		return err
	}
	for _, r := range f.o.References {
		p.alongLine(l, r.Label, f.pixel(f.at(f.inner, 1, r.Y)).Y)
	}
	p.draw(f.img)
	return nil
}

// regions shades the regions, the last first.
type regions struct{ f *frame }

// Plot implements plot.Plotter.
func (r regions) Plot(c draw.Canvas, p *plot.Plot) {
	for i := len(r.f.o.Regions) - 1; i >= 0; i-- {
		region := r.f.o.Regions[i]
		low, high := c.Min, c.Max
		toX, toY := p.Transforms(&c)
		if !math.IsInf(region.XLow, 0) {
			low.X = toX(r.f.x.at(region.XLow))
		}
		if !math.IsInf(region.XHigh, 0) {
			high.X = toX(r.f.x.at(region.XHigh))
		}
		if !math.IsInf(region.YLow, 0) {
			low.Y = toY(r.f.y.at(region.YLow))
		}
		if !math.IsInf(region.YHigh, 0) {
			high.Y = toY(r.f.y.at(region.YHigh))
		}
		fillBox(c, regionColor(i), low, high)
	}
}

// regionColor is the shade of the i-th region.
func regionColor(i int) color.NRGBA {
	return tint(Swatch(2), max(0.08, 0.26-0.14*float64(i)))
}

// regionKey is the legend of the i-th region.
func regionKey(i int, label string) key {
	return key{label: label, mark: func(c draw.Canvas, left vg.Point) {
		low, high := vg.Point{X: left.X, Y: left.Y - 5}, vg.Point{X: left.X + keyMarkPx, Y: left.Y + 5}
		fillBox(c, regionColor(i), low, high)
	}}
}

func fillBox(c draw.Canvas, fill color.Color, low, high vg.Point) {
	low, high = onPixel(low), onPixel(high)
	c.FillPolygon(fill, []vg.Point{{X: low.X - 0.5, Y: low.Y - 0.5}, {X: high.X + 0.5, Y: low.Y - 0.5}, {X: high.X + 0.5, Y: high.Y + 0.5}, {X: low.X - 0.5, Y: high.Y + 0.5}})
}

// verticalRules draws a light line up a plot at each tick of X.
type verticalRules struct{}

// Plot implements plot.Plotter.
func (verticalRules) Plot(c draw.Canvas, p *plot.Plot) {
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		x := onPixel(vg.Point{X: c.X(p.X.Norm(t.Value))}).X
		c.StrokeLine2(draw.LineStyle{Color: rule, Width: 1}, x, c.Min.Y, x, c.Max.Y)
	}
}

// references draws the references' lines.
type references struct{ f *frame }

// Plot implements plot.Plotter.
func (r references) Plot(c draw.Canvas, _ *plot.Plot) {
	for _, v := range r.f.o.References {
		y := onPixel(r.f.at(c, 1, v.Y)).Y
		c.StrokeLine2(draw.LineStyle{Color: muted, Width: 1, Dashes: []vg.Length{4, 3}}, c.Min.X, y, c.Max.X, y)
	}
}
