package zoo

import (
	"errors"
	"slices"
	"testing"
)

// TestConceptsAreOfTheirModel: each file is sound, of the very model whose name
// it has, and asks only for scorers that are embedded.
func TestConceptsAreOfTheirModel(t *testing.T) {
	for _, name := range ConceptFiles() {
		f, err := Concepts(name)
		if err != nil {
			t.Error(err)
			continue
		}
		m, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if f.Model != m.SHA256 {
			t.Errorf("%s: of model %.12s, want %.12s", name, f.Model, m.SHA256)
		}
		for score, s := range f.Scores {
			for _, scorer := range []string{s.Scorer, s.Chooser} {
				if scorer != "" && !slices.Contains(Scorers(), scorer) {
					t.Errorf("%s: score %s: scorer %q is not embedded", name, score, scorer)
				}
			}
		}
		if len(f.Arithmetic) == 0 || len(f.Turns) == 0 {
			t.Errorf("%s: %d formulas and %d turns, want one of each or more", name, len(f.Arithmetic), len(f.Turns))
		}
		for what, c := range f.Concepts {
			// Ten of them are drawn by arithmetic, four averaged by a turn.
			if n := len(c.Exemplars); n > 0 && n < 11 {
				t.Errorf("%s: %s has %d exemplars, want more than ten, or none", name, what, n)
			}
		}
	}
	if _, err := Concepts("none"); !errors.Is(err, ErrNone) {
		t.Errorf("another name: %v", err)
	}
}
