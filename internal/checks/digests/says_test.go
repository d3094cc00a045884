package digests

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"dcganviz/viz"
)

// write draws a figure of one tile and one plot, as a command would.
func write(t *testing.T, shade uint8, number float64, title, recipe string, curve float64) map[string]digests {
	t.Helper()
	tile := image.NewGray(image.Rect(0, 0, 8, 6))
	tile.Set(3, 2, color.Gray{shade})
	sheet, err := viz.Sheet([]image.Image{tile, tile}, viz.SheetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	plot, err := viz.CurvePlot([]viz.Curve{{Name: title, X: []float64{0, 1}, Y: []viz.Interval{{Mean: curve}, {Mean: 1}}}}, viz.PlotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	img, err := viz.Stack([]viz.Part{{Image: sheet, Caption: title}, {Image: plot}}, viz.StackOptions{Title: title, Footer: title + title})
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := viz.EncodePNG(&file, img, viz.Recipe([]byte(`{"command":"`+recipe+`"}`))); err != nil {
		t.Fatal(err)
	}
	numbers, err := json.Marshal(map[string]any{"title": title, "value": number, "layout": layout{img.Tiles, img.Plots}})
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, text := range map[string][]byte{"a.png": file.Bytes(), "a.json": numbers} {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := read(folder)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestDigestsAreOfWhatIsShown: other words leave every digest as it is; a pixel, a
// curve, a number and a recipe each change their own.
func TestDigestsAreOfWhatIsShown(t *testing.T) {
	want := write(t, 9, 1.5, "what was found", "walk", 0.25)
	for name, c := range map[string]struct {
		got  map[string]digests
		diff []string
	}{
		"words":   {write(t, 9, 1.5, "the same in other and many more words", "walk", 0.25), nil},
		"pixel":   {write(t, 10, 1.5, "what was found", "walk", 0.25), []string{"tiles"}},
		"curve":   {write(t, 9, 1.5, "what was found", "walk", 0.26), []string{"plots"}},
		"recipe":  {write(t, 9, 1.5, "what was found", "units", 0.25), []string{"recipe"}},
		"kernels": {write(t, 9, 1.5, "what was found", `walk","kernels":"fma-fused`, 0.25), nil},
		"a part":  {write(t, 9, 1.5, "what was found", `walk","part":"fma`, 0.25), []string{"recipe"}},
	} {
		if d := want["a.png"].differences(c.got["a.png"]); !slices.Equal(d, c.diff) {
			t.Errorf("%s: %q differ, want %q", name, d, c.diff)
		}
		if d := want["a.json"].differences(c.got["a.json"]); d != nil {
			t.Errorf("%s: %q of the numbers differ", name, d)
		}
	}
	other := write(t, 9, 1.5000001, "what was found", "walk", 0.25)
	if d := want["a.json"].differences(other["a.json"]); !slices.Equal(d, []string{"numbers"}) {
		t.Errorf("a number: %q differ", d)
	}
}
