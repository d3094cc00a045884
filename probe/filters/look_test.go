package filters

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/stats"
)

func TestRespondFindsTheLargest(t *testing.T) {
	cfg := testConfig(model.Paper, 16)
	d := testD(t, cfg)
	x := testImages(3, batch+5, cfg)
	copy(x.Row(batch+1), x.Row(2)) // a tie: the first image comes first
	s := must(newSubject(d, solo, Options{Units: []int{4, 0}, Top: x.Len()}))(t)
	got := must(s.respond(context.Background(), d, s.run, x))(t)
	act := must(d.Activations(x, []model.Point{{Layer: "conv2"}}, s.run))(t)[0]
	for k, u := range s.units {
		seen := make([]bool, x.Len())
		last := Response{Value: math.Inf(1)}
		for _, r := range got[k].Top {
			if r.Value > last.Value || r.Value == last.Value && r.Image < last.Image {
				t.Errorf("unit %d: %v follows %v", u, r, last)
			}
			last, seen[r.Image] = r, true
			row := act.Row(r.Image)
			for at := range s.info.Height * s.info.Width {
				if v := float64(row[at*s.info.Channels+u]); v > r.Value || at == r.Y*s.info.Width+r.X && v != r.Value {
					t.Errorf("unit %d: image %d has %v at %d, got %v", u, r.Image, v, at, r)
				}
			}
		}
		if slices.Contains(seen, false) {
			t.Errorf("unit %d: an image is missing", u)
		}
	}
}

// TestConstantUnitHasNoMap gives a unit no weights: whatever the rule, nothing
// of the image explains what it does.
func TestConstantUnitHasNoMap(t *testing.T) {
	cfg := testConfig(model.PyTorch, 32)
	d := testD(t, cfg)
	const unit = 2
	state := d.State()
	for i := range state {
		if w := &state[i]; w.Name == "main.5.weight" { // conv3: [out, in, KH, KW]
			each := len(w.Data) / w.Shape[0]
			clear(w.Data[unit*each:][:each])
		}
	}
	if err := d.LoadState(state); err != nil {
		t.Fatal(err)
	}
	for _, rule := range Rules() {
		for _, leak := range []Leak{Leaky, NoLeak} {
			st := must(Look(context.Background(), d, testImages(4, 6, cfg), solo, Options{Units: []int{unit}, Rule: rule, Leak: leak, Draws: 2}))(t)
			for i, v := range st.Trained.Maps.Data {
				if v != 0 {
					t.Fatalf("%v %v: map[%d] is %v, want 0", rule, leak, i, v)
				}
			}
			m := st.Report.Trained.Maps
			if m.Empty != 5 || m.RMS != (stats.Interval{}) || m.Contrast != (stats.Interval{}) {
				t.Errorf("%v: measures of empty maps are %+v", rule, m)
			}
			first := st.Report.Sanity.Curves[0].Stages[0]
			if first.Pairs != 0 || first.Vanished != 5 || first.Kept != (stats.Interval{}) {
				t.Errorf("%v: empty maps are compared: %+v", rule, first)
			}
		}
	}
}

// TestMapsEndAtTheField has every rule's maps exactly zero outside.
func TestMapsEndAtTheField(t *testing.T) {
	for _, cfg := range testConfigs(t) {
		for _, rule := range Rules() {
			st := must(Look(context.Background(), testD(t, cfg), testImages(5, 6, cfg), solo, Options{Layer: "conv1", Units: []int{0, 1}, Rule: rule, Draws: 2}))(t)
			for _, n := range []Net{st.Report.Trained, st.Report.Untrained} {
				if n.Maps.Outside != 0 {
					t.Errorf("%v %v: %v outside of the fields, want 0", cfg.Arch, rule, n.Maps.Outside)
				}
			}
		}
	}
}

func TestDeconvnetDoesNotSeeTheImage(t *testing.T) {
	cfg := testConfig(model.PyTorch, 32)
	s := must(newSubject(testD(t, cfg), solo, Options{Rule: Deconvnet, Units: []int{1}}))(t)
	p := Panel{Pictures: testImages(6, 2, cfg), Units: []int{1, 1}, Responses: []Response{{Image: 0, Y: 1, X: 2}, {Image: 1, Y: 1, X: 2}}}
	// At one place of two images; the response itself may be below zero, where
	// its own activation function is passed by the same rule.
	m := must(s.maps(context.Background(), s.d, s.run, &p, Deconvnet))(t)
	if !slices.Equal(m.Row(0), m.Row(1)) {
		t.Error("two images have different maps")
	}
	if m = must(s.maps(context.Background(), s.d, s.run, &p, Guided))(t); slices.Equal(m.Row(0), m.Row(1)) {
		t.Error("two images have one guided map")
	}
}

func encode(t *testing.T, st *Result) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(st.Report); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSameSeedSameBytesWhateverTheThreads(t *testing.T) {
	cfg := testConfig(model.PyTorch, 32)
	d := testD(t, cfg)
	x := testImages(7, 20, cfg)
	var want *Result
	for _, threads := range []int{1, 2} {
		pool := model.NewPool(threads)
		st := must(Look(context.Background(), d, x, model.RunOptions{Pool: pool}, Options{Units: []int{0, 3}, Draws: 2, Settings: probe.Settings{Seed: 5}}))(t)
		pool.Close()
		if want == nil {
			want = st
			continue
		}
		if got, w := encode(t, st), encode(t, want); !bytes.Equal(got, w) {
			t.Errorf("%d threads: report\n%s\nwant\n%s", threads, got, w)
		}
		if !slices.Equal(st.Trained.Maps.Data, want.Trained.Maps.Data) || !slices.Equal(st.Untrained.Maps.Data, want.Untrained.Maps.Data) {
			t.Errorf("%d threads: other maps", threads)
		}
	}
	other := must(Look(context.Background(), d, x, solo, Options{Units: []int{0, 3}, Draws: 2, Settings: probe.Settings{Seed: 6}}))(t)
	if slices.Equal(other.Untrained.Maps.Data, want.Untrained.Maps.Data) {
		t.Error("another seed has the same untrained net")
	}
	if !slices.Equal(other.Trained.Maps.Data, want.Trained.Maps.Data) {
		t.Error("D's own maps depend on the seed")
	}
}

