package audit

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/zoo"
	"dcganviz/probe"
)

func open(t *testing.T) *checkpoint.Checkpoint {
	t.Helper()
	c, err := zoo.Open(zoo.Default)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestMemoriserIsFlaggedAndTheModelIsNot walks through 9 anchors, as the paper's
// figure 4 does, and then shows the memoriser's images of the same path as if
// they were a model's.
func TestMemoriserIsFlaggedAndTheModelIsNot(t *testing.T) {
	c := open(t)
	cfg := c.G.Config()
	path, err := probe.NewPath(model.Latents(1, 0, 9, cfg), probe.PathOptions{})
	if err != nil {
		t.Fatal(err)
	}
	x, err := c.G.Generate(path.Points(8*50+1), model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	stored, err := c.G.Generate(model.Latents(2, 0, 60, cfg), model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	before := c.D.State()
	r, err := Walk(t.Context(), Course{Images: x, Refine: 8, Stored: stored}, c.D, model.RunOptions{}, probe.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(before, c.D.State()) {
		t.Error("D is not as it was")
	}
	if r.Steps != 50 || r.Stored != 62 || len(r.Spaces) != 2 || len(r.Recalled) != x.Len() || r.Recalled[0] != 60 || r.Recalled[400] != 61 {
		t.Fatalf("%d steps, %d stored, %d spaces, recalled %v", r.Steps, r.Stored, len(r.Spaces), r.Recalled)
	}
	for _, s := range r.Spaces {
		if s.Walk.Sharp || s.Walk.Still > 0 {
			t.Errorf("%s: the model is flagged: %.3f times the median", s.Name, *s.Walk.TimesMedian)
		}
		if !s.Memoriser.Sharp || s.Memoriser.TimesMedian != nil || !(s.Memoriser.Still > 0.8) {
			t.Errorf("%s: the memoriser is not flagged: median %g, largest %g", s.Name, s.Memoriser.Median, s.Memoriser.Largest)
		}
	}
	shown := model.NewTensor(x.Shape...)
	for i, k := range r.Recalled {
		from := x.Row(0)
		switch {
		case k < stored.Len():
			from = stored.Row(k)
		case k == stored.Len()+1:
			from = x.Row(x.Len() - 1)
		}
		copy(shown.Row(i), from)
	}
	again, err := Walk(t.Context(), Course{Images: shown, Refine: 8, Stored: stored}, c.D, model.RunOptions{}, probe.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	for k, s := range again.Spaces {
		if !s.Walk.Sharp {
			t.Errorf("%s: its images as a walk are not flagged", s.Name)
		}
		// Features of an image may be rounded otherwise in another batch.
		if want := r.Spaces[k].Memoriser.Largest; !(math.Abs(s.Walk.Largest-want) <= 1e-5) {
			t.Errorf("%s: they jump by %g, want %g", s.Name, s.Walk.Largest, want)
		}
	}
}

// TestHasteIsFlagged takes one and the same line from anchor to anchor at even
// speed, and so that nearly all of it is passed in a twentieth of the way: a net
// that has two stored images and a continuous, sharp transition between them.
func TestHasteIsFlagged(t *testing.T) {
	c := open(t)
	cfg := c.G.Config()
	anchors := model.Latents(3, 0, 2, cfg)
	stored, err := c.G.Generate(model.Latents(4, 0, 5, cfg), model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, hasty := range []bool{false, true} {
		z := model.NewTensor(201, cfg.LatentDim)
		for i := range z.Len() {
			at := float64(i) / 200
			if hasty {
				at = 1 / (1 + math.Exp(-80*(at-.5)))
			}
			if err := model.Lerp(z.Row(i), anchors.Row(0), anchors.Row(1), at); err != nil {
				t.Fatal(err)
			}
		}
		x, err := c.G.Generate(z, model.RunOptions{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := Walk(t.Context(), Course{Images: x, Refine: 8, Stored: stored}, nil, model.RunOptions{}, probe.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		j := r.Spaces[0].Walk
		if j.Sharp != hasty || len(r.Spaces) != 1 {
			t.Errorf("hasty %v: flagged %v, median %g, largest %g", hasty, j.Sharp, j.Median, j.Largest)
		}
		if hasty && (j.Sharpest < 10 || j.Sharpest > 14) {
			t.Errorf("sharpest is step %d, want it in the middle of 25", j.Sharpest)
		}
	}
}

// imagesOf is images of one pixel.
func imagesOf(values ...float32) model.Tensor {
	return model.Tensor{Shape: []int{len(values), 1, 1, 1}, Data: values}
}

func TestWalkByHand(t *testing.T) {
	r, err := Walk(t.Context(), Course{Images: imagesOf(0, .125, .25, .375, .5, .75, 1.75), Refine: 2, Anchors: []int{0, 4, 6}, Space: .5,
		Stored: imagesOf(1, -3)}, nil, model.RunOptions{}, probe.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	s := r.Spaces[0]
	if got, want := fmt.Sprint(s.Walk.Parts, s.Walk.Steps, s.Walk.Median, s.Walk.Largest, *s.Walk.TimesMedian, s.Walk.Sharpest, s.Walk.Sharp),
		"[0.125 0.125 0.125 0.125 0.25 1] [0.25 0.25 1.25] 0.125 1 8 2 true"; got != want {
		t.Errorf("walk %s, want %s", got, want)
	}
	// Lengths are sums; path lengths means of (change / 0.5)².
	if got, want := fmt.Sprint(s.Walk.Segments), "[{0.5 0.0625} {1.25 2.125}]"; got != want {
		t.Errorf("segments %s, want %s", got, want)
	}
	// 0 (number 2) is nearest up to the middle of 0 and 1, which the first of
	// equals wins; the last image is stored too.
	if got, want := fmt.Sprint(r.Recalled, s.Memoriser.Parts, s.Memoriser.Still, s.Memoriser.Sharpest), "[2 2 2 2 0 0 3] [0 0 0 1 0 0.75] 0.6666666666666666 1"; got != want {
		t.Errorf("memoriser %s, want %s", got, want)
	}
}

func TestConstantWalkIsNotFlagged(t *testing.T) {
	x := model.NewTensor(9, 64, 64, 3)
	stored := model.NewTensor(2, 64, 64, 3)
	for i := range stored.Data {
		stored.Data[i] = float32(math.Sin(float64(i)))
	}
	r, err := Walk(t.Context(), Course{Images: x, Refine: 4, Stored: stored}, open(t).D, model.RunOptions{}, probe.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Spaces {
		for _, j := range []Jumps{s.Walk, s.Memoriser} {
			if j.Sharp || j.Largest != 0 || j.Sharpest != -1 || j.Still != 1 || j.Segments[0] != (Segment{}) {
				t.Errorf("%s: %+v, want nothing", s.Name, j)
			}
		}
	}
}

func TestWalkDoesNotDependOnThreadsOrChunks(t *testing.T) {
	d, err := model.NewD(model.Config{Arch: model.PyTorch, Size: 32, Channels: 1, LatentDim: 4, GWidth: 4, DWidth: 4}, 1)
	if err != nil {
		t.Fatal(err)
	}
	x := model.NewTensor(2*chunk+1, 32, 32, 1)
	for i := range x.Data {
		x.Data[i] = float32(math.Sin(float64(i%1024) * float64(i/1024+50) / 1e4))
	}
	var got [2]*Report
	for i := range got {
		pool := model.NewPool(1 + i)
		got[i], err = Walk(t.Context(), Course{Images: x, Stored: x.Slice(3, 9)}, d, model.RunOptions{Pool: pool}, probe.Settings{})
		pool.Close()
		if err != nil {
			t.Fatal(err)
		}
		if n := len(got[i].Spaces[1].Walk.Parts); n != 2*chunk {
			t.Errorf("%d parts, want %d", n, 2*chunk)
		}
	}
	if !reflect.DeepEqual(got[0], got[1]) {
		t.Error("two threads report something else than one")
	}
}

func TestWalkRefuses(t *testing.T) {
	two := imagesOf(1, 2)
	for says, c := range map[string]Course{
		"[1 1 1 1]":     {Images: imagesOf(1), Stored: two},
		"N*2+1":         {Images: imagesOf(1, 2, 3, 4), Refine: 2, Stored: two},
		"K at least 2":  {Images: imagesOf(1, 2, 3), Stored: imagesOf(1)},
		"from 0 to 2":   {Images: imagesOf(1, 2, 3), Stored: two, Anchors: []int{0, 3}},
		"rising":        {Images: imagesOf(1, 2, 3), Stored: two, Anchors: []int{2, 0}},
		"want [K H W C": {Images: imagesOf(1, 2, 3), Stored: model.NewTensor(2, 1, 1, 3)},
	} {
		if _, err := Walk(context.Background(), c, nil, model.RunOptions{}, probe.Settings{}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want an error with %q", err, says)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Walk(ctx, Course{Images: imagesOf(1, 2, 3), Stored: two}, nil, model.RunOptions{}, probe.Settings{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that of the context", err)
	}
}
