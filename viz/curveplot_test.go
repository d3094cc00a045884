package viz

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"testing"

	"dcganviz/internal/golden"
)

// means are values without intervals.
func means(values ...float64) []Interval {
	out := make([]Interval, len(values))
	for i, v := range values {
		out[i].Mean = v
	}
	return out
}

// within are values with intervals of one width.
func within(by float64, values ...float64) []Interval {
	out := means(values...)
	for i := range out {
		out[i].Lo, out[i].Hi = values[i]-by, values[i]+by
	}
	return out
}

// rowsIn lists the first and last row of a column that differ from paper by
// a colour cast, which the greys of axes and rules do not have.
func rowsIn(img *image.RGBA, x int) (first, last int) {
	first = -1
	for y := range img.Rect.Dy() {
		if c := img.RGBAAt(x, y); max(c.R, c.G, c.B)-min(c.R, c.G, c.B) > 20 {
			if first < 0 {
				first = y
			}
			last = y
		}
	}
	return first, last
}

func TestCurveAndBandLieInProportion(t *testing.T) {
	// Over doublings the line and its band are straight where the values
	// grow by equal steps; at the middle they are half-way.
	n := 40 // above the number that is marked
	c := Curve{}
	for i := range n + 1 {
		at := float64(i) / float64(n)
		c.X = append(c.X, math.Exp2(6*at))
		c.Y = append(c.Y, Interval{4 * at, 4*at - 1 - at, 4*at + 1 + at})
	}
	img, err := CurvePlot([]Curve{c}, PlotOptions{X: Axis{Log2: true}})
	if err != nil {
		t.Fatal(err)
	}
	_, _, line, _ := where(t, img.RGBA, Swatch(0))
	height := float64(line.Dy()) // of 4 units, about: the line is 2 px wide
	rise := func(x int) float64 {
		_, y, _, _ := where(t, img.SubImage(image.Rect(x-1, 0, x+2, img.Rect.Max.Y)).(*image.RGBA), Swatch(0))
		return float64(line.Max.Y) - y
	}
	for _, part := range []float64{0.25, 0.5, 0.75} {
		x := line.Min.X + int(part*float64(line.Dx()))
		if got, want := rise(x), part*height; !(math.Abs(got-want) <= 2) {
			t.Errorf("at %v of the way the line is %.1f px up, want %.1f", part, got, want)
		}
		first, last := rowsIn(img.RGBA, x)
		if got, want := float64(last-first), 2*(1+part)/4*height; !(math.Abs(got-want) <= 4) {
			t.Errorf("at %v of the way the band is %.1f px high, want %.1f", part, got, want)
		}
	}
}

