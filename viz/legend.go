package viz

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sizes of a legend, in pixels.
const (
	keyMarkPx  = 18 // width of a mark
	keySpacePx = 6  // between a mark and its text
	keysPx     = 18 // between entries, and from row to row
)

// A key is one entry of a legend: a mark and a text.
type key struct {
	color color.Color // of a line as mark; nil: none
	label string
	// mark draws another mark, keyMarkPx wide, from its left and middle.
	mark func(c draw.Canvas, left vg.Point)
}

// width is the width of the entry.
func (k key) width(s plotStyle) vg.Length {
	w := s.text(textPx, false, ink).Width(k.label)
	if k.color != nil || k.mark != nil {
		w += keyMarkPx + keySpacePx
	}
	return w
}

// keyRows breaks a legend into rows at most widthPx wide; a wider label is
// shortened.
func (s plotStyle) keyRows(keys []key, widthPx int) ([][]key, error) {
	l, err := newLettering(textPx, false, ink)
	if err != nil {
		return nil, err
	}
	var rows [][]key
	x := vg.Length(0)
	for _, k := range keys {
		if x += k.width(s); len(rows) == 0 || x > vg.Length(widthPx) {
			// Unhinted, a text may be a few pixels wider than it measures.
			const slack = 4
			k.label = l.fit(k.label, widthPx-keyMarkPx-keySpacePx-slack)
			rows, x = append(rows, nil), k.width(s)
		}
		last := &rows[len(rows)-1]
		*last = append(*last, k)
		x += keysPx
	}
	return rows, nil
}

// drawKeys writes a legend in one row, from (x, y) rightward, y being the
// base line. Keys that would pass the canvas's right edge are left out.
func (s plotStyle) drawKeys(c draw.Canvas, x, y vg.Length, keys []key) {
	style := s.text(textPx, false, ink)
	for _, k := range keys {
		end := x + k.width(s)
		if end > c.Max.X {
			return
		}
		middle := vg.Length(math.Floor(float64(y))) + 4.5
		switch {
		case k.mark != nil:
			k.mark(c, vg.Point{X: x, Y: middle})
			x += keyMarkPx + keySpacePx
		case k.color != nil:
			c.StrokeLine2(draw.LineStyle{Color: k.color, Width: 3}, x, middle, x+keyMarkPx, middle)
			x += keyMarkPx + keySpacePx
		}
		c.FillText(style, vg.Point{X: x, Y: y}, k.label)
		x = end + keysPx
	}
}
