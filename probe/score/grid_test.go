package score

import (
	"math"
	"math/rand/v2"
	"testing"

	"dcganviz/internal/random"
	"dcganviz/model"
)

func isNaN(v float32) bool { return v != v }

// TestLabelsByHand: a 4x4 grid of an 8x8 image; centres at 1, 3, 5, 7.
func TestLabelsByHand(t *testing.T) {
	got := Labels([][]Box{{{3, 0, 6, 4}, {6.5, 6.5, 8, 8}}, nil}, 8, 4)
	want := []float32{
		0, 1, 1, 0,
		0, 1, 1, 0,
		0, 0, 0, 0,
		0, 0, 0, 1, // 7 lies in the small box, 5 does not
	}
	for i := range 16 {
		if got.Data[i] != want[i] || got.Data[16+i] != 0 {
			t.Errorf("location %d: %v and %v, want %v and 0", i, got.Data[i], got.Data[16+i], want[i])
		}
	}
}

func TestBoxCheck(t *testing.T) {
	for _, b := range []Box{{0, 0, 0, 1}, {-1, 0, 1, 1}, {0, 0, 9, 1}, {math.NaN(), 0, 1, 1}, {0, 0, 1, math.Inf(1)}, {2, 0, 1, 1}} {
		if b.Check(8) == nil {
			t.Errorf("%v: no error", b)
		}
	}
	if err := (Box{0, 0, 8, 8}).Check(8); err != nil {
		t.Error(err)
	}
}

// TestLabelsFollowTheView draws boxes in white and looks at them through
// changes: where a location is labelled its pixels are white.
func TestLabelsFollowTheView(t *testing.T) {
	const size, side, cell = 64, 16, 4
	r := rand.New(rand.NewPCG(1, 2))
	boxes := []Box{{8, 12, 28, 36}, {40, 20, 60, 52}}
	src := make([]float32, size*size)
	for y := range size {
		for x := range size {
			if inside(boxes, float64(x)+.5, float64(y)+.5) {
				src[y*size+x] = 1
			}
		}
	}
	dst, labels := make([]float32, size*size), make([]float32, side*side)
	checked, beyond := 0, 0
	for range 50 {
		v := draw(r, size).view
		v.show(dst, src, 1)
		label(labels, boxes, v, side)
		for i, l := range labels {
			if isNaN(l) {
				beyond++
				continue
			}
			var mean float32
			y, x := i/side*cell, i%side*cell
			for dy := range cell {
				for dx := range cell {
					mean += dst[(y+dy)*size+x+dx] / (cell * cell)
				}
			}
			if mean < .01 || mean > .99 {
				checked++
				if (mean > .5) != (l == 1) {
					t.Fatalf("%+v: location %d is %v bright and labelled %v", v, i, mean, l)
				}
			}
		}
	}
	if checked < 5000 || beyond == 0 {
		t.Errorf("%d locations checked, %d beyond the image, want many and some", checked, beyond)
	}
}

func TestViewThatChangesNothing(t *testing.T) {
	const size = 8
	src := make([]float32, size*size*3)
	for i := range src {
		src[i] = float32(i)
	}
	for _, v := range []view{{zoom: 1, size: size}, {zoom: 1 - 1e-16, size: size}} {
		dst := make([]float32, len(src))
		v.show(dst, src, 3)
		for i := range src {
			if !(math.Abs(float64(dst[i]-src[i])) < 1e-9) {
				t.Fatalf("%+v: value %d is %v, want %v", v, i, dst[i], src[i])
			}
		}
	}
	dst := make([]float32, len(src))
	view{zoom: 1, size: size, mirror: true, dx: 2}.show(dst, src, 3)
	// The first pixel of a row is the last but for two to the right: the border's.
	if dst[0] != src[(size-1)*3] || dst[3*3] != src[(size-2)*3] {
		t.Errorf("mirrored and moved: %v, %v, want %v, %v", dst[0], dst[9], src[(size-1)*3], src[(size-2)*3])
	}
}

