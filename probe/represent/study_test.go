package represent

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"dcganviz/internal/kernel"
	"dcganviz/model"
	"dcganviz/probe"
)

// few are labelled pictures of noise, 16x16 grey.
func few(n, classes int, seed uint64, draw func(x []float32, class int, rng *rand.Rand)) Pictures {
	rng := rand.New(rand.NewPCG(seed, 1))
	x := model.NewTensor(n, 16, 16, 1)
	var labels []int
	for i := range n {
		labels = append(labels, i%classes)
		for j := range x.Row(i) {
			x.Row(i)[j] = float32(rng.NormFloat64() * .2)
		}
		draw(x.Row(i), i%classes, rng)
	}
	return Pictures{labels, func(_ context.Context, numbers []int) (model.Tensor, error) { return probe.Pick(x, numbers), nil }}
}

// shaded pictures have a brighter quadrant: that of their class.
func shaded(x []float32, class int, _ *rand.Rand) {
	for i := range x {
		if i/128 == class/2 && i%16/8 == class%2 {
			x[i] += .5
		}
	}
}

// even pictures do not depend on the class.
func even([]float32, int, *rand.Rand) {}

func net(t *testing.T) *model.D {
	t.Helper()
	d, err := model.NewD(model.Config{Size: 16, Channels: 1, LatentDim: 1, GWidth: 1, DWidth: 8}, 1)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

var four = []string{"a", "b", "c", "d"}

func run(t *testing.T, train, test Pictures, opt Options) *Report {
	t.Helper()
	opt.Classes = four
	r, err := Study(t.Context(), net(t), train, test, model.RunOptions{}, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestBrightQuadrantIsFound: what a linear classifier of pixels sees perfectly has an
// accuracy of 1, and a net of random weights sees it too.
func TestBrightQuadrantIsFound(t *testing.T) {
	r := run(t, few(120, 4, 1, shaded), few(80, 4, 2, shaded), Options{})
	for _, row := range r.Rows {
		if a := row.Accuracy.Mean; !(a >= .9) {
			t.Errorf("%s %s: accuracy %.3f, want about 1", row.Kind, row.Layer, a)
		}
		for _, c := range row.OfClass {
			if !(c >= .8) {
				t.Errorf("%s %s: accuracies of the classes %v", row.Kind, row.Layer, row.OfClass)
			}
		}
	}
	if r.Row(Pixels).Accuracy.Mean != 1 {
		t.Errorf("pixels: accuracy %v, want 1", r.Row(Pixels).Accuracy)
	}
	total := 0
	for _, row := range r.Confusion {
		for _, n := range row {
			total += n
		}
	}
	if total != 80 {
		t.Errorf("the confusion matrix counts %d pictures, want 80", total)
	}
}

// TestNoiseIsChance: labels that nothing in the pictures says are guessed at the rate of
// chance, by all kinds: no test label reaches a fit. 400 pictures put a tenth beyond four
// standard deviations.
func TestNoiseIsChance(t *testing.T) {
	r := run(t, few(200, 4, 3, even), few(400, 4, 4, even), Options{LabelsPerClass: 10, Draws: 3})
	for _, row := range r.Rows {
		if a := row.Accuracy.Mean; !(math.Abs(a-.25) <= .1) {
			t.Errorf("%s %s: accuracy %.3f of noise, want about 0.25", row.Kind, row.Layer, a)
		}
		if row.Behind != nil && (row.Behind.Lo > .05 || row.Behind.Hi < -.05) {
			t.Errorf("%s %s: behind D by %v on noise", row.Kind, row.Layer, *row.Behind)
		}
	}
}

// TestSplitKeepsApart: pictures that decide C are never drawn, and all are somewhere.
func TestSplitKeepsApart(t *testing.T) {
	labels := slices.Repeat([]int{0, 1, 1, 2, 1}, 20)
	labels = append(labels, 3, 3)
	s := newSplit(labels, 4, rand.New(rand.NewPCG(1, 2)))
	if got := slices.Sorted(slices.Values(s.order)); !slices.Equal(got, probe.Numbers(0, 102)) {
		t.Fatalf("the split has pictures %v, want each once", got)
	}
	deciding := make([]int, 4)
	for _, l := range s.labels[s.fit:] {
		deciding[l]++
	}
	if !slices.Equal(deciding, []int{4, 12, 4, 1}) {
		t.Errorf("pictures of each class that decide: %v, want a fifth, or one of two", deciding)
	}
	for range 20 {
		drawn := s.draw(1, rand.New(rand.NewPCG(3, 4)))
		for k, at := range drawn {
			if at >= s.fit || s.labels[at] != k || labels[s.order[at]] != k {
				t.Errorf("draw %v: place %d is not a picture of class %d to fit to", drawn, at, k)
			}
		}
	}
	if s.rarest() != 1 {
		t.Errorf("the rarest class has %d pictures, want 1", s.rarest())
	}
}

// TestIntervalIsBinomial: of one draw, that of a share of n pictures is p plus and minus
// about 1.96 roots of p(1-p)/n.
func TestIntervalIsBinomial(t *testing.T) {
	const n, hits = 1000, 700
	right := make([]bool, n)
	for i := range hits {
		right[i] = true
	}
	s := &study{test: Pictures{Labels: make([]int, n)}}
	r := &Report{Rows: []Row{{Kind: Trained, Measured: Measured{Draws: []float64{.7}, right: [][]bool{right}}}}}
	s.intervals(r)
	a := r.Rows[0].Accuracy
	want := 1.96 * math.Sqrt(.7*.3/n)
	for _, got := range []float64{a.Mean - a.Lo, a.Hi - a.Mean} {
		if !(math.Abs(got-want) <= .15*want) { // of 1,000 draws
			t.Errorf("interval %v, want 0.7 plus and minus %.4f", a, want)
		}
	}
}

// TestScaledFeatures: mean 0, and squares of about 1 in all.
func TestScaledFeatures(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	train, test := model.NewTensor(500, 7), model.NewTensor(3, 7)
	for i := range train.Data {
		train.Data[i] = float32(3 + rng.NormFloat64()*float64(1+i%7))
	}
	for i := range train.Len() {
		train.Row(i)[6] = 5
	}
	copy(test.Data, train.Data)
	scale(train, test, nil)
	if !slices.Equal(test.Data, train.Data[:len(test.Data)]) {
		t.Error("the same rows are scaled otherwise in test")
	}
	squares := 0.0
	for j, m := range probe.Mean(train) {
		if !(math.Abs(m) <= 1e-6) {
			t.Errorf("feature %d has mean %g", j, m)
		}
	}
	for i, v := range train.Data {
		squares += float64(v) * float64(v)
		if i%7 == 6 && v != 0 {
			t.Fatalf("a constant feature is %g, want 0", v)
		}
	}
	if got := squares / 500; !(got >= .8 && got <= 6.0/7) {
		t.Errorf("rows have squares of %.3f, want a little below 6/7", got)
	}
}

func TestSameBits(t *testing.T) {
	train, test := few(60, 4, 1, shaded), few(40, 4, 2, even)
	var all []*Report
	for threads := 1; threads <= 2; threads++ {
		pool := kernel.NewPool(threads)
		defer pool.Close()
		r, err := Study(t.Context(), net(t), train, test, model.RunOptions{Pool: pool}, Options{Classes: four, LabelsPerClass: 5, Draws: 4})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	if !reflect.DeepEqual(all[0], all[1]) {
		t.Error("two threads give another table than one")
	}
}

func TestRefused(t *testing.T) {
	good := few(40, 4, 1, even)
	none := Pictures{Load: good.Load}
	lone := few(40, 1, 1, even)
	for what, c := range map[string]struct {
		train, test Pictures
		opt         Options
	}{
		"one class":                {good, good, Options{Classes: four[:1]}},
		"no test pictures":         {good, none, Options{Classes: four}},
		"a class without training": {lone, good, Options{Classes: four}},
		"too many labels":          {good, good, Options{Classes: four, LabelsPerClass: 9}},
		"labels past the classes":  {good, good, Options{Classes: four[:3]}},
	} {
		if _, err := Study(t.Context(), net(t), c.train, c.test, model.RunOptions{}, c.opt); !errors.Is(err, probe.ErrInput) {
			t.Errorf("%s: got %v", what, err)
		}
	}
	if _, err := Study(t.Context(), net(t), good, good, model.RunOptions{BatchStats: true}, Options{Classes: four}); !errors.Is(err, probe.ErrInput) {
		t.Errorf("the statistics of a batch: got %v", err)
	}
}

// TestPicturesAllOne have nothing to learn from: the commonest class wins everywhere.
func TestPicturesAllOne(t *testing.T) {
	blank := func(x []float32, _ int, _ *rand.Rand) { clear(x) }
	r := run(t, few(40, 4, 1, blank), few(40, 4, 2, blank), Options{})
	for _, row := range r.Rows {
		if row.Accuracy.Mean != .25 {
			t.Errorf("%s %s: accuracy %g, want 0.25", row.Kind, row.Layer, row.Accuracy.Mean)
		}
	}
}
