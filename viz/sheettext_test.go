package viz

import (
	"fmt"
	"image"
	"strings"
	"testing"

	"dcganviz/internal/golden"
)

// inkIn counts the pixels of r that are not white.
func inkIn(img *image.RGBA, r image.Rectangle) (n int) {
	r = r.Intersect(img.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if c := img.RGBAAt(x, y); c.R != 255 || c.G != 255 || c.B != 255 {
				n++
			}
		}
	}
	return n
}

func TestTextKeepsClearOfTilesAndEdges(t *testing.T) {
	tiles := testTiles(6, 40, 30)
	long := strings.Repeat("wide words ", 30)
	for i, o := range []SheetOptions{
		{Title: "A title"},
		{Footer: "0.123 ± 0.004"},
		{Title: long, Footer: long},
		{Captions: []string{"a", "b\nc", "", long, "e", "f"}},
		{RowLabels: []string{"one", long}},
		{ColumnLabels: []string{"gypq", "two\nlines", long}},
		{Title: "T", Footer: "F", Captions: strings.Split("a b c d e f", " "), RowLabels: []string{"x", "y"}, ColumnLabels: []string{"1", "2", "3"}, TextPx: 20},
	} {
		o.Columns = 3
		sheet, err := Sheet(tiles, o)
		if err != nil {
			t.Fatal(err)
		}
		g, err := newGrid(tiles, o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := newSheetText(&g, o); err != nil {
			t.Fatal(err)
		}
		drawn := 0
		for k, tile := range tiles {
			samePixels(t, fmt.Sprintf("options %d, tile %d", i, k), sheet.SubImage(g.cell(k)), tile)
			drawn += inkIn(sheet.RGBA, g.cell(k))
		}
		if inkIn(sheet.RGBA, sheet.Rect) == drawn {
			t.Errorf("options %d: no text was drawn", i)
		}
		// Antialiasing may reach a pixel over the border; no further.
		inside := sheet.Rect.Inset(airPx - 2)
		if out := inkIn(sheet.RGBA, sheet.Rect) - inkIn(sheet.RGBA, inside); out != 0 {
			t.Errorf("options %d: %d pixels of text in the border", i, out)
		}
	}
}

func TestEmptyTextIsNoText(t *testing.T) {
	plain, err := Sheet(testTiles(2, 8, 8), SheetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	same, err := Sheet(testTiles(2, 8, 8), SheetOptions{Captions: []string{}, RowLabels: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	samePixels(t, "empty lists", same, plain)
}

func TestFitAndWrapKeepToTheWidth(t *testing.T) {
	l, err := newLettering(textPx, false, ink)
	if err != nil {
		t.Fatal(err)
	}
	text := "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich"
	for width := l.width("…"); width < 500; width += 7 {
		if got := l.fit(text, width); l.width(got) > width {
			t.Errorf("fit to %d px gives %q of %d px", width, got, l.width(got))
		}
		for _, line := range l.wrap(text, width) {
			if l.width(line) > width {
				t.Errorf("wrap to %d px gives %q of %d px", width, line, l.width(line))
			}
		}
		if width > 100 { // wider than each word
			if got := strings.Join(l.wrap(text, width), " "); got != text {
				t.Errorf("wrap to %d px loses text: %q", width, got)
			}
		}
	}
	if got := l.fit(text, 1000); got != text {
		t.Errorf("a line that fits became %q", got)
	}
	if got := l.wrap("a\n\nb", 100); len(got) != 3 {
		t.Errorf("got %d lines, want 3 with the empty one", len(got))
	}
}

func TestSheetTextGolden(t *testing.T) {
	sheet, err := Sheet(testTiles(6, 44, 36), SheetOptions{
		Columns: 3, GapPx: 4,
		Title: "Units of conv4", Footer: "KID 0.021 ± 0.003; 6 samples, seed 1",
		Captions:     []string{"D 0.12", "D 0.51", "D 0.98", "D 0.33", "a long caption", "D 0.07"},
		RowLabels:    []string{"with", "without\n12 units"},
		ColumnLabels: []string{"1st", "2nd", "3rd"},
		Marks:        []Mark{{Tile: 4}},
	})
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, sheet)
}
