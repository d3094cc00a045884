package zoo

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/safetensors"
)

// TestScorersAreWhole: each is named after a model and passes its own digest.
func TestScorersAreWhole(t *testing.T) {
	if len(Scorers()) == 0 {
		t.Skip("no scorer is embedded in this build")
	}
	for _, name := range Scorers() {
		b, err := Scorer(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := safetensors.Parse(b)
		if err != nil || f.SHA256 == "" {
			t.Errorf("%s: %v, digest %q", name, err, f.SHA256)
		}
		if of, _, _ := strings.Cut(name, "-"); !slices.Contains(Names(), of) {
			t.Errorf("%s: no model %q", name, of)
		}
	}
	if _, err := Scorer("none"); !errors.Is(err, ErrNoScorer) || !strings.Contains(err.Error(), Scorers()[0]) {
		t.Errorf("another name: %v", err)
	}
}
