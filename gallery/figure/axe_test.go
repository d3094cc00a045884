package figure

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"dcganviz/gallery"
	"dcganviz/viz"
)

// media sets features of the browser's, as prefers-color-scheme.
func (b *pageInBrowser) media(name, value string) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: name, Value: value}}}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *pageInBrowser) scheme(scheme string) { b.t.Helper(); b.media("prefers-color-scheme", scheme) }

// accessible looks for faults of accessibility with axe-core, a copy of whose
// axe.min.js DCGANVIZ_AXE names: light and dark, wide and narrow, without and with
// the dialog, after use has used what is to be looked at too.
func (b *pageInBrowser) accessible(use func()) {
	b.t.Helper()
	path := os.Getenv("DCGANVIZ_AXE")
	if path == "" {
		b.t.Skip("DCGANVIZ_AXE names no axe.min.js: accessibility is not tested")
	}
	axe := must[[]byte](b.t)(os.ReadFile(filepath.Clean(path)))
	defer b.scheme("light")
	defer b.do(chromedp.EmulateViewport(1100, 900))
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1100, 360} {
			b.do(chromedp.EmulateViewport(width, 900))
			b.scheme(scheme)
			b.load()
			use()
			for _, dialog := range []bool{false, true} {
				if dialog {
					b.click("#figure-2 .enlarge")
				}
				value[bool](b, string(axe)+"; true")
				found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](`axe.run().then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target.join(" ") + ": " + n.failureSummary)))`, chromedp.EvalAwaitPromise))
				if err != nil {
					b.t.Fatal(err)
				}
				for _, f := range found {
					b.t.Errorf("%s, %d pixels, dialog %v: %s", scheme, width, dialog, f)
				}
			}
		}
	}
}

// paperPage writes the page of the committed figures into a folder with them.
func paperPage(t *testing.T) (dir string, pictures []Picture) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../paper")); err != nil {
		t.Fatal(err)
	}
	files := must[[]string](t)(filepath.Glob(filepath.Join(dir, "*.png")))
	for _, path := range files {
		f := must[*os.File](t)(os.Open(path))
		recipe := must[[]byte](t)(viz.ReadRecipe(f))
		f.Close()
		stem := strings.TrimSuffix(path, ".png")
		p := Picture{File: filepath.Base(path), CommandLine: "dcganviz"}
		if err := json.Unmarshal(recipe, &p); err != nil { // names are alike
			t.Fatal(err)
		}
		size := must[Thumbs](t)(thumbsIn(must[[]byte](t)(os.ReadFile(path))))
		p.Width, p.Height = size.Width, size.Height
		p.Numbers, _ = os.ReadFile(stem + ".json")
		if file, err := os.ReadFile(stem + "-pictures.jpg"); err == nil {
			s := must[Thumbs](t)(thumbsIn(file))
			s.File = filepath.Base(stem) + "-pictures.jpg"
			p.Thumbs = &s
		}
		pictures = append(pictures, p)
	}
	html := must[[]byte](t)(Page(pictures, gallery.Options{Title: "paper"}))
	if err := os.WriteFile(filepath.Join(dir, "index.html"), html, 0o666); err != nil {
		t.Fatal(err)
	}
	return dir, pictures
}

// TestPaperPage: the committed figures make a page on which nothing is missing,
// whatever the width, and whose controls are all there.
func TestPaperPage(t *testing.T) {
	dir, pictures := paperPage(t)
	for _, f := range blocks(pictures) {
		if f.Missing != "" || f.Number == "" || f.Control == "" || f.Look == "" || f.Alt == "" || len(f.Data.Tiles) == 0 {
			t.Errorf("%s: missing %q, %d tiles, number %q, control %q", f.File, f.Missing, len(f.Data.Tiles), f.Number, f.Control)
		}
	}
	b := open(t, dir)
	b.want(`Array.from(document.images).filter(i => i.closest(".stage") && !i.naturalWidth).length`, 0)
	for _, want := range []string{".scrub", ".wipe", "th button", ".tip", ".tile"} {
		b.want(js("main", `querySelector("`+want+`") !== null`), true)
	}
	for _, width := range []int64{320, 390, 1280} {
		b.do(chromedp.EmulateViewport(width, 844))
		b.load()
		b.want(`Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)`, width)
	}
	b.wantQuiet()
	b.accessible(func() { b.click("#figure-1 .tile") })
	b.wantQuiet()
}
