package viz

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"

	"github.com/fogleman/gg"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ScatterOptions says how Scatter colours points. The zero value makes all of
// them one colour.
type ScatterOptions struct {
	// SidePx is the side of the square that the points lie in. Zero: 720.
	SidePx        int
	Title, Footer string
	// Groups is the group of each point, an index into Names. A point of group -1 is
	// in no group and light grey. Each group's name stands in the legend, and on the
	// plot at the median of its points.
	Groups []int
	Names  []string
	// Values colours points without groups, from low to high as ValueColor
	// does, with a bar beside that ValueName explains. NaN is light grey.
	Values    []float64
	ValueName string
}

// Scatter draws places in a plane whose directions mean nothing, such as those
// of an embedding: one scale for both axes and no ticks. The picture's tiles are
// the pixels in the middle of the points.
//
// No points or more than 2^17, places that are not finite, more than 64 groups,
// a group without a name, and groups or values of another number are errors.
func Scatter(points []XY, o ScatterOptions) (*Picture, error) {
	s := scatter{o: o, points: points}
	img, err := s.make()
	if err != nil {
		return nil, fmt.Errorf("viz: scatter: %w", err)
	}
	return img, nil
}

const (
	maxScattered = 1 << 17
	scatterAirPx = 16 // around the points, inside their box
)

type scatter struct {
	o      ScatterOptions
	points []XY
	fit    planeFit
	colors []color.NRGBA
	shapes []shape
	radius vg.Length
}

