package viz

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"dcganviz/internal/golden"
)

// single is a series of one point in a colour.
func single(i int, x, y Interval) PointSeries {
	return PointSeries{Color: Swatch(i), Points: []Point{{X: x, Y: y}}}
}

func TestPointsLieInProportion(t *testing.T) {
	for name, c := range map[string]struct {
		o    PlotOptions
		x, y [3]float64
		want float64 // of the way from the first point to the second
	}{
		"linear":    {PlotOptions{}, [3]float64{0, 4, 1}, [3]float64{-1, 1, -0.5}, 0.25},
		"doublings": {PlotOptions{X: Axis{Log2: true}, Y: Axis{Log2: true}}, [3]float64{1, 16, 2}, [3]float64{0.5, 8, 1}, 0.25},
	} {
		var series []PointSeries
		for i := range 3 {
			series = append(series, single(i, Interval{Mean: c.x[i]}, Interval{Mean: c.y[i]}))
		}
		img, err := PointPlot(series, c.o)
		if err != nil {
			t.Fatal(err)
		}
		x0, y0, _, _ := where(t, img.RGBA, Swatch(0))
		x1, y1, _, _ := where(t, img.RGBA, Swatch(1))
		x, y, _, _ := where(t, img.RGBA, Swatch(2))
		if !(x1-x0 > 400 && y0-y1 > 200) {
			t.Errorf("%s: points (%.0f, %.0f) and (%.0f, %.0f), want the second right of the first and above", name, x0, y0, x1, y1)
		}
		for axis, off := range map[string]float64{"x": x - (x0 + c.want*(x1-x0)), "y": y - (y0 + c.want*(y1-y0))} {
			if !(math.Abs(off) <= markerTolerancePx) {
				t.Errorf("%s: %s is %.2f px off", name, axis, off)
			}
		}
	}
}

