package figure

import (
	"fmt"
	"math"
	"strings"

	"dcganviz/probe/concept"
	"dcganviz/probe/stats"
	"dcganviz/probe/vector"
)

// Words say how often the sum is as wanted.
func (a *ArithmeticResult) Words() (w Words) {
	w.Verdict = "Nothing says what should come out of the sum: name it by = D."
	judged := a.Result.Wanted != nil && a.Pixels.Wanted != nil
	if judged {
		w.Verdict = fmt.Sprintf("%s results are as wanted with the exemplars named", wantedOf(a.Result))
	}
	first := a.Formula + "."
	if judged {
		first = fmt.Sprintf("%s. As wanted is %s. Of the same sum of pixels, which only overlays the images, %s is.", a.Formula, criteria(a.Wanted), wantedOf(a.Pixels))
	}
	w.More = []string{first}
	if len(a.Stability) == 0 {
		if judged {
			w.Verdict += "."
		}
		w.Number = "Each concept needs more exemplars than one to say how far the result depends on them."
		return w
	}
	last := &a.Stability[len(a.Stability)-1]
	if judged {
		if l := last.Latents.Wanted; l != nil && last.Fresh {
			w.Verdict += fmt.Sprintf(", with %d fresh ones a concept %s", last.Exemplars, percent(l.Mean))
			if n := a.Samples.Wanted; n != nil && a.Samples.Images > 0 {
				w.Verdict += fmt.Sprintf(" (of random samples %s)", percent(float64(*n)/float64(a.Samples.Images)))
			}
		}
		w.Verdict += "."
	}
	if l, p := last.Latents.Wanted, last.Pixels.Wanted; l != nil && p != nil && p.Mean >= l.Mean {
		w.Verdict += " Sums of pixels, which only overlay images, are so no less often: by this the two cannot be told apart."
	}
	w.Number, w.Control = a.wantedWords(), a.controlWords()
	w.More = append(w.More, some(a.chosenWords(), a.normWords(), a.ghostWords())...)
	if w.Number == "" { // nothing can tell what is wanted
		w.Number, w.More = w.More[1], w.More[:1]
		apart := func(of func(*vector.Stability) *vector.Measure) string {
			return a.each(func(s *vector.Stability) string { return fmt.Sprintf("%.3f", of(s).Apart) })
		}
		w.Control = fmt.Sprintf("Sums of the same exemplars' pixels lie apart by %s, C with a random difference by %s.",
			apart(func(s *vector.Stability) *vector.Measure { return &s.Pixels }), apart(func(s *vector.Stability) *vector.Measure { return &s.Random }))
	}
	return w
}

// each writes a number of each count of exemplars, where there is one.
func (a *ArithmeticResult) each(of func(*vector.Stability) string) string {
	var all []string
	for i := range a.Stability {
		if text := of(&a.Stability[i]); text != "" {
			all = append(all, text)
		}
	}
	return andList(all)
}

// share is the share as wanted, by count.
func (a *ArithmeticResult) share(of func(*vector.Stability) *vector.Measure) string {
	return a.each(func(s *vector.Stability) string {
		if m := of(s); m.Wanted != nil {
			return percentSpread(m.Wanted)
		}
		return ""
	})
}

// counts are the numbers of exemplars.
func (a *ArithmeticResult) counts() string {
	return a.each(func(s *vector.Stability) string { return fmt.Sprint(s.Exemplars) })
}

// wantedWords say how often results are as wanted.
func (a *ArithmeticResult) wantedWords() string {
	last := &a.Stability[len(a.Stability)-1]
	if last.Latents.Wanted == nil {
		return ""
	}
	return fmt.Sprintf("Over %d draws of %s exemplars a concept %s of the results are as wanted.", last.Draws, a.counts(), a.share(func(s *vector.Stability) *vector.Measure { return &s.Latents }))
}

