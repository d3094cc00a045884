package train

import (
	"math"
	"strings"
	"testing"

	"dcganviz/internal/reference"
	"dcganviz/model"
)

// labelled are pictures of classes.
type labelled struct {
	pictures
	labels []int
}

func (l *labelled) Label(i int) int { return l.labels[i] }

func labels(n, classes int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = (i + i/4) % classes
	}
	return out
}

func told(cfg model.Config, n, classes int) (model.Config, *labelled) {
	l := &labelled{pictures: pictures{n: n, shape: shapeOf(cfg)}, labels: labels(n, classes)}
	return cfg.Conditional(classes), l
}

// TestReferenceOfConditionalNets trains on what PyTorch trained on: see
// testdata/torch/conditional.py.
func TestReferenceOfConditionalNets(t *testing.T) {
	f := reference.Read(t, "../../testdata/torch/conditional_step.safetensors")
	cfg := model.Config{
		Arch: model.Paper, Channels: f.Number("channels"), LatentDim: f.Number("noise"),
		GWidth: f.Number("ngf"), DWidth: f.Number("ndf"), Hidden: f.Number("hidden"),
	}.Sized(f.Number("height"), f.Number("width"))
	classes := f.Number("classes")
	shape := f.Shape("in/real")
	steps, batch := shape[0], shape[1]
	src := &labelled{pictures: pictures{n: 20, shape: dims{cfg.Size, cfg.Width, 1}}, labels: labels(20, classes)}
	tr, err := New(cfg.Conditional(classes), src, Options{Batch: batch}, newPool(t, 2))
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	if err := tr.g.LoadState(reference.State[model.NamedTensor](f, "in/G0/")); err != nil {
		t.Fatal(err)
	}
	if err := tr.d.LoadState(reference.State[model.NamedTensor](f, "in/D0/")); err != nil {
		t.Fatal(err)
	}
	real, z, of, want := f.Floats("in/real"), f.Floats("in/z"), f.Ints("in/labels"), f.Doubles("f64/losses")
	for s := range steps {
		classes := make([]int, batch)
		for i := range classes {
			classes[i] = int(of[s*batch+i])
		}
		if err := tr.nets.Tell(classes); err != nil {
			t.Fatal(err)
		}
		size := len(real) / steps // grey: NCHW is NHWC
		noise := model.Tensor{Shape: []int{batch, cfg.LatentDim}, Data: z[s*batch*cfg.LatentDim:][:batch*cfg.LatentDim]}
		got, err := tr.update(real[s*size:][:size], tr.g.Told(noise, classes).Data)
		if err != nil {
			t.Fatal(err)
		}
		for i, l := range []float64{got.LossDReal, got.LossDFake, got.LossG} {
			if !(math.Abs(l-want[3*s+i]) <= refLosses*want[3*s+i]) {
				t.Errorf("step %d: loss %d is %.9g, want %.9g", s+1, i, l, want[3*s+i])
			}
		}
	}
	near := func(float64) float64 { return refWeights * float64(steps) }
	compareState(t, "G", tr.g.State(), f, "f64/G/", near)
	compareState(t, "D", tr.d.State(), f, "f64/D/", near)
}

// TestConditionalTrainingOnAnyThreads: one and two threads, and a run that is resumed in
// the middle, arrive at the same bits.
func TestConditionalTrainingOnAnyThreads(t *testing.T) {
	for _, opt := range []Options{everything(), {Batch: 5}} {
		for _, family := range []model.Config{tiny, {Arch: model.Paper, Size: 16, Channels: 1, LatentDim: 4, GWidth: 2, DWidth: 2, Hidden: 3, Law: model.Uniform}} {
			cfg, src := told(family, 20, 3)
			var want string
			for threads := 1; threads <= 2; threads++ {
				tr, err := New(cfg, src, opt, newPool(t, threads))
				if err != nil {
					t.Fatal(err)
				}
				defer tr.Close()
				run(t, tr, 5)
				tr.Generator() // settles the average
				if got := describe(t, tr); threads == 1 {
					want = got
				} else if got != want {
					t.Fatal("one and two threads give other bits")
				}
			}
			dir := t.TempDir()
			tr, err := New(cfg, src, opt, newPool(t, 1))
			if err != nil {
				t.Fatal(err)
			}
			run(t, tr, 2)
			if err := tr.Save(dir); err != nil {
				t.Fatal(err)
			}
			tr.Close()
			if tr, err = Resume(dir, cfg, src, opt, newPool(t, 2)); err != nil {
				t.Fatal(err)
			}
			defer tr.Close()
			run(t, tr, 3)
			tr.Generator()
			if describe(t, tr) != want {
				t.Fatal("a run that was resumed gives other bits")
			}
			_, other := told(family, 20, 3)
			other.labels[3] = (other.labels[3] + 1) % 3
			if _, err := Resume(dir, cfg, other, opt, newPool(t, 1)); err == nil || !strings.Contains(err.Error(), "labels") {
				t.Errorf("resumed with other labels: %v", err)
			}
		}
	}
}

func TestClassesThatCannotBeTrained(t *testing.T) {
	cfg, src := told(tiny, 20, 3)
	for says, change := range map[string]func() Source{
		"picture 2 is of class -1": func() Source { src.labels[2] = -1; return src },
		"no picture is of class 2": func() Source {
			for i := range src.labels {
				src.labels[i] = i % 2
			}
			return src
		},
		"but pictures of none": func() Source { return &src.pictures },
	} {
		if _, err := New(cfg, change(), Options{Batch: 4}, newPool(t, 1)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want an error with %q", err, says)
		}
		_, src = told(tiny, 20, 3)
	}
}
