package safetensors

import (
	"bytes"
	"encoding/hex"
	"math"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"dcganviz/internal/refuse"
)

// scanner reads the JSON of a header, token by token. It knows the four kinds
// of value that a header can hold and nothing else: encoding/json accepts
// duplicate keys, replaces invalid UTF-8 and takes 1e3 for an integer, and its
// memory is not bounded by ours.
type scanner struct {
	b  []byte
	at int // offset in b of the next byte
}

// space skips JSON white space.
func (s *scanner) space() {
	for s.at < len(s.b) && strings.IndexByte(" \t\n\r", s.b[s.at]) >= 0 {
		s.at++
	}
}

// fail is an error at the next byte.
func (s *scanner) fail(want string) error {
	if s.at >= len(s.b) {
		return refuse.Corrupt("header ends at byte %d, want %s", s.at, want)
	}
	return refuse.Corrupt("header byte %d is %s, want %s", s.at, refuse.Quote(string(s.b[s.at:s.at+1])), want)
}

// expect reads the byte c after white space.
func (s *scanner) expect(c byte) error {
	s.space()
	if s.at >= len(s.b) || s.b[s.at] != c {
		return s.fail(refuse.Quote(string(rune(c))))
	}
	s.at++
	return nil
}

// list reads open, any number of items separated by commas, and end.
func (s *scanner) list(open, end byte, item func() error) error {
	if err := s.expect(open); err != nil {
		return err
	}
	s.space()
	if s.at < len(s.b) && s.b[s.at] == end {
		s.at++
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		s.space()
		switch {
		case s.at < len(s.b) && s.b[s.at] == ',':
			s.at++
		case s.at < len(s.b) && s.b[s.at] == end:
			s.at++
			return nil
		default:
			return s.fail(`"," or ` + refuse.Quote(string(rune(end))))
		}
	}
}

// object reads an object and hands each of its keys to member, which reads the
// value. Repeated keys are for member to find.
func (s *scanner) object(member func(key string) error) error {
	return s.list('{', '}', func() error {
		key, err := s.str()
		if err != nil {
			return err
		}
		if err := s.expect(':'); err != nil {
			return err
		}
		return member(key)
	})
}

// natural reads an integer that is not negative: digits only, as any writer of
// the format makes them.
func (s *scanner) natural() (int64, error) {
	s.space()
	from := s.at
	var n int64
	for s.at < len(s.b) && s.b[s.at] >= '0' && s.b[s.at] <= '9' {
		d := int64(s.b[s.at] - '0')
		if n > (math.MaxInt64-d)/10 {
			return 0, refuse.TooLarge("header byte %d: number above %d", from, int64(math.MaxInt64))
		}
		n = 10*n + d
		s.at++
	}
	if s.at == from {
		return 0, s.fail("a number")
	}
	if s.b[from] == '0' && s.at > from+1 {
		return 0, refuse.Corrupt("header byte %d: number with a leading zero", from)
	}
	return n, nil
}

// str reads a string. It must be valid UTF-8, also after its escapes.
func (s *scanner) str() (string, error) {
	if err := s.expect('"'); err != nil {
		return "", err
	}
	from, escapes := s.at, false
	for s.at < len(s.b) && s.b[s.at] != '"' {
		if s.b[s.at] < ' ' {
			return "", s.fail("no control character in a string")
		}
		if s.b[s.at] == '\\' {
			escapes = true
			s.at++ // whatever follows does not end the string
		}
		s.at++
	}
	if s.at >= len(s.b) {
		s.at = len(s.b)
		return "", s.fail("the end of a string")
	}
	raw := s.b[from:s.at]
	s.at++
	if !utf8.Valid(raw) {
		return "", refuse.Corrupt("header bytes %d to %d are not UTF-8", from, from+len(raw))
	}
	if !escapes {
		return string(raw), nil
	}
	return unescape(raw, from)
}

// unescape resolves the escapes of the string raw, which begins at byte from
// of the header. Escapes only shrink a string, so one allocation holds it.
func unescape(raw []byte, from int) (string, error) {
	var text strings.Builder
	text.Grow(len(raw))
	s := scanner{b: raw}
	for s.at < len(raw) {
		if c := raw[s.at]; c != '\\' {
			text.WriteByte(c)
			s.at++
			continue
		}
		at := s.at
		r, ok := s.escape()
		if !ok {
			return "", refuse.Corrupt("header byte %d begins no escape of JSON", from+at)
		}
		text.WriteRune(r)
	}
	return text.String(), nil
}

// escape reads one escape, or two that make a surrogate pair. Half a pair is not
// ok.
func (s *scanner) escape() (r rune, ok bool) {
	c := s.b[s.at+1] // a string's backslash always has a successor
	s.at += 2
	if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
		return rune("\"\\/\b\f\n\r\t"[i]), true
	}
	if c != 'u' {
		return 0, false
	}
	r, ok = s.hex4()
	if !ok || !utf16.IsSurrogate(r) {
		return r, ok
	}
	if !bytes.HasPrefix(s.b[s.at:], []byte(`\u`)) {
		return 0, false
	}
	s.at += 2
	low, ok := s.hex4()
	r = utf16.DecodeRune(r, low)
	return r, ok && r != utf8.RuneError
}

// hex4 reads four hexadecimal digits.
func (s *scanner) hex4() (rune, bool) {
	if len(s.b)-s.at < 4 {
		return 0, false
	}
	var b [2]byte
	if _, err := hex.Decode(b[:], s.b[s.at:s.at+4]); err != nil {
		return 0, false
	}
	s.at += 4
	return rune(b[0])<<8 | rune(b[1]), true
}
