package zoo

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/safetensors"
	"dcganviz/model/dataset"
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
	if _, err := Scorer("none"); !errors.Is(err, ErrNone) || !strings.Contains(err.Error(), Scorers()[0]) {
		t.Errorf("another name: %v", err)
	}
}

// TestPicturesAreSoundAndApart decodes every embedded picture: none is in two
// sets, or what is held out would have been trained on.
func TestPicturesAreSoundAndApart(t *testing.T) {
	const side = 32
	seen := make(map[[sha256.Size]byte]string)
	for _, name := range PictureSets() {
		set, err := Pictures(name, dataset.Options{Size: side, Channels: 1, Strict: true})
		if err != nil {
			t.Fatal(err)
		}
		defer set.Close()
		if len(set.Classes()) < 2 {
			t.Errorf("%s: classes %q", name, set.Classes())
		}
		x := make([]float32, side*side)
		for i := range set.Len() {
			if err := set.Load(t.Context(), []int{i}, x); err != nil {
				t.Fatal(err)
			}
			h := sha256.Sum256(fmt.Append(nil, x))
			if other := seen[h]; other != "" && other != name {
				t.Errorf("%s of %s is in %s, too", set.Name(i), name, other)
			}
			seen[h] = name
		}
	}
	if len(seen) == 0 {
		t.Error("no pictures")
	}
}

// TestSourcesAreOfTheirPictures: each façade has a photograph, and none is of a photograph
// that another set has, too. Digits have none.
func TestSourcesAreOfTheirPictures(t *testing.T) {
	seen := make(map[string]string)
	for _, name := range PictureSets() {
		of, err := Sources(name)
		if errors.Is(err, ErrNone) && strings.HasPrefix(name, "digits") {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		set, err := Pictures(name, dataset.Options{Size: 8, Channels: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer set.Close()
		if len(of) != set.Len() {
			t.Errorf("%s: sources of %d pictures, want %d", name, len(of), set.Len())
		}
		for i := range set.Len() {
			source, ok := of[set.Name(i)]
			if other := seen[source]; !ok || other != "" && other != name {
				t.Errorf("%s: %s is of %q, which is in %q", name, set.Name(i), source, other)
			}
			seen[source] = name
		}
	}
	if len(seen) == 0 {
		t.Error("no sources")
	}
}

func TestNoSuchPictures(t *testing.T) {
	if _, err := Pictures("nothing", dataset.Options{Size: 8, Channels: 1}); !errors.Is(err, ErrNone) {
		t.Errorf("got %v, want ErrNone", err)
	}
}
