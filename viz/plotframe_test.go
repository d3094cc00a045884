package viz

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"math"
	"testing"
)

// where is the mean position of the pixels of a colour, their bounds and
// their number.
func where(t *testing.T, img *image.RGBA, c color.NRGBA) (x, y float64, b image.Rectangle, n int) {
	t.Helper()
	for py := img.Rect.Min.Y; py < img.Rect.Max.Y; py++ {
		for px := img.Rect.Min.X; px < img.Rect.Max.X; px++ {
			if img.RGBAAt(px, py) == (color.RGBA{c.R, c.G, c.B, 255}) {
				x, y, n = x+float64(px), y+float64(py), n+1
				b = b.Union(image.Rect(px, py, px+1, py+1))
			}
		}
	}
	if n == 0 {
		t.Fatalf("no pixel is %v", c)
	}
	return x / float64(n), y / float64(n), b, n
}

// sameTwice fails unless a drawing gives the same bytes twice and leaves its
// arguments alone.
func sameTwice[P image.Image](t *testing.T, draw func() (P, error), args ...any) {
	t.Helper()
	before := fmt.Sprint(args...)
	a, err := draw()
	if err != nil {
		t.Fatal(err)
	}
	b, err := draw()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(flatten(a).Pix, flatten(b).Pix) {
		t.Error("the same arguments give two pictures")
	}
	if after := fmt.Sprint(args...); after != before {
		t.Errorf("the arguments changed: %s, want %s", after, before)
	}
}

// A marker's middle moves to the middle of its pixel, and its edge is
// antialiased: so much a mean position may be off.
const markerTolerancePx = 1.0

func TestScaleBounds(t *testing.T) {
	for name, c := range map[string]struct {
		axis      Axis
		values    []float64
		low, high float64
	}{
		"starts at zero":      {Axis{}, []float64{0.5, 1}, 0, 1.03},
		"ends at zero":        {Axis{}, []float64{-1, -0.5}, -1.03, 0},
		"asked range":         {Axis{Low: 1, High: 3}, []float64{2}, 1, 3},
		"data beyond":         {Axis{Low: 1, High: 3}, []float64{5}, 1, 5.12},
		"away from zero":      {Axis{Low: 4, High: 4}, []float64{5}, 4, 5.03},
		"value on the bound":  {Axis{High: 1}, []float64{1, 0}, -0.03, 1.03},
		"all zero":            {Axis{}, []float64{0}, -0.03, 1},
		"one value, no range": {Axis{Low: 8, High: 8}, []float64{8}, 4, 12},
		"doublings":           {Axis{Log2: true}, []float64{1, 4, 16}, -0.12, 4.12},
		"one doubling":        {Axis{Log2: true}, []float64{4}, 1, 3},
		"asked doublings":     {Axis{Log2: true, Low: 2, High: 256}, []float64{8}, 1, 8},
	} {
		s, err := newScale("x", c.axis)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range c.values {
			if err := s.include(v); err != nil {
				t.Fatal(err)
			}
		}
		low, high := s.bounds()
		if !(math.Abs(low-c.low) <= 1e-12) || !(math.Abs(high-c.high) <= 1e-12) {
			t.Errorf("%s: %v to %v, want %v to %v", name, low, high, c.low, c.high)
		}
	}
}

func TestDoublingTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		most      int
		want      string
	}{
		{0, 3, 5, "1 2 4 8"},
		{-0.1, 6.1, 3, "1 8 64"}, // every third
		{-2, 0.5, 5, "0.25 0.5 1"},
		{9.5, 20, 1, "1,024"},
		{29.9, 30.1, 1, "2^30"},
		{0.2, 0.8, 5, ""},
	} {
		got := ""
		for i, tick := range (doublingTicks{c.most}).Ticks(c.low, c.high) {
			if i > 0 {
				got += " "
			}
			got += tick.Label
		}
		if got != c.want {
			t.Errorf("%v to %v in %d: got %q, want %q", c.low, c.high, c.most, got, c.want)
		}
	}
}

