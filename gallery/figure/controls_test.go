package figure

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dcganviz/gallery"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// section is the selector of the figure of a file.
func section(file string) string { return fmt.Sprintf(`section:has(img[src="./%s"]) `, file) }

// TestControls uses every control of the page in a real browser.
func TestControls(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, gallery.Options{Title: "results", Notes: []gallery.Note{{File: "other.png", Text: "it carries no recipe of this program"}}}, someResults(t)...)
	b := open(t, dir)
	for _, s := range []struct {
		name string
		test func(*testing.T, *pageInBrowser)
	}{
		{"pick", testPick}, {"in view", testInView}, {"paper", testPaper}, {"player", testPlayer}, {"table", testTable}, {"copy", testCopy}, {"scrub", testScrub}, {"wipe", testWipe}, {"sort", testSort}, {"hover", testHover},
		{"zoom", testZoom}, {"keys", testKeys}, {"keys off", testKeysOff}, {"dark", testDark}, {"narrow", testNarrow}, {"axe", testAxe},
	} {
		t.Run(s.name, func(t *testing.T) {
			b.t = t
			b.load()
			s.test(t, b)
			b.wantQuiet()
		})
	}
	b.t = t
}

func testPick(t *testing.T, b *pageInBrowser) {
	s := section("sample.png")
	b.want(`getComputedStyle(document.querySelector("`+escape(s)+`.card")).display`, "none")
	b.click(s + ".tile:nth-child(6)")
	b.want(text(s+".card h3"), "Sample 8")
	b.want(text(s+".card p"), "Drawn from latent number 8 of seed 7.")
	b.want(text(s+".card code"), "dcganviz sample facades --law=uniform --seed 7 --first 8 -n 1 --out seed7-sample8.png")
	b.want(js(s+".tile:nth-child(6)", `getAttribute("aria-pressed")`), "true")
	b.wantColor(s+".card canvas", .5, tint(5))
	b.want(js(s+".card canvas", `width`), 64)
	b.want(`getComputedStyle(document.querySelector("`+escape(s)+`.card canvas")).imageRendering`, "pixelated")
	b.want(js(s+".card canvas", `getBoundingClientRect().width`), 256)
	b.click(s + ".card .row:last-child button")
	b.want(js(s+".card", `hidden`), true)
	b.want(js(s+".tile:nth-child(6)", `getAttribute("aria-pressed")`), "false")
}

func testCopy(t *testing.T, b *pageInBrowser) {
	s := section("sample.png")
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		if _, err := chromedp.CallBrowser(b.ctx, browser.SetPermission, browser.SetPermissionParams{Permission: &browser.PermissionDescriptor{Name: name}, Setting: browser.PermissionSettingGranted}); err != nil {
			t.Fatal(err)
		}
	}
	b.click(s + ".tile:nth-child(2)")
	b.click(s + ".card button")
	b.until(text(s+".card .state"), "Copied.")
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`navigator.clipboard.readText()`, chromedp.EvalAwaitPromise))
	if want := "dcganviz sample facades --law=uniform --seed 7 --first 4 -n 1 --out seed7-sample4.png"; err != nil || got != want {
		t.Errorf("the clipboard holds %q, want %q: %v", got, want, err)
	}
}

func testScrub(t *testing.T, b *pageInBrowser) {
	s := section("walk.png")
	b.wantColor(s+".scrub canvas", .5, tint(0))
	b.focus(s + "input[type=range]")
	b.press(kb.ArrowRight, kb.ArrowRight)
	b.wantColor(s+".scrub canvas", .5, tint(2))
	b.want(text(s+".scrub output"), "Image 3 of 9. 50% of the way from sample 0 to sample 1 of seed 7.")
	b.want(js(s+".tile:nth-child(3)", `classList.contains("now")`), true)
	b.press(kb.End)
	b.wantColor(s+".scrub canvas", .5, tint(8))
	// Who picks an image moves the slider, and the button plays on from there.
	b.click(s + ".tile:nth-child(5)")
	b.want(js(s+"input[type=range]", `value`), "4")
	b.wantColor(s+".scrub canvas", .5, tint(4))
	b.click(s + ".scrub button")
	b.until(js(s+"input[type=range]", `value !== "4"`), true)
	b.click(s + ".scrub button")
	b.want(text(s+".scrub button"), "Play")
}

func testWipe(t *testing.T, b *pageInBrowser) {
	s := section("forget-windows.png")
	pair := s + ".pair:nth-child(2)"
	b.wantColor(pair, .25, tint(1)) // as drawn
	b.wantColor(pair, .75, tint(5)) // by the first method
	b.focus(s + "input[type=range]")
	b.press(kb.End)
	b.wantColor(pair, .95, tint(1))
	b.press(kb.Home)
	b.wantColor(pair, .05, tint(5))
	b.focus(s + "select")
	b.press(kb.ArrowDown)
	b.wantColor(pair, .05, tint(9))
	b.want(js(pair+" canvas", `getAttribute("aria-label")`), "Sample 1, erase")
}

