package figure

import "strings"

// Words say what a figure found: the same on the terminal, in the JSON and on the page.
// The picture has room for the verdict alone.
type Words struct {
	// Verdict says in a sentence or two what was found.
	Verdict string `json:"verdict,omitempty"`
	// Number is the number that says so, with its interval.
	Number string `json:"number,omitempty"`
	// Control is what the number is of something that is known.
	Control string `json:"control,omitempty"`
	// More is all further numbers, a few sentences each. The terminal shows them if it is
	// asked to.
	More []string `json:"more,omitempty"`
}

// Lines are what the terminal shows; all says whether it shows all numbers.
func (w Words) Lines(all bool) []string {
	lines := some(w.Verdict, w.Number, w.Control)
	if all {
		lines = append(lines, w.More...)
	}
	return lines
}

// Said is the words in a result's JSON.
type Said struct {
	Words Words `json:"words,omitzero"`
}

// Say fills them in.
func (s *Said) Say(w Words) { s.Words = w }

// say fills in what the page says was found.
func (b *Block) say(w Words) {
	b.Verdict, b.Number, b.Control, b.More = w.Verdict, w.Number, w.Control, w.More
}

// some are the sentences that are not empty.
func some(sentences ...string) (all []string) {
	for _, s := range sentences {
		if s != "" {
			all = append(all, s)
		}
	}
	return all
}

// joined puts sentences behind each other.
func joined(sentences ...string) string { return strings.Join(some(sentences...), " ") }

// andList writes words with commas, and "and" before the last.
func andList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
