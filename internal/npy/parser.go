package npy

import (
	"strings"

	"dcganviz/internal/refuse"
)

// parser reads the few kinds of Python literal that a header can hold.
type parser struct {
	s  string
	at int // offset in s of the next byte
}

// next returns the next byte, 0 at the end.
func (p *parser) next() byte {
	if p.at < len(p.s) {
		return p.s[p.at]
	}
	return 0
}

func (p *parser) space() {
	for p.next() == ' ' || p.next() == '\t' {
		p.at++
	}
}

// fail is an error at the next byte.
func (p *parser) fail(want string) error {
	if p.at >= len(p.s) {
		return refuse.Corrupt("header ends at byte %d, want %s", p.at, want)
	}
	return refuse.Corrupt("header byte %d is %s, want %s", p.at, refuse.Quote(p.s[p.at:p.at+1]), want)
}

// expect reads the byte c after spaces.
func (p *parser) expect(c byte) error {
	p.space()
	if p.next() != c {
		return p.fail(refuse.Quote(string(rune(c))))
	}
	p.at++
	return nil
}

// items reads open, items that are separated and may be followed by commas,
// and end.
func (p *parser) items(open, end byte, item func() error) error {
	if err := p.expect(open); err != nil {
		return err
	}
	for {
		p.space()
		if p.next() == end {
			p.at++
			return nil
		}
		if err := item(); err != nil {
			return err
		}
		p.space()
		if p.next() == end {
			continue
		}
		if err := p.expect(','); err != nil {
			return err
		}
	}
}

// text reads a string in single or double quotes. It knows no escapes, because
// names and types need none.
func (p *parser) text() (string, error) {
	p.space()
	mark := p.next()
	if mark != '\'' && mark != '"' {
		return "", p.fail("a quoted string")
	}
	from := p.at + 1
	n := strings.IndexByte(p.s[from:], mark)
	if n < 0 || strings.ContainsAny(p.s[from:from+n], "\\\n") {
		return "", p.fail("a string that ends, without escapes")
	}
	p.at = from + n + 1
	return p.s[from : from+n], nil
}

func (p *parser) boolean() (bool, error) {
	p.space()
	for word, value := range map[string]bool{"True": true, "False": false} {
		if strings.HasPrefix(p.s[p.at:], word) {
			p.at += len(word)
			return value, nil
		}
	}
	return false, p.fail("True or False")
}

// tuple reads a shape. Python 2 wrote an L after large numbers.
func (p *parser) tuple() ([]int, error) {
	shape := []int{}
	open := p.at
	err := p.items('(', ')', func() error {
		if len(shape) == MaxRank {
			return refuse.TooLarge("shape has more than %d axes", MaxRank)
		}
		from, d := p.at, 0
		for p.next() >= '0' && p.next() <= '9' {
			d = 10*d + int(p.next()-'0')
			if d > MaxDim {
				return refuse.TooLarge("axis %d is longer than %d", len(shape), MaxDim)
			}
			p.at++
		}
		if p.at == from {
			return p.fail("a number")
		}
		if p.next() == 'L' {
			p.at++
		}
		shape = append(shape, d)
		return nil
	})
	if err != nil {
		return nil, err
	}
	// (5) is a number in Python; only (5,) is a tuple.
	if len(shape) == 1 && !strings.Contains(p.s[open:p.at], ",") {
		return nil, refuse.Corrupt("shape (%d), want (%d,)", shape[0], shape[0])
	}
	return shape, nil
}
