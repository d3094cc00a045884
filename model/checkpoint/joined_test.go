package checkpoint

import (
	"errors"
	"slices"
	"testing"

	ref "dcganviz/internal/reference"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

// TestOpenFindsWhereClassesAreJoined opens what testdata/foreign/joined.py wrote, and
// compares images and logits with PyTorch's. To which layers a class is joined is told by
// their channels.
func TestOpenFindsWhereClassesAreJoined(t *testing.T) {
	hot := model.Condition{Classes: 3, Numbers: 3}
	for name, want := range map[string]struct {
		opt  OpenOptions
		g, d model.Condition
		told []int // of the layers of G, and of D
	}{
		"paper":  {g: hot, d: hot, told: []int{0, 3, 3, 3, 3, 3, 3, 3}},
		"conv":   {g: hot, d: hot, told: []int{0, 3, 3, 3, 3, 3}},
		"rows":   {g: model.Condition{Classes: 4, Numbers: 2, Module: "label_emb"}, d: model.Condition{Classes: 4, Numbers: 3, Module: "label_emb"}, told: []int{0, 2, 2, 3, 3, 3}},
		"pixels": {g: model.Condition{Classes: 4, Numbers: 3, Module: "label_emb"}, d: model.Condition{Classes: 4, Numbers: 256, Module: "label_emb"}, told: []int{0, 0, 0, 1, 0, 0}},
		"first":  {opt: OpenOptions{Classes: 3}, g: hot, d: hot, told: []int{0, 0, 0, 3, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Open(foreign("joined_"+name+".pth"), want.opt)
			if err != nil {
				t.Fatal(err)
			}
			if c := m.G.Config(); c.Condition != want.g || c.DCondition != want.d {
				t.Fatalf("told %+v and %+v, want %+v and %+v", c.Condition, c.DCondition, want.g, want.d)
			}
			var told []int
			for _, s := range slices.Concat(m.G.Specs(), m.D.Specs()) {
				told = append(told, s.Joined)
			}
			if !slices.Equal(told, want.told) {
				t.Errorf("numbers of a class at the layers: %v, want %v", told, want.told)
			}
			for _, e := range m.Told.Evidence {
				t.Logf("%s %s: %.4f %s", e.Net, e.Norm, e.Hypotheses[e.Taken].Error, e.Hypotheses[e.Taken].Says)
				if !e.Fits {
					t.Errorf("nothing fits %s of %s: %+v", e.Norm, e.Net, e.Hypotheses[0])
				}
			}
			file, err := safetensors.ReadFile(foreign("joined_" + name + ".safetensors"))
			if err != nil {
				t.Fatal(err)
			}
			r := &reference{&ref.File{TB: t, File: file}}
			var labels []int
			for _, v := range r.Floats("in/labels") {
				labels = append(labels, int(v))
			}
			draws := func(m *Checkpoint) {
				z := model.Tensor{Shape: r.Shape("in/z"), Data: r.Floats("in/z")}
				r.images("images", must(m.G.Generate(z, model.RunOptions{}))(t), "want/images")
				x := r.nhwc("want/images")
				r.within("logits", must(m.D.Logits(x, model.RunOptions{Classes: labels}))(t).Data, r.Doubles("want/logits"), tolerance)
				of := must(m.D.OfClass(labels[1]))(t)
				r.within("logits of a class", must(of.Logits(x.Slice(1, 2), model.RunOptions{}))(t).Data, r.Doubles("want/logits")[1:2], tolerance)
			}
			draws(m)
			again, err := Open(saveTemp(t, m, SaveOptions{}), OpenOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if again.Meta != m.Meta {
				t.Errorf("after Save and Open the meta is\n%+v, was\n%+v", again.Meta, m.Meta)
			}
			draws(again)
			sameState(t, "D", again.D.State(), m.D.State(), equalBits)
		})
	}
}

func TestOpenAsksHowManyClassesAreJoined(t *testing.T) {
	var a *AmbiguousError
	// D's first layer takes 4 channels: 3 of a class, or of colour.
	_, err := Open(foreign("joined_first.pth"), OpenOptions{Key: "netD"})
	if !errors.As(err, &a) || !slices.Equal(a.Options, []string{"Classes"}) {
		t.Errorf("a D of 4 channels: %v, want a question for classes", err)
	}
	m, err := Open(foreign("joined_first.pth"), OpenOptions{Key: "netD", Classes: 3, Family: ExamplesFamily})
	if err != nil || m.D.Config().Channels != 1 {
		t.Errorf("with 3 classes: %v", err)
	}
	if _, err := Open(foreign("joined_conv.pth"), OpenOptions{Classes: 4}); !errors.Is(err, ErrAmbiguous) {
		t.Errorf("4 classes of 3: %v", err)
	}
}
