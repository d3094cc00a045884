package viz

import (
	"fmt"
	"image"
	"math/rand/v2"
	"strings"
	"testing"
)

// checkLabels fails when labels overlap or leave their bounds.
func checkLabels(t *testing.T, name string, bounds image.Rectangle, labels []placedLabel) {
	t.Helper()
	for i, a := range labels {
		if !a.box.In(bounds) || a.box.Empty() {
			t.Errorf("%s: label %q at %v, want it in %v", name, a.text, a.box, bounds)
		}
		for _, b := range labels[:i] {
			if a.box.Overlaps(b.box) {
				t.Errorf("%s: label %q at %v covers %q at %v", name, a.text, a.box, b.text, b.box)
			}
		}
	}
}

func TestLabelsDoNotOverlap(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 1))
		n := 1 + r.IntN(24)
		spread := []float64{0, 0.01, 0.1, 1}[seed%4]
		s := PointSeries{Name: "points"}
		for i := range n {
			x, y := 1+spread*r.Float64(), 1+spread*r.Float64()
			s.Points = append(s.Points, Point{X: Interval{x, x - 0.1, x + 0.1}, Y: Interval{Mean: y}, Label: strings.Repeat(fmt.Sprint("name ", i, " "), 1+i%3)})
		}
		o := PlotOptions{WidthPx: 500 + int(seed)*10, HeightPx: 400, X: Axis{Low: 1, High: 1}, Y: Axis{Low: 1, High: 1}}
		f, labels, err := pointPlot([]PointSeries{s}, o)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("seed %d: %d labels, spread %v", seed, n, spread)
		checkLabels(t, name, f.img.Rect.Inset(4), labels)
		// Even where all points are one there is room for so many.
		if len(labels) != n {
			t.Errorf("%s: %d placed", name, len(labels))
		}
		for i, a := range labels {
			for k, b := range labels {
				if spread == 1 && n <= 15 && i != k && a.leader.crosses(b.box) {
					t.Errorf("%s: the line to %q crosses %q", name, a.text, b.text)
				}
			}
		}
	}
}

func TestLabelsThatDoNotFitAreLeftOut(t *testing.T) {
	s := PointSeries{}
	for i := range 200 {
		s.Points = append(s.Points, Point{Label: fmt.Sprint("a label of point ", i)})
	}
	f, labels, err := pointPlot([]PointSeries{s}, PlotOptions{WidthPx: 300, HeightPx: 200})
	if err != nil {
		t.Fatal(err)
	}
	checkLabels(t, "crowd", f.img.Rect, labels)
	if len(labels) < 5 || len(labels) > 60 {
		t.Errorf("%d labels placed, want as many as there is room for", len(labels))
	}
}

func TestLabelKeepsOffWhatIsDrawn(t *testing.T) {
	l, err := newLettering(textPx, false, ink)
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewRGBA(image.Rect(0, 0, 200, 120))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	at := image.Pt(100, 60)
	ring(img, image.Rect(95, 55, 106, 66), 6, ink)
	text := []string{"label"}
	place := func() image.Rectangle {
		p := newPlacer(img, img.Rect)
		p.near(l, []wanted{{text, at}}, markerPx)
		if len(p.labels) != 1 {
			t.Fatal("no place")
		}
		return p.labels[0].box
	}
	if b := place(); b.Min.X < 106 || b.Min.X > 116 || b.Min.Y > 60 || b.Max.Y < 60 {
		t.Errorf("free on all sides: at %v, want right of the point", b)
	}
	ring(img, image.Rect(120, 50, 130, 70), 10, ink)
	if b := place(); b.Max.X > 96 {
		t.Errorf("ink on the right: at %v, want left of the point", b)
	}
	ring(img, image.Rect(60, 50, 80, 70), 10, ink)
	if b := place(); b.Max.Y > 56 && b.Min.Y < 65 {
		t.Errorf("ink on both sides: at %v, want above or below", b)
	}
	ring(img, image.Rect(40, 20, 160, 100), 35, ink)
	if b := place(); b.Overlaps(image.Rect(40, 20, 160, 100)) {
		t.Errorf("ink all around: at %v, want it outside", b)
	}
}

func TestLeaderCrosses(t *testing.T) {
	box := image.Rect(10, 10, 20, 15)
	for _, c := range []struct {
		ax, ay, bx, by int
		want           bool
	}{
		{0, 12, 30, 12, true},  // across
		{0, 16, 30, 16, false}, // below
		{15, 0, 15, 30, true},  // down
		{0, 0, 9, 9, false},    // ends before
		{0, 0, 10, 10, true},   // ends on the corner
		{12, 12, 13, 13, true}, // inside
		{0, 15, 10, 25, false}, // past the corner
		{30, 0, 0, 30, true},   // falling, through (16, 14)
		{40, 0, 0, 40, false},
		{12, 12, 12, 12, false}, // no line
	} {
		l := leader{image.Pt(c.ax, c.ay), image.Pt(c.bx, c.by)}
		back := leader{l.to, l.from}
		if l.crosses(box) != c.want || back.crosses(box) != c.want {
			t.Errorf("%v: %v and %v back, want %v", l, l.crosses(box), back.crosses(box), c.want)
		}
	}
}

func TestInkTableIsASum(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 37, 23))
	n := opaque(noise(5, 37, 23))
	copy(img.Pix, n.Pix)
	bounds := image.Rect(3, 2, 33, 22)
	p := newPlacer(img, bounds)
	for _, r := range []image.Rectangle{bounds, image.Rect(3, 2, 4, 3), image.Rect(10, 5, 20, 19), image.Rect(-9, -9, 90, 90), image.Rect(7, 7, 7, 9)} {
		want := 0.0
		in := r.Intersect(bounds)
		for y := in.Min.Y; y < in.Max.Y; y++ {
			for x := in.Min.X; x < in.Max.X; x++ {
				c := img.RGBAAt(x, y)
				want += darkness(c.R, c.G, c.B)
			}
		}
		if got := p.inkIn(r); !(got-want <= 1e-9 && want-got <= 1e-9) {
			t.Errorf("%v: %v, want %v", r, got, want)
		}
	}
}