// chosenWords say how exemplars were chosen, and whether more of them help.
func (a *ArithmeticResult) chosenWords() string {
	last := &a.Stability[len(a.Stability)-1]
	if last.Latents.Wanted == nil {
		return ""
	}
	text := "The draws are of the exemplars named, and share some."
	if last.Fresh && a.Chosen != nil {
		g := a.Chosen.Agreed
		text = fmt.Sprintf("Each draw has exemplars of its own, chosen by %s; the judges agree on %s, %s and %s of A, B and C.", choosers(a.Chosen.By), percent(g[0]), percent(g[1]), percent(g[2]))
	}
	for i := range a.Stability {
		if s := &a.Stability[i]; s.More != nil {
			text += fmt.Sprintf(" %d against %d, draw by draw: %s.", s.Exemplars, a.Stability[0].Exemplars, pairedPercent(*s.More))
		}
	}
	return text
}

// choosers names what chose exemplars.
func choosers(by []Criterion) string {
	var names []string
	for _, c := range by {
		name := c.Measure
		if c.Scorer != nil {
			name = c.Scorer.Name
		}
		names = append(names, name)
	}
	return andList(names)
}

// paired writes a difference.
func paired(p stats.Paired) string {
	return fmt.Sprintf("%+.3f (standard error %.3f, %s)", p.Mean, p.SE, pValue(p.P))
}

// pairedPercent writes a difference of shares.
func pairedPercent(p stats.Paired) string {
	return fmt.Sprintf("%+.0f%% (standard error %.0f, %s)", math.Round(100*p.Mean)+0, 100*p.SE, pValue(p.P))
}

// normWords say how far results lie apart, and what becomes of that at one norm.
func (a *ArithmeticResult) normWords() string {
	apart := func(of func(*vector.Stability) *vector.Measure) string {
		return a.each(func(s *vector.Stability) string { return fmt.Sprintf("%.3f", of(s).Apart) })
	}
	text := fmt.Sprintf("Results of other draws lie apart by %s (RMS of pixels).", apart(func(s *vector.Stability) *vector.Measure { return &s.Latents }))
	if a.Stability[0].Rescaled.Norm == nil {
		return text
	}
	text += fmt.Sprintf(" But the mean of more latents is shorter: the sums' norms are %s, a latent's is %.1f. At that norm they lie apart by %s",
		a.each(func(s *vector.Stability) string { return fmt.Sprintf("%.1f", s.Latents.Norm.Mean) }), a.NormTypical, apart(func(s *vector.Stability) *vector.Measure { return &s.Rescaled }))
	if wanted := a.share(func(s *vector.Stability) *vector.Measure { return &s.Rescaled }); wanted != "" {
		text += ", and " + wanted + " are as wanted"
	}
	return text + "."
}

// controlWords say how often controls are as wanted.
func (a *ArithmeticResult) controlWords() string {
	if a.Stability[0].Latents.Wanted == nil || a.Samples.Wanted == nil {
		return ""
	}
	return fmt.Sprintf("Of sums of pixels it is %s; of C with a random difference %s; of C alone %s; of random samples %s.",
		a.share(func(s *vector.Stability) *vector.Measure { return &s.Pixels }), a.share(func(s *vector.Stability) *vector.Measure { return &s.Random }),
		a.share(func(s *vector.Stability) *vector.Measure { return &s.Unchanged }), percent(float64(*a.Samples.Wanted)/float64(a.Samples.Images)))
}

