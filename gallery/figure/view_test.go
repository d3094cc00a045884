package figure

import (
	"encoding/json"
	"fmt"
	"image/color"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// testInView: whatever the width, a picked tile and its card are both on the screen, and
// the card does not lie over the tile. From a table the card stands at the table.
func testInView(t *testing.T, b *pageInBrowser) {
	defer b.do(chromedp.EmulateViewport(1100, 900))
	inView := func(at string) string {
		return fmt.Sprintf(`(() => { const [a, c] = [%q, ".card:not([hidden])"].map((s) => document.querySelector(s).getBoundingClientRect());
			return a.top >= 0 && a.bottom <= c.top + 1 && c.bottom <= innerHeight + 1 && c.left >= 0 && c.right <= innerWidth; })()`, at)
	}
	for _, width := range []int64{380, 900, 1300} {
		b.do(chromedp.EmulateViewport(width, 700))
		b.load()
		s := section("doctor.png") + ".tile"
		for _, tile := range []string{":nth-child(1)", ":nth-child(6)"} {
			b.want(js(s+tile, `click()`), nil)
			b.until(inView(s+tile), true)
		}
		b.focus(s + ":nth-child(6)")
		b.press(kb.ArrowUp)
		b.until(inView(s+":nth-child(4)"), true)
		b.want(`getComputedStyle(document.activeElement).outlineStyle`, "solid")
		cell := section("units.png") + "> .scroll tbody tr:nth-child(2) .pick"
		b.want(js(cell, `click()`), nil)
		b.until(inView(cell), true)
		b.want(`document.querySelectorAll(".card:not([hidden])").length`, 1)
		b.want(js(".card:not([hidden]) .close", `click()`), nil)
		b.want(`document.activeElement === document.querySelector("`+escape(cell)+`")`, true)
	}
}

// testPaper: in the dark the paper of a figure is dark, and its images are as they were;
// so they are in the dialog.
func testPaper(t *testing.T, b *pageInBrowser) {
	defer b.scheme("light")
	s := section("forget-windows.png")
	for _, scheme := range []string{"light", "dark"} {
		b.scheme(scheme)
		b.load()
		b.wantColor(s+".tile:nth-child(6)", .5, tint(5))
		b.wantColor(section("tsne.png")+".tile:nth-child(1)", .5, tint(0))
		paper := b.colorOf(s+".stage", .01)
		want := color.NRGBA{255, 255, 255, 255}
		if scheme == "dark" {
			want = color.NRGBA{26, 26, 26, 255} // a tenth of white
		}
		if d := int(paper.R) - int(want.R); d < -2 || d > 2 || paper.R != paper.G || paper.G != paper.B {
			t.Errorf("%s: paper is %v, want about %v", scheme, paper, want)
		}
	}
	b.want(js(section("sample.png")+".stage", `classList.contains("paper")`), false) // it is images all over
	b.click(s + ".enlarge")
	b.want(js("dialog .kept", `checkVisibility()`), true)
	b.press(kb.Escape)
}

// testPlayer: a walk is played as large as column and screen allow, in whole blocks.
func testPlayer(t *testing.T, b *pageInBrowser) {
	defer b.do(chromedp.EmulateViewport(1100, 900))
	canvas := section("walk.png") + ".scrub canvas"
	for width, want := range map[int64]int{1300: 704, 900: 704, 380: 320} {
		b.do(chromedp.EmulateViewport(width, 900))
		b.want(js(canvas, `getBoundingClientRect().width`), want)
		b.want(js(canvas, `getBoundingClientRect().height`), want)
	}
	b.want(`getComputedStyle(document.querySelector("`+escape(canvas)+`")).imageRendering`, "pixelated")
}

// testTable: a wide table scrolls inside itself, and its first column stays.
func testTable(t *testing.T, b *pageInBrowser) {
	defer b.do(chromedp.EmulateViewport(1100, 900))
	b.do(chromedp.EmulateViewport(380, 700))
	s := section("units.png") + "> .scroll"
	b.want(js(s, `scrollWidth > document.querySelector("`+escape(s)+`").clientWidth`), true)
	b.want(js(s, `scrollLeft = 200`), 200)
	b.want(`(() => { const s = document.querySelector("`+escape(s)+`"), h = s.querySelector("tbody th"); return Math.abs(h.getBoundingClientRect().left - s.getBoundingClientRect().left) < 3; })()`, true)
	b.want(`Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)`, 380)
}

// TestNamesSayWhatDiffers: pictures of one command and model are told apart by their options.
func TestNamesSayWhatDiffers(t *testing.T) {
	named := func(pictures ...Picture) string {
		for i := range pictures {
			pictures[i].Width, pictures[i].Height, pictures[i].Command = 1, 1, "walk"
			pictures[i].File = fmt.Sprintf("%c.png", 'a'+i)
		}
		var titles []string
		for _, f := range blocks(pictures) {
			titles = append(titles, strings.TrimPrefix(f.Title, "A walk through latent space"))
		}
		return strings.Join(titles, "|")
	}
	of := func(model string, args ...string) Picture {
		return Picture{Model: model, SHA256: someSHA256, Args: args}
	}
	other := of("", "--seed=1")
	other.SHA256 = strings.Repeat("0", 64)
	for _, c := range []struct{ got, want string }{
		{named(of("faces", "--seed=1"), of("faces", "--seed=3")), ", faces, seed 1|, faces, seed 3"},
		{named(of("faces", "--seed=1"), of("facades", "--seed=3")), ", facades|, faces"},
		{named(of("faces", "--seed=1", "--strip"), of("faces", "--seed=1")), ", faces, strip|, faces"},
		{named(of("faces", "--seed=1", "--steps=5"), of("faces", "--seed=1", "--steps=9")), ", faces, steps 5|, faces, steps 9"},
		{named(of("faces", "--seed=1"), of("faces", "--seed=1")), ", faces, a.png|, faces, b.png"},
		{named(of("", "--seed=1"), other), ", model fe164f24|, model 00000000"},
	} {
		if c.got != c.want {
			t.Errorf("titles %q, want %q", c.got, c.want)
		}
	}
}

// TestFactsAreTheNumbers of a file, by hand: intervals in a line, long lists and words left
// out, and never more than there is room for.
func TestFactsAreTheNumbers(t *testing.T) {
	got := facts([]byte(`{"words":{"verdict":"x"},"seed":3,"area_before":{"mean":0.155,"lo":0.1,"hi":0.2,"pairs":4},"kid":{"value":1.5,"se":0.25},
		"spaces":[{"name":"pixels","sharp":false,"steps":[1,2,3,4,5,6,7]}],"units":[{"unit":34,"max":2}],"pair":[2,30],"none":null,"layout":{"tiles":[]}}`))
	want := "[{area before 0.155 (0.1 to 0.2)} {area before, pairs 4} {kid 1.5 ± 0.25} {spaces, pixels, sharp no} {units, unit 34, unit 34} {units, unit 34, max 2} {pair 2, 30}]"
	if fmt.Sprint(got) != want {
		t.Errorf("facts %v, want %v", got, want)
	}
	many := make(map[string]int)
	for i := range 2 * mostFacts {
		many[fmt.Sprint("n", i)] = i
	}
	if got := facts(must[[]byte](t)(json.Marshal(many))); len(got) != mostFacts {
		t.Errorf("%d facts, want %d", len(got), mostFacts)
	}
	for _, bad := range []string{"", "[]", `{"a":`, `{"a":[[]]}`, `{"a":[null]}`} {
		if got := facts([]byte(bad)); len(got) != 0 {
			t.Errorf("%q has %v", bad, got)
		}
	}
}
