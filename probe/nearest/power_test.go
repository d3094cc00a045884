package nearest

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"dcganviz/model"
	"dcganviz/probe"
)

// smooth is pictures of three plane waves each, so that one moved by a pixel is near.
func smooth(seed uint64, n, h, w int) model.Tensor {
	rng := rand.New(rand.NewPCG(seed, 9))
	x := model.NewTensor(n, h, w, 1)
	for i := range n {
		for range 3 {
			a, b, phase, size := .5*rng.NormFloat64(), .5*rng.NormFloat64(), 6*rng.Float64(), .4*rng.NormFloat64()
			for k := range x.Row(i) {
				x.Row(i)[k] += float32(size * math.Cos(phase+a*float64(k/w)+b*float64(k%w)))
			}
		}
	}
	return x
}

// TestFewFalseAlarms: samples of the same law as held-out pictures are flagged in about
// one of forty draws.
func TestFewFalseAlarms(t *testing.T) {
	const draws = 40
	flagged := 0
	for i := range uint64(draws) {
		p := Pictures{Training: smooth(3*i, 60, 8, 8), Heldout: smooth(3*i+1, 80, 8, 8), Samples: smooth(3*i+2, 80, 8, 8)}
		r, err := Study(t.Context(), p, nil, model.RunOptions{}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r.Spaces[0].Samples.Flagged {
			flagged++
		}
	}
	// Of 40 at 1 in 40 more than 4 come once in 300 times.
	if flagged > 4 {
		t.Errorf("%d of %d are flagged", flagged, draws)
	}
}

// TestPowerIsWhatHappens: of 400 pictures that a memoriser has copied, 150 are searched.
// The share that is said to be found beforehand is the share that is found, and what is
// said of the power comes true.
func TestPowerIsWhatHappens(t *testing.T) {
	const draws, all, searched = 30, 400, 150
	flagged, power, found, said := 0.0, 0.0, 0.0, 0.0
	for i := range uint64(draws) {
		trained := smooth(3*i, all, 8, 8)
		p := Pictures{Training: trained.Slice(0, searched), Heldout: smooth(3*i+1, 100, 8, 8), Samples: memorise(trained, 60, 77+i, false)}
		r, err := Study(t.Context(), p, nil, model.RunOptions{}, Options{TrainedOn: all, Settings: probe.Settings{Seed: i}})
		if err != nil {
			t.Fatal(err)
		}
		s := r.Spaces[0]
		if r.TrainedOn != all || s.Test.Needed < 1 || s.Samples.Flagged != (s.Test.Found >= s.Test.Needed && s.Test.PNearer <= level) {
			t.Fatalf("%+v of %d", s.Test, r.TrainedOn)
		}
		if s.Test.P <= level {
			flagged += 1. / draws
		}
		power += s.Test.Power / draws
		found += float64(s.Test.Found) / 60 / draws
		said += s.Test.Memoriser / draws
	}
	t.Logf("found %.3f, said %.3f; flagged %.2f, power %.2f", found, said, flagged, power)
	// Standard errors of about 0.01 and 0.05.
	if !(math.Abs(found-said) <= .03) || !(said > .05 && said < .5) {
		t.Errorf("%.3f of the copies are found, said were %.3f", found, said)
	}
	if !(math.Abs(flagged-power) <= .15) {
		t.Errorf("flagged in %.2f of the draws, said were %.2f", flagged, power)
	}
}

// TestLeastShareIsAtTheLevel: at the least share four of five are flagged, below it fewer.
func TestLeastShareIsAtTheLevel(t *testing.T) {
	got := test(4, 300, 5, 392, 1, .8, 0)
	if got.Found != 4 || got.Expected != 5 || !(got.P > .5) || got.Needed != 12 || !(got.Power > .999) {
		t.Errorf("%+v", got)
	}
	// By hand: 15 of 300 in the mean give 12 or more in 82% of cases, 14.7 in 79%.
	if want := (15./300 - 5./392) / (.8 - 5./392); !(math.Abs(got.Least-want) <= .003) {
		t.Errorf("least share %v, want about %v", got.Least, want)
	}
	if none := test(0, 20, 15, 20, .01, .8, .2); !(none.Least > 1) {
		t.Errorf("a search that sees nothing says %+v", none)
	}
}

// TestDullSamplesAreNotCopies: pictures without contrast are near to all pictures. They
// look like copies beside held-out pictures, but not beside the same of strangers.
func TestDullSamplesAreNotCopies(t *testing.T) {
	alarms, flagged := 0, 0
	for i := range uint64(12) {
		p := Pictures{Training: smooth(3*i, 60, 8, 8), Heldout: smooth(3*i+1, 120, 8, 8), Samples: smooth(3*i+2, 80, 8, 8)}
		for j := range p.Samples.Data {
			p.Samples.Data[j] *= .3
		}
		r, err := Study(t.Context(), p, nil, model.RunOptions{}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := r.Spaces[0]
		if s.Test.P <= level {
			alarms++
		}
		if s.Samples.Flagged {
			flagged++
		}
	}
	t.Logf("beside held-out pictures alone %d of 12 would be flagged, beside strangers too %d", alarms, flagged)
	if alarms < 4 || flagged > 1 {
		t.Errorf("beside held-out pictures alone %d of 12 would be flagged, beside strangers too %d", alarms, flagged)
	}
}

// TestMirrorImagesAreFound: copies of mirrored pictures are copies only for who looks.
func TestMirrorImagesAreFound(t *testing.T) {
	training := smooth(1, 60, 8, 11)
	p := Pictures{Training: training, Heldout: smooth(2, 80, 8, 11), Samples: mirrored(training)}
	if twice := mirrored(p.Samples); !slices.Equal(twice.Data, training.Data) {
		t.Fatal("mirrored twice is not as it was")
	}
	for _, mirrors := range []bool{false, true} {
		r, err := Study(t.Context(), p, nil, model.RunOptions{}, Options{Mirrors: mirrors})
		if err != nil {
			t.Fatal(err)
		}
		s := r.Spaces[0]
		if s.Samples.Flagged != mirrors || !s.Memoriser.Flagged || r.Mirrors != mirrors {
			t.Errorf("mirrors %v: samples flagged %v, memoriser %v", mirrors, s.Samples.Flagged, s.Memoriser.Flagged)
		}
		for i, h := range s.Samples.Hits {
			if mirrors && (h[0] != Hit{Index: i, Mirrored: true}) {
				t.Fatalf("nearest to mirrored picture %d is %+v", i, h[0])
			}
			if len(h) != r.Neighbours || !slices.IsSortedFunc(h, func(a, b Hit) int { return int(math.Copysign(1, a.Distance-b.Distance)) }) {
				t.Fatalf("neighbours of %d: %+v", i, h)
			}
		}
	}
	if got := nearer([]Hit{{Index: 1, Distance: 1}, {Index: 2, Distance: 3}}, []Hit{{Index: 2, Distance: 2}, {Index: 1, Distance: 4}}); !reflect.DeepEqual(got, []Hit{{Index: 1, Distance: 1}, {Index: 2, Distance: 2, Mirrored: true}}) {
		t.Errorf("merged %+v", got)
	}
}
