package concept

import (
	"fmt"
	"strconv"
	"strings"

	"dcganviz/internal/refuse"
)

// Samples are exemplars by number.
type Samples struct {
	// Name is the concept's, or the numbers as they were written.
	Name    string `json:"name"`
	Numbers []int  `json:"samples"`
	// Named says that they are a file's, so that they are of its seed.
	Named bool `json:"-"`
}

// A Formula is A - B + C, and the name of the concept that it should give, or
// nothing.
type Formula struct {
	A, B, C Samples
	Gives   string
}

func (f Formula) String() string {
	s := f.A.Name + " - " + f.B.Name + " + " + f.C.Name
	if f.Gives != "" {
		s += " = " + f.Gives
	}
	return s
}

// Formula reads "A - B + C" or "A - B + C = D". A, B and C are names of concepts
// with exemplars, or sample numbers with commas between them, D the name of any
// concept. Signs between names have spaces around them.
func (f *File) Formula(text string) (out Formula, err error) {
	wrong := func(what string) error {
		return fmt.Errorf("formula %s %s, want A - B + C or A - B + C = D", refuse.Quote(text), what)
	}
	sum, gives, given := strings.Cut(text, "=")
	if out.Gives = clean(gives); given {
		switch _, ok := f.Concepts[out.Gives]; {
		case out.Gives == "":
			return out, wrong("has no concept behind =")
		case strings.Contains(gives, "="):
			return out, wrong("has more than one =")
		case !ok && len(f.Concepts) > 0:
			return out, fmt.Errorf("no concept %s, want one of %s behind =", refuse.Quote(out.Gives), f.listed())
		case !ok:
			return out, f.noConcept(out.Gives)
		}
	}
	minus, plus := " - ", " + "
	if strings.Trim(sum, "0123456789,+- ") == "" { // numbers hold no signs
		minus, plus = "-", "+"
	}
	a, rest, ok := strings.Cut(sum, minus)
	b, c, also := strings.Cut(rest, plus)
	switch {
	case !ok && !strings.Contains(sum, "-"):
		return out, wrong("has no minus")
	case strings.Contains(a, plus):
		return out, wrong("adds before it subtracts")
	case !ok, !also && strings.Contains(strings.TrimPrefix(rest, "+ "), "+"):
		return out, wrong("has a sign without spaces around it")
	case strings.HasPrefix(rest, "+ "):
		return out, wrong("has a sign with nothing beside it")
	case !also:
		return out, wrong("has no plus")
	case clean(a) == "" || clean(b) == "" || clean(c) == "":
		return out, wrong("has a sign with nothing beside it")
	}
	for _, p := range []struct {
		to   *Samples
		name string
	}{{&out.A, a}, {&out.B, b}, {&out.C, c}} {
		if *p.to, err = f.Samples(p.name); err != nil {
			return out, err
		}
	}
	return out, nil
}

// Samples finds the exemplars of a concept, or reads numbers with commas between
// them.
func (f *File) Samples(text string) (Samples, error) {
	s := Samples{Name: clean(text)}
	if c, ok := f.Concepts[s.Name]; ok {
		if len(c.Exemplars) == 0 {
			return s, fmt.Errorf("concept %s has no exemplars", refuse.Quote(s.Name))
		}
		s.Numbers, s.Named = c.Exemplars, true
		return s, nil
	}
	for _, word := range strings.Split(s.Name, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		switch {
		case err != nil && strings.Trim(s.Name, "0123456789, ") == "":
			return s, fmt.Errorf("%s, want sample numbers with commas between them, as in 3,17,40", refuse.Quote(s.Name))
		case err != nil:
			return s, f.noConcept(s.Name)
		}
		s.Numbers = append(s.Numbers, n)
	}
	return s, checkSamples(s.Numbers)
}

func (f *File) noConcept(name string) error {
	if len(f.Concepts) == 0 {
		return fmt.Errorf("no concept %s: there is no concept file, want sample numbers as in 3,17,40", refuse.Quote(name))
	}
	return fmt.Errorf("no concept %s, want one of %s, or sample numbers as in 3,17,40", refuse.Quote(name), f.listed())
}

// clean leaves single spaces between words.
func clean(name string) string { return strings.Join(strings.Fields(name), " ") }

func isNumber(name string) bool {
	_, err := strconv.Atoi(name)
	return err == nil
}

// mostListed bytes of names stand in an error.
const mostListed = 400

// listed are the names of the concepts, each in quotes.
func (f *File) listed() string {
	var names []string
	bytes := 0
	for _, name := range sorted(f.Concepts) {
		quoted := refuse.Quote(name)
		if bytes += len(quoted); bytes > mostListed {
			return strings.Join(append(names, "..."), ", ")
		}
		names = append(names, quoted)
	}
	return strings.Join(names, ", ")
}
