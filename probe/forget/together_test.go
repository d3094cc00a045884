package forget

import (
	"context"
	"errors"
	"math"
	"testing"

	"dcganviz/model"
	"dcganviz/probe"
)

// TestTogetherIsMasks: drops in two layers at once draw the bits that the
// model's own masks draw.
func TestTogetherIsMasks(t *testing.T) {
	s := subject(t)
	v1, v2 := fit(t, s, "up1").Drop([]int{0, 3}), fit(t, s, "up2").Drop([]int{1})
	v, err := Together(v1, v2)
	if err != nil {
		t.Fatal(err)
	}
	if v.Count() != 3 || v.Of != v1.Of+v2.Of || len(v.Layers) != 2 {
		t.Errorf("%d of %d units in %v", v.Count(), v.Of, v.Layers)
	}
	z := s.latents(1, 0, 3)
	got, err := v.Draw(context.Background(), z, model.Tensor{})
	if err != nil {
		t.Fatal(err)
	}
	masks := map[string][]float32{}
	for _, one := range []*Intervention{v1, v2} {
		mask := make([]float32, one.Of)
		for i := range mask {
			mask[i] = 1
		}
		for _, u := range one.Units[0] {
			mask[u] = 0
		}
		masks[one.Layers[0]] = mask
	}
	want, err := s.G.Generate(z, model.RunOptions{Masks: masks})
	if err != nil {
		t.Fatal(err)
	}
	for i := range want.Data {
		if math.Float32bits(got.Data[i]) != math.Float32bits(want.Data[i]) {
			t.Fatalf("[%d] = %v, want %v", i, got.Data[i], want.Data[i])
		}
	}
	if _, err := Together(v1, v1); !errors.Is(err, probe.ErrInput) {
		t.Errorf("a layer twice: %v", err)
	}
}

// TestStudyOfTwoLayers runs methods, the controls and the curve in two
// layers at once.
func TestStudyOfTwoLayers(t *testing.T) {
	s := subject(t)
	st, err := Study(context.Background(), *s, model.RunOptions{}, Options{Methods: []Method{Paper, Erase, FillSeen}, Layers: []string{"up1", "up2"}, Samples: 6, Settings: probe.Settings{Seed: 5}})
	if err != nil {
		t.Fatal(err)
	}
	r := st.Report
	if len(r.Probes) != 2 || len(r.Dropped.Units) != 2 || r.Dropped.Of != st.drawn[0].concepts[0].Units+st.drawn[0].concepts[1].Units || r.Random.Draws == 0 {
		t.Errorf("%d probes, dropped %+v, random %+v", len(r.Probes), r.Dropped, r.Random)
	}
	for _, m := range r.Methods {
		if m.Layer != "up1,up2" || !(m.Removed.Mean != 0) {
			t.Errorf("%s in %s: removed %v", m.Name, m.Layer, m.Removed)
		}
	}
	// The last point drops all units of both: nothing is left to differ.
	last := r.Curve[len(r.Curve)-1]
	if want := max(st.drawn[0].concepts[0].Units, st.drawn[0].concepts[1].Units); last.Units != want {
		t.Errorf("the curve ends at %d units, want %d", last.Units, want)
	}
}
