package viz

import (
	"cmp"
	"fmt"
	"image"

	"github.com/fogleman/gg"
)

// Spaces around text, in pixels.
const (
	airPx     = 12 // least border of a sheet with text
	captionPx = 3  // between a tile and its caption
	labelPx   = 8  // between labels and the grid
	// narrowPx is the width that a sheet with a title or a footer may grow
	// to when its grid is narrower than the text.
	narrowPx = 320
	// rowLabelPx is the largest width of a row's label.
	rowLabelPx = 240
)

// A sheetText is the lettering of a sheet, laid out.
type sheetText struct {
	plain, quiet, heading    lettering
	title, footer            []string
	captions, rows, columns  [][]string
	titleTop, footerTop      int
	columnTop, columnsHeight int
}

// newSheetText makes room in g for the text of o and lays it out. It gives
// nil, and leaves g alone, when there is no text.
func newSheetText(g *grid, o SheetOptions) (*sheetText, error) {
	for _, v := range []struct {
		name      string
		got, want int
	}{{"captions", len(o.Captions), g.tiles}, {"row labels", len(o.RowLabels), g.rows}, {"column labels", len(o.ColumnLabels), g.columns}} {
		if v.got != 0 && v.got != v.want {
			return nil, fmt.Errorf("%d %s, want none or %d", v.got, v.name, v.want)
		}
	}
	if o.Title == "" && o.Footer == "" && len(o.Captions)+len(o.RowLabels)+len(o.ColumnLabels) == 0 {
		return nil, nil
	}
	t, err := newSheetFaces(o.TextPx)
	if err != nil {
		return nil, err
	}
	g.border = max(g.border, airPx)
	t.placeGrid(g, o)
	t.placeTitle(g, o)
	return t, nil
}

// checkTextPx fails for a size of text that cannot be read; 0 is the default.
func checkTextPx(sizePx float64) error {
	if !(sizePx == 0 || sizePx >= 4 && sizePx <= 400) {
		return fmt.Errorf("text of %g px, want 4 to 400", sizePx)
	}
	return nil
}

func newSheetFaces(sizePx float64) (*sheetText, error) {
	sizePx = cmp.Or(sizePx, textPx)
	var t sheetText
	var err error
	if t.plain, err = newLettering(sizePx, false, ink); err != nil {
		return nil, err
	}
	if t.quiet, err = newLettering(sizePx, false, muted); err != nil {
		return nil, err
	}
	t.heading, err = newLettering(sizePx*titleUp, true, ink)
	return &t, err
}

// placeGrid moves the tiles to make room for captions and labels, and fits
// those to it.
func (t *sheetText) placeGrid(g *grid, o SheetOptions) {
	deepest := func(texts []string) (most int) {
		for _, s := range texts {
			most = max(most, len(lines(s)))
		}
		return most
	}
	fitAll := func(texts []string, widthPx int) [][]string {
		out := make([][]string, len(texts))
		for i, s := range texts {
			for _, line := range lines(s) {
				out[i] = append(out[i], t.plain.fit(line, widthPx))
			}
		}
		return out
	}
	below := 0
	if n := deepest(o.Captions); n > 0 {
		below = captionPx + n*t.plain.linePx
		g.pitchY = g.tileH + below + max(g.gap, captionPx)
	}
	t.captions = fitAll(o.Captions, g.pitchX)
	t.columns = fitAll(o.ColumnLabels, g.pitchX)
	t.rows = fitAll(o.RowLabels, rowLabelPx)
	g.origin = image.Pt(g.border, g.border)
	if n := deepest(o.ColumnLabels); n > 0 {
		t.columnsHeight = n * t.plain.linePx
		g.origin.Y += t.columnsHeight + captionPx
	}
	t.columnTop = g.border
	widest := 0
	for _, label := range t.rows {
		widest = max(widest, boxOf(t.plain, label).X)
	}
	if widest > 0 {
		g.origin.X += widest + labelPx
	}
	last := g.cell(g.columns*g.rows - 1).Max
	g.width, g.height = last.X+g.border, last.Y+below+g.border
}

// placeTitle wraps title and footer to the sheet and makes room for them.
func (t *sheetText) placeTitle(g *grid, o SheetOptions) {
	for _, text := range []struct {
		l lettering
		s string
	}{{t.heading, o.Title}, {t.quiet, o.Footer}} {
		if text.s != "" {
			g.width = max(g.width, min(text.l.widest(text.s), narrowPx)+2*g.border)
		}
	}
	room := g.width - 2*g.border
	t.title, t.footer = t.heading.wrap(o.Title, room), t.quiet.wrap(o.Footer, room)
	if len(t.title) > 0 {
		t.titleTop = g.border
		down := len(t.title)*t.heading.linePx + labelPx
		g.origin.Y, g.height, t.columnTop = g.origin.Y+down, g.height+down, t.columnTop+down
	}
	if len(t.footer) > 0 {
		t.footerTop = g.height - g.border + labelPx
		g.height += labelPx + len(t.footer)*t.quiet.linePx
	}
}

// draw writes the text on the sheet.
func (t *sheetText) draw(sheet *image.RGBA, g *grid) {
	dc := gg.NewContextForRGBA(sheet)
	t.heading.draw(dc, t.title, g.border, t.titleTop, alignLeft)
	t.quiet.draw(dc, t.footer, g.border, t.footerTop, alignLeft)
	for i, caption := range t.captions {
		cell := g.cell(i)
		t.plain.draw(dc, caption, (cell.Min.X+cell.Max.X)/2, cell.Max.Y+captionPx, alignCentre)
	}
	for i, label := range t.rows {
		cell := g.cell(i * g.columns)
		top := (cell.Min.Y + cell.Max.Y - len(label)*t.plain.linePx) / 2
		t.plain.draw(dc, label, cell.Min.X-labelPx, top, alignRight)
	}
	for i, label := range t.columns {
		cell := g.cell(i)
		// A label of fewer lines than its neighbours stands on the grid.
		top := t.columnTop + t.columnsHeight - len(label)*t.plain.linePx
		t.plain.draw(dc, label, (cell.Min.X+cell.Max.X)/2, top, alignCentre)
	}
}
