package plain

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text returns s with escapes in place of what is not fit for a terminal. Line feeds
// and tabs stay.
func Text(s string) string {
	return escaped(s, func(r rune) bool { return r == '\n' || r == '\t' || shown(r) })
}

// Line is Text for a part of a line: it shows line feeds and tabs as escapes, too.
func Line(s string) string { return escaped(s, shown) }

// Shown reports whether Line leaves s as it is.
func Shown(s string) bool { return Line(s) == s }

// shown reports whether a terminal may be given r.
func shown(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return unicode.IsGraphic(r) || r == nonJoiner || r == joiner
}

// escaped returns s with escapes in place of bytes that are not UTF-8, and of
// characters that keep does not take.
func escaped(s string, keep func(rune) bool) string {
	var b strings.Builder
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case keep(r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < utf8.RuneSelf:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}

// A Writer writes what Text returns of what it is given. It is not for use by several
// goroutines at once.
type Writer struct {
	to   io.Writer
	rest []byte // the beginning of a character whose end was not written yet
}

// NewWriter returns a Writer to w.
func NewWriter(w io.Writer) *Writer { return &Writer{to: w} }

// Write returns len(p), or 0 and the error of the writer below.
func (w *Writer) Write(p []byte) (int, error) {
	all := append(w.rest, p...)
	whole := len(all) - unfinished(all)
	w.rest = append([]byte(nil), all[whole:]...)
	if whole == 0 {
		return len(p), nil
	}
	if _, err := io.WriteString(w.to, Text(string(all[:whole]))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush writes what is left of a character that was never finished.
func (w *Writer) Flush() error {
	rest := Text(string(w.rest))
	w.rest = nil
	_, err := io.WriteString(w.to, rest)
	return err
}

// unfinished returns how many bytes at p's end begin a character that p does not hold
// in full.
func unfinished(p []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(p); n++ {
		if end := p[len(p)-n:]; utf8.RuneStart(end[0]) {
			if utf8.FullRune(end) {
				return 0
			}
			return n
		}
	}
	return 0
}
