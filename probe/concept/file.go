package concept

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"dcganviz/internal/fileio"
	"dcganviz/internal/refuse"
)

// Limits of a file. The time that go-toml takes grows as its lines times its keys.
const (
	maxFileBytes = 64 << 10
	maxSigns     = 4096 // lines, keys and brackets
	maxNames     = 256
	maxExemplars = 4096
	maxSample    = 1 << 24
)

// A File is a concept file.
type File struct {
	About      string             `toml:"about"`
	Seed       uint64             `toml:"seed"`
	Model      string             `toml:"model"`
	Scores     map[string]Score   `toml:"scores"`
	Concepts   map[string]Concept `toml:"concepts"`
	Arithmetic []Arithmetic       `toml:"arithmetic"`
	Turns      []Turn             `toml:"turn"`
}

// A Score tells whether an image shows something: by a scorer or by a measure.
type Score struct {
	Scorer string `toml:"scorer"`
	// Chooser is another scorer of the same thing. What it chooses, Scorer judges.
	Chooser string   `toml:"chooser"`
	Measure string   `toml:"measure"`
	Least   *float64 `toml:"least"` // after Parse never nil
}

// Brightness is the one measure that there is.
const Brightness = "brightness"

// A Concept is samples, and what images of it show and lack.
type Concept struct {
	Exemplars []int    `toml:"exemplars"`
	Shows     []string `toml:"shows"`
	Lacks     []string `toml:"lacks"`
}

// An Arithmetic is a formula.
type Arithmetic struct {
	Formula string `toml:"formula"`
}

// A Turn leads from one concept to another.
type Turn struct {
	From  string `toml:"from"`
	To    string `toml:"to"`
	Score string `toml:"score"`
}

// Read reads a file. Its error names the path and wraps fs.ErrNotExist,
// refuse.ErrUnsupported, refuse.ErrTooLarge, refuse.ErrCorrupt, or what the system
// says.
func Read(path string) (*File, error) {
	f, size, err := fileio.OpenRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := make([]byte, min(size, maxFileBytes+1))
	if err := fileio.ReadFullAt(f, text, 0); err != nil {
		return nil, fmt.Errorf("concepts %s: %w", path, err)
	}
	return Parse(path, text)
}

// Parse is Read of a file's contents; name is what errors call it. Unknown keys
// are errors, and so is a name that stands for nothing. A file has at most 64 KB,
// and at most 4,096 lines, keys and opening brackets together.
func Parse(name string, text []byte) (*File, error) {
	if err := checkSize(text); err != nil {
		return nil, fmt.Errorf("concepts %s: %w", name, err)
	}
	f := new(File)
	d := toml.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(f)
	if err == nil {
		err = f.check()
	} else {
		err = readable(err)
	}
	if err != nil {
		return nil, fmt.Errorf("concepts %s: %w", name, err)
	}
	return f, nil
}

func checkSize(text []byte) error {
	if len(text) > maxFileBytes {
		return refuse.TooLarge("over %d bytes", maxFileBytes)
	}
	n := 0
	for _, sign := range []byte("\n=[") {
		n += bytes.Count(text, []byte{sign})
	}
	if n > maxSigns {
		return refuse.TooLarge("%d ends of lines and signs = and [, want at most %d", n, maxSigns)
	}
	return nil
}

// readable says on one line where the TOML is wrong.
func readable(err error) error {
	var strict *toml.StrictMissingError
	var wrong *toml.DecodeError
	switch {
	case errors.As(err, &strict) && len(strict.Errors) > 0:
		row, _ := strict.Errors[0].Position()
		return refuse.Corrupt("line %d: no such key as %s", row, refuse.Quote(strings.Join(strict.Errors[0].Key(), ".")))
	case errors.As(err, &wrong):
		row, column := wrong.Position()
		return refuse.Corrupt("line %d, column %d: %s", row, column, strings.TrimPrefix(wrong.Error(), "toml: "))
	}
	return refuse.Corrupt("%s", strings.TrimPrefix(err.Error(), "toml: "))
}

