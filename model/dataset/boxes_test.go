package dataset

import (
	"errors"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const header = "file,class,x0,y0,x1,y1\n"

func TestReadBoxesInBothFormats(t *testing.T) {
	want := []Rect{{1, 2, 3.5, 4}, {0, 0, 10, 10}}
	for name, text := range map[string]string{
		"csv": "\ufeffid,x1,y1,class,file,x0,y0\n7,3.5,4,window,a.png,1,2\n8,9,9,door,a.png,1,1\n9,10.4,10,window,a.png,-0.4,0\n",
		"json": ` [{"file": "a.png", "class": "window", "x0": 1, "y0": 2, "x1": 3.5, "y1": 4, "note": {}},
			{"file": "a.png", "class": "door", "x0": 1, "y0": 1, "x1": 9, "y1": 9},
			{"file": "a.png", "class": "window", "x0": -0.4, "y0": 0, "x1": 10.4, "y1": 10}]`,
	} {
		b, err := ReadBoxes(writeFile(t, "boxes", []byte(text)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := b.Rects("a.png", "window", 10, 10)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v, want %v", name, got, err, want)
		}
		if c := b.Classes(); !slices.Equal(c, []string{"door", "window"}) {
			t.Errorf("%s: classes %q", name, c)
		}
		if p := b.Pictures(); !slices.Equal(p, []string{"a.png"}) {
			t.Errorf("%s: pictures %q", name, p)
		}
		if got, err := b.Rects("b.png", "window", 10, 10); len(got) != 0 || err != nil {
			t.Errorf("%s: boxes %v, %v on another picture", name, got, err)
		}
	}
}

func TestReadBoxesRefuses(t *testing.T) {
	line := func(s string) string { return header + s + "\n" }
	for what, c := range map[string]struct {
		text string
		is   error
		says string
	}{
		"nothing":        {"", ErrEmpty, "without a line"},
		"no boxes":       {header, ErrEmpty, "no box"},
		"no column":      {"file,class,x0,y0,x1\na,b,1,1,2\n", ErrCorrupt, `no column "y1"`},
		"a short line":   {line("a,b,1,1,2"), ErrCorrupt, "line 2"},
		"a word":         {line("a,b,one,1,2,2"), ErrCorrupt, `x0 is "one"`},
		"NaN":            {line("a,b,1,NaN,2,2"), ErrCorrupt, "line 2: y0 is NaN"},
		"infinity":       {line("a,b,1,1,2,+Inf"), ErrCorrupt, "y1 is +Inf"},
		"a number's end": {line("a,b,1,1,2,1e999"), ErrCorrupt, "y1"},
		"empty":          {line("a,b,1,1,1,2"), ErrCorrupt, "empty box: x 1 to 1"},
		"upside down":    {line("a,b,1,5,2,2"), ErrCorrupt, "empty box"},
		"outside":        {line("a,b,-9,1,2,2"), ErrCorrupt, "outside the picture"},
		"no name":        {line(",b,1,1,2,2"), ErrCorrupt, "picture's name"},
		"no class":       {line("a,,1,1,2,2"), ErrCorrupt, "class"},
		"a quote":        {line(`a,"b,1,1,2,2`), ErrCorrupt, "line 2"},
		"JSON cut short": {`[{"file": "a", "class": "b", "x0": 1, "y0": 1, "x1": 2, "y1": 2}`, ErrCorrupt, "after box 1"},
		"JSON of more":   {`[{"file": "a", "class": "b", "x0": 1, "y0": 1, "x1": 2, "y1": 2}] 1`, ErrCorrupt, "end of the file"},
		"JSON with less": {`[{"file": "a", "class": "b", "x0": 1, "y0": 1, "x1": 2}]`, ErrCorrupt, "box 1: want all of"},
		"JSON of words":  {`[{"file": "a", "class": "b", "x0": "1", "y0": 1, "x1": 2, "y1": 2}]`, ErrCorrupt, "box 1"},
		"JSON of none":   {`[]`, ErrEmpty, "no box"},
	} {
		_, err := ReadBoxes(writeFile(t, "boxes.csv", []byte(c.text)))
		if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "boxes.csv") {
			t.Errorf("%s: %v, want %v, %q and the file's name", what, err, c.is, c.says)
		}
	}
	if _, err := ReadBoxes("none.csv"); !errors.Is(err, ErrNotFound) {
		t.Errorf("no file: %v", err)
	}
	b, err := ReadBoxes(writeFile(t, "boxes.csv", []byte(line("a,b,1,1,12,2"))))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Rects("a", "c", 10, 10); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("beyond the right edge: %v", err)
	}
	if err := b.Check("door"); !errors.Is(err, ErrNotInSet) || !strings.Contains(err.Error(), `"b"`) {
		t.Errorf("another class: %v", err)
	}
}

