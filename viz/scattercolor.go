package viz

import (
	"image/color"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// unknownColor is the colour of points without a group or value.
var unknownColor = color.NRGBA{200, 205, 211, 255}

// moreGroups follow the swatches where groups are more than those; they stay
// apart from them and from each other, though not for every colour-blind
// reader: names and shapes help.
var moreGroups = [...]color.NRGBA{
	{140, 86, 75, 255},   // brown
	{106, 61, 154, 255},  // violet
	{110, 140, 0, 255},   // olive
	{160, 0, 60, 255},    // dark red
	{0, 90, 90, 255},     // dark teal
	{120, 120, 120, 255}, // grey
}

// GroupColor is the colour of the i-th group of a scatter, from 0; the colours
// repeat after the twelfth, with another shape of marker.
func GroupColor(i int) color.NRGBA {
	if i %= len(swatches) + len(moreGroups); i >= len(swatches) {
		return moreGroups[i-len(swatches)]
	}
	return Swatch(i)
}

func groupShape(i int) shape { return shapeOf(i / (len(swatches) + len(moreGroups))) }

// ValueColors returns a colour for each value: vermillion for low ones over
// light grey at the median to blue for high ones. The twentieth at either end
// is as the value that bounds it. NaN is light grey.
func ValueColors(values []float64) []color.NRGBA {
	r := newRamp(values)
	colors := make([]color.NRGBA, len(values))
	for i, v := range values {
		colors[i] = r.color(v)
	}
	if values == nil {
		return nil
	}
	return colors
}

// A ramp is the range of values that colours tell apart.
type ramp struct{ low, middle, high float64 }

func newRamp(values []float64) ramp {
	sorted := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	slices.Sort(sorted)
	if len(sorted) == 0 {
		return ramp{}
	}
	last := len(sorted) - 1
	return ramp{sorted[last/20], sorted[last/2], sorted[last-last/20]}
}

// color is the colour of a value.
func (r ramp) color(v float64) color.NRGBA {
	const least = .18 // strength at the median, so that points show on paper
	switch {
	case math.IsNaN(v):
		return unknownColor
	case v < r.middle:
		return mixed(Swatch(1), least+(1-least)*min(1, (r.middle-v)/(r.middle-r.low)))
	case v > r.middle:
		return mixed(Swatch(0), least+(1-least)*min(1, (v-r.middle)/(r.high-r.middle)))
	}
	return mixed(Swatch(0), least)
}

// mixed is c of some strength on the grey of unknown points.
func mixed(c color.NRGBA, strength float64) color.NRGBA {
	if math.IsNaN(strength) {
		strength = 1
	}
	return blend(c, unknownColor, strength)
}

const barPx = 12 // height of the bar of colours

// barHeight is what the bar with its numbers needs.
func (s *scatter) barHeight() int {
	if s.o.Values == nil || s.o.Groups != nil {
		return 0
	}
	return barPx + 2*keysPx + 4
}

// drawBar draws the bar of colours at the top of c: name, bar, numbers.
func (s *scatter) drawBar(c draw.Canvas, style plotStyle) {
	if s.barHeight() == 0 {
		return
	}
	r := newRamp(s.o.Values)
	text := style.text(textPx, false, ink)
	c.FillText(text, vg.Point{X: c.Min.X, Y: c.Max.Y - textPx}, s.o.ValueName)
	top := onPixel(vg.Point{Y: c.Max.Y - keysPx}).Y
	width := min(c.Max.X-c.Min.X, 360)
	// Median in the middle: each half of the bar has a scale of its own.
	const steps = 64
	for i := range steps {
		at := 2*(float64(i)+.5)/steps - 1
		v := r.middle + at*(r.high-r.middle)
		if at < 0 {
			v = r.middle + at*(r.middle-r.low)
		}
		x0 := c.Min.X + width*vg.Length(i)/steps
		x1 := c.Min.X + width*vg.Length(i+1)/steps
		fillBox(c, r.color(v), vg.Point{X: x0, Y: top - barPx}, vg.Point{X: x1, Y: top})
	}
	for _, t := range []struct {
		v  float64
		at vg.Length
	}{{r.low, 0}, {r.middle, .5}, {r.high, 1}} {
		label := strconv.FormatFloat(t.v, 'g', 3, 64)
		text := style.text(textPx-1, false, muted)
		c.FillText(text, vg.Point{X: c.Min.X + width*t.at - text.Width(label)*t.at, Y: top - barPx - textPx - 1}, label)
	}
}
