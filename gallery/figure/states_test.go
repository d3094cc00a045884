package figure

import (
	"context"
	"math"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/model/dataset"
	"dcganviz/model/zoo"
	"dcganviz/probe/doctor"
	"dcganviz/probe/kid"
)

// TestJudgeOfStates: one half of the pictures chooses, the other judges, and a collapsed state
// is never the best however small its KID is.
func TestJudgeOfStates(t *testing.T) {
	apart, near := 2.0, 0.1
	state := func(file string, step int, apart *float64, chosen, kidOther, se float64) State {
		return State{File: file, Step: step, Apart: apart, Chosen: kid.Distance{Value: chosen, SE: se}, KID: kid.Distance{Value: kidOther, SE: se}}
	}
	varied := func(s State, v float64) State { s.Variety = &kid.Distance{Value: v, SE: .05}; return s }
	for name, c := range map[string]struct {
		states  []State
		verdict doctor.Verdict
		says    string
	}{
		"last is best": {[]State{state("e1", 10, &apart, 3, 3, 0.1), state("the last", 20, &apart, 1, 1, 0.1)}, doctor.OK, "the last state is the best"},
		"earlier":      {[]State{state("e1", 10, &apart, 1, 1.2, 0.1), state("the last", 20, &apart, 3, 3, 0.1)}, doctor.Doubtful, "the best kept state is e1, and the last is worse by 1.80"},
		// Chosen for its luck, it is no better on the other half.
		"in two files": {[]State{state("best", 20, &apart, 1, 1, 0.1), state("the last", 20, &apart, 1, 1, 0.1)}, doctor.OK, "the last state is the best"},
		"less variety": {[]State{varied(state("e1", 10, &apart, 2, 2, 0.1), .8), varied(state("the last", 20, &apart, 1, 1, 0.1), .2)}, doctor.Doubtful, "the best kept state is e1: the last draws less variety"},
		"luck":         {[]State{state("e1", 10, &apart, 0.1, 1.2, 0.1), state("the last", 20, &apart, 1, 1.1, 0.1)}, doctor.OK, "no more than chance"},
		"collapsed": {[]State{state("e1", 10, &apart, 3, 3, 0.1), state("e2", 15, &near, 0.1, 0.1, 0.1), state("the last", 20, &near, 0.1, 0.1, 0.1)},
			doctor.Wrong, "collapsed at step 15; the best kept state is e1"},
		"recovered":     {[]State{state("e1", 10, &near, 0.1, 0.1, 0.1), state("the last", 20, &apart, 2, 2, 0.1)}, doctor.OK, "the last state is the best"},
		"all collapsed": {[]State{state("e1", 10, &near, 2, 2, 0.1), state("the last", 20, &near, 1, 1, 0.1)}, doctor.Wrong, "every kept state has collapsed"},
	} {
		var f doctor.Finding
		judge(c.states, &f)
		if f.Verdict != c.verdict || !strings.Contains(f.Evidence, c.says) {
			t.Errorf("%s: %v, %q; want %v, %q", name, f.Verdict, f.Evidence, c.verdict, c.says)
		}
	}
}

// TestKIDAloneDoesNotChoose: of photographs eight over and over are nearer by KID than eighty
// others of less contrast, which have far more variety.
func TestKIDAloneDoesNotChoose(t *testing.T) {
	set, err := zoo.Pictures("facades-heldout", dataset.Options{Size: 64})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	x := model.NewTensor(160, 64, 64, 3)
	var order []int
	for i := range 160 {
		order = append(order, 2*i)
	}
	if err := set.Load(context.Background(), order, x.Data); err != nil {
		t.Fatal(err)
	}
	net, err := kid.NewNet(64, 64, 3)
	if err != nil {
		t.Fatal(err)
	}
	features := func(x model.Tensor) model.Tensor {
		f, err := net.Features(x, model.RunOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	drawn, real := alternate(model.Tensor{Shape: []int{160, 64 * 64 * 3}, Data: x.Data})
	drawn.Shape, real.Shape = []int{80, 64, 64, 3}, []int{80, 64, 64, 3}
	made := func(of func(i int) float32) model.Tensor {
		y := model.NewTensor(80, 64, 64, 3)
		for i := range y.Data {
			y.Data[i] = of(i)
		}
		return y
	}
	size := 64 * 64 * 3
	var states []State
	for i, y := range []model.Tensor{
		made(func(i int) float32 { return 0.65 * drawn.Data[i] }),
		made(func(i int) float32 { return drawn.Data[i/size%8*10*size+i%size] }),
	} {
		d, v, err := choosing(features(y), features(real))
		if err != nil {
			t.Fatal(err)
		}
		apart := 2.0
		states = append(states, State{Step: i + 1, Apart: &apart, Chosen: d, Variety: &v})
		t.Logf("KID %.3f, variety %.3f ± %.3f", d.Value, v.Value, v.SE)
	}
	if !(states[1].Chosen.Value < states[0].Chosen.Value) {
		t.Fatalf("KID is not deceived: %.3f and %.3f", states[0].Chosen.Value, states[1].Chosen.Value)
	}
	if best := bestOf(states); best != 0 {
		t.Errorf("the best is state %d, want the eighty", best)
	}
	states[0], states[1] = states[1], states[0]
	if best := bestOf(states); best != 1 {
		t.Errorf("in the other order the best is state %d, want the eighty", best)
	}
}

// TestBestStateIsTheNearestOfTheVaried walks through the rule, whose outcome must never be a
// state that was passed over before.
func TestBestStateIsTheNearestOfTheVaried(t *testing.T) {
	type measure struct{ kid, variety, se float64 }
	for name, c := range map[string]struct {
		of   []measure
		best []int // after each
	}{
		"variety alike":   {[]measure{{3, .5, .05}, {2, .48, .05}, {2.5, .52, .05}}, []int{0, 1, 1}},
		"less variety":    {[]measure{{3, .5, .05}, {1, .1, .05}}, []int{0, 0}},
		"more variety":    {[]measure{{1, .1, .05}, {3, .5, .05}, {2, .4, .05}}, []int{0, 1, 2}},
		"by steps":        {[]measure{{3, .5, .05}, {2, .4, .05}, {1, .3, .05}}, []int{0, 1, 1}}, // .3 is not held against .4
		"within, then in": {[]measure{{2, .5, .05}, {3, .62, .05}, {4, .8, .05}}, []int{0, 0, 2}},
		"unknown":         {[]measure{{2, math.NaN(), 0}, {1, math.NaN(), 0}, {3, .9, .05}}, []int{0, 1, 1}},
	} {
		var states []State
		for i, m := range c.of {
			s := State{Step: i + 1, Chosen: kid.Distance{Value: m.kid}}
			if !math.IsNaN(m.variety) {
				s.Variety = &kid.Distance{Value: m.variety, SE: m.se}
			}
			states = append(states, s)
			if best := bestOf(states); best != c.best[i] {
				t.Errorf("%s: after %d the best is %d, want %d", name, i+1, best, c.best[i])
			}
		}
	}
}
