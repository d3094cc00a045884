package units

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/reference"
	"dcganviz/model"
	"dcganviz/probe"
)

// subject is a small random pair whose images vary.
func subject(t *testing.T) *Subject {
	t.Helper()
	cfg := model.Config{Arch: model.PyTorch, Size: 16, Channels: 3, LatentDim: 6, GWidth: 4, DWidth: 2}
	g, err := model.NewG(cfg, 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range g.Params() {
		if len(p.W) > 32 {
			for i := range p.W {
				p.W[i] *= 20
			}
			p.Changed()
		}
	}
	if err := g.EstimateStatistics(model.Latents(9, 0, 64, cfg), 64, nil); err != nil {
		t.Fatal(err)
	}
	d, err := model.NewD(cfg, 4)
	if err != nil {
		t.Fatal(err)
	}
	return &Subject{G: g, D: d, Viewer: bright{4}}
}

// bright is a viewer that takes bright cells for the concept.
type bright struct{ side int }

func (b bright) Scores(x model.Tensor, _ model.RunOptions) (model.Tensor, error) {
	out := model.NewTensor(x.Len(), b.side, b.side)
	h, c := x.Shape[1], x.Shape[3]
	for i := range x.Len() {
		for at, v := range x.Row(i) {
			y, xx := at/c/h*b.side/h, at/c%h*b.side/h
			out.Row(i)[y*b.side+xx] += (v + .5) * float32(b.side*b.side) / float32(h*h*c)
		}
	}
	return out, nil
}

func digest(s *Subject) [32]byte {
	h := sha256.New()
	for _, state := range [][]model.NamedTensor{s.G.State(), s.D.State()} {
		for _, e := range state {
			h.Write([]byte(e.Name))
			binary.Write(h, binary.LittleEndian, e.Data)
		}
	}
	return [32]byte(h.Sum(nil))
}

// TestReferenceEffect compares images without units, and the effect of holding one,
// with what PyTorch draws.
func TestReferenceEffect(t *testing.T) {
	largest := 0.0
	reference.Run(t, "g_probe_*", func(t *testing.T, f *reference.File) {
		n := f.Net()
		cfg := model.Config{Size: n.Size, Channels: n.Channels, LatentDim: n.LatentDim, GWidth: n.GWidth, DWidth: n.DWidth}
		if n.Paper {
			cfg.Arch = model.Paper
		}
		g, err := model.NewG(cfg, 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := g.LoadState(reference.State[model.NamedTensor](f, "in/G/")); err != nil {
			t.Fatal(err)
		}
		var dropped []int
		for u, factor := range f.Floats("in/mask") {
			if factor == 0 {
				dropped = append(dropped, u)
			}
		}
		if len(dropped) == 0 {
			t.Fatal("the mask drops no unit, want one or more")
		}
		z := model.Tensor{Shape: f.Shape("in/z"), Data: f.Floats("in/z")}
		st, err := Study(context.Background(), Subject{G: g}, model.RunOptions{}, Options{Layer: g.Layers()[1].Name, Units: dropped, Samples: z.Len(), latents: z})
		if err != nil {
			t.Fatal(err)
		}
		// All but the last unit are dropped before, the last one is held.
		act, last := st.act.Clone(), dropped[len(dropped)-1]
		for at := 0; at < len(act.Data); at += st.layer.Channels {
			for _, u := range dropped[:len(dropped)-1] {
				act.Data[at+u] = 0
			}
		}
		x, err := st.held(act.Clone(), act, z, last)
		if err != nil {
			t.Fatal(err)
		}
		if x, err = x.ToNCHW(); err != nil {
			t.Fatal(err)
		}
		const tolerance = 1e-5 // of float32 against PyTorch's float64
		before, masked := f.Doubles("f64/y"), f.Doubles("f64/y_masked")
		var squares float64
		for i, want := range masked {
			if !(math.Abs(float64(x.Data[i])-want) <= tolerance) {
				t.Fatalf("value %d without units %v is %v, want %v", i, dropped, x.Data[i], want)
			}
			squares += (want - before[i]) * (want - before[i])
		}
		want := math.Sqrt(squares / float64(len(masked)))
		largest = max(largest, want)
		if len(dropped) > 1 {
			return // the file has no image without one of them alone
		}
		if got := st.Report.Units[0].Effect.Mean; !(math.Abs(got-want) <= tolerance) {
			t.Errorf("effect of unit %d is %v, want %v", last, got, want)
		}
	})
	if largest < 1e-3 {
		t.Errorf("the largest effect is %v: it tells nothing", largest)
	}
}

// TestHeldIsMasked draws the same bits as a mask of the whole net does, and D's
// change is that of its logits.
func TestHeldIsMasked(t *testing.T) {
	s := subject(t)
	const n = 7
	st, err := Study(context.Background(), *s, model.RunOptions{}, Options{Samples: n, Settings: probe.Settings{Seed: 5}})
	if err != nil {
		t.Fatal(err)
	}
	z := model.Latents(5, 0, n, s.G.Config())
	layer := s.G.Layers()[len(s.G.Layers())-3]
	if r := &st.Report; r.Layer != layer.Name || r.HeldSamples != n || r.LogitSamples != n || len(r.Units) != layer.Channels {
		t.Fatalf("%+v, want all units of layer %s in all samples", r, layer.Name)
	}
	before, err := s.G.Generate(z, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	logits, err := s.D.Logits(before, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	samples := []int{4, 0, 6}
	for unit, u := range st.Report.Units {
		mask := slices.Repeat([]float32{1}, layer.Channels)
		mask[unit] = 0
		want, err := s.G.Generate(z, model.RunOptions{Masks: map[string][]float32{layer.Name: mask}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := st.Held(context.Background(), unit, samples)
		if err != nil {
			t.Fatal(err)
		}
		for k, i := range samples {
			if !slices.Equal(got.Row(k), want.Row(i)) || !slices.Equal(st.Samples(samples).Row(k), before.Row(i)) {
				t.Fatalf("unit %d, sample %d: other images than those of a mask", unit, i)
			}
		}
		var squares, change float64
		for i, v := range want.Data {
			squares += (float64(v) - float64(before.Data[i])) * (float64(v) - float64(before.Data[i]))
		}
		after, err := s.D.Logits(want, model.RunOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			change += float64(after.Data[i]-logits.Data[i]) / n
		}
		equal(t, "effect", u.Effect.Mean, math.Sqrt(squares/float64(len(want.Data))))
		equal(t, "change of the logit", u.Logit.Mean, change)
		if e := u.Effect; !(e.Lo <= e.Mean && e.Mean <= e.Hi) {
			t.Errorf("interval %+v", e)
		}
	}
}

func answer(t *testing.T, s *Subject, run model.RunOptions, opt Options) string {
	t.Helper()
	st, err := Study(context.Background(), *s, run, opt)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(st.Report)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestSameSeedSameNumbers also with other threads, and of one unit alone.
func TestSameSeedSameNumbers(t *testing.T) {
	s := subject(t)
	opt := Options{Samples: 60, HeldSamples: 53, Settings: probe.Settings{Seed: 2}} // more than one batch
	want := answer(t, s, model.RunOptions{}, opt)
	for threads := 1; threads <= 3; threads += 2 {
		pool := model.NewPool(threads)
		if got := answer(t, s, model.RunOptions{Pool: pool}, opt); got != want {
			t.Errorf("%d threads: %s, want %s", threads, got, want)
		}
		pool.Close()
	}
	st, err := Study(context.Background(), *s, model.RunOptions{}, opt)
	if err != nil {
		t.Fatal(err)
	}
	opt.Units = []int{3}
	one, err := Study(context.Background(), *s, model.RunOptions{}, opt)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(st.Report.Units[3])
	b, _ := json.Marshal(one.Report.Units)
	if "["+string(a)+"]" != string(b) {
		t.Errorf("alone %s, want %s", b, a)
	}
	opt.Seed++
	if answer(t, s, model.RunOptions{}, opt) == answer(t, s, model.RunOptions{}, Options{Samples: 60, HeldSamples: 53, Settings: probe.Settings{Seed: 2}, Units: []int{3}}) {
		t.Error("two seeds, one answer")
	}
}

func TestStudyLeavesModelUnchanged(t *testing.T) {
	s := subject(t)
	before := digest(s)
	x, err := s.G.Generate(model.Latents(1, 0, 2, s.G.Config()), model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, batchStats := range []bool{false, true} {
		run := model.RunOptions{BatchStats: batchStats}
		answer(t, s, run, Options{Samples: 5, Settings: probe.Settings{Seed: 1}})
		ctx, stop := context.WithCancel(context.Background())
		_, err := Study(ctx, *s, run, Options{Samples: 5, Settings: probe.Settings{Progress: func(what string, done, _ int) {
			if what == "holding units" && done == 1 {
				stop()
			}
		}}})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want it to stop", err)
		}
	}
	again, err := s.G.Generate(model.Latents(1, 0, 2, s.G.Config()), model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if digest(s) != before || !slices.Equal(x.Data, again.Data) {
		t.Error("the model changed")
	}
}

func TestBadOptions(t *testing.T) {
	s := subject(t)
	for _, c := range []struct {
		opt  Options
		want string
	}{
		{Options{Layer: "up7"}, `no hidden layer "up7", want one of ["project" "up1"]`},
		{Options{Layer: "image"}, "no hidden layer"},
		{Options{Units: []int{99}}, "no unit 99"},
		{Options{Units: []int{-1}}, "no unit -1"},
		{Options{Units: []int{1, 1}}, "twice"},
		{Options{Samples: 1}, "1 samples"},
		{Options{Samples: 1 << 40}, "at most"},
		{Options{HeldSamples: 300}, "held in 300 samples"},
		{Options{Quantile: 2}, "quantile 2"},
		{Options{Quantile: math.NaN()}, "quantile NaN"},
		{Options{Samples: 2, Quantile: 1e-9}, "is none"},
		{Options{Top: -1}, "top -1"},
		{Options{Hold: 7}, "unknown hold"},
	} {
		if _, err := Study(context.Background(), *s, model.RunOptions{}, c.opt); !errors.Is(err, probe.ErrInput) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want %q", c.opt, err, c.want)
		}
	}
}

// TestOverlapOfItself: a concept that is the unit's own area has IoU 1, and by
// chance less.
func TestOverlapOfItself(t *testing.T) {
	areas := make([]area, 6)
	pixels := 0
	for i := range areas {
		areas[i] = newArea(64)
		for k := range 10 {
			areas[i].set(i*9 + k)
		}
		pixels += areas[i].count()
	}
	s := &conceptAreas{areas: areas, pixels: pixels}
	o, chance := s.overlap(areas, draws(1, 6), shuffles(1, 6, conceptShuffles))
	// Neighbours share one pixel of 10.
	if o.IoU.Mean != 1 || o.IoU.Lo != 1 || !(o.Chance > 0 && o.Chance < 1./19+1e-9) {
		t.Errorf("%+v", o)
	}
	if hi := largestOf([]int{0, 1}, [][]float64{chance, make([]float64, len(chance))}); *hi != o.ChanceHi || largestOf(nil, nil) != nil {
		t.Errorf("the largest of it and of zeros is %v, want %v", *hi, o.ChanceHi)
	}
	for i, to := range shuffles(1, 6, 50) {
		seen := make([]bool, 6)
		for k, v := range to {
			if v == k || seen[v] {
				t.Fatalf("shuffle %d is %v", i, to)
			}
			seen[v] = true
		}
	}
}

// TestIntervalOfAMean compares the bootstrap's interval with the normal one.
func TestIntervalOfAMean(t *testing.T) {
	v := make([]float64, 400)
	for i := range v {
		v[i] = float64(i % 20)
	}
	got := meanOf(v, draws(3, len(v)))
	se := math.Sqrt((400. - 1) / 12 / 400)
	if got.Mean != 9.5 || !(math.Abs(got.Lo-(9.5-1.96*se)) < .2*se) || !(math.Abs(got.Hi-(9.5+1.96*se)) < .2*se) {
		t.Errorf("%+v, want 9.5 ± %.3f", got, 1.96*se)
	}
}