func TestRegionEndsAtItsBounds(t *testing.T) {
	inf := math.Inf(1)
	img, err := PointPlot([]PointSeries{
		{Color: Swatch(0), Points: []Point{{X: Interval{Mean: 0.25}, Y: Interval{Mean: 0.1}}}},
		{Color: Swatch(1), Points: []Point{{X: Interval{Mean: 0.5}, Y: Interval{Mean: 0.6}}}},
	}, PlotOptions{X: Axis{High: 1}, Y: Axis{High: 1}, Regions: []Region{
		{XLow: 0.25, XHigh: 0.5, YLow: 0.6, YHigh: inf},
	}})
	if err != nil {
		t.Fatal(err)
	}
	left, _, _, _ := where(t, img.RGBA, Swatch(0))
	right, bottom, _, _ := where(t, img.RGBA, Swatch(1))
	_, _, b, n := where(t, img.RGBA, regionColor(0))
	for name, off := range map[string]float64{
		"left": float64(b.Min.X) - left, "right": float64(b.Max.X-1) - right, "bottom": float64(b.Max.Y-1) - bottom,
	} {
		if !(math.Abs(off) <= markerTolerancePx) {
			t.Errorf("%s edge is %.1f px off", name, off)
		}
	}
	if area := b.Dx() * b.Dy(); n < area*8/10 || b.Min.Y > 40 {
		t.Errorf("%d of %d pixels shaded from y %d, want most, from the top", n, area, b.Min.Y)
	}
}

func TestReferenceLabelStandsOnItsLine(t *testing.T) {
	plot := func(refs ...Reference) *image.RGBA {
		img, err := PointPlot([]PointSeries{single(0, Interval{Mean: 1}, Interval{Mean: 1}), single(1, Interval{}, Interval{Mean: 0.5})}, PlotOptions{References: refs})
		if err != nil {
			t.Fatal(err)
		}
		return img.RGBA
	}
	with, without := plot(Reference{Label: "half", Y: 0.5}), plot(Reference{Y: 0.5})
	changed := image.Rectangle{}
	for y := range with.Rect.Dy() {
		for x := range with.Rect.Dx() {
			if with.RGBAAt(x, y) != without.RGBAAt(x, y) {
				changed = changed.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	if changed.Empty() || changed.Dx() > 40 || changed.Dy() > 14 {
		t.Fatalf("the label's pixels are %v, want a short word", changed)
	}
	// A point of the same value tells where the line is.
	_, line, _, _ := where(t, without, Swatch(1))
	if gap := line - float64(changed.Max.Y); !(gap >= 0 && gap < 8) {
		t.Errorf("label ends %.1f px above the line, want it close", gap)
	}
}

func TestPlotRefuses(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for want, o := range map[string]PlotOptions{
		"size 100x480, want 240x120 to 8192x8192": {WidthPx: 100},
		"size 800x9000":                         {HeightPx: 9000},
		"leaves":                                {HeightPx: 120, WidthPx: 240, Title: "a\nb\nc\nd\ne"},
		"x axis from 2 to 1, want low to high":  {X: Axis{Low: 2, High: 1}},
		"range of the y axis: NaN":              {Y: Axis{Low: nan}},
		"range of the x axis: +Inf":             {X: Axis{High: inf}},
		"region 0 is x 1 to 0":                  {Regions: []Region{{XLow: 1, XHigh: 0, YLow: 0, YHigh: 1}}},
		"region 1 is x 0 to NaN":                {Regions: []Region{{XHigh: 1, YHigh: 1}, {XHigh: nan, YHigh: 1}}},
		"bound of region 0: 1e+300":             {Regions: []Region{{XHigh: 1e300, YHigh: 1}}},
		"bound of region 0: -1, want it above":  {X: Axis{Log2: true}, Regions: []Region{{XLow: -1, XHigh: 1, YHigh: 1}}},
		"reference 0: NaN":                      {References: []Reference{{Y: nan}}},
		"300 regions and references, want at m": {References: make([]Reference, 300)},
	} {
		_, err := PointPlot([]PointSeries{{Points: make([]Point, 1)}}, o)
		wantError(t, want, err, want)
	}
}
