package complete

import "strings"

// A bashLine is a command line up to the cursor, without its quotes.
type bashLine struct {
	words []string // before the one at the cursor, as the command gets them
	word  string   // at the cursor, and up to it
	// kept is the length of word's beginning that bash keeps. Bash replaces only
	// the rest, because its words end at more characters than spaces.
	kept int
	// redirect reports that word is a file which the shell itself opens.
	redirect bool
}

// A splitter goes through a command line. It knows bash's quotes, but expands
// nothing: $HOME stays as it is.
type splitter struct {
	bashLine
	breaks string
	text   strings.Builder
	open   bool // text is a word, even if it is empty
}

// splitLine splits the line that bash passes to completions: up to the cursor,
// with all quotes. breaks are the characters that end bash's words,
// $COMP_WORDBREAKS.
func splitLine(line, breaks string) bashLine {
	s := splitter{breaks: breaks}
	runes := []rune(line)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; r {
		case '\\':
			if i++; i < len(runes) && runes[i] != '\n' {
				s.add(runes[i])
			}
		case '\'', '"':
			i = s.quoted(runes, i)
		case ' ', '\t', '\n':
			s.end()
		case '<', '>':
			s.redirection()
		case '|', ';', '&':
			s.end()
			s.words = nil // another command begins
		default:
			s.add(r)
			if strings.ContainsRune(breaks, r) {
				s.kept = s.text.Len()
			}
		}
	}
	s.word = s.text.String()
	return s.bashLine
}

func (s *splitter) add(r rune) {
	s.text.WriteRune(r)
	s.open = true
}

// quoted goes through the quotation that begins at from, and returns its end.
func (s *splitter) quoted(runes []rune, from int) int {
	s.open = true
	s.kept = s.text.Len()
	for i := from + 1; i < len(runes); i++ {
		r := runes[i]
		switch {
		case r == runes[from]:
			s.kept = s.text.Len()
			return i
		case r == '\\' && runes[from] == '"' && i+1 < len(runes) && strings.ContainsRune("\\\"$`", runes[i+1]):
			i++
			r = runes[i]
		}
		s.text.WriteRune(r)
	}
	return len(runes)
}

// end ends a word.
func (s *splitter) end() {
	if s.open && !s.redirect {
		s.words = append(s.words, s.text.String())
	}
	if s.open {
		s.redirect = false
	}
	s.text.Reset()
	s.open, s.kept = false, 0
}

// redirection goes past an operator like > or 2>.
func (s *splitter) redirection() {
	if strings.Trim(s.text.String(), "0123456789") == "" {
		s.text.Reset() // the number of a file
		s.open = false
	}
	s.end()
	s.redirect = true
}
