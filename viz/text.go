package viz

import (
	"image/color"
	"strings"

	"github.com/fogleman/gg"
	"golang.org/x/image/font"
)

// An alignment places text to the right of, around, or to the left of x.
type alignment int

const (
	alignLeft alignment = iota
	alignCentre
	alignRight
)

// A lettering is a face with its colour and line grid.
type lettering struct {
	face     font.Face
	color    color.Color
	ascentPx int
	linePx   int
}

func newLettering(sizePx float64, bold bool, c color.Color) (lettering, error) {
	face, err := newFace(sizePx, bold)
	if err != nil {
		return lettering{}, err
	}
	m := face.Metrics()
	return lettering{face, c, m.Ascent.Ceil(), (m.Ascent + m.Descent).Ceil() + 1}, nil
}

// width is the width of one line.
func (l lettering) width(s string) int {
	return font.MeasureString(l.face, s).Ceil()
}

// widest is the width of the widest line of s.
func (l lettering) widest(s string) int { return boxOf(l, lines(s)).X }

// lines splits s at its line breaks; the empty string has no line.
func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// fit shortens a line with an ellipsis until it is at most widthPx wide.
func (l lettering) fit(s string, widthPx int) string {
	if l.width(s) <= widthPx {
		return s
	}
	const ellipsis = "…"
	runes := []rune(s)
	lo, hi := 0, len(runes) // runes[:lo] fits, runes[:hi] does not
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		if l.width(string(runes[:mid])+ellipsis) <= widthPx {
			lo = mid
		} else {
			hi = mid
		}
	}
	return strings.TrimRight(string(runes[:lo]), " ") + ellipsis
}

// wrap breaks s at its line breaks and then between words, so that lines are
// at most widthPx wide; a single wider word is shortened.
func (l lettering) wrap(s string, widthPx int) []string {
	var out []string
	for _, paragraph := range lines(s) {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			longer := word
			if line != "" {
				longer = line + " " + word
			}
			if line != "" && l.width(longer) > widthPx {
				out = append(out, l.fit(line, widthPx))
				longer = word
			}
			line = longer
		}
		out = append(out, l.fit(line, widthPx))
	}
	return out
}

// draw writes text; y is the top of the first line.
func (l lettering) draw(dc *gg.Context, text []string, x, y int, align alignment) {
	dc.SetFontFace(l.face)
	dc.SetColor(l.color)
	for i, s := range text {
		left := x
		switch align {
		case alignCentre:
			left -= l.width(s) / 2
		case alignRight:
			left -= l.width(s)
		}
		dc.DrawString(s, float64(left), float64(y+l.ascentPx+i*l.linePx))
	}
}
