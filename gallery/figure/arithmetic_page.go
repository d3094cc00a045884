package figure

import (
	"fmt"
	"strings"

	"dcganviz/probe/concept"
)

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
