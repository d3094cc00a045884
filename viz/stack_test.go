package viz

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"strings"
	"testing"

	"dcganviz/internal/golden"
)

func TestStackPlacesEveryPixel(t *testing.T) {
	a, b, c := testTile(0, 30, 20), testTile(1, 50, 10), testTile(2, 7, 40)
	parts := []Part{{Image: a}, {Image: b}, {Image: c}}
	for name, v := range map[string]struct {
		o    StackOptions
		size image.Point
		at   [3]image.Point
	}{
		"column": {StackOptions{}, image.Pt(12+50+12, 12+20+20+10+20+40+12), [3]image.Point{{12, 12}, {12, 52}, {12, 82}}},
		"row":    {StackOptions{Row: true, GapPx: 5}, image.Pt(12+30+5+50+5+7+12, 12+40+12), [3]image.Point{{12, 12}, {47, 12}, {102, 12}}},
	} {
		img, err := Stack(parts, v.o)
		if err != nil {
			t.Fatal(err)
		}
		if img.Rect.Size() != v.size {
			t.Errorf("%s: size %v, want %v", name, img.Rect.Size(), v.size)
		}
		drawn := 0
		for i, part := range parts {
			r := part.Image.Bounds().Add(v.at[i])
			samePixels(t, fmt.Sprint(name, " part ", i), img.SubImage(r), part.Image)
			drawn += inkIn(img.RGBA, r)
		}
		if all := inkIn(img.RGBA, img.Rect); all != drawn {
			t.Errorf("%s: %d pixels outside of the parts", name, all-drawn)
		}
	}
}

// onWhite is a picture with white margins, not at the origin.
func onWhite(img image.Image, left, top, right, bottom int) *image.NRGBA {
	s := img.Bounds().Size()
	out := image.NewNRGBA(image.Rect(5, 9, 5+left+s.X+right, 9+top+s.Y+bottom))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, image.Rectangle{Max: s}.Add(image.Pt(5+left, 9+top)), img, img.Bounds().Min, draw.Src)
	return out
}

