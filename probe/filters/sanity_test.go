package filters

import (
	"context"
	"math"
	"slices"
	"testing"

	"dcganviz/internal/random"
	"dcganviz/internal/reference"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/stats"
)

// trained is the small net of a file of the repository, which did train. Other
// files than that say nothing of what is wanted of it.
func trained(t *testing.T) (*model.D, model.Tensor) {
	t.Helper()
	f := must(safetensors.ReadFile("../../testdata/ref/guided_examples_0.safetensors"))(t)
	d, _ := trainedD(t, &reference.File{TB: t, File: f})
	return d, testImages(10, 40, d.Config())
}

// edges is a method that looks at the picture and at no weight: how much each
// pixel differs from its neighbours.
func edges() method {
	return method{Deconvnet, func(_ *model.D, _ model.RunOptions, p *Panel) (model.Tensor, error) {
		out := model.NewTensor(p.Pictures.Shape...)
		w, c := out.Shape[2], out.Shape[3]
		for i := range out.Len() {
			x := p.Pictures.Row(i)
			for at := range len(x) - (w+1)*c {
				out.Row(i)[at] = 2*x[at] - x[at+c] - x[at+w*c]
			}
		}
		return out, nil
	}}
}

func TestSanityFindsOutAnEdgeDetector(t *testing.T) {
	d, x := trained(t)
	s := must(newSubject(d, solo, Options{Settings: probe.Settings{Seed: 1}}))(t)
	ctx := context.Background()
	var net Net
	p, _, err := s.look(ctx, d, s.run, x, &net)
	if err != nil {
		t.Fatal(err)
	}
	var fresh [][]model.NamedTensor
	for seed := range uint64(3) {
		fresh = append(fresh, must(model.NewD(d.Config(), seed))(t).State())
	}
	gradient := s.methods(ctx)[2]
	got := must(s.sanity(ctx, s.untrainer(x), fresh, &p, []method{edges(), gradient}, func(string) {}))(t)
	for stage, st := range got.Curves[0].Stages {
		if st.Pairs == 0 || math.Abs(st.Spearman.Mean-1) > rounding || math.Abs(st.SSIM.Lo-1) > rounding {
			t.Errorf("edges after %d layers: %+v, want all alike", stage, st)
		}
	}
	for name, l := range map[string]Likeness{"another unit": got.Curves[0].Swapped, "untrained nets": got.Curves[0].Chance, "one layer": got.Curves[0].Independent[1].Likeness} {
		if l.Pairs == 0 || math.Abs(l.Spearman.Mean-1) > rounding {
			t.Errorf("edges, %s: %+v, want all alike", name, l)
		}
	}
	if !got.Curves[0].IgnoresWeights {
		t.Error("an edge detector passes")
	}
	if c := got.Curves[1]; c.IgnoresWeights || !(c.Stages[len(c.Stages)-1].Spearman.Mean < .7) {
		t.Errorf("the gradient is found out: %+v", c)
	}
}

// TestSwapTellsUnitsApart: the maps of a method that knows nothing but the unit have
// nothing in common with another unit's, whatever the weights are.
func TestSwapTellsUnitsApart(t *testing.T) {
	d, x := trained(t)
	s := must(newSubject(d, solo, Options{Settings: probe.Settings{Seed: 1}}))(t)
	ctx := context.Background()
	var net Net
	p, _, err := s.look(ctx, d, s.run, x, &net)
	if err != nil {
		t.Fatal(err)
	}
	ofUnit := method{Deconvnet, func(_ *model.D, _ model.RunOptions, p *Panel) (model.Tensor, error) {
		out := model.NewTensor(p.Pictures.Shape...)
		for i, u := range p.Units {
			rng := random.New(uint64(u), random.FiltersJitter)
			for at := range out.Row(i) {
				out.Row(i)[at] = float32(rng.NormFloat64())
			}
		}
		return out, nil
	}}
	fresh := [][]model.NamedTensor{must(model.NewD(d.Config(), 1))(t).State(), must(model.NewD(d.Config(), 2))(t).State()}
	got := must(s.sanity(ctx, s.untrainer(x), fresh, &p, []method{ofUnit, s.methods(ctx)[2]}, func(string) {}))(t)
	c := got.Curves[0]
	if !(math.Abs(c.Swapped.Spearman.Mean) < .1) || c.Swapped.Pairs != 60 {
		t.Errorf("swapped %+v, want 60 pairs and a correlation of 0", c.Swapped)
	}
	if last := c.Stages[len(c.Stages)-1]; !(math.Abs(last.Spearman.Mean-1) <= rounding) {
		t.Errorf("all layers random: %+v, want all alike", last)
	}
	if len(p.Units) != 30 || p.Units[0] != s.units[0] {
		t.Errorf("the panel was written over: units %v", p.Units)
	}
}

