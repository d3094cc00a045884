package figure

import (
	"fmt"
	"slices"

	"dcganviz/probe/audit"
)

// Summary says whether the walk jumps.
func (a *WalkResult) Summary() []string { return a.words().lines() }

// words say what the audit found; nothing without one.
func (a *WalkResult) words() (w Words) {
	if a.Audit == nil || len(a.Audit.Spaces) == 0 {
		return w
	}
	var most, usual, still []string
	sharp, seen := false, true
	for _, s := range a.Audit.Spaces {
		in := "in " + spaceName(s.Name) + " "
		most = append(most, in+a.sharpest(s.Walk))
		if steps := slices.Sorted(slices.Values(s.Walk.Steps)); len(steps) > 0 {
			usual = append(usual, fmt.Sprintf("%sby %.3f, at most by %.3f", in, steps[len(steps)/2], steps[len(steps)-1]))
		}
		still = append(still, fmt.Sprintf("%sit stands still in %s of the parts and jumps by up to %.2f", in, percent(s.Memoriser.Still), s.Memoriser.Largest))
		sharp, seen = sharp || s.Walk.Sharp, seen && s.Memoriser.Sharp
	}
	w.Found = "Smooth: no step of the walk is sharp, so it is not flagged."
	if sharp {
		w.Found = "The walk jumps: a step of it is sharp, so it is FLAGGED."
	}
	if !seen {
		w.Found = "Nothing follows from this walk: its control, which jumps on purpose, was not flagged everywhere."
	}
	w.Number = fmt.Sprintf("Of %d steps, each in %d parts, the sharpest is %s. From %g times the median on a step is sharp.", a.Audit.Steps, a.Audit.Refine, andList(most), a.Audit.Threshold)
	if len(usual) > 0 {
		w.Number += fmt.Sprintf(" A step usually changes the image %s.", andList(usual))
	}
	verdict := "It is flagged."
	if !seen {
		verdict = "It is NOT FLAGGED everywhere."
	}
	w.Control = fmt.Sprintf("A memoriser, which shows the nearest of %d stored samples on the same way: %s. %s", a.Audit.Stored, andList(still), verdict)
	return w
}

// sharpest says which step changes most, and how much.
func (a *WalkResult) sharpest(j audit.Jumps) string {
	switch {
	case j.Sharpest < 0:
		return "none, for nothing changes"
	case j.TimesMedian == nil:
		return fmt.Sprintf("that from %d to %d, while most of the walk stands still", j.Sharpest, (j.Sharpest+1)%max(a.Images, 1))
	}
	return fmt.Sprintf("that from %d to %d with %.1f times the median change", j.Sharpest, (j.Sharpest+1)%max(a.Images, 1), *j.TimesMedian)
}