func TestStackCutsMargins(t *testing.T) {
	a, b := testTile(0, 30, 20), testTile(1, 13, 10)
	want, err := Stack([]Part{{a, "one"}, {b, "two"}}, StackOptions{Title: "T"})
	if err != nil {
		t.Fatal(err)
	}
	clear := image.NewNRGBA(image.Rect(0, 0, 40, 25)) // transparent
	draw.Draw(clear, image.Rect(3, 2, 33, 22), a, image.Point{}, draw.Src)
	for name, parts := range map[string][]Part{
		"white":       {{onWhite(a, 3, 0, 1, 7), "one"}, {onWhite(b, 0, 9, 40, 0), "two"}},
		"transparent": {{clear, "one"}, {b, "two"}},
	} {
		got, err := Stack(parts, StackOptions{Title: "T"})
		if err != nil {
			t.Fatal(err)
		}
		samePixels(t, name, got, want)
	}
	// A white picture is all margin; it keeps its place.
	white := image.NewGray(image.Rect(0, 0, 20, 10))
	draw.Draw(white, white.Rect, image.White, image.Point{}, draw.Src)
	got, err := Stack([]Part{{Image: white}}, StackOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Rect.Size() != image.Pt(44, 34) {
		t.Errorf("white picture: figure of %v, want 44x34", got.Rect.Size())
	}
}

func TestStackNests(t *testing.T) {
	a, b, c := testTile(0, 30, 20), testTile(1, 13, 20), testTile(2, 50, 8)
	row, err := Stack([]Part{{Image: a}, {Image: b}}, StackOptions{Row: true, GapPx: 7})
	if err != nil {
		t.Fatal(err)
	}
	img, err := Stack([]Part{{Image: row}, {Image: c}}, StackOptions{GapPx: 3})
	if err != nil {
		t.Fatal(err)
	}
	// The row has lost its own margin.
	samePixels(t, "a", img.SubImage(a.Bounds().Add(image.Pt(12, 12))), a)
	samePixels(t, "b", img.SubImage(b.Bounds().Add(image.Pt(49, 12))), b)
	samePixels(t, "c", img.SubImage(c.Bounds().Add(image.Pt(12, 35))), c)
}

func TestStackTextKeepsClear(t *testing.T) {
	long := strings.Repeat("wide words ", 40)
	a, b := testTile(0, 60, 20), testTile(1, 90, 30)
	for i, o := range []StackOptions{
		{Title: long, Footer: long},
		{Title: "short", Footer: "one\ntwo\nthree", TextPx: 20},
		{Row: true, Title: long, Footer: long},
		{Row: true},
	} {
		img, err := Stack([]Part{{a, long}, {b, "a caption\nof two lines"}}, o)
		if err != nil {
			t.Fatal(err)
		}
		// The parts are found whole, so no text lies on them.
		found := 0
		for _, part := range []image.Image{a, b} {
			size := part.Bounds().Size()
			for y := 12; y+size.Y <= img.Rect.Max.Y-12 && found < 2; y++ {
				for x := 12; x <= 12+80; x++ {
					if img.RGBAAt(x, y) == rgbaAt(part, 0, 0) && equalPixels(img.SubImage(image.Rect(x, y, x+size.X, y+size.Y)), part) {
						found++
					}
				}
			}
		}
		if found != 2 {
			t.Errorf("options %d: %d parts found whole, want 2", i, found)
		}
		if out := inkIn(img.RGBA, img.Rect) - inkIn(img.RGBA, img.Rect.Inset(airPx-2)); out != 0 {
			t.Errorf("options %d: %d pixels of text in the margin", i, out)
		}
		if img.Rect.Dx() > narrowPx+2*airPx {
			t.Errorf("options %d: %d px wide, want the text wrapped", i, img.Rect.Dx())
		}
	}
}

func rgbaAt(img image.Image, x, y int) color.RGBA {
	return color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
}

func equalPixels(a, b image.Image) bool {
	return string(nrgba(a).Pix) == string(nrgba(b).Pix)
}

func TestStackRefuses(t *testing.T) {
	one := []Part{{Image: testTile(0, 4, 4)}}
	for want, f := range map[string]func() ([]Part, StackOptions){
		"no parts":                  func() ([]Part, StackOptions) { return nil, StackOptions{} },
		"65 parts, want at most 64": func() ([]Part, StackOptions) { return make([]Part, 65), StackOptions{} },
		"part 1 has no picture":     func() ([]Part, StackOptions) { return append(one[:1:1], Part{}), StackOptions{} },
		"part 0 is 0x4": func() ([]Part, StackOptions) {
			return []Part{{Image: image.NewGray(image.Rect(0, 0, 0, 4))}}, StackOptions{}
		},
		"part 0 is 70000x1, want 1 to 6": func() ([]Part, StackOptions) {
			return []Part{{Image: image.NewGray(image.Rect(0, 0, 70000, 1))}}, StackOptions{}
		},
		"gap -1":                            func() ([]Part, StackOptions) { return one, StackOptions{GapPx: -1} },
		"text of NaN px":                    func() ([]Part, StackOptions) { return one, StackOptions{TextPx: math.NaN()} },
		"28x65540 pixels, want at most 655": func() ([]Part, StackOptions) { return []Part{one[0], one[0]}, StackOptions{GapPx: 65508} },
	} {
		_, err := Stack(f())
		wantError(t, want, err, want)
	}
}

// testFigure is made of the kinds of picture that a probe has.
func testFigure(t *testing.T) []Part {
	sheet, err := Sheet(testTiles(8, 20, 20), SheetOptions{Columns: 4, GapPx: 2, RowLabels: []string{"before", "after"}})
	if err != nil {
		t.Fatal(err)
	}
	curves, o := testCurves()
	o.WidthPx, o.HeightPx = 240, 120
	for i := range curves {
		curves[i].Name = ""
	}
	plot, err := CurvePlot(curves, o)
	if err != nil {
		t.Fatal(err)
	}
	return []Part{{sheet, ""}, {plot, "Bands: 95%"}}
}

func TestStackIsDeterministic(t *testing.T) {
	parts := testFigure(t)
	sameTwice(t, func() (*Picture, error) { return Stack(parts, StackOptions{}) }, parts)
}

func TestStackGolden(t *testing.T) {
	img, err := Stack(testFigure(t), StackOptions{GapPx: 6, TextPx: 11, Title: "Forgetting", Footer: "0.12 before, 0.04 after"})
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, img)
}

func ExampleStack() {
	picture := image.NewGray(image.Rect(0, 0, 100, 60)) // black
	figure, err := Stack([]Part{{Image: picture}, {Image: picture}}, StackOptions{Row: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(figure.Bounds().Size())
	// Output: (244,84)
}
