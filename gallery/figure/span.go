package figure

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"dcganviz/internal/plainjson"
)

// A Span is the two ends of a range.
type Span [2]float64

// UnmarshalText reads A,B.
func (s *Span) UnmarshalText(text []byte) error {
	words := strings.Split(string(text), ",")
	if len(words) != len(s) {
		return fmt.Errorf("%q is no range, want two numbers as in -2,2", text)
	}
	for i, w := range words {
		v, err := strconv.ParseFloat(strings.TrimSpace(w), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%q is no number, want two as in -2,2", w)
		}
		s[i] = v
	}
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (s Span) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%g,%g", s[0], s[1]), nil }

// MarshalJSON writes [A, B]: the text form is for the command line.
func (s Span) MarshalJSON() ([]byte, error) { return plainjson.Marshal([2]float64(s)) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Span) UnmarshalJSON(text []byte) error { return json.Unmarshal(text, (*[2]float64)(s)) }
