package forget

import (
	"context"
	"errors"
	"math"
	"testing"

	"dcganviz/model"
	"dcganviz/probe"
)

// tone is a viewer of colours alone: the mean of all numbers of an image.
type tone struct{}

func (tone) Scores(x model.Tensor, _ model.RunOptions) (model.Tensor, error) {
	out := model.NewTensor(x.Len(), 1, 1)
	for i := range x.Len() {
		out.Data[i] = float32(1+meanOf(x.Row(i))) / 2
	}
	return out, nil
}

// shape is a viewer that colours do not reach: the mean of an image's first
// half, once its channels have a mean of zero and a standard deviation of one.
type shape struct{}

func (shape) Scores(x model.Tensor, _ model.RunOptions) (model.Tensor, error) {
	out := model.NewTensor(x.Len(), 1, 1)
	for i := range x.Len() {
		img, c := x.Row(i), x.Shape[3]
		var half float64
		for k := range c {
			var n, sum, squares, first float64
			for at := k; at < len(img); at += c {
				v := float64(img[at])
				n, sum, squares = n+1, sum+v, squares+v*v
				if at < len(img)/2 {
					first += v
				}
			}
			mean := sum / n
			half += (first/(n/2) - mean) / math.Sqrt(squares/n-mean*mean)
		}
		out.Data[i] = float32(model.Sigmoid(half))
	}
	return out, nil
}

// TestRecolouringTellsColourFromShape: where photographs are the samples
// themselves, colours do to a viewer of colours all that a drop does, and to one
// of shapes nothing.
func TestRecolouringTellsColourFromShape(t *testing.T) {
	// The colours are cut to [-1, 1], which keeps the shares from 1 and 0.
	const cut = .1
	s := subject(t)
	c := fit(t, s, "")
	s.Judge, s.Scorer = tone{}, shape{}
	const n = 11
	var err error
	if s.Photographs, err = s.generate(s.latents(2, 0, n), nil); err != nil {
		t.Fatal(err)
	}
	b, err := s.Baseline(context.Background(), model.RunOptions{}, MeasureOptions{Samples: n, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	o, err := b.Measure(context.Background(), c.Drop(c.Positive()))
	if err != nil {
		t.Fatal(err)
	}
	r := o.Recolouring
	if r.Photographs != n || !(math.Abs(r.Judge.Share-1) <= cut) || !(r.Scorer.Share <= cut) {
		t.Errorf("%+v, want shares of 1 and 0", r)
	}
	if !(math.Abs(r.Judge.Effect.Mean) > .01) || !(math.Abs(r.Scorer.Effect.Mean) > .01) {
		t.Errorf("%+v: the drop had no effect to compare with", r)
	}

	// With one photograph for all, and nothing dropped, nothing moves.
	s.Photographs = s.Photographs.Slice(0, 1)
	if b, err = s.Baseline(context.Background(), model.RunOptions{}, MeasureOptions{Samples: n, Seed: 2}); err != nil {
		t.Fatal(err)
	}
	if o, err = b.Measure(context.Background(), c.Drop(nil)); err != nil {
		t.Fatal(err)
	}
	if r := o.Recolouring; !(math.Abs(r.Judge.Recoloured.Mean) <= 1e-12) || !(math.Abs(r.Scorer.Recoloured.Mean) <= 1e-12) {
		t.Errorf("nothing was dropped, and %+v", r)
	}
	s.Photographs = model.NewTensor(2, 16, 32, 3)
	if _, err = s.Baseline(context.Background(), model.RunOptions{}, MeasureOptions{Samples: n, Seed: 2}); !errors.Is(err, probe.ErrInput) {
		t.Errorf("photographs of another size: %v", err)
	}
}
