package quotes

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A quote is a sentence of a document, or a part of one.
type quote struct {
	// Says is the text. Any white space in it stands for any in it.
	Says string
	// Figure is the JSON file whose numbers it gives.
	Figure string
	// Of are the places of the numbers, in their order: names and indices with dots
	// between them, as audit.steps.0. "* 100" behind a place makes a percentage of it. "-"
	// stands for a number that is none of the figure's, such as the 2 of "2 pixels".
	Of []string
}

var number = regexp.MustCompile(`-?\d+(?:,\d{3})*(?:\.\d+)?`)

// numbersIn returns the numbers of a text. A hyphen is a minus only behind a space or a
// bracket.
func numbersIn(text string) []string {
	var out []string
	for _, at := range number.FindAllStringIndex(text, -1) {
		s := text[at[0]:at[1]]
		if s[0] == '-' && at[0] > 0 && !strings.ContainsAny(text[at[0]-1:at[0]], " (\n") {
			s = s[1:]
		}
		out = append(out, s)
	}
	return out
}

// same reports whether printed is value, rounded to the decimals that it is printed with.
func same(printed string, value float64) bool {
	printed = strings.ReplaceAll(printed, ",", "")
	x, err := strconv.ParseFloat(printed, 64)
	if err != nil {
		return false
	}
	_, decimals, _ := strings.Cut(printed, ".")
	half := 0.5 * math.Pow(10, -float64(len(decimals)))
	return math.Abs(x-value) <= half*(1+1e-9)
}

// lookup returns the number at a place of a decoded JSON text.
func lookup(v any, place string) (float64, error) {
	path, scale, scaled := strings.Cut(place, " * ")
	factor := 1.0
	if scaled {
		var err error
		if factor, err = strconv.ParseFloat(scale, 64); err != nil {
			return 0, fmt.Errorf("%q: %w", place, err)
		}
	}
	for _, name := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(x) {
				return 0, fmt.Errorf("%q: no element %q of %d", place, name, len(x))
			}
			v = x[i]
		default:
			return 0, fmt.Errorf("%q: nothing below %q", place, name)
		}
	}
	n, ok := v.(json.Number)
	if !ok {
		return 0, fmt.Errorf("%q: %v, want a number", place, v)
	}
	x, err := n.Float64()
	return x * factor, err
}

func decode(text []byte) (any, error) {
	dec := json.NewDecoder(strings.NewReader(string(text)))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	return v, err
}

// longList is the length from which on a list is data, such as the points of a map: among so
// many numbers any would be found. Its median and largest number stand for it.
const longList = 40

// allNumbers returns the numbers of a decoded JSON text, and the lengths of its lists.
func allNumbers(v any) []float64 {
	switch v := v.(type) {
	case map[string]any:
		var out []float64
		for k, x := range v {
			if !strings.HasSuffix(k, "layout") {
				out = append(out, allNumbers(x)...)
			}
		}
		return out
	case []any:
		out := []float64{float64(len(v))}
		if len(v) >= longList {
			var data []float64
			for _, x := range v {
				if n, ok := x.(json.Number); ok {
					f, _ := n.Float64()
					data = append(data, f)
				}
			}
			if slices.Sort(data); len(data) == len(v) {
				out = append(out, (data[(len(data)-1)/2]+data[len(data)/2])/2, data[len(data)-1])
			}
			return out
		}
		for _, x := range v {
			out = append(out, allNumbers(x)...)
		}
		return out
	case json.Number:
		x, err := v.Float64()
		if err == nil {
			return []float64{x}
		}
	}
	return nil
}

func TestNumbersOfAText(t *testing.T) {
	got := numbersIn("80% (-1 to 7), 0.049 of 2,000 on 64x64, layers 3-5, arXiv:1511.06434, -0.5")
	want := "80 -1 7 0.049 2,000 64 64 3 5 1511.06434 -0.5"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	for _, c := range []struct {
		printed string
		value   float64
		want    bool
	}{{"1.9", 1.9499, true}, {"1.9", 1.951, false}, {"80", 79.5, true}, {"2,000", 2000, true}, {"-1", -0.6, true}, {"0.04", 0.0351, true}, {"0.04", 0.046, false}} {
		if same(c.printed, c.value) != c.want {
			t.Errorf("%s for %v: want %v", c.printed, c.value, c.want)
		}
	}
	v, err := decode([]byte(`{"a":[{"b":0.25},{"b":3}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if x, err := lookup(v, "a.0.b * 100"); err != nil || x != 25 {
		t.Errorf("a.0.b * 100: %v, %v", x, err)
	}
	for _, place := range []string{"a.2.b", "a.0.c", "a.0", "a.0.b.c"} {
		if x, err := lookup(v, place); err == nil {
			t.Errorf("%s: %v, want an error", place, x)
		}
	}
}
