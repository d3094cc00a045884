package zoo

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/dataset"
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

// TestPicturesAreSoundAndApart decodes every embedded picture.
func TestPicturesAreSoundAndApart(t *testing.T) {
	seen := make(map[string]string)
	for _, name := range PictureSets() {
		b, err := Pictures(name)
		if err != nil {
			t.Fatal(err)
		}
		set, err := dataset.OpenZip(name, b, dataset.Options{Strict: true})
		if err != nil {
			t.Fatal(err)
		}
		defer set.Close()
		if err := set.Check(t.Context(), nil); err != nil {
			t.Error(err)
		}
		if !slices.Equal(set.Classes(), []string{"plain", "window"}) {
			t.Errorf("%s: classes %q", name, set.Classes())
		}
		for i := range set.Len() {
			n := set.Name(i)
			if seen[n] != "" {
				t.Errorf("%s is in %s and in %s", n, seen[n], name)
			}
			seen[n] = name
		}
	}
	if len(seen) == 0 {
		t.Error("no pictures")
	}
}

func TestNoSuchPictures(t *testing.T) {
	if _, err := Pictures("nothing"); !errors.Is(err, ErrNoPictures) {
		t.Errorf("got %v, want ErrNoPictures", err)
	}
}
