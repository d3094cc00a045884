package viz

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dcganviz/internal/golden"
)

// testLosses is a made-up run whose losses look like those of one.
func testLosses(n int) Losses {
	r := rand.New(rand.NewPCG(3, uint64(n)))
	var l Losses
	for i := range n {
		t := float64(i) / float64(n)
		l.Steps = append(l.Steps, 10*(i+1))
		l.D = append(l.D, 0.5+1/(1+8*t)+0.3*r.Float64())
		l.G = append(l.G, 1.5+1.2*t+1.4*r.Float64())
		l.RealScores = append(l.RealScores, 0.7+0.2*r.Float64())
		l.FakeScores = append(l.FakeScores, 0.1+0.3*r.Float64())
	}
	return l
}

func TestMovingMean(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	steps := []int{1, 2, 4, 5, 9, 10}
	for _, c := range []struct {
		values []float64
		window int
		want   []float64
	}{
		{[]float64{1, 2, 3, 4, 5, 6}, 1, []float64{1, 2, 3, 4, 5, 6}},
		{[]float64{1, 2, 3, 4, 5, 6}, 2, []float64{1.5, 1.5, 3.5, 3.5, 5.5, 5.5}},
		{[]float64{1, 2, 3, 4, 5, 6}, 4, []float64{1.5, 2, 3, 3.5, 5.5, 5.5}},
		{[]float64{1, 2, 3, 4, 5, 6}, 100, []float64{3.5, 3.5, 3.5, 3.5, 3.5, 3.5}},
		{[]float64{1, nan, 3, inf, 5, -inf}, 4, []float64{1, nan, 3, nan, 5, nan}},
		{[]float64{8, 8, 8, 8, 8, 8}, 3, []float64{8, 8, 8, 8, 8, 8}},
	} {
		got := movingMean(steps, c.values, c.window)
		for i, want := range c.want {
			same := math.IsNaN(want) && math.IsNaN(got[i]) || math.Abs(got[i]-want) <= 1e-12
			if !same {
				t.Errorf("window %d of %v: value %d is %v, want %v", c.window, c.values, i, got[i], want)
			}
		}
	}
}

func TestThinKeepsExtremesAndGaps(t *testing.T) {
	l := testLosses(5000)
	l.D[1234], l.D[4000] = 0.01, 9
	l.D[2500] = math.NaN()
	p := &panel{steps: l.Steps, high: 10}
	parts := p.thin(l.D, 100)
	if len(parts) != 2 {
		t.Fatalf("%d parts, want 2 around the gap", len(parts))
	}
	n, low, high, last := 0, math.Inf(1), math.Inf(-1), -1.0
	for _, part := range parts {
		for _, xy := range part {
			if xy.X <= last {
				t.Fatalf("step %v follows %v", xy.X, last)
			}
			n, low, high, last = n+1, min(low, xy.Y), max(high, xy.Y), xy.X
		}
	}
	if low != 0.01 || high != 9 {
		t.Errorf("range %v to %v, want 0.01 to 9", low, high)
	}
	if n > 2*103 {
		t.Errorf("%d points for 100 columns, want at most two each", n)
	}
	// A short run is kept whole, and clamped.
	p = &panel{steps: []int{1, 2, 3}, low: 0, high: 5}
	if got := fmt.Sprint(p.thin([]float64{4, 6, -1}, 100)); got != "[[{1 4} {2 5} {3 0}]]" {
		t.Errorf("got %s", got)
	}
}

func TestRoundTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		ticks     roundTicks
		want      string
	}{
		{0, 1, roundTicks{2, false}, "0.0 0.5 1.0"},
		{0, 4, roundTicks{9, true}, "0 1 2 3 4"},
		{-0.3, 0.3, roundTicks{6, true}, "0"},
		{0, 40, roundTicks{9, true}, "0 5 10 15 20 25 30 35 40"},
		{0, 1, roundTicks{1, false}, "0 1"},
		{0, 4.3, roundTicks{5, false}, "0 1 2 3 4"},
		{1, 12345, roundTicks{7, false}, "2,000 4,000 6,000 8,000 10,000 12,000"},
		{-0.3, 0.3, roundTicks{6, false}, "-0.3 -0.2 -0.1 0.0 0.1 0.2 0.3"},
		{0, 3e6, roundTicks{3, false}, "0 1,000,000 2,000,000 3,000,000"},
		{5, 5, roundTicks{3, false}, ""},
		{0, math.NaN(), roundTicks{3, false}, ""},
	} {
		got := ""
		for i, tick := range c.ticks.Ticks(c.low, c.high) {
			if i > 0 {
				got += " "
			}
			got += tick.Label
		}
		if got != c.want {
			t.Errorf("%v to %v in %v: got %q, want %q", c.low, c.high, c.ticks, got, c.want)
		}
	}
}

func TestLossRangeIgnoresSpikes(t *testing.T) {
	l := testLosses(1000)
	l.G[500] = 400
	p := newPanel(plotStyle{}, l.Steps, LossPlotOptions{SmoothSteps: 1}, "loss", curve{values: l.D}, curve{values: l.G})
	p.curves[0].means, p.curves[1].means = movingMean(l.Steps, l.D, 900), movingMean(l.Steps, l.G, 900)
	p.fitY()
	if !(p.high > 3 && p.high < 10) || p.low != 0 {
		t.Errorf("range %v to %v, want 0 to a few", p.low, p.high)
	}
	if p.above < 1 || p.above > 20 {
		t.Errorf("%d values above, want the spike and at most a hundredth", p.above)
	}
}

