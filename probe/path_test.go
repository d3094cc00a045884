package probe

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"dcganviz/model"
)

func tensor(rows ...[]float32) model.Tensor {
	z := model.NewTensor(len(rows), len(rows[0]))
	for i, r := range rows {
		copy(z.Row(i), r)
	}
	return z
}

func points(t *testing.T, anchors model.Tensor, opt PathOptions, n int) model.Tensor {
	t.Helper()
	p, err := NewPath(anchors, opt)
	if err != nil {
		t.Fatal(err)
	}
	return p.Points(n)
}

// TestPathByHand goes along two sides of a right angle, one three times as
// long as the other, and back.
func TestPathByHand(t *testing.T) {
	anchors := tensor([]float32{0, 0}, []float32{3, 0}, []float32{3, 1})
	for _, c := range []struct {
		opt  PathOptions
		n    int
		want string
	}{
		{PathOptions{}, 5, "[0 0 1 0 2 0 3 0 3 1]"},
		{PathOptions{}, 3, "[0 0 2 0 3 1]"},
		{PathOptions{}, 2, "[0 0 3 1]"},
		{PathOptions{}, 1, "[0 0]"},
		{PathOptions{}, 0, "[]"},
	} {
		if got := fmt.Sprint(points(t, anchors, c.opt, c.n).Data); got != c.want {
			t.Errorf("%d points: %s, want %s", c.n, got, c.want)
		}
	}
	square := tensor([]float32{0, 0}, []float32{1, 0}, []float32{1, 1}, []float32{0, 1})
	if got, want := fmt.Sprint(points(t, square, PathOptions{Closed: true}, 8).Data), "[0 0 0.5 0 1 0 1 0.5 1 1 0.5 1 0 1 0 0.5]"; got != want {
		t.Errorf("round a square: %s, want %s", got, want)
	}
}

func TestAnchorsByHand(t *testing.T) {
	for _, c := range []struct {
		anchors model.Tensor
		opt     PathOptions
		want    string
	}{
		{tensor([]float32{0, 0}, []float32{3, 0}, []float32{3, 1}), PathOptions{}, "[0 0.75 1]"},
		{tensor([]float32{0}, []float32{2}), PathOptions{Closed: true}, "[0 0.5 1]"},
		{tensor([]float32{1}, []float32{1}, []float32{1}), PathOptions{}, "[0 0.5 1]"},
		{tensor([]float32{1, 0}, []float32{0, 1}, []float32{-1, 0}), PathOptions{Arcs: true}, "[0 0.5 1]"},
	} {
		p, err := NewPath(c.anchors, c.opt)
		if err != nil {
			t.Fatal(err)
		}
		at := p.Anchors()
		for i, v := range at {
			at[i] = math.Round(v*1e6) / 1e6
		}
		if got := fmt.Sprint(at); got != c.want {
			t.Errorf("%v: %s, want %s", c.anchors.Data, got, c.want)
		}
	}
}

// TestArcsByHand divides a quarter, and a full circle, evenly.
func TestArcsByHand(t *testing.T) {
	const tolerance = 2e-4 // of the length, which is measured along chords
	circle := tensor([]float32{2, 0}, []float32{0, 2}, []float32{-2, 0}, []float32{0, -2})
	p, err := NewPath(circle, PathOptions{Arcs: true, Closed: true})
	if err != nil {
		t.Fatal(err)
	}
	if want := 4 * math.Pi; !(math.Abs(p.Length()-want) <= tolerance*want) {
		t.Errorf("length %g, want %g", p.Length(), want)
	}
	const n = 12
	z := p.Points(n)
	for i := range n {
		a := 2 * math.Pi * float64(i) / n
		if x, y := float64(z.Row(i)[0]), float64(z.Row(i)[1]); !(math.Hypot(x-2*math.Cos(a), y-2*math.Sin(a)) <= tolerance) {
			t.Errorf("point %d: (%g, %g), want (%g, %g)", i, x, y, 2*math.Cos(a), 2*math.Sin(a))
		}
	}
}

