package figure

import (
	"fmt"
	"slices"

	"dcganviz/probe/audit"
)

// Words say what the audit found; nothing without one.
func (a *WalkResult) Words() (w Words) {
	if a.Audit == nil || len(a.Audit.Spaces) == 0 {
		return w
	}
	var most, usual, still []string
	sharp, seen := false, true
	for _, s := range a.Audit.Spaces {
		in := "in " + spaceName(s.Name)
		most = append(most, a.sharpest(s.Walk)+" "+in)
		if steps := slices.Sorted(slices.Values(s.Walk.Steps)); len(steps) > 0 {
			usual = append(usual, fmt.Sprintf("by %.3f %s (at most %.3f)", steps[len(steps)/2], in, steps[len(steps)-1]))
		}
		still = append(still, fmt.Sprintf("in %s of the parts %s (largest jump %.2f)", percent(s.Memoriser.Still), in, s.Memoriser.Largest))
		sharp, seen = sharp || s.Walk.Sharp, seen && s.Memoriser.Sharp
	}
	switch {
	case !seen:
		w.Verdict = "Nothing follows from this walk: its control, which jumps on purpose, did not set off the alarm."
	case sharp:
		w.Verdict = "The walk jumps. " + a.largest()
	default:
		w.Verdict = "Smooth: no sudden jumps. " + a.largest()
	}
	w.Number = fmt.Sprintf("Of %d steps the sharpest goes %s.", a.Audit.Steps, andList(most))
	verdict := "sets off the alarm"
	if !seen {
		verdict = "does not set it off everywhere"
	}
	w.Control = fmt.Sprintf("A memoriser, which jumps between %d stored samples on the same way, %s. A smooth walk does not prove that nothing was memorised.", a.Audit.Stored, verdict)
	w.More = a.moreWords(usual, still)
	return w
}

// largest compares the largest change of the walk with the usual one.
func (a *WalkResult) largest() string {
	times, stands := 0.0, false
	for _, s := range a.Audit.Spaces {
		if s.Walk.TimesMedian != nil {
			times = max(times, *s.Walk.TimesMedian)
		}
		stands = stands || s.Walk.TimesMedian == nil && s.Walk.Sharp
	}
	switch {
	case stands:
		return "Most of it stands still, and then it changes at once."
	case times == 0:
		return "Nothing changes at all."
	}
	return fmt.Sprintf("The largest change is %.1f times the usual; the alarm is at %g.", times, a.Audit.Threshold)
}

// moreWords say how the walk was searched.
func (a *WalkResult) moreWords(usual, still []string) (more []string) {
	text := fmt.Sprintf("Each step was cut into %d parts; a change from %g times the median part on is sharp.", a.Audit.Refine, a.Audit.Threshold)
	if a.Audit.Sampled > 0 {
		text += fmt.Sprintf(" The median is that of %d parts, and no stretch between the %d images that were looked at changes by as much as a sharp part; --audit=full looks at all.", a.Audit.Sampled, a.Audit.Drawn)
	}
	more = some(text + blindSentence(a.Audit.Blind))
	if len(usual) > 0 {
		more = append(more, fmt.Sprintf("A step usually changes the image %s.", andList(usual)))
	}
	return append(more, fmt.Sprintf("The memoriser stands still %s.", andList(still)))
}

// sharpest says which step changes most, and how much.
func (a *WalkResult) sharpest(j audit.Jumps) string {
	switch {
	case j.Sharpest < 0:
		return "nowhere, for nothing changes,"
	case j.TimesMedian == nil:
		return fmt.Sprintf("from tile %d to %d, while most of the walk stands still,", j.Sharpest, (j.Sharpest+1)%max(a.Images, 1))
	}
	return fmt.Sprintf("from tile %d to %d with %.1f times the median change", j.Sharpest, (j.Sharpest+1)%max(a.Images, 1), *j.TimesMedian)
}

