package figure

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"dcganviz/gallery"
	"dcganviz/viz"
)

// moving is a walk of six images as a GIF.
func moving(t *testing.T) result {
	var film bytes.Buffer
	if err := viz.EncodeGIF(&film, tinted(0, 6, 64, 64), viz.AnimationOptions{DelayNum: 1, DelayDen: 20}); err != nil {
		t.Fatal(err)
	}
	return result{file: "moving.gif", command: "walk", model: "facades", film: film.Bytes(), args: []string{"--gif", "--fps=20"},
		picture: must[*viz.Picture](t)(viz.Sheet(tinted(0, 6, 64, 64), viz.SheetOptions{Columns: 3})), numbers: map[string]any{
			"seed": 7, "first": 0, "images": 6, "anchors": []float64{0, 1}, "parameters": map[string]any{"mode": "lerp", "anchors": 2, "loop": "open", "steps": 6, "form": "gif", "fps": 20}}}
}

// TestNothingMovesUnasked: of an animation the page shows the sheet, played by its
// button; the film is loaded when it is opened, and gone when it is closed (WCAG
// 2.2.2), whether less motion is asked for or not.
func TestNothingMovesUnasked(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, gallery.Options{}, moving(t))
	b := open(t, dir)
	for _, motion := range []string{"no-preference", "reduce"} {
		b.media("prefers-reduced-motion", motion)
		b.load()
		b.want(`document.querySelectorAll("section").length`, 1)
		b.want(js(".stage > img", `getAttribute("src")`), "./moving-sheet.png")
		b.wantColor(".scrub canvas", .5, tint(0))
		b.want(js(".film img", `checkVisibility()`), false)
		b.want(js(".film img", `naturalWidth`), 0)
		b.focus("input[type=range]")
		b.press(kb.End)
		b.wantColor(".scrub canvas", .5, tint(5))
		b.click(".scrub button")
		b.until(js("input[type=range]", `value !== "5"`), true)
		b.click(".scrub button")
		b.want(text(".scrub button"), "Play")
		b.click(".film summary")
		b.until(js(".film img", `checkVisibility() && document.querySelector(".film img").naturalWidth`), 64)
		b.click(".film summary")
		b.want(js(".film img", `checkVisibility()`), false)
	}
	b.wantQuiet()
	// Without the sheet there is only the film, still closed.
	if err := os.Remove(filepath.Join(dir, "moving-sheet.png")); err != nil {
		t.Fatal(err)
	}
	film := moving(t)
	p := Picture{File: film.file, Width: 64, Height: 64, Command: "walk", Args: film.args}
	html := must[[]byte](t)(Page([]Picture{p}, gallery.Options{}))
	if err := os.WriteFile(filepath.Join(dir, "index.html"), html, 0o666); err != nil {
		t.Fatal(err)
	}
	b.load()
	b.want(js("section", `querySelector(".stage") === null`), true)
	b.want(js(".film img", `checkVisibility()`), false)
	b.press("j", "z")
	b.want(js("dialog", `open`), false)
	b.wantQuiet()
}

// TestFilmsAreKnown by their names and recipes, and have their own sheet only.
func TestFilmsAreKnown(t *testing.T) {
	var pictures []Picture
	for _, p := range []struct{ file, flag string }{
		{"a.gif", "--gif"}, {"a-sheet.png", "--gif"}, {"a-audit.png", "--gif"}, {"b.png", "--apng"}, {"b-sheet.png", "--apng"}, {"c.apng", "--apng"}, {"c.png", "--loop=open"},
		{"c-sheet.png", "--loop=open"}, {"d-sheet.png", "--loop=open"}, {"d.png", "--loop=open"},
	} {
		pictures = append(pictures, Picture{File: p.file, Command: "walk", Width: 9, Height: 9, Args: []string{p.flag}})
	}
	got := make(map[string]string)
	for _, f := range blocks(pictures) {
		got[f.File] = f.Src() + f.Film()
	}
	want := map[string]string{"a.gif": "./a-sheet.png./a.gif", "b.png": "./b-sheet.png./b.png", "c.apng": "./c-sheet.png./c.apng", "c.png": "./c.png", "d.png": "./d.png", "d-sheet.png": "./d-sheet.png"}
	for file, is := range want {
		if got[file] != is {
			t.Errorf("%s shows %q, want %q", file, got[file], is)
		}
	}
	if len(got) != len(want) {
		t.Errorf("figures of %d files, want %d: %v", len(got), len(want), got)
	}
	for _, f := range blocks(pictures[:1]) {
		if f.Src() != "" || !strings.Contains(f.Missing, "a.json") {
			t.Errorf("a film alone shows %q, missing %q", f.Src(), f.Missing)
		}
	}
}
