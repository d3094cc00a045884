package figure

import (
	"strings"
	"testing"

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
	for name, c := range map[string]struct {
		states  []State
		verdict doctor.Verdict
		says    string
	}{
		"last is best": {[]State{state("e1", 10, &apart, 3, 3, 0.1), state("the last", 20, &apart, 1, 1, 0.1)}, doctor.OK, "the last state is the best"},
		"earlier":      {[]State{state("e1", 10, &apart, 1, 1.2, 0.1), state("the last", 20, &apart, 3, 3, 0.1)}, doctor.Doubtful, "the best kept state is e1, and the last is worse by 1.80"},
		// Chosen for its luck, it is no better on the other half.
		"luck": {[]State{state("e1", 10, &apart, 0.1, 1.2, 0.1), state("the last", 20, &apart, 1, 1.1, 0.1)}, doctor.OK, "no more than chance"},
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