// Describe says on the page what the walk is and what its audit found.
func (a *WalkResult) Describe(b *Block) error {
	p := a.Parameters
	if p.Dim != nil && p.Range != nil {
		b.Done = fmt.Sprintf("G drew %s of one latent whose dimension %d goes from %g to %g at even steps, all others held.", plural(a.Images, "image"), *p.Dim, p.Range[0], p.Range[1])
	} else {
		way := "straight lines"
		if p.Mode == "slerp" {
			way = "arcs"
		}
		through := fmt.Sprintf("%d of them", p.Anchors)
		if p.Through != nil {
			through = "the samples " + list(p.Through, len(p.Through))
		}
		back := ""
		if p.Loop == "closed" {
			back = ", and back to the first"
		}
		b.Done = fmt.Sprintf("G drew %s at even steps along %s from latent to latent, through %s%s. A latent is the list of random numbers that G makes an image of.", plural(a.Images, "image"), way, through, back)
	}
	b.Look = "Images should turn into each other without a jump, and each should be as good as any: then G has learnt more than single pictures. A program that stored pictures would stand still and then jump; a G that knows some by heart need not."
	if marks := a.marks(max(a.Images, 1)); marks != nil {
		b.Look += " Frames stand around the two images of the largest step."
	}
	if p.Form == "gif" || p.Form == "apng" {
		b.Title = "A walk through latent space, moving"
		b.Data.Rate = min(max(p.FPS, 0), 60)
	}
	b.Alt = fmt.Sprintf("%s, each a little different from the one before", plural(a.Images, "image"))
	b.say(a.Words())
	a.placeTiles(b)
	return nil
}

// placeTiles makes the images tiles, with the samples that they lie between.
func (a *WalkResult) placeTiles(b *Block) {
	g, ok := b.Group(0, a.Images)
	if !ok {
		return
	}
	b.Data.Scrub = a.Images
	for i := range a.Images {
		text, command := "", ""
		switch p := a.Parameters; {
		case p.Dim != nil && p.Range != nil:
			v := p.Range[0]
			if a.Images > 1 {
				v += (p.Range[1] - p.Range[0]) * float64(i) / float64(a.Images-1)
			}
			text = fmt.Sprintf("Dimension %d is %.3g.", *p.Dim, v)
			if a.Z == "" {
				text += fmt.Sprintf(" The others are as in sample %d of seed %d, which the command draws.", a.First, a.Seed)
				command = b.draws(a.Seed, a.First, 1)
			}
		case a.Z == "" && len(a.Anchors) > 1:
			text, command = a.between(b, i)
		}
		b.Add(g, i, fmt.Sprintf("Image %d of %d", i+1, a.Images), text, command)
	}
}

// between tells which samples image i lies between.
func (a *WalkResult) between(b *Block, i int) (text, command string) {
	last := len(a.Anchors) - 1
	spaces := max(a.Images-1, 1)
	closed := a.Parameters.Loop == "closed"
	if closed {
		spaces = a.Images
	}
	at := float64(i) / float64(spaces)
	k, _ := slices.BinarySearch(a.Anchors, at+1e-9)
	k = min(max(k-1, 0), last-1)
	share := 0.0
	if length := a.Anchors[k+1] - a.Anchors[k]; length > 0 {
		share = min(max((at-a.Anchors[k])/length, 0), 1)
	}
	from, to := a.sample(k), a.sample(k+1)
	if closed && k+1 == last {
		to = a.sample(0)
	}
	switch {
	case share < 1e-6:
		return fmt.Sprintf("Sample %d of seed %d.", from, a.Seed), b.draws(a.Seed, from, 1)
	case share > 1-1e-6:
		return fmt.Sprintf("Sample %d of seed %d.", to, a.Seed), b.draws(a.Seed, to, 1)
	case a.Parameters.Through != nil && to != from+1:
		return fmt.Sprintf("%s of the way from sample %d to sample %d of seed %d. The command draws the former.", percent(share), from, to, a.Seed), b.draws(a.Seed, from, 1)
	case to < from:
		return fmt.Sprintf("%s of the way from sample %d back to sample %d of seed %d. The command draws the former.", percent(share), from, to, a.Seed), b.draws(a.Seed, from, 1)
	}
	return fmt.Sprintf("%s of the way from sample %d to sample %d of seed %d. The command draws both.", percent(share), from, to, a.Seed), b.draws(a.Seed, from, 2)
}

// sample is the number of the sample that anchor k is.
func (a *WalkResult) sample(k int) int {
	if k < len(a.Parameters.Through) {
		return a.Parameters.Through[k]
	}
	return a.First + k
}
