package plainjson

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// steers reports whether a terminal may act on a character rather than show it: DEL,
// the C1 controls, and those that change the direction of text. JSON itself escapes
// those below space.
func steers(r rune) bool {
	switch {
	case r >= 0x7f && r <= 0x9f, // DEL, C1
		r == 0x061c, r == 0x200e, r == 0x200f, // marks of direction
		r >= 0x2028 && r <= 0x202e, // line and paragraph separators, embeddings, overrides
		r >= 0x2066 && r <= 0x2069: // isolates
		return true
	}
	return false
}

// escape returns valid JSON with \u escapes for the characters that steer. They can
// only stand in strings.
func escape(text []byte) []byte {
	if !bytes.ContainsFunc(text, steers) {
		return text
	}
	out := make([]byte, 0, len(text)+64)
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if steers(r) {
			out = fmt.Appendf(out, `\u%04x`, r)
		} else {
			out = append(out, text[:n]...)
		}
		text = text[n:]
	}
	return out
}
