package forget

import (
	"fmt"
	"math"
	"testing"

	"dcganviz/internal/random"
	"dcganviz/model"
)

// TestEraseLeavesNothingAlong: after it no location points towards the concept,
// and those that pointed away are as they were.
func TestEraseLeavesNothingAlong(t *testing.T) {
	d := direction{normal: []float64{1, 2}, delta: []float64{1, 0}, at: 1, across: 1}
	x := []float32{3, 1}
	d.erase(x) // 3+2-1 = 4 too far along delta: 3-4 is below zero
	if x[0] != 0 || x[1] != 1 {
		t.Errorf("erased to %v, want [0 1]", x)
	}
	x = []float32{5, 0}
	d.erase(x)
	if got := float64(x[0]) + 2*float64(x[1]) - d.at; math.Abs(got) > 1e-6 {
		t.Errorf("%v left along the concept, want 0", got)
	}
	x = []float32{.25, .25}
	d.erase(x)
	if x[0] != .25 || x[1] != .25 {
		t.Errorf("%v pointed away and was changed", x)
	}
}

// TestFillIsHarmonic: each filled location is the mean of its neighbours, the
// others stay, and a ramp is continued.
func TestFillIsHarmonic(t *testing.T) {
	const h, w = 6, 5
	c := &Concept{Height: h, Width: w, Units: 2}
	act := make([]float32, h*w*2)
	for y := range h {
		for x := range w {
			act[(y*w+x)*2] = float32(1 + 2*x + y)     // a plane is harmonic
			act[(y*w+x)*2+1] = float32(3 + (x*7+y)%4) // and this is not
		}
	}
	mask := make([]bool, h*w)
	for y := 1; y < 5; y++ {
		for x := 1; x < 4; x++ {
			mask[y*w+x] = true
		}
	}
	was := append([]float32(nil), act...)
	c.fill(act, mask, false)
	for at, m := range mask {
		for u := range 2 {
			got := act[at*2+u]
			want := was[at*2+u]
			if m && u == 1 {
				want = (act[(at-1)*2+u] + act[(at+1)*2+u] + act[(at-w)*2+u] + act[(at+w)*2+u]) / 4
			}
			if !(math.Abs(float64(got-want)) <= 1e-4) {
				t.Errorf("location %d unit %d: %v, want %v", at, u, got, want)
			}
		}
	}
}

// TestMatchedUnitsAreOthers: none of the units themselves while there are others,
// no unit twice, and near in energy.
func TestMatchedUnitsAreOthers(t *testing.T) {
	c := &Concept{Units: 20, Energy: make([]float64, 20)}
	for u := range c.Energy {
		c.Energy[u] = float64(u / 2)
	}
	for _, units := range [][]int{{0, 2, 4}, {1, 3, 5, 7, 9, 11, 13, 15, 17, 19}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}} {
		got := c.matched(units, random.New(1, random.ForgetControls))
		seen := map[int]bool{}
		own := 0
		for _, u := range got {
			if seen[u] {
				t.Errorf("%v: unit %d twice in %v", units, u, got)
			}
			seen[u] = true
			for _, v := range units {
				if u == v {
					own++
				}
			}
		}
		if len(got) != len(units) {
			t.Errorf("%v: %d units, want %d", units, len(got), len(units))
		}
		if want := max(0, 2*len(units)-c.Units); own != want {
			t.Errorf("%v: %d of the units themselves in %v, want %d", units, own, got, want)
		}
	}
}

func TestResampleCoversAMap(t *testing.T) {
	m := []float32{1, 0, 0, 1}
	if got := resample(m, 2, 4, 4); got[0] != 1 || got[1] != 1 || got[2] != 0 || got[15] != 1 {
		t.Errorf("2x2 to 4x4: %v", got)
	}
	if got := resample(m, 2, 1, 1); got[0] != .5 {
		t.Errorf("2x2 to 1x1: %v, want the mean", got)
	}
}

func TestOutsideKeepsItsDistance(t *testing.T) {
	m := make([]float32, 16*16)
	m[5*16+6] = .21 // pixels y 20-23, x 24-27 of 64
	m[0] = .2       // not over
	out := outside(m, 16, 64)
	for y := range 64 {
		for x := range 64 {
			want := y < 16 || y >= 28 || x < 20 || x >= 32
			if out[y*64+x] != want {
				t.Fatalf("pixel (%d, %d): outside is %v, want %v", y, x, out[y*64+x], want)
			}
		}
	}
}

// TestGrowIsRound, and stays on the map.
func TestGrowIsRound(t *testing.T) {
	mask := make([]bool, 5*6)
	mask[2*6+1] = true
	got := grow(mask, 5, 6, 2)
	for at, in := range got {
		y, x := at/6, at%6
		if want := math.Hypot(float64(y-2), float64(x-1)) <= 2; in != want {
			t.Errorf("(%d, %d): %v, want %v", y, x, in, want)
		}
	}
}

// TestSeenDoesNotSpread: a later look adds locations only where the first one
// had its doubts.
func TestSeenDoesNotSpread(t *testing.T) {
	looks := []float32{.9, .4, .1, 0, .2, .8, .8, .6}
	s := &Subject{Guide: told(looks)}
	c := &Concept{subject: s, Height: 2, Width: 2}
	masks := [][]bool{make([]bool, 4)}
	opt := FillOptions{Threshold: .7, Doubt: .3}
	first, err := c.seen(masks, model.NewTensor(0), model.Tensor{}, opt)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.seen(masks, model.NewTensor(1), first, opt); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(masks[0]), fmt.Sprint([]bool{true, true, false, false}); got != want {
		t.Errorf("filled %s, want %s", got, want)
	}
}

// told is a viewer that was told what to say of a first look, an empty tensor,
// and of others, on a grid of 2x2.
type told []float32

func (v told) Scores(x model.Tensor, _ model.RunOptions) (model.Tensor, error) {
	out := model.NewTensor(1, 2, 2)
	copy(out.Data, v[4*x.Len():])
	return out, nil
}
