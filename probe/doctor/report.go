package doctor

import (
	"fmt"
	"math"

	"dcganviz/internal/enum"
	"dcganviz/model"
)

// A Verdict is what a check comes to.
type Verdict uint8

const (
	// NotApplicable means that there is nothing to check, or no evidence.
	NotApplicable Verdict = iota
	// OK means that the evidence is for a healthy model.
	OK
	// Doubtful means that the evidence is against it, and may have a harmless
	// cause.
	Doubtful
	// Wrong means that the model does not draw what it was trained to draw.
	Wrong
)

var verdictNames = [...]string{"not applicable", "ok", "doubtful", "wrong"}

func (v Verdict) String() string { return enum.Name(v, verdictNames[:]) }

// MarshalText writes not applicable, ok, doubtful or wrong.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (v *Verdict) UnmarshalText(text []byte) (err error) {
	*v, err = enum.Parse[Verdict]("doctor: verdict", string(text), verdictNames[:])
	return err
}

// A Figure is a number that a finding rests on.
type Figure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	// Limit is what the value was held against; nil where it is there to be
	// read only.
	Limit *float64 `json:"limit,omitempty"`
}

// A Finding is what one check found.
type Finding struct {
	// Check is the name of the check, one word.
	Check   string  `json:"check"`
	Verdict Verdict `json:"verdict"`
	// Evidence says in one line what was measured, with the limit and what it
	// means.
	Evidence string `json:"evidence"`
	// Advice is what to do; empty where there is nothing to do.
	Advice  string   `json:"advice,omitempty"`
	Figures []Figure `json:"figures,omitempty"`
	// Lines are a table, in lines of a monospaced text.
	Lines []string `json:"lines,omitempty"`
}

// conclude sets what the check came to.
func (f *Finding) conclude(v Verdict, advice, evidence string, args ...any) {
	f.Verdict, f.Advice, f.Evidence = v, advice, fmt.Sprintf(evidence, args...)
}

// figure adds a number. Numbers that JSON cannot hold are left out: what makes
// them is a finding of its own.
func (f *Finding) figure(value float64, name string, args ...any) {
	if value-value == 0 {
		f.Figures = append(f.Figures, Figure{Name: fmt.Sprintf(name, args...), Value: value})
	}
}

// against adds a number and the limit that it is held against.
func (f *Finding) against(limit, value float64, name string, args ...any) {
	before := len(f.Figures)
	f.figure(value, name, args...)
	if len(f.Figures) > before {
		f.Figures[before].Limit = &limit
	}
}

// Figure returns the number of that name, NaN if the finding has no such number.
func (f *Finding) Figure(name string) float64 {
	for _, n := range f.Figures {
		if n.Name == name {
			return n.Value
		}
	}
	return math.NaN()
}

// An Exhibit is the images that G draws in one way of running it. All exhibits have the
// same seed.
type Exhibit struct {
	// Label says which way, in a few words.
	Label string
	// Images are [N, H, W, C] in [-1, 1].
	Images model.Tensor
}

// A Report is the result of an examination.
type Report struct {
	// Verdict is the gravest of the findings'.
	Verdict  Verdict   `json:"verdict"`
	Findings []Finding `json:"findings"`
	// Exhibits show the model as it was loaded, and run in other ways that may have
	// been meant. Without G the list is empty.
	Exhibits []Exhibit `json:"-"`
}

// Finding returns what the check of that name found, nil if no check has the name.
func (r *Report) Finding(check string) *Finding {
	for i := range r.Findings {
		if r.Findings[i].Check == check {
			return &r.Findings[i]
		}
	}
	return nil
}

// With returns the names of the checks that came to a verdict.
func (r *Report) With(v Verdict) []string {
	var names []string
	for _, f := range r.Findings {
		if f.Verdict == v {
			names = append(names, f.Check)
		}
	}
	return names
}
