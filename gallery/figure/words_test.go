package figure

import (
	"slices"
	"strings"
	"testing"

	"dcganviz/probe/audit"
	"dcganviz/probe/forget"
	"dcganviz/probe/stats"
)

// mostWords is how many a line of a summary has at most. A film has three numbers and their controls.
const mostWords = 65

// TestSummariesAreShort: a verdict, a number and a control, for every row of the table.
// Further numbers are for those who ask.
func TestSummariesAreShort(t *testing.T) {
	for name, texts := range committed(t) {
		e, ok := Lookup(name)
		if !ok {
			continue
		}
		for _, text := range texts {
			w := must[Result](t)(e.Read(text)).Words()
			lines := w.Lines(false)
			if len(lines) != 3 || lines[0] != w.Verdict || w.Verdict == "" {
				t.Errorf("%s: %d lines, want a verdict, a number and a control:\n%s", name, len(lines), strings.Join(lines, "\n"))
			}
			for _, line := range lines {
				if n := len(strings.Fields(line)); n > mostWords {
					t.Errorf("%s: %d words in a line: %s", name, n, line)
				}
			}
			if all := w.Lines(true); !slices.Equal(all, append(lines, w.More...)) {
				t.Errorf("%s: all lines are %q", name, all)
			}
		}
	}
}

// TestVerdictOfAWalk follows from its audit: the alarm, the control, and what stands still.
func TestVerdictOfAWalk(t *testing.T) {
	times := func(x float64) *float64 { return &x }
	alarm := audit.Jumps{Sharp: true, TimesMedian: times(300)}
	for want, s := range map[string][2]audit.Jumps{ // the walk and its control
		"Smooth: no sudden jumps. The largest change is 1.9 times the usual; the alarm is at 8.":          {{TimesMedian: times(1.9)}, alarm},
		"The walk jumps. The largest change is 12.5 times the usual; the alarm is at 8.":                  {{TimesMedian: times(12.5), Sharp: true}, alarm},
		"The walk jumps. Most of it stands still, and then it changes at once.":                           {{Sharp: true}, alarm},
		"Smooth: no sudden jumps. Nothing changes at all.":                                                {{Sharpest: -1}, alarm},
		"Nothing follows from this walk: its control, which jumps on purpose, did not set off the alarm.": {{TimesMedian: times(1.9)}, {TimesMedian: times(2)}},
	} {
		a := &WalkResult{Audit: &audit.Report{Threshold: 8, Spaces: []audit.Space{{Name: "pixels", Walk: s[0], Memoriser: s[1]}}}}
		if got := a.Words().Verdict; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestVerdictOfForgettingHasItsControl: what random maps may do as well is no find.
func TestVerdictOfForgettingHasItsControl(t *testing.T) {
	removed := stats.Interval{Mean: .71, Lo: .57, Hi: .84}
	for want, p := range map[string]float64{", which maps at random may do as well (p 0.33).": .33, ", more than maps at random do (p 0.005).": .005} {
		a := &ForgetResult{Concept: "signboard"}
		a.Methods = []forget.MethodReport{{Outcome: forget.Outcome{Removed: removed}}}
		a.Random.Draws, a.Random.P = 5, p
		if got := a.Words().Verdict; !strings.HasSuffix(got, "removes 71% of the area of the concept (signboard)"+want) {
			t.Errorf("p %g: %s", p, got)
		}
	}
}