func TestCurveLeavesGaps(t *testing.T) {
	nan := math.NaN()
	y := means(1, 1, nan, 1, 1, math.Inf(1), 1)
	img, err := CurvePlot([]Curve{{X: []float64{0, 1, 2, 3, 4, 5, 6}, Y: y}}, PlotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, _, b, _ := where(t, img.RGBA, Swatch(0))
	columns := 0
	for x := b.Min.X; x < b.Max.X; x++ {
		if first, _ := rowsIn(img.RGBA, x); first >= 0 {
			columns++
		}
	}
	// Two of six steps have a line, and each end a marker.
	if part := float64(columns) / float64(b.Dx()); !(part > 0.33 && part < 0.40) {
		t.Errorf("%.2f of the columns are drawn, want a third and the markers", part)
	}
	// A gap in the band alone leaves the line.
	y = within(0.5, 1, 1, 1)
	y[1].Hi = nan
	img, err = CurvePlot([]Curve{{X: []float64{0, 1, 2}, Y: y}}, PlotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, _, b, _ = where(t, img.RGBA, Swatch(0))
	if first, last := rowsIn(img.RGBA, (b.Min.X+b.Max.X)/2-30); last-first > 6 {
		t.Errorf("beside a gap the band is %d px high, want the line alone", last-first)
	}
}

func TestCurvePlotSurvivesHardData(t *testing.T) {
	nan := math.NaN()
	var long Curve
	for i := range maxMarks {
		v := math.Sin(float64(i))
		long.X, long.Y = append(long.X, float64(i)), append(long.Y, Interval{v, v - 1, v + 1})
	}
	for name, c := range map[string]Curve{
		"one point":         {X: []float64{7}, Y: within(1, 2)},
		"constant":          {X: []float64{1, 2}, Y: means(0, 0)},
		"negative":          {X: []float64{-2, -1}, Y: within(1, -5, -9)},
		"lonely values":     {X: []float64{1, 2, 3}, Y: means(nan, 1, nan)},
		"huge":              {X: []float64{-1e100, 1e100}, Y: means(1e100, -1e100)},
		"infinite band":     {X: []float64{1, 2}, Y: []Interval{{1, math.Inf(-1), math.Inf(1)}, {1, nan, 2}}},
		"band then none":    {X: []float64{1, 2, 3}, Y: []Interval{{1, 0, 2}, {1, 0, 0}, {1, 0, 2}}},
		"mean outside":      {X: []float64{1, 2}, Y: []Interval{{1, 2, 3}, {1, 2, 3}}},
		"as long as may be": long,
	} {
		img, err := CurvePlot([]Curve{c}, PlotOptions{WidthPx: 300, HeightPx: 200})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if img.Rect.Dx() != 300 || img.Rect.Dy() != 200 {
			t.Errorf("%s: size %v", name, img.Rect.Size())
		}
	}
}

func TestCurvePlotRefuses(t *testing.T) {
	nan := math.NaN()
	one := func(c Curve) []Curve { return []Curve{{Name: "ok", X: []float64{1}, Y: means(1)}, c} }
	for want, curves := range map[string][]Curve{
		"no finite value among 0 points":        nil,
		"no finite value among 2 points, want":  {{X: []float64{1, 2}, Y: means(nan, nan)}},
		`curve 1 "c": 1 values, want 2`:         one(Curve{Name: "c", X: []float64{1, 2}, Y: means(1)}),
		"x of point 1: NaN":                     one(Curve{X: []float64{1, nan}, Y: means(1, 1)}),
		"x 1 of point 1 follows 1, want incre":  one(Curve{X: []float64{1, 1}, Y: means(1, 1)}),
		"y of point 0: 1e+200, want a number":   one(Curve{X: []float64{1}, Y: means(1e200)}),
		"y of point 0: interval from 3 to 2":    one(Curve{X: []float64{1}, Y: []Interval{{1, 3, 2}}}),
		"65 curves, want at most 64":            make([]Curve, 65),
		"32769 points, want at most 32768":      one(Curve{X: make([]float64, maxMarks), Y: make([]Interval, maxMarks)}),
		"size 100x480":                          one(Curve{}),
		"x of point 0: 0, want it above 0 for ": one(Curve{X: []float64{0}, Y: means(1)}),
	} {
		var o PlotOptions
		switch {
		case contains(want, "size"):
			o.WidthPx = 100
		case contains(want, "above 0"):
			o.X.Log2 = true
		case contains(want, "32769"):
			for i := range curves[1].X {
				curves[1].X[i] = float64(i)
			}
		}
		_, err := CurvePlot(curves, o)
		wantError(t, want, err, want)
	}
}

// testCurves is a made-up figure of drops and their controls.
func testCurves() ([]Curve, PlotOptions) {
	k := []float64{1, 2, 4, 8, 16, 32, 64}
	return []Curve{
			{Name: "random", Control: true, X: k, Y: within(0.06, 0, 0.01, -0.01, -0.02, -0.06, -0.1, 0.4)},
			{Name: "same energy", Control: true, X: k, Y: within(0.04, 0.01, 0, 0.02, 0.02, -0.02, -0.03, 0.5)},
			{Name: "by weight", X: k, Y: within(0.02, 0.02, 0.05, 0.08, 0.3, 0.45, 0.7, 0.8)},
		}, PlotOptions{
			X: Axis{Label: "maps dropped", Log2: true}, Y: Axis{Label: "area removed", High: 1},
			References: []Reference{{Label: "half", Y: 0.5}},
		}
}

func TestCurvePlotIsDeterministic(t *testing.T) {
	curves, o := testCurves()
	sameTwice(t, func() (*Picture, error) { return CurvePlot(curves, o) }, curves, o)
}

func TestCurvePlotKeepsColours(t *testing.T) {
	curves, o := testCurves()
	curves[2].Color = color.NRGBA{10, 200, 30, 255}
	img, err := CurvePlot(curves, o)
	if err != nil {
		t.Fatal(err)
	}
	where(t, img.RGBA, color.NRGBA{10, 200, 30, 255})
	curves[2].Color = nil
	if img, err = CurvePlot(curves, o); err != nil {
		t.Fatal(err)
	}
	where(t, img.RGBA, Swatch(0)) // controls take no swatch
}

func TestCurvePlotGolden(t *testing.T) {
	curves, o := testCurves()
	o.WidthPx, o.HeightPx, o.Title = 256, 220, "Maps in order"
	img, err := CurvePlot(curves, o)
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, img)
}

func ExampleCurvePlot() {
	plot, err := CurvePlot([]Curve{{
		Name: "maps in order of weight",
		X:    []float64{1, 2, 4, 8},
		Y:    []Interval{{0.02, 0, 0.04}, {0.05, 0.03, 0.07}, {0.3, 0.27, 0.33}, {0.6, 0.57, 0.63}},
	}}, PlotOptions{X: Axis{Label: "maps dropped", Log2: true}, Y: Axis{Label: "area removed", High: 1}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(plot.Bounds().Size())
	// Output: (800,480)
}
