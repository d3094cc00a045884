package figure

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A pageInBrowser is a page in a real Chromium.
type pageInBrowser struct {
	t   *testing.T
	ctx context.Context
	dir string

	mu       sync.Mutex
	said     []string // errors and warnings
	requests []string
	refused  int // requests that the page's policy stopped
}

// open starts Chromium on the page of a folder. Without Chromium the test is
// skipped.
func open(t *testing.T, dir string) *pageInBrowser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no chromium here: the page's controls are not tested")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.DisableGPU, chromedp.WindowSize(1100, 900))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // it refuses to run as root
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &pageInBrowser{t: t, ctx: ctx, dir: dir}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.EmulateViewport(1100, 900))
	b.load()
	return b
}

// hear keeps what a sound page does not say or ask for.
func (b *pageInBrowser) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, "exception: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.said = append(b.said, fmt.Sprintf("console: %v", e.Type))
	case *log.EventEntryAdded:
		b.said = append(b.said, "log: "+e.Entry.Text)
	case *network.EventLoadingFailed:
		if e.BlockedReason == network.BlockedReasonCsp {
			b.refused++
		}
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	}
}

func (b *pageInBrowser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// load opens the page anew and waits for its controls.
func (b *pageInBrowser) load() {
	b.t.Helper()
	b.do(chromedp.Navigate((&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(b.dir, "index.html"))}).String()))
	for range 200 {
		if value[bool](b, `document.readyState === "complete" && !document.querySelector("section.figure:not([data-ready])")`) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("the page's controls are not there: %q", b.said)
}

// value evaluates an expression.
func value[T any](b *pageInBrowser, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

func (b *pageInBrowser) want(expression string, want any) {
	b.t.Helper()
	if got := value[any](b, expression); fmt.Sprint(got) != fmt.Sprint(want) {
		b.t.Errorf("%s is %v, want %v", expression, got, want)
	}
}

// until waits for a value.
func (b *pageInBrowser) until(expression string, want any) {
	b.t.Helper()
	for range 100 {
		if fmt.Sprint(value[any](b, expression)) == fmt.Sprint(want) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.want(expression, want)
}

// at is the middle of an element on the screen, which is scrolled to it.
func (b *pageInBrowser) at(selector string) (x, y float64) {
	b.t.Helper()
	p := value[[]float64](b, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.scrollIntoView({block: "center", behavior: "instant"}); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()`, selector))
	return p[0], p[1]
}

func (b *pageInBrowser) click(selector string) {
	b.t.Helper()
	x, y := b.at(selector)
	b.do(chromedp.MouseClickXY(x, y))
}

// press presses keys, one after the other.
func (b *pageInBrowser) press(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		b.do(chromedp.KeyEvent(k))
	}
}

func (b *pageInBrowser) focus(selector string) {
	b.t.Helper()
	b.want(fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.focus(); return document.activeElement === e; })()`, selector), true)
}

// screen is what is seen.
func (b *pageInBrowser) screen() image.Image {
	b.t.Helper()
	shot, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	return must[image.Image](b.t)(png.Decode(bytes.NewReader(shot)))
}

// colorOf is the colour of an element's pixel at a share of its width, in the
// middle of its height.
func (b *pageInBrowser) colorOf(selector string, share float64) color.NRGBA {
	b.t.Helper()
	x, y := b.at(selector)
	width := value[float64](b, fmt.Sprintf(`document.querySelector(%q).getBoundingClientRect().width`, selector))
	return color.NRGBAModel.Convert(b.screen().At(int(x+(share-.5)*width), int(y))).(color.NRGBA)
}

func (b *pageInBrowser) wantColor(selector string, share float64, want color.NRGBA) {
	b.t.Helper()
	if got := b.colorOf(selector, share); got != want {
		b.t.Errorf("%s shows %v, want %v", selector, got, want)
	}
}

// wantNear is wantColor for what JPEG stored.
func (b *pageInBrowser) wantNear(selector string, share float64, want color.NRGBA) {
	b.t.Helper()
	const tol = 6 // of 255, of flat blocks at high quality
	got := b.colorOf(selector, share)
	for _, d := range []int{int(got.R) - int(want.R), int(got.G) - int(want.G), int(got.B) - int(want.B)} {
		if d < -tol || d > tol {
			b.t.Errorf("%s shows %v, want %v to %d", selector, got, want, tol)
			return
		}
	}
}

// wantQuiet fails if the page said anything or asked for what is not of its
// folder.
func (b *pageInBrowser) wantQuiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.said) > 0 {
		b.t.Errorf("the page says %q", b.said)
	}
	folder := (&url.URL{Scheme: "file", Path: filepath.ToSlash(b.dir)}).String() + "/"
	for _, r := range b.requests {
		if !strings.HasPrefix(r, folder) {
			b.t.Errorf("the page asks for %s", r)
		}
	}
	if len(b.requests) == 0 {
		b.t.Error("no request was seen, not even of the page")
	}
}

// keep leaves a screenshot of the whole page to look at.
func (b *pageInBrowser) keep(name string) {
	b.t.Helper()
	shot, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.t.ArtifactDir(), name+".png"), shot, 0o666); err != nil {
		b.t.Fatal(err)
	}
}
