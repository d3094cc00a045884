package forget

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/kid"
	"dcganviz/probe/score"
)

// bright is a viewer that takes cells much brighter than the image for the concept.
type bright struct{ side int }

func (b bright) Scores(x model.Tensor, _ model.RunOptions) (model.Tensor, error) {
	n, h, w, c := x.Len(), x.Shape[1], x.Shape[2], x.Shape[3]
	out := model.NewTensor(n, b.side, b.side)
	for i := range n {
		img := x.Row(i)
		for y := range h {
			for xx := range w {
				for k := range c {
					out.Row(i)[y*b.side/h*b.side+xx*b.side/w] += img[(y*w+xx)*c+k] / float32(c*h*w/b.side/b.side)
				}
			}
		}
	}
	for i := range n {
		row := out.Row(i)
		mean := meanOf(row)
		for at, v := range row {
			row[at] = float32(model.Sigmoid(40*(float64(v)-mean) - 4))
		}
	}
	return out, nil
}

// subject is a small random generator whose images vary enough to be seen.
func subject(t *testing.T) *Subject {
	t.Helper()
	cfg := model.Config{Arch: model.PyTorch, Size: 32, Channels: 3, LatentDim: 12, GWidth: 8, DWidth: 8}
	g, err := model.NewG(cfg, 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range g.Params() {
		if len(p.W) > 64 {
			for i := range p.W {
				p.W[i] *= 8
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
	return &Subject{G: g, D: d, Scorer: bright{8}, Judge: bright{16}}
}

func fit(t *testing.T, s *Subject, layer string) *Concept {
	t.Helper()
	c, err := s.Fit(context.Background(), model.RunOptions{}, FitOptions{Layer: layer, Samples: 30, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	return c
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

// methods are all interventions of a concept.
func methods(t *testing.T, c *Concept) map[string]*Intervention {
	t.Helper()
	ctx := context.Background()
	out := map[string]*Intervention{"drop": c.Drop(c.Positive()), "mean": c.HoldAtMean(c.Positive())}
	add := func(name string, v *Intervention, err error) {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = v
	}
	v, err := c.Erase(ctx, 1)
	add("erase", v, err)
	v, err = c.Fill(FillOptions{})
	add("fill", v, err)
	v, err = c.Fill(FillOptions{BySight: true, Grow: 1, Rounds: 2})
	add("fill-seen", v, err)
	effects, err := c.Effects(ctx, MeasureOptions{Samples: 8, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	v, err = c.Causal(ctx, effects, MeasureOptions{Samples: 8, Seed: 1})
	add("causal", v, err)
	return out
}

// TestDropNoUnitsIsIdentity draws the same bits.
func TestDropNoUnitsIsIdentity(t *testing.T) {
	s := subject(t)
	c := fit(t, s, "")
	b, err := s.Baseline(context.Background(), model.RunOptions{}, MeasureOptions{Samples: 7, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	x, err := b.Draw(context.Background(), c.Drop(nil))
	if err != nil {
		t.Fatal(err)
	}
	for i := range x.Data {
		if math.Float32bits(x.Data[i]) != math.Float32bits(b.x.Data[i]) {
			t.Fatalf("[%d] = %v, want %v", i, x.Data[i], b.x.Data[i])
		}
	}
	o, err := b.Measure(context.Background(), c.Drop(nil))
	if err != nil {
		t.Fatal(err)
	}
	if o.Removed.Mean != 0 || o.OutsideRMSE.Mean != 0 || o.DLogit.Mean != 0 || o.OutsideFeatures.Mean != 0 || o.KID != b.KID {
		t.Errorf("nothing was dropped, and %+v", o)
	}
}

// TestProbeLeavesModelUnchanged runs every method to its end, and into an error.
func TestProbeLeavesModelUnchanged(t *testing.T) {
	s := subject(t)
	before := digest(s)
	c := fit(t, s, "")
	b, err := s.Baseline(context.Background(), model.RunOptions{}, MeasureOptions{Samples: 6, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	for name, v := range methods(t, c) {
		if _, err := b.Measure(context.Background(), v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := b.Measure(stopped, v); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v, want context.Canceled", name, err)
		}
	}
	if digest(s) != before {
		t.Error("the model has changed")
	}
}

// TestSameSeedSameNumbers measures twice.
func TestSameSeedSameNumbers(t *testing.T) {
	measure := func() (out []Outcome) {
		s := subject(t)
		c := fit(t, s, "up1")
		b, err := s.Baseline(context.Background(), model.RunOptions{}, MeasureOptions{Samples: 6, Seed: 2})
		if err != nil {
			t.Fatal(err)
		}
		m := methods(t, c)
		for _, name := range []string{"drop", "mean", "erase", "fill", "fill-seen", "causal"} {
			o, err := b.Measure(context.Background(), m[name])
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, *o)
		}
		return out
	}
	a, b := measure(), measure()
	for i := range a {
		if a[i] != b[i] {
			t.Errorf("method %d: %+v, then %+v", i, a[i], b[i])
		}
	}
}

// TestProbeFindsWhatIsLinear plants a concept that one unit alone carries.
func TestProbeFindsWhatIsLinear(t *testing.T) {
	s := subject(t)
	info, err := probe.HiddenLayer(s.G, "")
	if err != nil {
		t.Fatal(err)
	}
	s.Scorer = &planted{s, info, 3}
	c := fit(t, s, "")
	if got := c.Ranked()[0]; got != 3 {
		t.Errorf("unit %d has the largest weight, want 3", got)
	}
	if !(c.AUC.Mean > .99) {
		t.Errorf("AUC %v, want above 0.99", c.AUC.Mean)
	}
}

// planted sees the concept where a unit of G is above its mean.
type planted struct {
	s    *Subject
	info model.LayerInfo
	unit int
}

func (p *planted) Scores(x model.Tensor, opt model.RunOptions) (model.Tensor, error) {
	// The samples are those of seed 5, in order: found again by their pixels.
	out := model.NewTensor(x.Len(), p.info.Height, p.info.Width)
	z := p.s.latents(5, 0, 60)
	acts, err := p.s.G.Activations(z, []model.Point{{Layer: p.info.Name}}, opt)
	if err != nil {
		return out, err
	}
	all, err := p.s.G.Generate(z, opt)
	if err != nil {
		return out, err
	}
	var mean float32
	for at := p.unit; at < len(acts[0].Data); at += p.info.Channels {
		mean += acts[0].Data[at] / float32(len(acts[0].Data)/p.info.Channels)
	}
	for i := range x.Len() {
		for j := range all.Len() {
			if x.Row(i)[0] == all.Row(j)[0] && x.Row(i)[1] == all.Row(j)[1] {
				for at := range out.Row(i) {
					if acts[0].Row(j)[at*p.info.Channels+p.unit] > mean {
						out.Row(i)[at] = 1
					}
				}
			}
		}
	}
	return out, nil
}

func TestFitRefuses(t *testing.T) {
	s := subject(t)
	box := func(b ...score.Box) map[int][]score.Box { return map[int][]score.Box{0: b} }
	blind := *s
	blind.Scorer = nil
	for name, c := range map[string]struct {
		s    *Subject
		opt  FitOptions
		want string
	}{
		"layer":       {s, FitOptions{Layer: "conv9"}, "want one of"},
		"output":      {s, FitOptions{Layer: "image"}, "want one of"},
		"nobody":      {&blind, FitOptions{}, "neither boxes nor a scorer"},
		"beyond":      {s, FitOptions{Boxes: box(score.Box{X0: 0, Y0: 0, X1: 90, Y1: 3})}, "sample 0"},
		"empty":       {s, FitOptions{Boxes: box(score.Box{X0: 5, Y0: 5, X1: 5, Y1: 9})}, "empty"},
		"NaN":         {s, FitOptions{Boxes: box(score.Box{X0: math.NaN(), Y0: 0, X1: 5, Y1: 9})}, "sample 0"},
		"one class":   {s, FitOptions{Boxes: box(score.Box{X0: 0, Y0: 0, X1: 32, Y1: 32})}, "locations"},
		"wrong image": {s, FitOptions{Boxes: map[int][]score.Box{-1: nil}}, "sample -1"},
	} {
		_, err := c.s.Fit(context.Background(), model.RunOptions{}, c.opt)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q in it", name, err, c.want)
		}
	}
}

// TestCurveHalves finds the smallest number by halving steps.
func TestCurveHalves(t *testing.T) {
	s := subject(t)
	c := fit(t, s, "")
	b, err := s.Baseline(context.Background(), model.RunOptions{}, MeasureOptions{Samples: 8, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	points, halves, err := b.Curve(context.Background(), []*Concept{c}, MeasureOptions{Samples: 8, Draws: 1, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(points), len(Counts(c.Units)); got != want {
		t.Fatalf("%d points, want %d", got, want)
	}
	if halves == 0 {
		t.Skip("dropping units never halves the bright score of this net")
	}
	for units, want := range map[int]bool{halves: true, halves - 1: false} {
		o, err := b.Measure(context.Background(), c.Drop(c.Ranked()[:units]))
		if err != nil {
			t.Fatal(err)
		}
		if got := o.Score.Mean <= b.Score.Mean/2; got != want {
			t.Errorf("%d units leave %v of a score of %v: half %v, want %v", units, o.Score.Mean, b.Score.Mean, got, want)
		}
	}
}

// TestPartMeasuresAsIfAlone: the first samples of a baseline give the figures of a
// baseline of as many, but for KID, whose other samples follow the last one.
func TestPartMeasuresAsIfAlone(t *testing.T) {
	s := subject(t)
	c := fit(t, s, "")
	var got [2]*Outcome
	for i, n := range []int{9, 5} {
		b, err := s.Baseline(context.Background(), model.RunOptions{}, MeasureOptions{Samples: n, Seed: 2})
		if err != nil {
			t.Fatal(err)
		}
		if got[i], err = b.part(5).Measure(context.Background(), c.Drop(c.Positive())); err != nil {
			t.Fatal(err)
		}
		got[i].KID, got[i].LogitWithin = kid.Distance{}, 0
	}
	if *got[0] != *got[1] {
		t.Errorf("a part: %+v, alone: %+v", *got[0], *got[1])
	}
}

// TestCheckRefusesWhatFitDoes: a layer that G lacks, and regions without a location.
func TestCheckRefusesWhatFitDoes(t *testing.T) {
	s := subject(t)
	for _, c := range []struct {
		layers []string
		region []score.Box
		good   bool
	}{
		{nil, nil, true},
		{[]string{"up1", "up2"}, []score.Box{{X0: 0, Y0: 0, X1: 8, Y1: 8}}, true},
		{[]string{"up1", "none"}, nil, false},
		{nil, []score.Box{{X0: 0, Y0: 0, X1: 33, Y1: 8}}, false},
		{[]string{"up2", "up1"}, []score.Box{{X0: 0, Y0: 0, X1: 1.9, Y1: 8}}, false}, // up1 is 8x8: its first centre lies at 2
	} {
		err := Options{Layers: c.layers, Region: c.region}.Check(s.G)
		for _, layer := range c.layers {
			if _, fitErr := s.Fit(context.Background(), model.RunOptions{}, FitOptions{Layer: layer, Region: c.region, Samples: 30, Seed: 5}); fitErr != nil && err == nil {
				t.Errorf("%+v: Fit says %v", c, fitErr)
			}
		}
		if c.good != (err == nil) || !c.good && !errors.Is(err, probe.ErrInput) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// TestRegionLimitsEveryMethod: far from the region no pixel changes.
func TestRegionLimitsEveryMethod(t *testing.T) {
	s := subject(t)
	c, err := s.Fit(context.Background(), model.RunOptions{}, FitOptions{Samples: 30, Seed: 5, Region: []score.Box{{X0: 0, Y0: 0, X1: 8, Y1: 32}}})
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Baseline(context.Background(), model.RunOptions{}, MeasureOptions{Samples: 5, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range methods(t, c) {
		x, err := b.Draw(context.Background(), v)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		changed := false
		for i := range x.Data {
			column := i / 3 % 32
			if x.Data[i] == b.x.Data[i] {
				continue
			}
			changed = true
			if column >= 24 { // beyond what the layers above can carry over
				t.Fatalf("%s: column %d changed", name, column)
			}
		}
		if !changed {
			t.Logf("%s: nothing changed in the region", name)
		}
	}
}