func (s *scatter) make() (*Picture, error) {
	if s.o.SidePx = cmp.Or(s.o.SidePx, 720); s.o.SidePx < 120 || s.o.SidePx > 1<<13 {
		return nil, fmt.Errorf("side of %d pixels, want 120 to %d", s.o.SidePx, 1<<13)
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	style, err := newPlotStyle()
	if err != nil {
		return nil, err
	}
	side := s.o.SidePx
	rows, err := style.keyRows(s.keys(), side)
	if err != nil {
		return nil, err
	}
	faces, err := newSheetFaces(textPx)
	if err != nil {
		return nil, err
	}
	// The same heights as drawTitle takes.
	height := side + 2*plotMargin + len(rows)*keysPx + s.barHeight()
	if n := len(faces.heading.wrap(s.o.Title, side)); n > 0 {
		height += 17*n + 8
	}
	if n := len(faces.quiet.wrap(s.o.Footer, side)); n > 0 {
		height += 17*n + 6
	}
	c, img, err := newPlotCanvas(side+2*plotMargin, height)
	if err != nil {
		return nil, err
	}
	c = draw.Crop(c, plotMargin, -plotMargin, plotMargin, -plotMargin)
	if c, err = style.drawTitle(c, s.o.Title, s.o.Footer); err != nil {
		return nil, err
	}
	for i, row := range rows {
		style.drawKeys(c, c.Min.X, c.Max.Y-vg.Length(i*keysPx)-textPx, row)
	}
	c.Max.Y -= vg.Length(len(rows) * keysPx)
	s.drawBar(c, style)
	c.Max.Y = c.Min.Y + vg.Length(side)
	s.drawPoints(c)
	corner := image.Pt(int(c.Min.X), height-int(c.Max.Y))
	box := image.Rectangle{corner, corner.Add(image.Pt(side, side))}
	out := &Picture{RGBA: img, Tiles: []Tiles{s.layout(corner)}, Plots: []Plot{inside(img, box)}}
	return out, s.drawNames(img, corner)
}

func (s *scatter) check() error {
	n := len(s.points)
	if n == 0 {
		return fmt.Errorf("no points, want at least one")
	}
	if err := cmp.Or(checkCount("points", n, maxScattered), checkCount("groups", len(s.o.Names), maxSeries)); err != nil {
		return err
	}
	if g := s.o.Groups; g != nil && len(g) != n || g == nil && len(s.o.Names) > 0 {
		return fmt.Errorf("groups of %d points, want %d", len(g), n)
	}
	if v := s.o.Values; v != nil && len(v) != n {
		return fmt.Errorf("values of %d points, want %d", len(v), n)
	}
	for i, g := range s.o.Groups {
		if g < -1 || g >= len(s.o.Names) {
			return fmt.Errorf("point %d is of group %d, want -1 to %d", i, g, len(s.o.Names)-1)
		}
	}
	var err error
	if s.fit, err = fitPlane(s.points, s.o.SidePx, scatterAirPx); err != nil {
		return err
	}
	s.radius = 3
	if n > 3000 {
		s.radius = 2
	}
	if n > 20000 {
		s.radius = 1.3
	}
	s.colors, s.shapes = make([]color.NRGBA, n), make([]shape, n)
	values := ValueColors(s.o.Values)
	for i := range n {
		s.colors[i], s.shapes[i] = Swatch(0), shapeOf(0)
		switch {
		case s.o.Groups != nil && s.o.Groups[i] < 0:
			s.colors[i] = unknownColor
		case s.o.Groups != nil:
			s.colors[i], s.shapes[i] = GroupColor(s.o.Groups[i]), groupShape(s.o.Groups[i])
		case values != nil:
			s.colors[i] = values[i]
		}
	}
	return nil
}

// keys is the legend.
func (s *scatter) keys() []key {
	var keys []key
	for g, name := range s.o.Names {
		keys = append(keys, key{label: name, mark: func(c draw.Canvas, left vg.Point) {
			c.FillPolygon(GroupColor(g), groupShape(g).around(onPixel(vg.Point{X: left.X + keyMarkPx/2, Y: left.Y}), markerPx))
		}})
	}
	return keys
}

// drawPoints draws the points in their order, so that no group hides another.
func (s *scatter) drawPoints(c draw.Canvas) {
	low, high := onPixel(c.Min), onPixel(vg.Point{X: c.Max.X - 1, Y: c.Max.Y - 1})
	c.StrokeLines(draw.LineStyle{Color: rule, Width: 1}, []vg.Point{low, {X: high.X, Y: low.Y}, high, {X: low.X, Y: high.Y}, low})
	for i, p := range s.points {
		x, y := s.fit.at(p)
		c.FillPolygon(s.colors[i], s.shapes[i].around(vg.Point{X: c.Min.X + vg.Length(x), Y: c.Max.Y - vg.Length(y)}, s.radius))
	}
}

// layout is where the points lie, with the box's upper left corner at corner.
func (s *scatter) layout(corner image.Point) Tiles {
	t := Tiles{Count: len(s.points), W: 1, H: 1, X0: corner.X, Y0: corner.Y, At: make([][2]int, len(s.points))}
	for i, p := range s.points {
		x, y := s.fit.at(p)
		t.At[i] = [2]int{int(x), int(y)}
	}
	return t
}

// drawNames writes each group's name at the median of its points, on a rim of
// paper. at is the box's upper left corner.
func (s *scatter) drawNames(img *image.RGBA, at image.Point) error {
	const (
		most   = 24 // groups; more names than that cover the plot
		sizePx = 19
	)
	if len(s.o.Names) > most {
		return nil
	}
	l, err := newLettering(min(sizePx, float64(s.o.SidePx)/16), true, ink)
	if err != nil {
		return err
	}
	rim := l
	rim.color = paper
	dc := gg.NewContextForRGBA(img)
	var taken []image.Rectangle
	for g, name := range s.o.Names {
		var xs, ys []float64
		for i, p := range s.points {
			if s.o.Groups[i] == g {
				x, y := s.fit.at(p)
				xs, ys = append(xs, x), append(ys, y)
			}
		}
		if len(xs) == 0 {
			continue
		}
		slices.Sort(xs)
		slices.Sort(ys)
		name = l.fit(name, s.o.SidePx/4)
		half := l.width(name)/2 + 3
		x := at.X + min(max(int(xs[len(xs)/2]), half), s.o.SidePx-half)
		y := at.Y + min(max(int(ys[len(ys)/2])-l.linePx/2, 2), s.o.SidePx-l.linePx-2)
		box := image.Rect(x-half, y, x+half, y+l.linePx)
		for slices.ContainsFunc(taken, box.Overlaps) && box.Max.Y+l.linePx < at.Y+s.o.SidePx {
			box = box.Add(image.Pt(0, l.linePx/2))
		}
		taken = append(taken, box)
		y = box.Min.Y
		for dy := -2; dy <= 2; dy++ {
			for dx := -2; dx <= 2; dx++ {
				rim.draw(dc, []string{name}, x+dx, y+dy, alignCentre)
			}
		}
		l.draw(dc, []string{name}, x, y, alignCentre)
	}
	return nil
}

// A planeFit maps places to a square of pixels, y upward, at one scale.
type planeFit struct {
	scale  float64 // pixels by unit
	cx, cy float64 // the middle of the places
	middle float64 // of the square
}

// fitPlane fits places into a square with air around them.
func fitPlane(points []XY, sidePx, airPx int) (planeFit, error) {
	low, high := points[0], points[0]
	for i, p := range points {
		const most = 1e100
		if !(math.Abs(p.X) <= most) || !(math.Abs(p.Y) <= most) {
			return planeFit{}, fmt.Errorf("point %d lies at (%g, %g), want numbers of at most %g", i, p.X, p.Y, most)
		}
		low, high = XY{min(low.X, p.X), min(low.Y, p.Y)}, XY{max(high.X, p.X), max(high.Y, p.Y)}
	}
	f := planeFit{cx: low.X/2 + high.X/2, cy: low.Y/2 + high.Y/2, middle: float64(sidePx) / 2}
	if span := max(high.X-low.X, high.Y-low.Y); span > 0 {
		f.scale = float64(sidePx-2*airPx) / span
	}
	return f, nil
}

// at is where a place lies, from the square's upper left corner.
func (f planeFit) at(p XY) (x, y float64) {
	return f.middle + float64((p.X-f.cx)*f.scale), f.middle - float64((p.Y-f.cy)*f.scale)
}