func TestLookLeavesTheModelAsItWas(t *testing.T) {
	cfg := testConfig(model.Paper, 16)
	d := testD(t, cfg)
	before := d.State()
	x := testImages(8, 10, cfg)
	must(Look(context.Background(), d, x, solo, Options{}))(t)
	must2(Maximize(context.Background(), d, solo, MaximizeOptions{Steps: 3}))(t)
	ctx, cancel := context.WithCancel(context.Background())
	parts := 0
	_, err := Look(ctx, d, x, solo, Options{Settings: probe.Settings{Progress: func(string, int, int) {
		if parts++; parts == 4 {
			cancel() // in the middle of the randomising
		}
	}}})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled: %v", err)
	}
	for i, e := range d.State() {
		if !slices.Equal(e.Data, before[i].Data) || !slices.Equal(e.Ints, before[i].Ints) {
			t.Errorf("%s has changed", e.Name)
		}
	}
}

func TestProgressReachesTheEnd(t *testing.T) {
	cfg := testConfig(model.Paper, 16)
	last, of := -1, 0
	must(Look(context.Background(), testD(t, cfg), testImages(8, 3, cfg), solo, Options{Settings: probe.Settings{Progress: func(_ string, done, parts int) {
		if done != last+1 {
			t.Errorf("part %d follows %d", done, last)
		}
		last, of = done, parts
	}}}))(t)
	if last != of || of == 0 {
		t.Errorf("it ends at part %d of %d", last, of)
	}
}

func TestLookRefuses(t *testing.T) {
	cfg := testConfig(model.Paper, 16)
	d := testD(t, cfg)
	x := testImages(9, 2, cfg)
	type choice struct {
		Options
		run model.RunOptions
	}
	for want, c := range map[string]choice{
		`no layer "conv9" in D, want one of ["conv1" "conv2" "logit"]`: {Options: Options{Layer: "conv9"}},
		`no unit 6 in layer "conv2", want 0 to 5`:                      {Options: Options{Units: []int{1, 6}}},
		`no unit -1`:                   {Options: Options{Units: []int{-1}}},
		`unit 1 twice`:                 {Options: Options{Units: []int{1, 0, 1}}},
		`65 units, want at most 64`:    {Options: Options{Units: make([]int, 65)}},
		`estimate running ones first`:  {run: model.RunOptions{BatchStats: true}},
		`edits of activations`:         {run: model.RunOptions{Edits: map[string]func(int, model.Tensor) error{"conv1": nil}}},
		`-1 images a unit and 3 draws`: {Options: Options{Top: -1}},
		`5 images a unit and 1 draws`:  {Options: Options{Draws: 1}},
		`unknown Rule(3) or leaky`:     {Options: Options{Rule: 3}},
		`unknown guided or Leak(2)`:    {Options: Options{Leak: 2}},
	} {
		_, err := Look(context.Background(), d, x, c.run, c.Options)
		if err == nil || !strings.Contains(err.Error(), want) || !errors.Is(err, probe.ErrInput) {
			t.Errorf("%+v: %v, want %q", c, err, want)
		}
	}
	if _, err := Look(context.Background(), d, x.Slice(0, 0), solo, Options{}); !errors.Is(err, probe.ErrInput) {
		t.Errorf("no images: %v", err)
	}
	if _, err := Look(context.Background(), d, testImages(9, 2, testConfig(model.Paper, 32)), solo, Options{}); err == nil {
		t.Error("images of another size are taken")
	}
	x.Data[0] = float32(math.NaN())
	if _, err := Look(context.Background(), d, x, solo, Options{}); err == nil || !strings.Contains(err.Error(), "is NaN on image 0") {
		t.Errorf("NaN in a picture: %v", err)
	}
}

// TestFewImagesGiveFewMaps has fewer images than are asked for.
func TestFewImagesGiveFewMaps(t *testing.T) {
	cfg := testConfig(model.Paper, 16)
	st := must(Look(context.Background(), testD(t, cfg), testImages(9, 1, cfg), solo, Options{Units: []int{3}}))(t)
	if st.Trained.Maps.Len() != 1 || len(st.Report.Trained.Units[0].Top) != 1 {
		t.Errorf("%d maps of one image", st.Trained.Maps.Len())
	}
}

func TestRulesHaveNames(t *testing.T) {
	for _, r := range Rules() {
		var back Rule
		if err := back.UnmarshalText(must(r.MarshalText())(t)); err != nil || back != r {
			t.Errorf("%v comes back as %v: %v", r, back, err)
		}
	}
	for _, l := range []Leak{Leaky, NoLeak} {
		var back Leak
		if err := back.UnmarshalText(must(l.MarshalText())(t)); err != nil || back != l {
			t.Errorf("%v comes back as %v: %v", l, back, err)
		}
	}
	if _, err := ParseRule("lucid"); err == nil || !strings.Contains(err.Error(), "want guided, deconvnet or gradient") {
		t.Error(err)
	}
}

func must2[A, B any](a A, _ B, err error) func(testing.TB) A { return must(a, err) }
