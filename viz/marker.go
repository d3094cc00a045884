package viz

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// markerPx is the radius of a point's marker.
const markerPx = 5

// A shape is the outline of a marker. Each series has its own, so that they can be
// told apart without colours.
type shape [][2]float64

// shapes are in the order of use, about equal in area, in units of the
// radius.
var shapes = [...]shape{
	polygon(24, 0, 1),            // circle
	polygon(4, math.Pi/4, 1.25),  // square
	polygon(3, math.Pi/2, 1.45),  // triangle
	polygon(4, 0, 1.3),           // diamond
	polygon(3, -math.Pi/2, 1.45), // triangle on its tip
	{{-1.2, 0.4}, {-1.2, -0.4}, {-0.4, -0.4}, {-0.4, -1.2}, {0.4, -1.2}, {0.4, -0.4}, {1.2, -0.4}, {1.2, 0.4}, {0.4, 0.4}, {0.4, 1.2}, {-0.4, 1.2}, {-0.4, 0.4}}, // plus
}

// shapeOf is the i-th shape; they repeat.
func shapeOf(i int) shape { return shapes[i%len(shapes)] }

// polygon is a regular polygon of n corners, the first at an angle.
func polygon(n int, angleRad, radius float64) shape {
	s := make(shape, n)
	for i := range s {
		sin, cos := math.Sincos(angleRad + float64(2*math.Pi*float64(i)/float64(n)))
		s[i] = [2]float64{radius * cos, radius * sin}
	}
	return s
}

// A pen draws the marks of one series.
type pen struct {
	color  color.NRGBA
	shape  shape
	hollow bool
	dashes []vg.Length
}

// penOf is the pen of the i-th series. Controls are grey and hollow, so that
// the colours are left to what is compared with them; nth counts the series
// of the same sort.
func penOf(i, nth int, control bool, c color.Color) pen {
	p := pen{color: Swatch(nth), shape: shapeOf(i)}
	if control {
		// Every other is lighter, which a cloud of dots shows better than a
		// shape.
		p.color, p.hollow = tint(muted, 1-0.35*float64(nth%2)), true
		p.dashes = [][]vg.Length{nil, {5, 3}, {2, 2}}[nth%3]
	}
	if c != nil {
		p.color = color.NRGBAModel.Convert(c).(color.NRGBA)
	}
	return p
}

// pens counts out the pens of some series.
type pens struct{ series, controls int }

func (n *pens) next(control bool, c color.Color) pen {
	i := n.series
	n.series++
	if control {
		n.controls++
		return penOf(i, n.controls-1, true, c)
	}
	return penOf(i, i-n.controls, false, c)
}

// marker draws a point, with a thin edge of paper that keeps it apart from
// what lies below.
func (p pen) marker(c draw.Canvas, at vg.Point, radius vg.Length) {
	c.FillPolygon(paper, p.shape.around(at, radius+1))
	c.FillPolygon(p.color, p.shape.around(at, radius))
	if p.hollow {
		c.FillPolygon(paper, p.shape.around(at, radius-2))
	}
}

// dot draws one of a cloud of points, light and small.
func (p pen) dot(c draw.Canvas, at vg.Point) {
	c.FillPolygon(tint(p.color, 0.55), p.shape.around(at, 2))
}

// around is the outline of a marker.
func (s shape) around(at vg.Point, radius vg.Length) []vg.Point {
	out := make([]vg.Point, len(s))
	for i, v := range s {
		out[i] = vg.Point{X: at.X + vg.Length(vg.Length(v[0])*radius), Y: at.Y + vg.Length(vg.Length(v[1])*radius)}
	}
	return out
}

// onPixel moves a point to the middle of its pixel, where thin lines are
// sharp and bars meet their marker.
func onPixel(p vg.Point) vg.Point {
	floor := func(v vg.Length) vg.Length { return vg.Length(math.Floor(float64(v))) + 0.5 }
	return vg.Point{X: floor(p.X), Y: floor(p.Y)}
}