// ghostWords compare sums of latents with sums of pixels of one contrast, by what might
// see ghosts, and say whether it does.
func (a *ArithmeticResult) ghostWords() string {
	last := &a.Stability[len(a.Stability)-1]
	var parts []string
	add := func(what string, p, seen *stats.Paired, up bool) {
		if p == nil || seen == nil {
			return
		}
		text := fmt.Sprintf("%s %s; ghosts less the samples that they are made of %s", what, paired(*p), paired(*seen))
		if seen.P > .05 || seen.Mean > 0 != up {
			text += ", so it does not see ghosts"
		}
		parts = append(parts, text)
	}
	add("sums of latents less sums of pixels have a logit of D of", last.Ghosting.Logit, a.Seen.Logit, false)
	for _, space := range []string{"pixels", "features"} {
		p, ok := last.Ghosting.Nearest[space]
		seen, also := a.Seen.Nearest[space]
		if ok && also && a.Real != nil {
			add(fmt.Sprintf("a distance to the nearest of %d real pictures, in %s, of", a.Real.Count, spaceName(space)), &p, &seen, true)
		}
	}
	if parts == nil {
		return ""
	}
	return fmt.Sprintf("At the norm and the contrast of a sample, with %d exemplars: %s.", last.Exemplars, strings.Join(parts, "; "))
}

func wantedOf(o Outcome) string { return fmt.Sprintf("%d of %d", *o.Wanted, o.Images) }

func percentSpread(s *stats.Spread) string { return percentPlusMinus(s.Mean, s.SD) }

// criteria says what is wanted.
func criteria(all []Criterion) string {
	var words []string
	for _, c := range all {
		word := fmt.Sprintf("%s at least %g", c.Score, c.Least)
		if c.Below {
			word = fmt.Sprintf("%s below %g", c.Score, c.Least)
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// shown names what samples show.
func shown(c concept.Samples) string {
	if c.Name == "" {
		return "what the samples named show"
	}
	return c.Name
}

// Describe says on the page what the sum gives.
func (a *ArithmeticResult) Describe(b *Block) error {
	nameA, nameB, nameC := shown(a.A), shown(a.B), shown(a.C)
	b.Done = fmt.Sprintf("The latents of %d, %d and %d samples that show A, B and C were averaged: A is %s, B %s and C %s. G then drew A - B + C, and that eight times more with random numbers between %.3g and %.3g added.",
		a.Drawn[0], a.Drawn[1], a.Drawn[2], nameA, nameB, nameC, -a.Reach, a.Reach)
	b.Look = "In frames, the averages: do they show what the images above them share? The block of nine is the result, its middle one the sum itself."
	if a.Gives != "" {
		b.Look += fmt.Sprintf(" It should show %s.", a.Gives)
	}
	b.say(a.Words())
	b.Alt = fmt.Sprintf("An equation of images: %s minus %s plus %s gives nine images; beside it the same sum of pixels", nameA, nameB, nameC)
	for i, c := range []concept.Samples{a.A, a.B, a.C} {
		letter := string(rune('A' + i))
		if g, ok := b.Group(2*i, a.Drawn[i]); ok && a.Drawn[i] <= len(c.Numbers) {
			b.addSamples(g, a.SampleSeeds[i], func(k int) int { return c.Numbers[k] })
		}
		if g, ok := b.Group(2*i+1, 1); ok {
			b.Add(g, 0, "The mean of "+letter, fmt.Sprintf("Drawn from the mean of the latents of samples %s.", list(c.Numbers, a.Drawn[i])), "")
		}
	}
	if g, ok := b.Group(6, 9); ok {
		for i := range 9 {
			name, text := "Around the result", fmt.Sprintf("G(A - B + C) with a random number between %.3g and %.3g added to each value.", -a.Reach, a.Reach)
			if i == 4 {
				name, text = "The result", "G(A - B + C)."
			}
			b.Add(g, i, name, text, "")
		}
	}
	if g, ok := b.Group(7, 1); ok {
		b.Add(g, 0, "Control", "The same sum of the exemplars' pixels, without latents.", "")
	}
	return nil
}

// list is the first n numbers.
func list(numbers []int, n int) string {
	var words []string
	for _, v := range numbers[:min(max(n, 0), len(numbers))] {
		words = append(words, fmt.Sprint(v))
	}
	return strings.Join(words, ", ")
}
