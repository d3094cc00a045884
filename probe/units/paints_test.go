package units

import (
	"testing"

	"dcganviz/probe/stats"
)

func TestPaintsIsBeyondBothControls(t *testing.T) {
	half := .5
	good := Unit{Concentration: &stats.Interval{Mean: 3, Lo: 2, Hi: 4}, Shuffled: &stats.Interval{Mean: 1, Lo: .5, Hi: 1.5},
		Matched: &Matched{Concentration: &half}}
	if !good.Paints() {
		t.Error("a unit beyond both controls does not paint")
	}
	two := 2.
	for name, change := range map[string]func(*Unit){
		"no concentration":    func(u *Unit) { u.Concentration = nil },
		"no shuffled areas":   func(u *Unit) { u.Shuffled = nil },
		"no units like it":    func(u *Unit) { u.Matched = nil },
		"none of their own":   func(u *Unit) { u.Matched = &Matched{} },
		"its favourite place": func(u *Unit) { u.Shuffled = &stats.Interval{Mean: 1, Lo: 0, Hi: 2.1} },
		"as other units do":   func(u *Unit) { u.Matched = &Matched{Concentration: &two} },
	} {
		u := good
		change(&u)
		if u.Paints() {
			t.Errorf("%s: the unit paints", name)
		}
	}
}