func TestSanityCurveOfLook(t *testing.T) {
	d, x := trained(t)
	st := must(Look(context.Background(), d, x, solo, Options{Rule: Gradient, Settings: probe.Settings{Seed: 1}}))(t)
	s := st.Report.Sanity
	if s.Draws != 3 || len(s.Curves) != 3 || s.Curves[0].Rule != Gradient {
		t.Fatalf("%d draws, %d curves", s.Draws, len(s.Curves))
	}
	var layers []string
	for i, stage := range s.Curves[0].Stages {
		layers = append(layers, stage.Layer)
		want := 30 * 3
		if i == 0 {
			want = 30
			if one := (stats.Interval{Mean: 1, Lo: 1, Hi: 1}); stage.SSIM != one || math.Abs(stage.Spearman.Mean-1) > rounding || math.Abs(stage.Kept.Lo-1) > rounding {
				t.Errorf("D as it is: %+v, want 1", stage)
			}
		}
		if stage.Pairs+stage.Vanished != want {
			t.Errorf("stage %d: %d pairs and %d vanished, want %d", i, stage.Pairs, stage.Vanished, want)
		}
	}
	if want := []string{"", "conv2", "conv1"}; !slices.Equal(layers, want) {
		t.Errorf("stages %q, want %q", layers, want)
	}
	for _, c := range s.Curves {
		// The layer of the units alone is the first stage of both; below it they differ.
		if len(c.Independent) != 2 || c.Independent[0] != c.Stages[1] || c.Independent[1].Layer != "conv1" || c.Independent[1].Spearman == c.Stages[2].Spearman {
			t.Errorf("%v: independent %+v, cascading %+v", c.Rule, c.Independent, c.Stages)
		}
		if c.Swapped.Pairs+c.Swapped.Vanished != 90 || !(c.Swapped.Spearman.Mean < 1) || c.Chance.Pairs+c.Chance.Vanished != 60 {
			t.Errorf("%v: swapped %+v, chance %+v", c.Rule, c.Swapped, c.Chance)
		}
	}
	if st.Report.UntrainedNets != 3 {
		t.Errorf("%d untrained nets, want 3", st.Report.UntrainedNets)
	}
	if s.Chance.Pairs != 60 || !(s.Chance.Spearman.Mean < .9) {
		t.Errorf("chance is %+v", s.Chance)
	}
}

// TestUntrainedNets are D below the layer, and above it the fresh net with batch
// norms that fit the pictures.
func TestUntrainedNets(t *testing.T) {
	for _, cfg := range testConfigs(t) {
		d := testD(t, cfg)
		x := testImages(11, 30, cfg)
		s := must(newSubject(d, solo, Options{Layer: d.Layers()[len(d.Layers())-2].Name, Units: []int{0}}))(t)
		fresh := must(model.NewD(cfg, 9))(t).State()
		copied := must(model.NewD(cfg, 9))(t).State()
		for from := range s.layer + 1 {
			net := must(s.untrainer(x).untrained(context.Background(), fresh, from, s.layer))(t)
			checkUntrained(t, s, net, fresh, from, x)
		}
		for i := range fresh {
			if !slices.Equal(fresh[i].Data, copied[i].Data) {
				t.Errorf("%s of the fresh net was written over", fresh[i].Name)
			}
		}
	}
}

func checkUntrained(t *testing.T, s *subject, net *model.D, fresh []model.NamedTensor, from int, x model.Tensor) {
	t.Helper()
	state, own := net.State(), s.d.State()
	for i, spec := range s.fields.specs {
		want := own
		if i >= from && i <= s.layer {
			want = fresh
		}
		statistic := func(name string) bool {
			return name == spec.NormModule+".running_mean" || name == spec.NormModule+".running_var"
		}
		for k, e := range state {
			mine := e.Name == spec.Module+".weight" || e.Name == spec.Module+".bias" || spec.NormModule != "" &&
				(e.Name == spec.NormModule+".weight" || e.Name == spec.NormModule+".bias" || i < from && statistic(e.Name))
			if mine && !slices.Equal(e.Data, want[k].Data) {
				t.Errorf("from layer %d: %s is not as it should be", from, e.Name)
			}
		}
		if spec.Norm == model.NoNorm || i < from || i > s.layer {
			continue
		}
		checkNormalised(t, net, s.fields.infos[i].Name, spec, state, x)
	}
}

// checkNormalised has PyTorch's order [C, H, W] of one value after the other
// where a norm is by value.
func checkNormalised(t *testing.T, net *model.D, layer string, spec model.LayerSpec, state []model.NamedTensor, x model.Tensor) {
	t.Helper()
	act := must(must(net.Activations(x, []model.Point{{Layer: layer, Tap: model.Pre}}, solo))(t)[0].ToNCHW())(t)
	n, c, size := act.Shape[0], act.Shape[1], act.Shape[2]*act.Shape[3]
	for _, e := range state {
		if e.Name != spec.NormModule+".running_mean" {
			continue
		}
		for k, got := range e.Data {
			var sum float64
			count := 0
			for i := range n {
				for at, v := range act.Row(i) {
					if spec.Norm == model.ChannelNorm && at/size == k || spec.Norm == model.ValueNorm && at == k {
						sum += float64(v)
						count++
					}
				}
			}
			near(t, layer+": a mean of "+string(rune('0'+c)), float64(got), sum/float64(count), 1e-5)
		}
	}
}
