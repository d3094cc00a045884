package viz

import (
	"image"
	"image/color"
	"math"
	"testing"

	"dcganviz/internal/golden"
)

// spiral is places of which no two are alike, and three groups of them.
func spiral(n int) (points []XY, groups []int) {
	for i := range n {
		sin, cos := math.Sincos(float64(i) * .7)
		r := math.Sqrt(float64(i))
		points, groups = append(points, XY{2 * r * cos, r * sin}), append(groups, i%4-1)
	}
	return points, groups
}

func TestScatterKeepsProportions(t *testing.T) {
	points := []XY{{-3, 0}, {1, 1}, {5, -1}}
	img, err := Scatter(points, ScatterOptions{Groups: []int{0, 1, 2}, Names: []string{"", "", ""}, SidePx: 400})
	if err != nil {
		t.Fatal(err)
	}
	var at [3][2]float64
	for i := range at {
		below := img.SubImage(image.Rect(0, 40, img.Rect.Dx(), img.Rect.Dy())).(*image.RGBA) // the legend
		x, y, _, _ := where(t, below, Swatch(i))
		at[i] = [2]float64{x, y}
	}
	scale := (400 - 2*scatterAirPx) / 8.
	for i, p := range points {
		dx, dy := at[i][0]-at[0][0], at[0][1]-at[i][1]
		if !(math.Abs(dx-scale*(p.X-points[0].X)) <= 1) || !(math.Abs(dy-scale*(p.Y-points[0].Y)) <= 1) {
			t.Errorf("point %d is (%.1f, %.1f) px from the first, want (%.1f, %.1f)", i, dx, dy, scale*(p.X-points[0].X), scale*(p.Y-points[0].Y))
		}
	}
}

func TestScatterGroups(t *testing.T) {
	points, groups := spiral(120)
	img, err := Scatter(points, ScatterOptions{SidePx: 180, Title: "Spiral", Groups: groups, Names: []string{"a", "b", "c"}})
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, img)
}

func TestScatterValues(t *testing.T) {
	points, _ := spiral(120)
	values := make([]float64, len(points))
	for i := range values {
		values[i] = math.Pow(float64(i)/40, 2) - 1
	}
	values[7] = math.NaN()
	img, err := Scatter(points, ScatterOptions{SidePx: 150, Values: values, ValueName: "distance", Footer: "120 points"})
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, img)
}

func TestValueColors(t *testing.T) {
	values := make([]float64, 101)
	for i := range values {
		values[i] = float64(i)
	}
	c := ValueColors(values)
	if c[0] != Swatch(1) || c[5] != Swatch(1) || c[100] != Swatch(0) || c[95] != Swatch(0) {
		t.Errorf("the ends are %v and %v, want %v and %v", c[0], c[100], Swatch(1), Swatch(0))
	}
	abs := func(v int) int { return max(v, -v) }
	distance := func(a, b color.NRGBA) int {
		return abs(int(a.R)-int(b.R)) + abs(int(a.G)-int(b.G)) + abs(int(a.B)-int(b.B))
	}
	for i := 6; i < 95; i++ {
		if i != 50 && i != 51 && distance(c[i], c[50]) < distance(c[i-(i-50)/abs(i-50)], c[50]) {
			t.Errorf("value %d is nearer to the median's colour than one nearer to the median", i)
		}
	}
	if c := ValueColors([]float64{3, 3, math.NaN()}); c[0] != c[1] || c[2] != unknownColor {
		t.Errorf("equal values and NaN: %v", c)
	}
	if ValueColors(nil) != nil {
		t.Error("no values: want no colours")
	}
}

func TestGroupsStayApart(t *testing.T) {
	seen := map[color.NRGBA]int{}
	for i := range len(swatches) + len(moreGroups) {
		if j, ok := seen[GroupColor(i)]; ok {
			t.Errorf("groups %d and %d have one colour", j, i)
		}
		seen[GroupColor(i)] = i
	}
	if GroupColor(12) != GroupColor(0) || &groupShape(12)[0] == &groupShape(0)[0] {
		t.Error("want the thirteenth group in the first's colour and another shape")
	}
}

func TestScatterRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		points []XY
		o      ScatterOptions
	}{
		"none":        {nil, ScatterOptions{}},
		"NaN":         {[]XY{{math.NaN(), 0}}, ScatterOptions{}},
		"infinite":    {[]XY{{0, math.Inf(1)}}, ScatterOptions{}},
		"small":       {[]XY{{}}, ScatterOptions{SidePx: 10}},
		"groups":      {[]XY{{}}, ScatterOptions{Groups: []int{0, 0}, Names: []string{"a"}}},
		"no groups":   {[]XY{{}}, ScatterOptions{Names: []string{"a"}}},
		"no name":     {[]XY{{}}, ScatterOptions{Groups: []int{1}, Names: []string{"a"}}},
		"below none":  {[]XY{{}}, ScatterOptions{Groups: []int{-2}, Names: []string{"a"}}},
		"values":      {[]XY{{}}, ScatterOptions{Values: []float64{}}},
		"many groups": {[]XY{{}}, ScatterOptions{Groups: []int{0}, Names: make([]string, maxSeries+1)}},
		"many points": {make([]XY, maxScattered+1), ScatterOptions{}},
	} {
		if _, err := Scatter(c.points, c.o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := Scatter([]XY{{7, 7}}, ScatterOptions{}); err != nil {
		t.Errorf("one point: %v", err)
	}
	if _, err := Scatter(make([]XY, 30), ScatterOptions{Values: make([]float64, 30)}); err != nil {
		t.Errorf("equal points: %v", err)
	}
}

// flat is a picture of one colour.
func flat(w, h int, c color.Color) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, c)
		}
	}
	return img
}