func (f *File) check() error {
	if len(f.Scores) > maxNames || len(f.Concepts) > maxNames || len(f.Arithmetic) > maxNames || len(f.Turns) > maxNames {
		return refuse.TooLarge("%d scores, %d concepts, %d formulas and %d turns, want at most %d each", len(f.Scores), len(f.Concepts), len(f.Arithmetic), len(f.Turns), maxNames)
	}
	for _, name := range sorted(f.Scores) {
		s := f.Scores[name]
		if err := s.check(); err != nil {
			return fmt.Errorf("scores.%s: %w", refuse.Quote(name), err)
		}
		f.Scores[name] = s
	}
	for _, name := range sorted(f.Concepts) {
		if err := f.checkConcept(name); err != nil {
			return fmt.Errorf("concepts.%s: %w", refuse.Quote(name), err)
		}
	}
	for i, a := range f.Arithmetic {
		if _, err := f.Formula(a.Formula); err != nil {
			return refuse.Corrupt("arithmetic %d: %w", i+1, err)
		}
	}
	for i, t := range f.Turns {
		if _, err := f.Samples(t.From); err != nil {
			return refuse.Corrupt("turn %d: from: %w", i+1, err)
		}
		if _, err := f.Samples(t.To); err != nil {
			return refuse.Corrupt("turn %d: to: %w", i+1, err)
		}
		if _, ok := f.Scores[t.Score]; !ok && t.Score != "" {
			return refuse.Corrupt("turn %d: no score %s", i+1, refuse.Quote(t.Score))
		}
	}
	return nil
}

func (s *Score) check() error {
	if (s.Scorer == "") == (s.Measure == "") {
		return refuse.Corrupt("want either scorer or measure")
	}
	if s.Chooser != "" && (s.Scorer == "" || s.Chooser == s.Scorer) {
		return refuse.Corrupt("chooser %s, want another scorer beside scorer", refuse.Quote(s.Chooser))
	}
	if s.Measure != "" && s.Measure != Brightness {
		return refuse.Corrupt("measure %s, want %s", refuse.Quote(s.Measure), Brightness)
	}
	if s.Least == nil {
		least := .5
		if s.Measure != "" {
			least = 0
		}
		s.Least = &least
	}
	if !(math.Abs(*s.Least) <= 1) {
		return refuse.Corrupt("least %g, want -1 to 1", *s.Least)
	}
	return nil
}

func (f *File) checkConcept(name string) error {
	c := f.Concepts[name]
	if clean(name) != name || name == "" || strings.ContainsAny(name, "=,\n") || strings.Contains(name, " - ") || strings.Contains(name, " + ") || isNumber(name) {
		return refuse.Corrupt("a formula could not name it, want words without =, commas and free-standing signs")
	}
	if len(c.Exemplars) > maxExemplars {
		return refuse.TooLarge("%d exemplars, want at most %d", len(c.Exemplars), maxExemplars)
	}
	if err := checkSamples(c.Exemplars); err != nil {
		return refuse.Corrupt("%w", err)
	}
	for _, s := range slices.Concat(c.Shows, c.Lacks) {
		if _, ok := f.Scores[s]; !ok {
			return refuse.Corrupt("no score %s, want one of %.200q", refuse.Quote(s), sorted(f.Scores))
		}
		if slices.Contains(c.Shows, s) && slices.Contains(c.Lacks, s) {
			return refuse.Corrupt("both shows and lacks %s", refuse.Quote(s))
		}
	}
	return nil
}

func checkSamples(numbers []int) error {
	if len(numbers) > maxExemplars {
		return fmt.Errorf("%d exemplars, want at most %d", len(numbers), maxExemplars)
	}
	seen := make(map[int]bool, len(numbers))
	for _, n := range numbers {
		if n < 0 || n > maxSample {
			return fmt.Errorf("exemplar %d, want the number of a sample, 0 to %d", n, maxSample)
		}
		if seen[n] {
			return fmt.Errorf("exemplar %d twice", n)
		}
		seen[n] = true
	}
	return nil
}

// sorted returns the names.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
