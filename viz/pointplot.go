package viz

import (
	"cmp"
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Point is one measurement of two quantities.
type Point struct {
	X, Y Interval
	// Label stands beside the point. It wraps to three lines at most; a line
	// break starts a new one.
	Label string
}

// XY is a point without intervals.
type XY struct{ X, Y float64 }

// A PointSeries is points of one kind, in one colour and shape.
type PointSeries struct {
	// Name of the kind in the legend. Empty: none.
	Name   string
	Points []Point
	// Cloud is single draws, such as those that a point is the mean of. They
	// are small and light, and lie below all points.
	Cloud []XY
	// Control makes the series grey and hollow.
	Control bool
	// Color of the series. Nil: the next Swatch, or grey for a control.
	Color color.Color
}

// PointPlot draws series of points with intervals on both axes.
//
// Intervals are bars. A label stands beside its point, or where there is
// room with a line that leads to it; labels do not cover one another, and
// one for which there is no room at all is left out. No points, more than
// 64 series, 256 labels or 32,768 points, values that are not finite, and
// intervals that end before they start are errors.
func PointPlot(series []PointSeries, o PlotOptions) (*Picture, error) {
	f, _, err := pointPlot(series, o)
	if err != nil {
		return nil, fmt.Errorf("viz: point plot: %w", err)
	}
	return f.picture(), nil
}

// pointPlot gives the frame that it drew, and the places of the labels.
func pointPlot(series []PointSeries, o PlotOptions) (*frame, []placedLabel, error) {
	f, err := newFrame(o)
	if err != nil {
		return nil, nil, err
	}
	if err := checkPoints(series); err != nil {
		return nil, nil, err
	}
	marks := pointMarks{f: f, series: series}
	var n pens
	for i, s := range series {
		if err := f.includeSeries(s); err != nil {
			return nil, nil, fmt.Errorf("series %d %q: %w", i, s.Name, err)
		}
		pen := n.next(s.Control, s.Color)
		marks.pens = append(marks.pens, pen)
		if s.Name != "" {
			f.keys = append(f.keys, key{label: s.Name, mark: func(c draw.Canvas, left vg.Point) {
				pen.marker(c, onPixel(vg.Point{X: left.X + keyMarkPx/2, Y: left.Y}), markerPx)
			}})
		}
	}
	p, err := f.draw(marks)
	if err != nil {
		return nil, nil, err
	}
	labels, err := f.labelPoints(p, series)
	return f, labels, err
}

// checkPoints counts the points and labels.
func checkPoints(series []PointSeries) error {
	points, labels := 0, 0
	for _, s := range series {
		points += len(s.Points) + len(s.Cloud)
		for _, p := range s.Points {
			if p.Label != "" {
				labels++
			}
		}
	}
	if points == 0 {
		return fmt.Errorf("no points, want at least one")
	}
	return cmp.Or(checkCount("series", len(series), maxSeries), checkCount("labels", labels, maxLabels), checkCount("points", points, maxMarks))
}

// includeSeries makes the scales reach over a series.
func (f *frame) includeSeries(s PointSeries) error {
	for i, p := range s.Points {
		if err := f.x.includeInterval(p.X); err != nil {
			return fmt.Errorf("x of point %d %q: %w", i, p.Label, err)
		}
		if err := f.y.includeInterval(p.Y); err != nil {
			return fmt.Errorf("y of point %d %q: %w", i, p.Label, err)
		}
	}
	for i, p := range s.Cloud {
		if err := f.x.include(p.X); err != nil {
			return fmt.Errorf("x of the cloud's point %d: %w", i, err)
		}
		if err := f.y.include(p.Y); err != nil {
			return fmt.Errorf("y of the cloud's point %d: %w", i, err)
		}
	}
	return nil
}

// labelPoints writes the labels.
func (f *frame) labelPoints(p *placer, series []PointSeries) ([]placedLabel, error) {
	l, err := newLettering(textPx-1, false, ink)
	if err != nil {
		return nil, err
	}
	var labels []wanted
	for _, s := range series {
		for _, v := range s.Points {
			const most = 3 // lines
			text := l.wrap(v.Label, p.bounds.Dx()/3)
			if len(text) > most {
				text = append(text[:most-1], l.fit(text[most-1]+"…", p.bounds.Dx()/3))
			}
			if len(text) > 0 {
				labels = append(labels, wanted{text, f.pixel(f.at(f.inner, v.X.Mean, v.Y.Mean))})
			}
		}
	}
	p.near(l, labels, markerPx)
	p.draw(f.img)
	return p.labels, nil
}

// pointMarks draws the series.
type pointMarks struct {
	f      *frame
	series []PointSeries
	pens   []pen
}

// Plot implements plot.Plotter: clouds, then bars, then points, so that
// nothing that matters more is covered.
func (m pointMarks) Plot(c draw.Canvas, _ *plot.Plot) {
	for i, s := range m.series {
		for _, p := range s.Cloud {
			m.pens[i].dot(c, m.f.at(c, p.X, p.Y))
		}
	}
	for i, s := range m.series {
		for _, p := range s.Points {
			m.bars(c, p, m.pens[i])
		}
	}
	for i, s := range m.series {
		for _, p := range s.Points {
			m.pens[i].marker(c, onPixel(m.f.at(c, p.X.Mean, p.Y.Mean)), markerPx)
		}
	}
}

// bars draws the intervals of a point.
func (m pointMarks) bars(c draw.Canvas, p Point, pen pen) {
	const capPx = 3
	style := draw.LineStyle{Color: pen.color, Width: 1}
	at := onPixel(m.f.at(c, p.X.Mean, p.Y.Mean))
	if p.X.known() {
		lo, hi := onPixel(m.f.at(c, p.X.Lo, p.Y.Mean)).X, onPixel(m.f.at(c, p.X.Hi, p.Y.Mean)).X
		c.StrokeLine2(style, lo, at.Y, hi, at.Y)
		c.StrokeLine2(style, lo, at.Y-capPx, lo, at.Y+capPx)
		c.StrokeLine2(style, hi, at.Y-capPx, hi, at.Y+capPx)
	}
	if p.Y.known() {
		lo, hi := onPixel(m.f.at(c, p.X.Mean, p.Y.Lo)).Y, onPixel(m.f.at(c, p.X.Mean, p.Y.Hi)).Y
		c.StrokeLine2(style, at.X, lo, at.X, hi)
		c.StrokeLine2(style, at.X-capPx, lo, at.X+capPx, lo)
		c.StrokeLine2(style, at.X-capPx, hi, at.X+capPx, hi)
	}
}
