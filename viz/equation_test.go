package viz

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"dcganviz/internal/golden"
)

func plainTile(c color.Color, size int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			img.Set(x, y, c)
		}
	}
	return img
}

func testEquation() []Term {
	term := func(sign, name string, i int) Term {
		t := Term{Sign: sign, Name: name, Mean: plainTile(Swatch(i), 12)}
		for k := range 3 {
			t.Exemplars = append(t.Exemplars, plainTile(tint(Swatch(i), .3+.2*float64(k)), 12))
		}
		return t
	}
	result := Term{Sign: "=", Name: "nine around", Columns: 3}
	for k := range 9 {
		result.Exemplars = append(result.Exemplars, plainTile(tint(Swatch(4), .2+.08*float64(k)), 12))
	}
	return []Term{term("", "first", 0), term("−", "second", 1), result}
}

func TestEquationGolden(t *testing.T) {
	img, err := Equation(testEquation()[1:], EquationOptions{TextPx: 10})
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, img)
}

// TestEquationLinesUp: the means and the last row of a result stand on one line,
// each tile is there once, in place, enlarged.
func TestEquationLinesUp(t *testing.T) {
	terms := testEquation()
	e, err := newEquation(terms, EquationOptions{Scale: 3})
	if err != nil {
		t.Fatal(err)
	}
	img := e.draw()
	bounds := func(c color.Color) (r image.Rectangle) {
		want := color.RGBAModel.Convert(c)
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx() {
				if img.At(x, y) == want {
					r = r.Union(image.Rect(x, y, x+1, y+1))
				}
			}
		}
		return r
	}
	a, b := bounds(Swatch(0)), bounds(Swatch(1))
	last, first := bounds(tint(Swatch(4), .2+.08*8)), bounds(tint(Swatch(4), .2))
	for name, r := range map[string]image.Rectangle{"mean": a, "second mean": b, "result": last, "result's first": first} {
		if r.Size() != image.Pt(36, 36) {
			t.Errorf("%s is %v, want 36x36", name, r)
		}
	}
	if a.Max.Y != b.Max.Y || a.Max.Y != last.Max.Y {
		t.Errorf("lower edges %d, %d and %d, want one", a.Max.Y, b.Max.Y, last.Max.Y)
	}
	if got, want := last.Min.Sub(first.Min), image.Pt(2*38, 2*38); got != want {
		t.Errorf("from the first to the last tile of the result %v, want %v", got, want)
	}
	if top := bounds(tint(Swatch(0), .3)); top.Max.Y != a.Min.Y-meanGapPx-2*38 {
		t.Errorf("first exemplar at %v above %v", top, a)
	}
}

func TestEquationSaysWhatIsWrong(t *testing.T) {
	small, large := plainTile(ink, 4), plainTile(ink, 5)
	for says, terms := range map[string][]Term{
		"no terms":        nil,
		"0 tiles":         {{Name: "x"}},
		"want 4x4":        {{Exemplars: []image.Image{small}, Mean: large}},
		"in -1 columns":   {{Mean: small, Columns: -1}},
		"terms, want at ": make([]Term, 65),
	} {
		if _, err := Equation(terms, EquationOptions{}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q in it", err, says)
		}
	}
}
