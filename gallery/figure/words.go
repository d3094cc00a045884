package figure

import "strings"

// Words say what a figure found: the same on the terminal, below the picture and
// on the page.
type Words struct {
	// Found says in a sentence what was found.
	Found string
	// Number is the number that says so.
	Number string
	// Control is what the number is of something that is known.
	Control string
	// More is what only the terminal has room for, a line each.
	More []string
}

// lines are what the terminal shows.
func (w Words) lines() []string {
	var lines []string
	for _, line := range []string{w.Found, w.Number, w.Control} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return append(lines, w.More...)
}

// footer is the text below the picture.
func (w Words) footer() string { return joined(w.Found, w.Number, w.Control) }

// say fills in what the page says of number and control.
func (b *Block) say(w Words) {
	b.Number, b.Control = joined(w.Found, w.Number), w.Control
}

// joined puts sentences behind each other.
func joined(sentences ...string) string {
	var some []string
	for _, s := range sentences {
		if s != "" {
			some = append(some, s)
		}
	}
	return strings.Join(some, " ")
}

// andList writes words with commas, and "and" before the last.
func andList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