func testSort(t *testing.T, b *pageInBrowser) {
	s := section("units.png")
	order := `Array.from(document.querySelectorAll("` + escape(s) + `> .scroll tbody tr"), r => r.cells[0].textContent).join(" ")`
	b.want(order, "10 11 12 13 14 15")
	b.click(s + "th:nth-child(3) button") // effects .1 times 0 5 4 3 2 1
	b.want(order, "11 12 13 14 15 10")
	b.want(js(s+"th:nth-child(3)", `getAttribute("aria-sort")`), "descending")
	b.focus(s + "th:nth-child(3) button")
	b.press(kb.Enter)
	b.want(order, "10 15 14 13 12 11")
	b.want(js(s+"th:nth-child(3)", `getAttribute("aria-sort")`), "ascending")
	b.click(s + "th:nth-child(4) button")
	b.want(order, "10 11 12 13 14 15")
	b.want(js(s+"th:nth-child(3)", `hasAttribute("aria-sort")`), false)
	b.want(js(s+"th:nth-child(2)", `querySelector("button") === null`), true)
	// Verdicts go by how grave they are.
	d := section("doctor.png")
	b.click(d + "th:nth-child(2) button")
	b.want(text(d+"> .scroll tbody th"), "latents")
	// The strip in a row is that of its unit, and picks it.
	b.wantColor(s+"> .scroll tbody tr:nth-child(3) canvas", .95, tint(5))
	b.click(s + "> .scroll tbody tr:nth-child(3) canvas")
	b.want(text(s+".card h3"), "Unit 12")
	b.want(text(s+".card code"), "dcganviz units facades --layer up2 --seed 7 --unit 12 --out up2-unit12.png")
	// By the keyboard: of all images one is in the order of tabs, arrow keys go to those of
	// the rows as they are sorted.
	b.want(`document.querySelectorAll("`+escape(s)+`.pick[tabindex='0']").length`, 1)
	b.press(kb.Escape)
	b.want(`document.activeElement.matches(".pick[tabindex='0']")`, true)
	b.press(kb.ArrowDown, kb.Enter)
	b.want(text(s+".card h3"), "Unit 13")
	b.press(kb.ArrowUp, kb.ArrowUp, kb.Enter)
	b.want(text(s+".card h3"), "Unit 11")
	b.press(kb.Home, kb.Enter)
	b.want(text(s+".card h3"), "Unit 10")
	b.press(kb.ArrowUp, kb.End, kb.Enter)
	b.want(text(s+".card h3"), "Unit 15")
	b.want(`document.querySelectorAll("`+escape(s)+`.pick[tabindex='0']").length`, 1)
}

// onPoint is where a point of the map lies on the screen. Points lie on a grid of
// three by three; the one in the middle is not on the atlas.
func (b *pageInBrowser) onPoint(i int) (x, y float64) {
	b.t.Helper()
	s := escape(section("tsne.png"))
	b.at(section("tsne.png") + ".stage")
	at := value[[]float64](b, fmt.Sprintf(`(() => { const f = JSON.parse(document.querySelector("%sscript").textContent), p = f.points[%d], r = document.querySelector("%s.stage > img").getBoundingClientRect(); return [r.x + p.x * r.width / f.w, r.y + p.y * r.height / f.h]; })()`, s, i, s))
	return at[0], at[1]
}

func testHover(t *testing.T, b *pageInBrowser) {
	s := section("tsne.png")
	for _, i := range []int{5, 4} { // of each point, on the atlas or not
		x, y := b.onPoint(i)
		b.do(chromedp.MouseEvent("mouseMoved", x+3, y))
		b.want(js(s+".tip", `hidden`), false)
		b.want(text(s+".tip"), fmt.Sprint("Sample ", i))
		b.wantNear(s+".tip canvas", .5, tint(i))
	}
	b.want(js(s+".card", `hidden`), true)
	// A click keeps it, with the command that draws it.
	x, y := b.onPoint(4)
	b.do(chromedp.MouseClickXY(x-2, y))
	b.want(js("dialog", `open`), false)
	b.want(text(s+".card h3"), "Sample 4")
	b.want(text(s+".card p"), "D's logit 1.5.")
	b.want(text(s+".card code"), "dcganviz sample facades --seed 7 --first 4 -n 1 --out seed7-sample4.png")
	b.wantNear(s+".card canvas", .5, tint(4))
	b.want(js(s+".mark", `hidden`), false)
	// By keyboard a point is named; who picks a picture sees its point.
	b.focus(s + "input[type=number]")
	b.press(kb.ArrowUp)
	b.want(text(s+".card h3"), "Sample 5")
	b.want(js(s+".tile[aria-pressed=true]", `getAttribute("aria-label")`), "Sample 5")
	b.wantNear(s+".card canvas", .5, tint(5))
	b.click(s + ".tile:nth-child(1)")
	b.want(text(s+".card h3"), "Sample 0")
	b.want(js(s+"input[type=number]", `value`), "0")
	b.click(s + ".card .row:last-child button")
	b.want(js(s+".card", `hidden`), true)
	b.want(`document.activeElement.getAttribute("aria-label")`, "Sample 0")
}