// TestPointsAreEvenlySpaced measures the distances along random paths.
func TestPointsAreEvenlySpaced(t *testing.T) {
	const tolerance = 1e-3 // of the space: neighbours round a corner are nearer
	anchors := model.Latents(3, 0, 4, model.Config{LatentDim: 100})
	for _, opt := range []PathOptions{{}, {Arcs: true}, {Closed: true}, {Arcs: true, Closed: true}} {
		p, err := NewPath(anchors, opt)
		if err != nil {
			t.Fatal(err)
		}
		const n = 3000
		z := p.Points(n)
		space := p.Length() / (n - 1)
		if opt.Closed {
			space = p.Length() / n
		}
		corners := 0
		for i := 1; i < n; i++ {
			d := Distance(z.Row(i-1), z.Row(i))
			if d > space*(1+tolerance) {
				t.Fatalf("%+v: points %d and %d are %g apart, want %g", opt, i-1, i, d, space)
			}
			if !(d >= space*(1-tolerance)) {
				corners++
			}
		}
		if most := anchors.Len(); corners > most {
			t.Errorf("%+v: %d spaces are shorter, want at most one a corner, %d", opt, corners, most)
		}
	}
}

func TestPathVisitsItsEnds(t *testing.T) {
	anchors := model.Latents(5, 0, 9, model.Config{LatentDim: 7, Law: model.Uniform})
	for _, arcs := range []bool{false, true} {
		z := points(t, anchors, PathOptions{Arcs: arcs}, 100)
		if !slices.Equal(z.Row(0), anchors.Row(0)) {
			t.Errorf("arcs %v: begins at %v, want %v", arcs, z.Row(0), anchors.Row(0))
		}
		for i, v := range z.Row(99) {
			if want := anchors.Row(8)[i]; !(math.Abs(float64(v-want)) <= 1e-6) {
				t.Errorf("arcs %v: ends with %v at %d, want %v", arcs, v, i, want)
			}
		}
	}
}

func TestPathWithoutLength(t *testing.T) {
	same := tensor([]float32{1, 2}, []float32{1, 2})
	for _, opt := range []PathOptions{{}, {Arcs: true}, {Closed: true}} {
		if got, want := fmt.Sprint(points(t, same, opt, 3).Data), "[1 2 1 2 1 2]"; got != want {
			t.Errorf("%+v: %s, want %s", opt, got, want)
		}
	}
}

func TestPathRefuses(t *testing.T) {
	nan := float32(math.NaN())
	for says, z := range map[string]model.Tensor{
		"[1 2]":  tensor([]float32{1, 2}),
		"[4]":    model.NewTensor(4),
		"finite": tensor([]float32{1, nan}, []float32{1, 2}),
	} {
		if _, err := NewPath(z, PathOptions{}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want an error with %q", err, says)
		}
	}
}

func TestAlong(t *testing.T) {
	z := []float32{5, 6, 7}
	got, err := Along(z, 1, -1, 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	if s, want := fmt.Sprint(got.Shape, got.Data), "[3 3] [5 -1 7 5 0 7 5 1 7]"; s != want {
		t.Errorf("%s, want %s", s, want)
	}
	if one, err := Along(z, 2, -3, 3, 1); err != nil || one.Data[2] != -3 {
		t.Errorf("a single point: %v, %v; want -3 at 2", one, err)
	}
	if fmt.Sprint(z) != "[5 6 7]" {
		t.Errorf("the latent is now %v", z)
	}
	for _, dim := range []int{-1, 3} {
		if _, err := Along(z, dim, 0, 1, 2); err == nil || !strings.Contains(err.Error(), "0 to 2") {
			t.Errorf("dimension %d: %v, want an error with the range", dim, err)
		}
	}
}
