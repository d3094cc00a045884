package figure

import (
	"fmt"
	"strings"

	"dcganviz/probe/concept"
	"dcganviz/probe/stats"
)

// Summary says how often the sum is as wanted.
func (a *ArithmeticResult) Summary() []string { return a.words().lines() }

func (a *ArithmeticResult) words() (w Words) {
	w.Found = a.Formula + ": nothing says what should come out; name it by = D."
	w.Control = "The last column is the same sum of pixels, which only overlays the images."
	if a.Result.Wanted != nil && a.Pixels.Wanted != nil && a.Samples.Wanted != nil {
		w.Found = fmt.Sprintf("%s: %s results are as wanted (%s), by scorers that took no part.", a.Formula, wantedOf(a.Result), criteria(a.Wanted))
		w.Control += fmt.Sprintf(" Of that %s is as wanted, and of random samples %s.", wantedOf(a.Pixels), wantedOf(a.Samples))
	}
	if len(a.Stability) == 0 {
		w.Number = "Each concept needs more exemplars than one to say how far the result depends on them."
		return w
	}
	var wanted, apart, logits []string
	last := a.Stability[len(a.Stability)-1]
	for _, s := range a.Stability {
		if s.Latents.Wanted != nil {
			wanted = append(wanted, fmt.Sprintf("%s with %d", percentSpread(s.Latents.Wanted), s.Exemplars))
		}
		apart = append(apart, fmt.Sprintf("%.3f with %d", s.Latents.Apart, s.Exemplars))
		if s.Latents.Logit != nil {
			logits = append(logits, fmt.Sprintf("%.2f with %d", s.Latents.Logit.Mean, s.Exemplars))
		}
	}
	if wanted != nil {
		w.Number = fmt.Sprintf("It depends on the exemplars: over %d draws of them, %s each are as wanted.", last.Draws, andList(wanted))
	}
	w.Number = joined(w.Number, fmt.Sprintf("Results of other draws lie apart by %s (RMS of pixels).", andList(apart)))
	if logits != nil {
		w.Number += fmt.Sprintf(" D's logit is %s.", andList(logits))
	}
	if p, u, r := last.Pixels.Wanted, last.Unchanged.Wanted, last.Random.Wanted; p != nil && u != nil && r != nil {
		w.Control += fmt.Sprintf(" With %d exemplars, sums of pixels are as wanted for %s, C alone for %s, and C with a random difference added for %s.", last.Exemplars, percentSpread(p), percentSpread(u), percentSpread(r))
	}
	if l := last.Pixels.Logit; l != nil && a.Samples.Logit != nil {
		w.Control += fmt.Sprintf(" D's logit of the sums of pixels is %.2f, of random samples %.2f.", l.Mean, *a.Samples.Logit)
	}
	return w
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
	b.Done = fmt.Sprintf("The latents of %d, %d and %d samples that show A, B and C were averaged: A is %s, B %s and C %s. G then drew A - B + C, and that eight times more with random numbers between %g and %g added.",
		a.Drawn[0], a.Drawn[1], a.Drawn[2], nameA, nameB, nameC, -a.Reach, a.Reach)
	b.Look = "In frames, the averages: do they show what the images above them share? The block of nine is the result, its middle one the sum itself."
	if a.Gives != "" {
		b.Look += fmt.Sprintf(" It should show %s.", a.Gives)
	}
	b.say(a.words())
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
			name, text := "Around the result", fmt.Sprintf("G(A - B + C) with a random number between %g and %g added to each value.", -a.Reach, a.Reach)
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