// TestMapWithoutItsPictures: without the file, or with another in its place, points
// show what the atlas has of them.
func TestMapWithoutItsPictures(t *testing.T) {
	all := someResults(t)
	dir := t.TempDir()
	write(t, dir, gallery.Options{}, all[len(all)-1])
	b := open(t, dir)
	s := section("tsne.png")
	var other bytes.Buffer
	if err := jpeg.Encode(&other, tinted(3, 1, 96, 97)[0], nil); err != nil {
		t.Fatal(err)
	}
	for _, file := range [][]byte{other.Bytes(), []byte("no JPEG")} {
		if err := os.WriteFile(filepath.Join(dir, "tsne-pictures.jpg"), file, 0o666); err != nil {
			t.Fatal(err)
		}
		b.load()
		x, y := b.onPoint(5)
		b.do(chromedp.MouseEvent("mouseMoved", x, y))
		b.want(text(s+".tip"), "Sample 5")
		b.wantColor(s+".tip canvas", .5, tint(5))
		x, y = b.onPoint(4)
		b.do(chromedp.MouseEvent("mouseMoved", x, y))
		b.want(text(s+".tip"), "Sample 4, whose picture is not here")
		b.want(js(s+".tip canvas", `hidden`), true)
		b.do(chromedp.MouseClickXY(x, y))
		b.want(js(s+".card p:last-of-type", `textContent`), "Its picture is not here.")
	}
	b.wantQuiet()
}

func testZoom(t *testing.T, b *pageInBrowser) {
	b.click(section("walk.png") + ".enlarge")
	b.want(js("dialog", `open`), true)
	b.want(js("dialog img", `getBoundingClientRect().width`), 2*5*64)
	b.want(`getComputedStyle(document.querySelector("dialog img")).imageRendering`, "pixelated")
	b.press("+", "+")
	b.want(js("dialog img", `getBoundingClientRect().width`), 4*5*64)
	b.want(text("dialog output"), "400%")
	b.press("-")
	b.want(js("dialog img", `getBoundingClientRect().width`), 3*5*64)
	b.click(`[data-zoom="fit"]`)
	b.want(js("dialog img", `getBoundingClientRect().width <= document.querySelector(".view").clientWidth`), true)
	b.press(kb.Escape)
	b.want(js("dialog", `open`), false)
	// A picture without tiles below the pointer is enlarged by a click.
	b.click(section("tsne.png") + ".stage > img")
	b.want(js("dialog", `open`), true)
	b.click(`[data-zoom="close"]`)
	b.want(js("dialog", `open`), false)
}

func testKeys(t *testing.T, b *pageInBrowser) {
	s := section("sample.png")
	active := `document.activeElement.getAttribute("aria-label") ?? document.activeElement.id`
	b.press("j")
	b.want(active, "figure-1")
	b.press("j", "j", "k")
	b.want(active, "figure-2")
	b.press("z")
	b.want(js("dialog", `open`), true)
	b.press(kb.Escape)
	// Of twelve images in rows of four, one is in the order of tabs.
	b.want(`document.querySelectorAll("`+escape(s)+`.tile[tabindex='0']").length`, 1)
	b.focus(s + ".enlarge")
	b.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
	b.want(active, "Sample 3")
	b.press(kb.ArrowRight, kb.ArrowDown)
	b.want(active, "Sample 8")
	b.press(kb.ArrowLeft, kb.ArrowLeft, kb.ArrowUp)
	b.want(active, "Sample 3")
	b.press(kb.End)
	b.want(active, "Sample 14")
	b.press(kb.Enter)
	b.want(text(s+".card h3"), "Sample 14")
	b.press(kb.ArrowUp)
	b.want(text(s+".card h3"), "Sample 10")
	b.press(kb.Escape)
	b.want(js(s+".card", `hidden`), true)
}