func TestBarsReachOverTheirIntervals(t *testing.T) {
	img, err := PointPlot([]PointSeries{
		single(0, Interval{2, 1, 4}, Interval{3, 2.5, 4.5}),
		single(1, Interval{Mean: 1}, Interval{Mean: 2.5}),
		single(2, Interval{Mean: 4}, Interval{Mean: 4.5}),
		single(3, Interval{2, 0, 0}, Interval{Mean: 0.5}), // no interval
	}, PlotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, _, bars, _ := where(t, img.RGBA, Swatch(0))
	x0, y0, _, _ := where(t, img.RGBA, Swatch(1))
	x1, y1, _, _ := where(t, img.RGBA, Swatch(2))
	for name, off := range map[string]float64{
		"left": float64(bars.Min.X) - x0, "right": float64(bars.Max.X-1) - x1,
		"bottom": float64(bars.Max.Y-1) - y0, "top": float64(bars.Min.Y) - y1,
	} {
		if !(math.Abs(off) <= markerTolerancePx) {
			t.Errorf("%s end is %.1f px off", name, off)
		}
	}
	if _, _, b, _ := where(t, img.RGBA, Swatch(3)); b.Dx() > 2*markerPx+4 || b.Dy() > 2*markerPx+4 {
		t.Errorf("a point without intervals covers %v", b.Size())
	}
}

func TestControlsAreGreyAndCloudsLight(t *testing.T) {
	img, err := PointPlot([]PointSeries{
		{Control: true, Points: make([]Point, 1), Cloud: []XY{{1, 1}, {2, 1}}},
		{Points: []Point{{X: Interval{Mean: 1}, Y: Interval{Mean: 2}}}},
	}, PlotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, b, n := where(t, img.RGBA, tint(muted, 0.55)); b.Dx() < 100 || n > 60 {
		t.Errorf("cloud of two points: %d pixels over %v", n, b)
	}
	// The first series that is not a control has the first colour.
	where(t, img.RGBA, Swatch(0))
}

func TestPointPlotSurvivesHardData(t *testing.T) {
	at := func(x, y float64) Point { return Point{X: Interval{Mean: x}, Y: Interval{Mean: y}, Label: "p"} }
	long := strings.Repeat("very long ", 80)
	for name, c := range map[string]struct {
		points []Point
		o      PlotOptions
	}{
		"one point":     {[]Point{at(1, 1)}, PlotOptions{}},
		"at zero":       {[]Point{at(0, 0)}, PlotOptions{}},
		"all equal":     {[]Point{at(3, -2), at(3, -2), at(3, -2)}, PlotOptions{}},
		"huge":          {[]Point{at(1e100, -1e100), at(-1e100, 1e100)}, PlotOptions{}},
		"tiny":          {[]Point{at(1e-300, 1e-300), at(2e-300, 5e-324)}, PlotOptions{}},
		"large offset":  {[]Point{at(1e17, 1e17), at(1e17+16, 1e17)}, PlotOptions{X: Axis{Low: 1e17, High: 1e17}, Y: Axis{Low: 1e17, High: 1e17}}},
		"doublings":     {[]Point{at(1e-90, 3), at(1e90, 3)}, PlotOptions{X: Axis{Log2: true}, Y: Axis{Log2: true}}},
		"mean outside":  {[]Point{{X: Interval{1, 2, 3}, Y: Interval{5, 2, 3}}}, PlotOptions{}},
		"long texts":    {[]Point{{Label: long}}, PlotOptions{Title: "t", Footer: "f", X: Axis{Label: long}, Y: Axis{Label: long}, References: []Reference{{Label: long}}}},
		"long word":     {[]Point{{Label: strings.Repeat("x", 500)}}, PlotOptions{}},
		"line breaks":   {[]Point{{Label: "\n\n\n"}, {Label: "a\nb\nc\nd"}, {Label: "\xff\x00"}}, PlotOptions{}},
		"long legend":   {[]Point{at(1, 1)}, PlotOptions{Regions: []Region{{Label: long, XHigh: 1, YHigh: 1}}}},
		"whole regions": {[]Point{at(1, 1)}, PlotOptions{Regions: []Region{{XLow: math.Inf(-1), XHigh: math.Inf(1), YLow: math.Inf(-1), YHigh: math.Inf(1)}}}},
	} {
		c.o.WidthPx, c.o.HeightPx = 320, 240
		img, err := PointPlot([]PointSeries{{Name: "s", Points: c.points}}, c.o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if img.Rect.Dx() != 320 || img.Rect.Dy() != 240 {
			t.Errorf("%s: size %v", name, img.Rect.Size())
		}
		if n := inkIn(img.RGBA, img.Rect) - inkIn(img.RGBA, img.Rect.Inset(2)); n != 0 {
			t.Errorf("%s: %d pixels at the edge", name, n)
		}
	}
}

func TestPointPlotRefuses(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	point := func(p Point) []PointSeries { return []PointSeries{{Name: "s", Points: []Point{{}, p}}} }
	for want, series := range map[string][]PointSeries{
		"no points, want at least one":            nil,
		"no points":                               {{Name: "empty"}},
		`series 0 "s": x of point 1 "a": NaN`:     point(Point{Label: "a", X: Interval{Mean: nan}}),
		"y of point 1 \"\": +Inf":                 point(Point{Y: Interval{Mean: inf}}),
		"x of point 1 \"\": interval from 2 to 1": point(Point{X: Interval{1, 2, 1}}),
		"y of point 1 \"\": -Inf":                 point(Point{Y: Interval{1, -inf, 1}}),
		"NaN, want a number":                      point(Point{X: Interval{1, nan, nan}}),
		"1e+101, want a number of at most 1e+100": point(Point{X: Interval{Mean: 1e101}}),
		"y of the cloud's point 0: NaN":           {{Cloud: []XY{{1, nan}}}},
		"65 series, want at most 64":              append(make([]PointSeries, 64), PointSeries{Cloud: make([]XY, 1)}),
		"32769 points, want at most 32768":        {{Cloud: make([]XY, maxMarks+1)}},
	} {
		_, err := PointPlot(series, PlotOptions{})
		wantError(t, want, err, want)
	}
	_, err := PointPlot(point(Point{X: Interval{Mean: 1}}), PlotOptions{X: Axis{Log2: true}})
	wantError(t, "log", err, "x of point 0 \"\": 0, want it above 0 for an axis of doublings")
	many := PointSeries{}
	for range maxLabels + 1 {
		many.Points = append(many.Points, Point{Label: "l"})
	}
	_, err = PointPlot([]PointSeries{many}, PlotOptions{})
	wantError(t, "labels", err, "257 labels, want at most 256")
}

// testPareto is a made-up figure of methods and controls.
func testPareto() ([]PointSeries, PlotOptions) {
	r := rand.New(rand.NewPCG(1, 2))
	var cloud []XY
	for range 12 {
		cloud = append(cloud, XY{0.24 + 0.05*r.Float64(), -0.15 + 0.2*r.Float64()})
	}
	around := func(mean, by float64) Interval { return Interval{mean, mean - by, mean + by} }
	inf := math.Inf(1)
	return []PointSeries{
			{Name: "random", Control: true, Cloud: cloud, Points: []Point{{X: around(0.265, 0.015), Y: around(-0.05, 0.06)}}},
			{Name: "drop", Points: []Point{{X: around(0.3, 0.01), Y: around(0.02, 0.03), Label: "paper"}, {X: around(0.22, 0.01), Y: around(0.2, 0.03), Label: "causal"}}},
			{Name: "fill", Points: []Point{{X: around(0.19, 0.01), Y: around(0.64, 0.04), Label: "fill 0.7"}, {X: around(0.04, 0.01), Y: around(0.85, 0.04), Label: "fill 8x8"}}},
		}, PlotOptions{
			X: Axis{Label: "RMSE outside"}, Y: Axis{Label: "area removed", High: 1},
			Regions:    []Region{{Label: "goal", XLow: -inf, XHigh: 0.05, YLow: 0.8, YHigh: inf}, {Label: "floor", XLow: -inf, XHigh: 0.15, YLow: 0.6, YHigh: inf}},
			References: []Reference{{Label: "no effect"}},
		}
}

func TestPointPlotIsDeterministic(t *testing.T) {
	series, o := testPareto()
	sameTwice(t, func() (*Picture, error) { return PointPlot(series, o) }, series, o)
}

func TestPointPlotGolden(t *testing.T) {
	series, o := testPareto()
	o.WidthPx, o.HeightPx, o.Title, o.Footer = 256, 256, "Forgetting", "Bars: 95%"
	img, err := PointPlot(series, o)
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, img)
}

func ExamplePointPlot() {
	plot, err := PointPlot([]PointSeries{{
		Name: "method",
		Points: []Point{
			{X: Interval{0.30, 0.29, 0.31}, Y: Interval{0.02, -0.01, 0.05}, Label: "paper"},
			{X: Interval{0.19, 0.18, 0.20}, Y: Interval{0.64, 0.61, 0.67}, Label: "fill"},
		},
	}}, PlotOptions{X: Axis{Label: "RMSE outside"}, Y: Axis{Label: "area removed", High: 1}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(plot.Bounds().Size())
	// Output: (800,480)
}