func TestBilinearIsExactOnPlanes(t *testing.T) {
	const size = 6
	src := make([]float32, size*size)
	for y := range size {
		for x := range size {
			src[y*size+x] = float32(2*x + 5*y + 1)
		}
	}
	out := make([]float32, 1)
	for _, p := range [][2]float64{{1.25, 2.5}, {0, 0}, {4.75, 4.5}, {5, 5}} {
		bilinear(out, src, size, p[0], p[1])
		if want := 2*p[0] + 5*p[1] + 1; math.Abs(float64(out[0])-want) > 1e-5 {
			t.Errorf("at %v: %v, want %v", p, out[0], want)
		}
	}
}

func TestAffine(t *testing.T) {
	x := model.NewTensor(1, 1, 2, 3)
	copy(x.Data, []float32{.5, .5, .5, -1, 0, 1})
	y := Affine{Gain: []float32{2, .5}, Shift: []float32{.1}}.Apply(x)
	for i, want := range []float32{1, .25, .5, -1, 0, 1} {
		if math.Abs(float64(y.Data[i]-want)) > 1e-6 {
			t.Errorf("value %d: %v, want %v", i, y.Data[i], want)
		}
	}
	if x.Data[0] != .5 {
		t.Error("the images given were changed")
	}
	if same := (Affine{}).Apply(x); same.Data[3] != -1 || same.Data[0] != .5 {
		t.Errorf("no change gives %v", same.Data)
	}
}

// TestRecolouringUndoesAffine where nothing was cut off.
func TestRecolouringUndoesAffine(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	x := model.NewTensor(3, 5, 4, 3)
	for i := range x.Data {
		x.Data[i] = r.Float32() - .5
		if i%3 == 2 {
			x.Data[i] = .25
		}
	}
	want := Affine{Gain: []float32{1.5, .5, 1}, Shift: []float32{.1, -.2, .3}}
	got := Recolouring(x, want.Apply(x))
	for i := range 3 {
		if math.Abs(float64(got.Gain[i]-want.Gain[i])) > 1e-5 || math.Abs(float64(got.Shift[i]-want.Shift[i])) > 1e-5 {
			t.Errorf("channel %d: gain %v, shift %v, want %v and %v", i, got.Gain[i], got.Shift[i], want.Gain[i], want.Shift[i])
		}
	}
}

// TestAugmenterOnThreadsGivesTheSameBits also checks that images stay in range.
func TestAugmenterOnThreadsGivesTheSameBits(t *testing.T) {
	const n, size, side = 5, 16, 4
	r := rand.New(rand.NewPCG(3, 4))
	x := make([]float32, n*size*size*3)
	for i := range x {
		x[i] = 2*r.Float32() - 1
	}
	boxes := make([][]Box, n)
	boxes[1] = []Box{{2, 2, 9, 9}}
	var want, wantLabels []float32
	for threads := 1; threads <= 2; threads++ {
		pool := model.NewPool(threads)
		defer pool.Close()
		a := augmenter{size: size, channels: 3, side: side, pool: pool}
		y, labels := make([]float32, len(x)), make([]float32, n*side*side)
		a.apply(y, x, labels, marks{boxes: boxes}, random.At(1, forChanges, 0))
		if threads == 1 {
			want, wantLabels = y, labels
		}
		for i, v := range y {
			if v != want[i] || v < -1 || v > 1 {
				t.Fatalf("%d threads: value %d is %v, want %v in [-1, 1]", threads, i, v, want[i])
			}
		}
		for i, v := range labels {
			if v != wantLabels[i] && !(isNaN(v) && isNaN(wantLabels[i])) {
				t.Fatalf("%d threads: label %d is %v, want %v", threads, i, v, wantLabels[i])
			}
		}
	}
}
