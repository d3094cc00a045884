package viz

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Curve is a quantity that depends on another.
type Curve struct {
	// Name of the curve in the legend. Empty: none.
	Name string
	// X increases; Y is as long. A mean that is not finite leaves a gap in
	// the line, an end of an interval that is not, one in the band.
	X []float64
	Y []Interval
	// Control makes the curve grey; each control has other dashes.
	Control bool
	// Color of the curve. Nil: the next Swatch, or grey for a control.
	Color color.Color
}

// CurvePlot draws curves, the intervals as bands around them.
//
// Curves of few points have a marker at each. Curves are drawn in their order, so
// that later ones lie on top. No value that is finite, more than
// 64 curves or 32,768 points, slices of different lengths, X that is not
// finite or does not increase, and intervals that end before they start are
// errors.
func CurvePlot(curves []Curve, o PlotOptions) (*Picture, error) {
	f, err := curvePlot(curves, o)
	if err != nil {
		return nil, fmt.Errorf("viz: curve plot: %w", err)
	}
	return f.picture(), nil
}

// curvePlot gives the frame that it drew.
func curvePlot(curves []Curve, o PlotOptions) (*frame, error) {
	f, err := newFrame(o)
	if err != nil {
		return nil, err
	}
	if err := checkCount("curves", len(curves), maxSeries); err != nil {
		return nil, err
	}
	marks := curveMarks{f: f, curves: curves}
	var n pens
	points, drawn := 0, 0
	for i, c := range curves {
		points += len(c.X)
		k, err := f.includeCurve(c)
		if err != nil {
			return nil, fmt.Errorf("curve %d %q: %w", i, c.Name, err)
		}
		drawn += k
		m := curveMark{n.next(c.Control, c.Color), len(c.X) <= maxMarkers}
		marks.marks = append(marks.marks, m)
		if c.Name != "" {
			f.keys = append(f.keys, key{label: c.Name, mark: m.key})
		}
	}
	if drawn == 0 {
		return nil, fmt.Errorf("no finite value among %d points, want at least one", points)
	}
	if err := checkCount("points", points, maxMarks); err != nil {
		return nil, err
	}
	p, err := f.draw(marks)
	if err != nil {
		return nil, err
	}
	p.draw(f.img)
	return f, nil
}

// includeCurve makes the scales reach over a curve, and counts its values.
func (f *frame) includeCurve(c Curve) (drawn int, err error) {
	if len(c.Y) != len(c.X) {
		return 0, fmt.Errorf("%d values, want %d, one for each x", len(c.Y), len(c.X))
	}
	for i, x := range c.X {
		if err := f.x.include(x); err != nil {
			return 0, fmt.Errorf("x of point %d: %w", i, err)
		}
		if i > 0 && x <= c.X[i-1] {
			return 0, fmt.Errorf("x %g of point %d follows %g, want increasing x", x, i, c.X[i-1])
		}
		y := c.Y[i]
		if !finite(y.Mean) {
			continue
		}
		drawn++
		if !finite(y.Lo) || !finite(y.Hi) {
			y.Lo, y.Hi = 0, 0
		}
		if err := f.y.includeInterval(y); err != nil {
			return 0, fmt.Errorf("y of point %d: %w", i, err)
		}
	}
	return drawn, nil
}

// maxMarkers is how many points of a curve are marked: more would run into
// one another.
const maxMarkers = 32

// A curveMark is how a curve is drawn.
type curveMark struct {
	pen    pen
	marked bool
}

const (
	curvePx       = 2   // width of a line
	curveMarkerPx = 3.5 // radius of its markers
)

// line is the style of the series' line.
func (p pen) line(widthPx vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: p.color, Width: widthPx, Dashes: p.dashes}
}

// key draws the curve's mark in the legend.
func (m curveMark) key(c draw.Canvas, left vg.Point) {
	at := onPixel(left)
	c.StrokeLine2(m.pen.line(curvePx), at.X, at.Y, at.X+keyMarkPx, at.Y)
	if m.marked {
		m.pen.marker(c, at.Add(vg.Point{X: keyMarkPx / 2}), curveMarkerPx)
	}
}

// curveMarks draws the curves.
type curveMarks struct {
	f      *frame
	curves []Curve
	marks  []curveMark
}

// Plot implements plot.Plotter: all bands, then the lines.
func (m curveMarks) Plot(c draw.Canvas, p *plot.Plot) {
	for i, curve := range m.curves {
		for _, band := range m.bands(c, curve) {
			fill := m.marks[i].pen.color
			fill.A = 48
			c.FillPolygon(fill, band)
		}
	}
	for i, curve := range m.curves {
		m.line(c, p, curve, m.marks[i])
	}
}

// bands are the outlines of a curve's band, one for each run of points that
// have an interval.
func (m curveMarks) bands(c draw.Canvas, curve Curve) (out [][]vg.Point) {
	var above, below []vg.Point
	end := func() {
		if len(above) > 1 {
			for i := range below {
				above = append(above, below[len(below)-1-i])
			}
			out = append(out, above)
		}
		above, below = nil, nil
	}
	for i, y := range curve.Y {
		if !finite(y.Mean) || !finite(y.Lo) || !finite(y.Hi) {
			end()
			continue
		}
		if !y.known() {
			// No width: the band comes to a point on the line.
			y.Lo, y.Hi = y.Mean, y.Mean
		}
		above = append(above, m.f.at(c, curve.X[i], y.Hi))
		below = append(below, m.f.at(c, curve.X[i], y.Lo))
		// A path of many lines takes long to fill, so it ends here and goes
		// on from the same point.
		if len(above) == 1<<10 {
			end()
			above = append(above, m.f.at(c, curve.X[i], y.Hi))
			below = append(below, m.f.at(c, curve.X[i], y.Lo))
		}
	}
	end()
	return out
}

// line draws a curve and its markers.
func (m curveMarks) line(c draw.Canvas, p *plot.Plot, curve Curve, mark curveMark) {
	var parts []plotter.XYs
	gap := true
	for i, y := range curve.Y {
		if !finite(y.Mean) {
			gap = true
			continue
		}
		if gap {
			parts, gap = append(parts, nil), false
		}
		last := &parts[len(parts)-1]
		*last = append(*last, plotter.XY{X: m.f.x.at(curve.X[i]), Y: m.f.y.at(y.Mean)})
	}
	polylines{parts, mark.pen.line(curvePx)}.Plot(c, p)
	if !mark.marked {
		return
	}
	for i, y := range curve.Y {
		if finite(y.Mean) {
			mark.pen.marker(c, m.f.at(c, curve.X[i], y.Mean), curveMarkerPx)
		}
	}
}