func TestLossPlotSurvivesHardData(t *testing.T) {
	nan := math.NaN()
	for name, l := range map[string]Losses{
		"one step":     {Steps: []int{7}, D: []float64{1}, G: []float64{2}},
		"nothing":      {Steps: []int{1, 2}, D: []float64{nan, nan}, G: []float64{math.Inf(1), nan}},
		"constant":     {Steps: []int{1, 2}, D: []float64{0, 0}, G: []float64{0, 0}},
		"negative":     {Steps: []int{1, 2}, D: []float64{-5, -4}, G: []float64{-3, -3}},
		"huge":         {Steps: []int{1, 2, 3}, D: []float64{1e300, -1e300, 0}, G: []float64{1, 2, 3}},
		"steps apart":  {Steps: []int{-1 << 40, 0, 1 << 40}, D: []float64{1, 2, 3}, G: []float64{1, 2, 3}},
		"odd scores":   {Steps: []int{1, 2}, D: []float64{1, 1}, G: []float64{1, 1}, FakeScores: []float64{-3, nan}},
		"lonely value": {Steps: []int{1, 2, 3}, D: []float64{nan, 1, nan}, G: []float64{1, nan, 1}},
	} {
		img, err := LossPlot(l, LossPlotOptions{WidthPx: 300, HeightPx: 250})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if img.Rect.Dx() != 300 || img.Rect.Dy() != 250 {
			t.Errorf("%s: size %v", name, img.Rect.Size())
		}
	}
}

func TestLossPlotRefuses(t *testing.T) {
	good := testLosses(3)
	for want, f := range map[string]func(*Losses, *LossPlotOptions){
		"no steps":                             func(l *Losses, o *LossPlotOptions) { *l = Losses{} },
		"2 losses of D, want 3":                func(l *Losses, o *LossPlotOptions) { l.D = l.D[:2] },
		"0 losses of G, want 3":                func(l *Losses, o *LossPlotOptions) { l.G = nil },
		"1 scores of fake, want 3":             func(l *Losses, o *LossPlotOptions) { l.FakeScores = l.FakeScores[:1] },
		"step 20 follows step 20":              func(l *Losses, o *LossPlotOptions) { l.Steps = []int{10, 20, 20} },
		"size 100x480, want 240x120 to 8192x8": func(l *Losses, o *LossPlotOptions) { o.WidthPx = 100 },
		"size 800x9000":                        func(l *Losses, o *LossPlotOptions) { o.HeightPx = 9000 },
		"make it higher":                       func(l *Losses, o *LossPlotOptions) { o.HeightPx = 120 },
		"mean of -1 steps":                     func(l *Losses, o *LossPlotOptions) { o.SmoothSteps = -1 },
	} {
		l, o := good, LossPlotOptions{}
		f(&l, &o)
		_, err := LossPlot(l, o)
		wantError(t, want, err, want)
	}
}

func TestLossPlotDrawsItsColours(t *testing.T) {
	l := testLosses(50)
	count := func(l Losses) map[color.RGBA]int {
		img, err := LossPlot(l, LossPlotOptions{})
		if err != nil {
			t.Fatal(err)
		}
		n := map[color.RGBA]int{}
		for i := 0; i < len(img.Pix); i += 4 {
			n[color.RGBA{img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3]}]++
		}
		return n
	}
	all := count(l)
	for i := range 4 {
		s := Swatch(i)
		if n := all[color.RGBA{s.R, s.G, s.B, 255}]; n < 100 {
			t.Errorf("%d pixels in the colour of curve %d, want a line of them", n, i)
		}
	}
	l.RealScores, l.FakeScores = nil, nil
	if s := Swatch(2); count(l)[color.RGBA{s.R, s.G, s.B, 255}] != 0 {
		t.Error("a curve was drawn for scores that are not there")
	}
}

func TestLossPlotIsDeterministic(t *testing.T) {
	l := testLosses(3000)
	before := Losses{slices.Clone(l.Steps), slices.Clone(l.D), slices.Clone(l.G), slices.Clone(l.RealScores), slices.Clone(l.FakeScores)}
	a, err := LossPlot(l, LossPlotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := LossPlot(before, LossPlotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Pix, b.Pix) {
		t.Error("the same losses give two pictures")
	}
	if !slices.Equal(l.D, before.D) || !slices.Equal(l.G, before.G) {
		t.Error("the losses were changed")
	}
}

func TestLossPlotGolden(t *testing.T) {
	l := testLosses(400)
	l.RealScores, l.FakeScores = nil, nil
	img, err := LossPlot(l, LossPlotOptions{WidthPx: 256, HeightPx: 192, Title: "Training", Footer: "4,000 steps"})
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, img)
}

func TestLossPlotWithScoresGolden(t *testing.T) {
	img, err := LossPlot(testLosses(60), LossPlotOptions{WidthPx: 256, HeightPx: 240, SmoothSteps: 80})
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, img)
}

func ExampleLossPlot() {
	plot, err := LossPlot(Losses{
		Steps: []int{100, 200, 300},
		D:     []float64{1.2, 0.9, 0.8},
		G:     []float64{1.9, 2.2, 2.4},
	}, LossPlotOptions{Title: "Training"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(plot.Bounds().Size())
	// Output: (800,480)
}

func BenchmarkLossPlot(b *testing.B) {
	l := testLosses(20000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := LossPlot(l, LossPlotOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
