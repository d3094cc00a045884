package gallery

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Curves are lines over a common horizontal axis, which the page draws.
type Curves struct {
	Title, Text string
	Lines       []Line
	// Band is a range to compare with, if it is one: its name, and from where to where.
	Band     string
	Low, Top float64
}

// A Line goes through points in the order of X. With Errors, of as many, it is shown as
// points with bars of one error up and down. Numbers that are not finite are left out.
type Line struct {
	Name         string
	X, Y, Errors []float64
}

// The drawing's own units, and how many points of a line are enough for it.
const (
	curvesWide, curvesHigh = 1000, 300
	curvePoints            = 250
	leastBand              = 0.01 // of the height, so that it can be seen
)

// drawnCurves is what the template draws.
type drawnCurves struct {
	*Curves
	Paths            []drawnLine
	BandY, BandHigh  string
	Upper, Mid, Base string // labels of the axes
	From, Half, To   string
}

type drawnLine struct {
	Name, Last string
	// Path is the line, or of points with errors the bars; Dots are the points then.
	Path, Dots string
	Number     int
}

// drawn scales curves. Nil: there is nothing to draw.
func (c *Curves) drawn() *drawnCurves {
	x0, x1, y0, y1 := math.Inf(1), math.Inf(-1), 0.0, 0.0
	lines := make([]Line, len(c.Lines))
	for i, l := range c.Lines {
		// The axis ends at the last step, the thinned line before it.
		for k, x := range l.X {
			if finite(x) && finite(l.Y[k]) {
				x0, x1 = min(x0, x), max(x1, x)
			}
		}
		lines[i] = l.thinned()
		for k := range lines[i].Y {
			y, e := lines[i].Y[k], lines[i].error(k)
			y0, y1 = min(y0, y-e), max(y1, y+e)
		}
	}
	if x0 > x1 {
		return nil
	}
	if c.Band != "" {
		y0, y1 = min(y0, c.Low), max(y1, c.Top)
	}
	x0 = min(x0, 0)
	if x1 == x0 {
		x1 = x0 + 1
	}
	// A little below 0 is drawn at 0.
	if y1 = roundUp(y1); -y0 > y1/20 {
		y0 = -roundUp(-y0)
	} else {
		y0 = 0
	}
	if y1 == y0 {
		y1 = y0 + 1
	}
	across := func(x float64) string { return tenths((x - x0) / (x1 - x0) * curvesWide) }
	down := func(y float64) string { return tenths(min(max((y1-y)/(y1-y0), 0), 1) * curvesHigh) }
	d := &drawnCurves{Curves: c, Upper: short(y1), Mid: short((y0 + y1) / 2), Base: short(y0), From: short(x0), Half: short((x0 + x1) / 2), To: short(x1)}
	if c.Band != "" {
		low, top := max(c.Low, y0), max(c.Top, y0)
		d.BandY, d.BandHigh = down(top), tenths(max((top-low)/(y1-y0), leastBand)*curvesHigh)
	}
	for i, l := range lines {
		var path, dots strings.Builder
		for k, x := range l.X {
			switch {
			case l.Errors != nil:
				fmt.Fprintf(&path, "M%s %sV%s", across(x), down(l.Y[k]-l.error(k)), down(l.Y[k]+l.error(k)))
				// A line of no length has round ends: a dot.
				fmt.Fprintf(&dots, "M%s %sh0", across(x), down(l.Y[k]))
			case k == 0:
				fmt.Fprintf(&path, "M%s %s", across(x), down(l.Y[k]))
			default:
				fmt.Fprintf(&path, "L%s %s", across(x), down(l.Y[k]))
			}
		}
		last := ""
		if n := len(l.Y); n > 0 {
			last = fmt.Sprintf("%.3g", l.Y[n-1])
			if l.Errors != nil {
				last += fmt.Sprintf(" ± %.2g", l.error(n-1))
			}
		}
		d.Paths = append(d.Paths, drawnLine{l.Name, last, path.String(), dots.String(), i + 1})
	}
	return d
}

// error is the error of point k, 0 without.
func (l *Line) error(k int) float64 {
	if k >= len(l.Errors) {
		return 0
	}
	return l.Errors[k]
}

// thinned returns a line of at most curvePoints points: the means of as many parts. Points
// with errors stay as they are.
func (l Line) thinned() Line {
	out := Line{Name: l.Name}
	if l.Errors != nil {
		out.Errors = []float64{}
	}
	n := min(len(l.X), len(l.Y))
	parts := n
	if l.Errors == nil {
		parts = min(n, curvePoints)
	}
	for p := range parts {
		from, to := p*n/parts, (p+1)*n/parts
		var x, y, count float64
		for k := from; k < to; k++ {
			if finite(l.X[k]) && finite(l.Y[k]) && finite(l.error(k)) {
				x, y, count = x+l.X[k], y+l.Y[k], count+1
			}
		}
		if count == 0 {
			continue
		}
		out.X, out.Y = append(out.X, x/count), append(out.Y, y/count)
		if l.Errors != nil {
			out.Errors = append(out.Errors, l.error(from))
		}
	}
	return out
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// roundUp returns the next number at or above v that has one digit, or 1.5, 2.5; 0 for none
// above 0.
func roundUp(v float64) float64 {
	if !(v > 0) {
		return 0
	}
	ten := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 1.5, 2, 2.5, 3, 4, 5, 6, 8} {
		if m*ten >= v {
			return m * ten
		}
	}
	return 10 * ten
}

// tenths is a number for a drawing, of one digit after the point.
func tenths(v float64) string { return strconv.FormatFloat(math.Round(10*v)/10, 'f', -1, 64) }

// short is a number for an axis.
func short(v float64) string {
	if math.Abs(v) >= 1000 {
		return strconv.FormatFloat(math.Round(v), 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
