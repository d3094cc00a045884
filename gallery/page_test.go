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
