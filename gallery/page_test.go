package gallery_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dcganviz/gallery"
	"dcganviz/viz"
)

// Example makes a page of one picture, of which two tiles can be picked.
func Example() {
	b := &gallery.Block{
		File: "faces.png", Width: 130, Height: 64, Title: "Two samples",
		Done: "Latents 0 and 1 were drawn.", Number: "They differ by 0.31 a pixel.", Control: "Two photographs: by 0.34.",
		Layout: []viz.Tiles{{W: 64, H: 64, DX: 66, DY: 66, Columns: 2, Count: 2}},
	}
	if tiles, ok := b.Group(0, 2); ok {
		for i := range tiles.Count {
			b.Add(tiles, i, fmt.Sprintf("sample %d", i), "", "")
		}
	}
	page, err := gallery.Page([]*gallery.Block{b}, gallery.Options{Title: "Faces"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(gallery.IsPage(page), b.ID, b.Data.Tiles[1].X)
	// Output: true figure-1 66
}

// TestPageShowsTextAsText: no text of a block becomes markup, or ends the script's
// data.
func TestPageShowsTextAsText(t *testing.T) {
	const hostile = `</script><img src=x onerror=alert(1)>"'&`
	b := &gallery.Block{
		File: "javascript:" + hostile + ".png", Width: 8, Height: 8, Title: hostile, Alt: hostile, Done: hostile, Look: hostile,
		Number: hostile, Control: hostile, Missing: hostile, CommandLine: hostile, Model: hostile, SHA256: hostile,
		Table: &gallery.Table{Caption: hostile, Columns: []gallery.Column{{Name: hostile, Hint: hostile}}, Rows: [][]gallery.Cell{{{Text: hostile, Sort: hostile}}}},
	}
	b.Add(viz.Tiles{W: 8, H: 8, Columns: 1, Count: 1}, 0, hostile, hostile, hostile)
	page, err := gallery.Page([]*gallery.Block{b}, gallery.Options{Title: hostile, Notes: []gallery.Note{{File: hostile, Text: hostile}}})
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	if strings.Contains(text, "<img src=x") || strings.Contains(text, `"javascript:`) || strings.Count(text, "</script>") != strings.Count(text, "<script") {
		t.Error("a text is markup on the page")
	}
	if !strings.Contains(text, "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;") {
		t.Error("a text is not on the page")
	}
}

// TestPageTakesSoManyBlocks: at least one, at most MostBlocks.
func TestPageTakesSoManyBlocks(t *testing.T) {
	for n, ok := range map[int]bool{0: false, 1: true, gallery.MostBlocks: true, gallery.MostBlocks + 1: false} {
		blocks := slices.Repeat([]*gallery.Block{{File: "a.png", Width: 1, Height: 1}}, n)
		if _, err := gallery.Page(blocks, gallery.Options{}); (err == nil) != ok {
			t.Errorf("%d blocks: %v", n, err)
		}
	}
}

// TestIsPage needs the whole mark: another program's page is not overwritten.
func TestIsPage(t *testing.T) {
	page, err := gallery.Page([]*gallery.Block{{File: "a.png", Width: 1, Height: 1}}, gallery.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !gallery.IsPage(page[:gallery.MarkBytes]) || gallery.IsPage(page[:gallery.MarkBytes-1]) || gallery.IsPage([]byte("<!doctype html>")) {
		t.Error("the mark is not what tells a page")
	}
}

// TestInsideIsWhereTilesLie: with sums that overflow.
func TestInsideIsWhereTilesLie(t *testing.T) {
	in := func(v viz.Tiles) bool { return gallery.Inside(v, 130, 64) }
	base := viz.Tiles{W: 64, H: 64, DX: 66, DY: 66, Columns: 2, Count: 2}
	if !in(base) {
		t.Error("two tiles that fill the picture are not inside")
	}
	for name, change := range map[string]func(*viz.Tiles){
		"one too far right":       func(v *viz.Tiles) { v.X0 = 1 },
		"a third, below":          func(v *viz.Tiles) { v.Count = 3 },
		"no columns":              func(v *viz.Tiles) { v.Columns = 0 },
		"negative":                func(v *viz.Tiles) { v.Y0 = -1 },
		"empty":                   func(v *viz.Tiles) { v.W = 0 },
		"more than any":           func(v *viz.Tiles) { v.Count = 1 << 40 },
		"steps that overflow":     func(v *viz.Tiles) { v.DX = 1 << 62 },
		"places of fewer":         func(v *viz.Tiles) { v.At = [][2]int{{}} },
		"a place that is outside": func(v *viz.Tiles) { v.At = [][2]int{{}, {67, 0}} },
	} {
		v := base
		change(&v)
		if in(v) {
			t.Errorf("%s: inside", name)
		}
	}
}

// TestContentsShowEachFigure: a part of the picture, the name, which leads to the figure, and
// the verdict's first sentence.
func TestContentsShowEachFigure(t *testing.T) {
	sheet := viz.Tiles{X0: 10, Y0: 20, W: 64, H: 64, DX: 66, DY: 66, Columns: 8, Count: 64}
	b := &gallery.Block{File: "a.png", Title: "A walk", Verdict: "Smooth: at most 1.9 times. As in Fig. 4 of the paper.", SHA256: "1"}
	b.Data.Width, b.Data.Height = 600, 600
	for i := range sheet.Count {
		b.Add(sheet, i, "", "", "")
	}
	film := &gallery.Block{File: "b.gif", Title: "A film", Moves: true, SHA256: "2"}
	page, err := gallery.Page([]*gallery.Block{b, film}, gallery.Options{Title: "mine"})
	if err != nil {
		t.Fatal(err)
	}
	contents, _, _ := strings.Cut(string(page), "<main")
	for _, want := range []string{
		"<h1>What 2 DCGANs have learnt</h1>", `viewBox="10 20 262 196"`, `<image href="./a.png" width="600" height="600"/>`,
		`<a href="#figure-1">A walk</a><p>Smooth: at most 1.9 times.</p>`, `<span class="thumb"></span><div><a href="#figure-2">A film</a></div>`,
	} {
		if !strings.Contains(contents, want) {
			t.Errorf("the contents lack %q:\n%s", want, contents[strings.Index(contents, "<body"):])
		}
	}
}

// TestPaperIsAllButTiles: those that can be picked, and whole groups that cannot.
func TestPaperIsAllButTiles(t *testing.T) {
	first := viz.Tiles{W: 64, H: 64, DX: 66, DY: 66, Columns: 2, Count: 2}
	second := first
	second.Y0 = 66
	points := viz.Tiles{Y0: 140, W: 1, H: 1, At: [][2]int{{3, 0}}, Count: 1}
	b := &gallery.Block{File: "a.png", Layout: []viz.Tiles{first, second, points}}
	b.Data.Width, b.Data.Height = 130, 200
	b.Add(first, 0, "", "", "")
	sheet := &gallery.Block{File: "b.png", Layout: []viz.Tiles{{W: 8, H: 8, DX: 8, DY: 8, Columns: 2, Count: 4}}}
	sheet.Data.Width, sheet.Data.Height = 16, 16
	unknown := &gallery.Block{File: "c.png"}
	if _, err := gallery.Page([]*gallery.Block{b, sheet, unknown}, gallery.Options{}); err != nil {
		t.Fatal(err)
	}
	if !b.Data.Paper || len(b.Data.Keep) != 1 || b.Data.Keep[0].Y0 != 66 || sheet.Data.Paper || unknown.Data.Paper {
		t.Errorf("paper %v with %v, of a sheet %v, of an unknown picture %v", b.Data.Paper, b.Data.Keep, sheet.Data.Paper, unknown.Data.Paper)
	}
}
