package gallery_test

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"dcganviz/gallery"
)

// ExampleWatchPage makes a page that a browser loads again while the run goes on.
func ExampleWatchPage() {
	page, err := gallery.WatchPage(&gallery.Watch{
		Title: "mine", Status: "Training: step 500 of 1000.", Step: 500, Steps: 1000, Verdict: "Still learning.", Good: true,
		Frames: []gallery.Frame{{File: "samples/step-000500.png", Name: "Step 500"}},
		Curves: []*gallery.Curves{{Title: "Losses", Lines: []gallery.Line{{Name: "of D", X: []float64{1, 500}, Y: []float64{1.4, 0.9}}}}},
		Reload: 30 * time.Second,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Contains(string(page), `src="./samples/step-000500.png"`), gallery.IsPage(page))
	// Output: true false
}

// TestWatchPageShowsTextAsText: no name of a folder or file becomes markup.
func TestWatchPageShowsTextAsText(t *testing.T) {
	const hostile = `</script><img src=x onerror=alert(1)>"'&`
	cell := []gallery.Cell{{Text: hostile}}
	page, err := gallery.WatchPage(&gallery.Watch{
		Title: hostile, Status: hostile, Verdict: hostile, Advice: hostile, Notes: []string{hostile}, Film: hostile, Steps: 1,
		Frames:   []gallery.Frame{{File: "javascript:" + hostile, Name: hostile}, {File: "//host/" + hostile, Name: hostile}},
		Curves:   []*gallery.Curves{{Title: hostile, Text: hostile, Band: hostile, Lines: []gallery.Line{{Name: hostile, X: []float64{1}, Y: []float64{1}}}}},
		Table:    &gallery.Table{Caption: hostile, Columns: []gallery.Column{{Name: hostile, Hint: hostile}}, Rows: [][]gallery.Cell{cell}},
		Commands: []gallery.Command{{What: hostile, Line: hostile}}, Written: time.Unix(0, 0),
	})
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	if strings.Contains(text, "<img src=x") || strings.Contains(text, `"javascript:`) || strings.Contains(text, `"//host`) || strings.Count(text, "</script>") != strings.Count(text, "<script") {
		t.Error("a text is markup on the page")
	}
	if n := strings.Count(text, "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"); n < 14 {
		t.Errorf("the text is on the page %d times, want 14 or more", n)
	}
	if regexp.MustCompile(`\sstyle=|https?://|\son[a-z]+="`).MatchString(text) {
		t.Error("the page has a style or a handler that its policy stops, or an address of the network")
	}
}

// TestWatchPageLoadsItselfOnlyWhileItGoesOn looks for all that makes a browser load it again.
func TestWatchPageLoadsItselfOnlyWhileItGoesOn(t *testing.T) {
	for reload, want := range map[time.Duration]bool{0: false, 20 * time.Second: true} {
		page, err := gallery.WatchPage(&gallery.Watch{Steps: 1, Reload: reload})
		if err != nil {
			t.Fatal(err)
		}
		text := string(page)
		if got := strings.Contains(text, `http-equiv="refresh"`); got != want {
			t.Errorf("refresh is there: %v, want %v", got, want)
		}
		if got := !strings.Contains(text, `data-reload="0"`); got != want {
			t.Errorf("the script loads it again: %v, want %v", got, want)
		}
	}
}

var path = regexp.MustCompile(`<path class="line line1[^"]*" d="([^"]*)"`)

// pathOf returns the drawing of the first line.
func pathOf(t *testing.T, c *gallery.Curves) string {
	t.Helper()
	page, err := gallery.WatchPage(&gallery.Watch{Steps: 1, Curves: []*gallery.Curves{c}})
	if err != nil {
		t.Fatal(err)
	}
	m := path.FindStringSubmatch(string(page))
	if m == nil {
		return ""
	}
	return m[1]
}

// TestCurvesByHand: 0 lies at the bottom, 300, and the last step at the right, 1000.
func TestCurvesByHand(t *testing.T) {
	for _, c := range []struct {
		line gallery.Line
		want string
	}{
		{gallery.Line{X: []float64{0, 50, 100}, Y: []float64{0, 1, 2}}, "M0 300L500 150L1000 0"},
		{gallery.Line{X: []float64{50, 100}, Y: []float64{4, math.NaN()}}, "M1000 0"}, // what is not finite is left out, and no step is after 50
		{gallery.Line{X: []float64{100}, Y: []float64{1}, Errors: []float64{1}}, "M1000 300V0"},
		{gallery.Line{X: []float64{10, 20}, Y: []float64{-1, 1}}, "M500 300L1000 0"},
		{gallery.Line{X: []float64{10}, Y: []float64{0}}, "M1000 300"},
		{gallery.Line{}, ""},
		{gallery.Line{X: []float64{math.Inf(1)}, Y: []float64{1}}, ""},
	} {
		if got := pathOf(t, &gallery.Curves{Lines: []gallery.Line{c.line}}); got != c.want {
			t.Errorf("%v is drawn as %q, want %q", c.line, got, c.want)
		}
	}
}

// TestCurvesAreThinned: of many steps a line has few points, and they are means: those of a
// ramp lie on it.
func TestCurvesAreThinned(t *testing.T) {
	var l gallery.Line
	for i := range 60000 {
		l.X, l.Y = append(l.X, float64(i)), append(l.Y, float64(i))
	}
	points := strings.Split(strings.TrimPrefix(pathOf(t, &gallery.Curves{Lines: []gallery.Line{l}}), "M"), "L")
	if len(points) != 250 {
		t.Fatalf("%d points, want 250", len(points))
	}
	for _, p := range points {
		at := strings.Fields(p)
		x, err1 := strconv.ParseFloat(at[0], 64)
		y, err2 := strconv.ParseFloat(at[1], 64)
		// A ramp to 60,000 fills the height; the drawing has one digit after the point.
		if err1 != nil || err2 != nil || !(math.Abs((300-y)/300-x/1000) < 1e-3) {
			t.Errorf("a point at %q is off the ramp", p)
		}
	}
}
