package figure

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dcganviz/gallery"
)

// watchFolder is a folder with a page of three samples, red, green and blue.
func watchFolder(t *testing.T, w gallery.Watch) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "samples"), 0o777); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		m := image.NewNRGBA(image.Rect(0, 0, 8, 8))
		for p := range 64 {
			m.Pix[4*p+i], m.Pix[4*p+3] = 255, 255
		}
		name := fmt.Sprintf("samples/step-00000%d.png", i+1)
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, m); err != nil {
			t.Fatal(err)
		}
		f.Close()
		w.Frames = append(w.Frames, gallery.Frame{File: name, Name: fmt.Sprintf("Step %d", i+1)})
	}
	w.Steps = 3
	w.Curves = []*gallery.Curves{{Title: "Losses", Lines: []gallery.Line{{Name: "of D", X: []float64{1, 2, 3}, Y: []float64{1, 2, 1}}}}}
	w.Commands = []gallery.Command{{What: "Go on", Line: "dcganviz train --out runs/mine --resume"}}
	page, err := gallery.WatchPage(&w)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "index.html"), page, 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestWatchPageInABrowser leafs through the film, plays it, and waits until the page has
// loaded itself again. It asks for nothing but the files of its folder.
func TestWatchPageInABrowser(t *testing.T) {
	dir := watchFolder(t, gallery.Watch{Reload: 3 * time.Second, Stale: time.Hour, Written: time.Now()})
	b := open(t, dir)
	const range0 = `document.querySelector("#film input")`
	b.until(range0+".value", "2")
	b.wantColor("#frame", .5, color.NRGBA{0, 0, 255, 255})
	// The run ends: its last page no longer loads itself.
	ended := must[[]byte](t)(os.ReadFile(filepath.Join(watchFolder(t, gallery.Watch{Status: "Finished."}), "index.html")))
	if err := os.WriteFile(filepath.Join(dir, "index.html"), ended, 0o666); err != nil {
		t.Fatal(err)
	}
	value[bool](b, range0+`.value = 0, `+range0+`.dispatchEvent(new Event("input")), window.mine = true`)
	for again := false; !again; time.Sleep(50 * time.Millisecond) {
		// An error says that the page is loaded at this moment.
		again, _ = chromedp.Run(b.ctx, chromedp.Evaluate[bool](`window.mine === undefined && document.readyState === "complete" && document.getElementById("status").textContent.includes("Finished")`))
		if b.ctx.Err() != nil {
			t.Fatal("the page was not loaded again")
		}
	}
	b.until(range0+".value", "0") // where it was
	b.want(`document.getElementById("frame").alt`, "Step 1")
	b.wantColor("#frame", .5, color.NRGBA{255, 0, 0, 255})
	b.click("#film button")
	b.until(range0+".value", "2")
	b.until(`document.querySelector("#film button").textContent`, "Play")
	b.want(`document.querySelectorAll(".copy + .row button").length`, 1)
	b.want(`document.documentElement.scrollWidth <= innerWidth`, true)
	for _, url := range b.requests {
		if !strings.HasPrefix(url, "file://") {
			t.Errorf("the page asks for %s", url)
		}
	}
	if len(b.said) > 0 || b.refused > 0 {
		t.Errorf("the browser says %q; %d requests are against the policy", b.said, b.refused)
	}
}

// TestWatchPageRests: one that was written long ago, or whose run has ended, is not loaded
// again.
func TestWatchPageRests(t *testing.T) {
	for name, w := range map[string]gallery.Watch{
		"long ago": {Reload: time.Second, Stale: time.Minute, Written: time.Now().Add(-time.Hour)},
		"ended":    {Written: time.Now()},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t, watchFolder(t, w))
			value[bool](b, `window.mine = true`)
			time.Sleep(2500 * time.Millisecond)
			b.want(`window.mine === true`, true)
			b.want(`document.getElementById("stale").hidden`, name == "ended")
		})
	}
}