// testKeysOff: single keys can be turned off, for good; others stay.
func testKeysOff(t *testing.T, b *pageInBrowser) {
	active := `document.activeElement.id`
	b.want(js("#keys", `checked`), true)
	b.press("j")
	b.want(active, "figure-1")
	b.click("#keys")
	for range 2 {
		b.want(js("#keys", `checked`), false)
		b.focus("#figure-2")
		b.press("j", "k", "k", "z")
		b.want(active, "figure-2")
		b.want(js("dialog", `open`), false)
		b.load() // the choice stays
	}
	b.focus(section("sample.png") + ".tile")
	b.press(kb.ArrowRight)
	b.want(`document.activeElement.getAttribute("aria-label")`, "Sample 4")
	b.focus("#keys")
	b.press(" ")
	b.press("k") // the switch itself types nothing
	b.want(`document.activeElement.classList.contains("figure")`, true)
	b.want(`(localStorage.clear(), localStorage.length)`, 0)
}

func testDark(t *testing.T, b *pageInBrowser) {
	const background = `getComputedStyle(document.body).backgroundColor`
	light, dark := "rgb(253, 253, 251)", "rgb(22, 25, 29)"
	defer b.scheme("light")
	b.scheme("light")
	b.want(background, light)
	b.scheme("dark")
	b.until(background, dark)
	b.until(text("#theme"), "Light") // the browser tells the page a little later
	b.keep("dark")
	b.click("#theme")
	b.want(background, light)
	b.want(text("#theme"), "Dark")
	b.load() // the choice stays
	b.want(background, light)
	b.scheme("light")
	b.click("#theme")
	b.want(background, dark)
	b.want(`(localStorage.clear(), localStorage.length)`, 0)
}

func testNarrow(t *testing.T, b *pageInBrowser) {
	defer b.do(chromedp.EmulateViewport(1100, 900))
	for _, width := range []int64{320, 360, 700} {
		b.do(chromedp.EmulateViewport(width, 740))
		b.load()
		b.click(section("sample.png") + ".tile:nth-child(2)")
		b.want(`Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)`, width)
		if width == 360 {
			b.keep("narrow")
		}
	}
}

func testAxe(t *testing.T, b *pageInBrowser) {
	b.accessible(func() {
		b.click(section("sample.png") + ".tile:nth-child(2)")
		b.click(section("units.png") + "th:nth-child(3) button")
	})
}

// TestHostilePageDoesNothing: names and numbers of a stranger's run no script and
// load nothing.
func TestHostilePageDoesNothing(t *testing.T) {
	dir := t.TempDir()
	all := someResults(t)
	evil := `x"><img src=x onerror=window.hacked=1><!--'` + "`" + `.png`
	all[0].file, all[0].model = evil, hostile
	all[2].numbers["concept"] = hostile
	all[2].numbers["methods"].([]any)[0].(map[string]any)["name"] = hostile
	last := all[len(all)-1].numbers // of the map
	last["places"].([]any)[0].(map[string]any)["name"] = hostile
	last["places"].([]any)[0].(map[string]any)["label"] = hostile
	last["colour"] = hostile
	findings := all[len(all)-2].numbers["findings"].([]any)[1].(map[string]any)
	findings["check"], findings["evidence"], findings["verdict"] = hostile, hostile, hostile
	write(t, dir, gallery.Options{Title: hostile, Notes: []gallery.Note{{File: hostile, Text: hostile}}}, all...)
	b := open(t, dir)
	b.click("section:nth-of-type(1) .tile")
	b.click(section("tsne.png") + ".tile:nth-child(1)")
	b.want(text(section("tsne.png")+".card h3"), hostile)
	b.want(`window.hacked === undefined`, true)
	b.want(`document.scripts.length`, len(all)+1)
	b.want(`document.images.length`, len(all)+1) // and the one of the dialog
	b.want(`Array.from(document.images).filter(i => i.closest(".stage") && !i.naturalWidth).length`, 0)
	// What got into the page all the same would not run, nor load anything.
	b.wantQuiet()
	b.want(`(() => { const s = document.createElement("script"); s.textContent = "window.hacked = 3"; document.body.append(s); const i = new Image(); i.src = "https://example.com/x.png"; document.body.append(i); return window.hacked === undefined; })()`, true)
	refused := func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.said) == 2 && b.refused == 1
	}
	for i := 0; i < 100 && !refused(); i++ {
		time.Sleep(50 * time.Millisecond)
	}
	if !refused() {
		t.Errorf("the browser refused %d requests and says %q, want 1 and that it refused both", b.refused, b.said)
	}
}

// text is the expression for an element's text, js for one of its properties.
func text(selector string) string { return js(selector, "textContent") }
func js(selector, property string) string {
	return fmt.Sprintf(`document.querySelector("%s").%s`, escape(selector), property)
}
func escape(selector string) string { return strings.ReplaceAll(selector, `"`, `\"`) }
