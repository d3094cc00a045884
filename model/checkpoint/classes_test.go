package checkpoint

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/npy"
	ref "dcganviz/internal/reference"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

// TestOpenFindsTheClasses opens what testdata/foreign/classes.py wrote, and compares
// images of latents and of noise of a class with PyTorch's. What the class's numbers
// are, and where in a latent, is told by shapes and statistics.
func TestOpenFindsTheClasses(t *testing.T) {
	for name, want := range map[string]struct {
		opt  OpenOptions
		want model.Condition
	}{
		"class_last":  {want: model.Condition{Classes: 4, Numbers: 3, Module: "label_emb", Join: model.RowLast}},
		"class_first": {want: model.Condition{Classes: 4, Numbers: 6, Module: "label_emb", Join: model.RowFirst}},
		"class_times": {want: model.Condition{Classes: 5, Numbers: 9, Module: "label_emb", Join: model.RowTimes}},
		"class_hot":   {opt: OpenOptions{Classes: 3, ClassNames: []string{"a", "b", "c"}}, want: model.Condition{Classes: 3, Numbers: 3, Join: model.RowLast}},
		"class_hot10": {opt: OpenOptions{Classes: 10}, want: model.Condition{Classes: 10, Numbers: 10, Join: model.RowFirst}},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Open(foreign(name+".pth"), want.opt)
			if err != nil {
				t.Fatal(err)
			}
			if c := m.G.Config().Condition; c != want.want {
				t.Fatalf("told %+v, want %+v", c, want.want)
			}
			for _, e := range m.Told.Evidence {
				if !e.Fits {
					t.Errorf("nothing fits %s: %+v", e.Norm, e.Hypotheses[0])
				}
			}
			file, err := safetensors.ReadFile(foreign(name + ".safetensors"))
			if err != nil {
				t.Fatal(err)
			}
			r := &reference{&ref.File{TB: t, File: file}}
			draws := func(what string, m *Checkpoint) {
				z := model.Tensor{Shape: r.Shape("in/z"), Data: r.Floats("in/z")}
				r.images(what, must(m.G.Generate(z, model.RunOptions{}))(t), "want/images")
				// The rows by themselves, and the noise of the file.
				noise := model.Tensor{Shape: r.Shape("in/noise"), Data: r.Floats("in/noise")}
				for i, label := range r.Floats("in/labels") {
					of := must(m.G.OfClass(int(label)))(t)
					_, rows, err := of.Split(of.Latents(1, 0, 1))
					if err != nil {
						t.Fatal(err)
					}
					row := rows.Data
					if want.want.Join == model.RowTimes {
						row = r.Floats("state/label_emb.weight")[int(label)*9:][:9]
					}
					joined := must(m.G.Joined(noise.Slice(i, i+1), row))(t)
					r.near("latent", joined.Data, toFloat64(z.Row(i)), tolerance)
				}
			}
			draws("images", m)
			again, err := Open(saveTemp(t, m, SaveOptions{}), OpenOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if again.Meta != m.Meta {
				t.Errorf("after Save and Open the meta is\n%+v, was\n%+v", again.Meta, m.Meta)
			}
			draws("images after Save", again)
			sameState(t, "G", again.G.State(), m.G.State(), equalBits)
			if want.opt.ClassNames != nil && !slices.Equal(again.Meta.Classes(), want.opt.ClassNames) {
				t.Errorf("names %q", again.Meta.ClassNames)
			}
			if !slices.ContainsFunc(m.Told.Readings, func(r Reading) bool { return strings.Contains(r.Text, "classes: a latent is") }) {
				t.Errorf("readings %+v do not say what latents are made of", m.Told.Readings)
			}
			if len(m.Notes) > 0 {
				t.Errorf("notes %q, as if something had been left out", m.Notes)
			}
		})
	}
}

// TestWildConditional holds a conditional G of somebody else's, which the repository
// does not hold: $DCGANVIZ_WILD/aayank, with what PyTorch draws from z.npy.
func TestWildConditional(t *testing.T) {
	dir := os.Getenv("DCGANVIZ_WILD")
	if dir == "" {
		t.Skip("DCGANVIZ_WILD names no folder with other people's nets")
	}
	dir = filepath.Join(dir, "aayank")
	m, err := Open(filepath.Join(dir, "dcgan_generator.pth"), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	z, want := must(npy.ReadFile(filepath.Join(dir, "z.npy")))(t), must(npy.ReadFile(filepath.Join(dir, "right.npy")))(t)
	x := must(m.G.Generate(model.Tensor{Shape: z.Shape, Data: z.Data}, model.RunOptions{}))(t)
	(&reference{&ref.File{TB: t}}).near("images", must(x.ToNCHW())(t).Data, toFloat64(want.Data), tolerance)
}

func toFloat64(x []float32) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

func TestOpenRefusesOtherClasses(t *testing.T) {
	first := model.RowFirst
	// That numbers of the latents say a class is told by statistics, but not how many.
	var a *AmbiguousError
	for name, says := range map[string]string{"class_hot": "3 last", "class_hot10": "10 first"} {
		if _, err := Open(foreign(name+".pth"), OpenOptions{}); !errors.As(err, &a) || !slices.Equal(a.Options, []string{"Classes"}) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s without a number of classes: %v, want a question that names %q", name, err, says)
		}
	}
	times := model.RowTimes
	for says, o := range map[string]struct {
		file string
		opt  OpenOptions
	}{
		"has rows for 4":           {"class_last.pth", OpenOptions{Classes: 5}},
		"joined as times":          {"class_last.pth", OpenOptions{ClassJoin: &times}},
		"2 names for 4 classes":    {"class_last.pth", OpenOptions{ClassNames: []string{"a", "b"}}},
		"1 names for 0 classes":    {"examples.pth", OpenOptions{ClassNames: []string{"a"}}},
		"in latents of 3":          {"examples.pth", OpenOptions{Classes: 3}},
		"how many classes there a": {"examples.pth", OpenOptions{ClassJoin: &first}},
	} {
		if _, err := Open(foreign(o.file), o.opt); !errors.Is(err, ErrAmbiguous) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s, %+v: %v, want an ErrAmbiguous with %q", o.file, o.opt, err, says)
		}
	}
}
