package units

import (
	"context"
	"errors"
	"math"
	"reflect"
	"testing"

	"dcganviz/model"
	"dcganviz/probe"
)

// A sees is a viewer by a function of an image's pixels, with a score a pixel.
type sees func(x []float32, at int) bool

func (f sees) Scores(x model.Tensor, _ model.RunOptions) (model.Tensor, error) {
	side := x.Shape[1]
	out := model.NewTensor(x.Len(), side, side)
	for i := range x.Len() {
		for at := range out.Row(i) {
			if f(x.Row(i), at) {
				out.Row(i)[at] = 1
			}
		}
	}
	return out, nil
}

// TestFindsTheUnitThatPaintsTheConcept: only unit 4 makes pixels dark, where z1 is above
// z0 or so; in other samples it is elsewhere or nowhere.
func TestFindsTheUnitThatPaintsTheConcept(t *testing.T) {
	dark := sees(func(x []float32, at int) bool { return x[at] < -.5 })
	got, err := Find(context.Background(), Subject{G: hand(t), Viewer: dark}, model.RunOptions{}, SearchOptions{Settings: probe.Settings{Seed: 1}, Quantile: .1})
	if err != nil {
		t.Fatal(err)
	}
	if got.Layer != "project" || got.Unit != 4 || got.Units != 5 || got.Samples != 100 || got.After != 100 {
		t.Fatalf("found %+v, want unit 4 of project", got)
	}
	if got.P != 1./101 || !(got.IoU.Mean > got.Chance.Hi) || !(got.IoU.Mean <= got.AtMost) {
		t.Errorf("IoU %+v of at most %v, by chance %+v, p %v", got.IoU, got.AtMost, got.Chance, got.P)
	}
	// The same by hand, in the samples that test. Unit 4 paints, where it is active, the
	// 3x3 pixels from (5, 5) on, but upsampled its map exceeds 0 from there on, too.
	g := hand(t)
	z := model.Latents(1, 0, 100, g.Config())
	x, err := g.Generate(z, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var common, own, theirs float64
	for i := range x.Len() {
		for at, v := range x.Row(i) {
			inside := z.Row(i)[1] > 0 && at/8 >= 5 && at%8 >= 5
			if inside {
				own++
			}
			if v < -.5 {
				theirs++
			}
			if inside && v < -.5 {
				common++
			}
		}
	}
	equal(t, "IoU", got.IoU.Mean, common/(own+theirs-common))
	equal(t, "share within", got.Within.Mean, common/own)
	equal(t, "share of the image", got.Area, theirs/6400)
	equal(t, "IoU at most", got.AtMost, math.Min(own, theirs)/math.Max(own, theirs))
}

// TestConceptOfNoSampleIsChance: what is at one place in every sample overlaps with other
// samples' as well. Unit 0 is at 4x4 pixels from (1, 3) on, the concept at half of them.
func TestConceptOfNoSampleIsChance(t *testing.T) {
	fixed := sees(func(_ []float32, at int) bool { return at/8 >= 1 && at/8 < 5 && at%8 >= 3 && at%8 < 5 })
	got, err := Find(context.Background(), Subject{G: hand(t), Viewer: fixed}, model.RunOptions{}, SearchOptions{Quantile: .1, Samples: 20, After: 30})
	if err != nil {
		t.Fatal(err)
	}
	if got.Unit != 0 || got.P != 1 || got.IoU != got.Chance {
		t.Errorf("found %+v, want unit 0, p 1 and the IoU of chance", got)
	}
	for what, v := range map[string]float64{"IoU": got.IoU.Mean, "chosen": got.Chosen, "at most": got.AtMost, "within": got.Within.Mean, "four times the share": 4 * got.Area} {
		equal(t, what, v, .5)
	}
}

func TestFindOfNothing(t *testing.T) {
	s := Subject{G: hand(t)}
	if got, err := Find(context.Background(), s, model.RunOptions{}, SearchOptions{}); got != nil || err != nil {
		t.Errorf("without a viewer: %+v, %v", got, err)
	}
	s.Viewer = sees(func([]float32, int) bool { return false })
	if got, err := Find(context.Background(), s, model.RunOptions{}, SearchOptions{}); got != nil || err != nil {
		t.Errorf("a viewer that sees nothing: %+v, %v", got, err)
	}
	for name, opt := range map[string]SearchOptions{"samples": {Samples: 1}, "common": {Samples: 9, After: 8}, "quantile": {Quantile: 1}, "layer": {Layers: []string{"none"}}} {
		if _, err := Find(context.Background(), s, model.RunOptions{}, opt); !errors.Is(err, probe.ErrInput) {
			t.Errorf("%s: %v, want ErrInput", name, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Find(ctx, s, model.RunOptions{}, SearchOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("after Ctrl-C: %v", err)
	}
}

// TestFindDoesNotDependOnThreads searches all hidden layers on one thread and on two, and
// then one layer by its name.
func TestFindDoesNotDependOnThreads(t *testing.T) {
	s := subject(t)
	opt := SearchOptions{Settings: probe.Settings{Seed: 3}, Samples: 12}
	s.Viewer = sees(func(x []float32, at int) bool { return x[3*at] > x[0] })
	one, err := Find(context.Background(), *s, model.RunOptions{}, opt)
	if err != nil {
		t.Fatal(err)
	}
	pool := model.NewPool(2)
	defer pool.Close()
	two, err := Find(context.Background(), *s, model.RunOptions{Pool: pool}, opt)
	if err != nil || !reflect.DeepEqual(one, two) {
		t.Errorf("with two threads %+v, %v, else %+v", two, err, one)
	}
	layers := s.G.Layers()
	if len(one.Layers) != len(layers)-1 {
		t.Errorf("%d layers searched, want the hidden ones of %d", len(one.Layers), len(layers))
	}
	opt.Layers = []string{layers[1].Name}
	if got, err := Find(context.Background(), *s, model.RunOptions{}, opt); err != nil || got.Layer != layers[1].Name || got.Units != layers[1].Channels {
		t.Errorf("in %s: %+v, %v", layers[1].Name, got, err)
	}
}