// TestPlaceFollowsThePixels draws a white rectangle on a black picture and
// compares what Load makes of it with where Place puts its box.
func TestPlaceFollowsThePixels(t *testing.T) {
	for _, c := range []struct{ w, h, size, width int }{
		{72, 72, 64, 64}, {40, 64, 16, 16}, {50, 30, 64, 64}, {33, 32, 32, 32}, {72, 72, 48, 64}, {40, 64, 32, 24}, {90, 30, 24, 32},
	} {
		white := image.Rect(c.w/4, c.h/3, c.w*3/4, c.h/2)
		m := flat(c.w, c.h, color.Black)
		for y := white.Min.Y; y < white.Max.Y; y++ {
			for x := white.Min.X; x < white.Max.X; x++ {
				m.Set(x, y, color.White)
			}
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a.png"), asPNG(t, m), 0o666); err != nil {
			t.Fatal(err)
		}
		s, err := Open(dir, Options{Size: c.size, Width: c.width, Channels: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		b := &Boxes{path: "test", index: map[string]int32{}}
		r := Rect{float64(white.Min.X), float64(white.Min.Y), float64(white.Max.X), float64(white.Max.Y)}
		if err := b.add(1, "a.png", "white", r); err != nil {
			t.Fatal(err)
		}
		placed, err := s.Place(t.Context(), b, "white")
		if err != nil || len(placed) != 1 || len(placed[0]) != 1 {
			t.Fatalf("%v: %v, %v", c, placed, err)
		}
		x := make([]float32, c.size*c.width)
		if err := s.Load(t.Context(), []int{0}, x); err != nil {
			t.Fatal(err)
		}
		got, want := area(x, c.width), (placed[0][0].X1-placed[0][0].X0)*(placed[0][0].Y1-placed[0][0].Y0)
		// Lanczos rings at the edges, and bytes round.
		if !(math.Abs(got.area-want) < .03*want+1) {
			t.Errorf("%v: %v pixels are white, the box has %v", c, got.area, want)
		}
		cx, cy := (placed[0][0].X0+placed[0][0].X1)/2, (placed[0][0].Y0+placed[0][0].Y1)/2
		if !(math.Abs(got.x-cx) < .1 && math.Abs(got.y-cy) < .1) {
			t.Errorf("%v: white about %.2f, %.2f, the box about %.2f, %.2f", c, got.x, got.y, cx, cy)
		}
	}
}

type blob struct{ area, x, y float64 }

// area sums up a picture of one channel, black counted as nothing.
func area(x []float32, width int) (b blob) {
	for i, v := range x {
		w := (float64(v) + 1) / 2
		b.area += w
		b.x += w * (float64(i%width) + .5)
		b.y += w * (float64(i/width) + .5)
	}
	b.x, b.y = b.x/b.area, b.y/b.area
	return b
}

func TestPlaceAndItsSet(t *testing.T) {
	open := func(o Options) *Set {
		s, err := Open(facades, o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	all := open(Options{})
	b, err := ReadBoxes(filepath.Join(facades, "boxes.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rects, err := all.Place(t.Context(), b, "window")
	if err != nil {
		t.Fatal(err)
	}
	for i := range all.Len() {
		if got, want := len(rects[i]) > 0, strings.HasPrefix(all.Name(i), "windows/"); got != want {
			t.Errorf("%s: boxes %v", all.Name(i), rects[i])
		}
	}
	few := open(Options{List: writeFile(t, "list.txt", []byte("windows/p00001.jpg\nplain/p00010.jpg\n"))})
	rects, err = few.Place(t.Context(), b, "window")
	if err != nil || len(rects) != 2 || len(rects[0]) == 0 || len(rects[1]) != 0 {
		t.Errorf("of a list: %v, %v", rects, err)
	}
	for what, text := range map[string]string{
		"another picture": header + "plain/p00010.jpg,window,1,1,2,2\nnone.jpg,window,1,1,2,2\n",
		"only others":     header + "none.jpg,window,1,1,2,2\n",
		"another class":   header + "plain/p00010.jpg,door,1,1,2,2\n",
		"a wide box":      header + "plain/p00010.jpg,window,1,1,99,2\n",
	} {
		b, err := ReadBoxes(writeFile(t, "boxes.csv", []byte(text)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := all.Place(t.Context(), b, "window"); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
	sources, err := all.Sources(filepath.Join(facades, "sources.csv"), "source")
	if err != nil || sources[0] != "f0000.jpg" || len(sources) != all.Len() {
		t.Errorf("sources %q, %v", sources, err)
	}
	for what, c := range map[string]struct {
		text string
		is   error
	}{
		"a picture less": {"file,source\nplain/p00010.jpg,a\n", ErrNotInSet},
		"two sources":    {"file,source\nplain/p00010.jpg,a\nplain/p00010.jpg,b\n", ErrCorrupt},
		"no column":      {"file,photo\nplain/p00010.jpg,a\n", ErrCorrupt},
		"no lines":       {"file,source\n", ErrEmpty},
	} {
		if _, err := all.Sources(writeFile(t, "s.csv", []byte(c.text)), "source"); !errors.Is(err, c.is) {
			t.Errorf("%s: %v, want %v", what, err, c.is)
		}
	}
}

func FuzzReadBoxes(f *testing.F) {
	f.Add([]byte(header + "a.png,window,1,2,3,4\n"))
	f.Add([]byte(`[{"file": "a.png", "class": "window", "x0": 1, "y0": 2, "x1": 3, "y1": 4}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := ReadBoxes(writeFile(t, "boxes", text))
		if err != nil {
			return
		}
		for _, p := range b.Pictures() {
			for _, class := range b.Classes() {
				rects, _ := b.Rects(p, class, 10, 10)
				for _, r := range rects {
					if r.empty() || clip(r, 10, 10) != r {
						t.Fatalf("%q: box %v", text, r)
					}
				}
			}
		}
	})
}
