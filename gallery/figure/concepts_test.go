package figure

import (
	"testing"

	"dcganviz/model"
	"dcganviz/model/zoo"
	"dcganviz/probe/concept"
)

// TestExemplarsAreWhatTheyAreSaidToBe asks the scores that each embedded file
// names about the exemplars in it, which were chosen by eye too.
func TestExemplarsAreWhatTheyAreSaidToBe(t *testing.T) {
	const least = .8 // eyes and scores differ on some
	for _, name := range zoo.ConceptFiles() {
		c, err := zoo.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		set, err := new(ConceptOptions).open(&Lab{Model: c, Name: name}, 1)
		if err != nil {
			t.Fatal(err)
		}
		for what, k := range set.Concepts {
			wanted, _, err := set.wanted(what)
			if err != nil {
				t.Fatal(err)
			}
			if len(k.Exemplars) == 0 || wanted == nil {
				continue
			}
			x, err := c.G.Generate(set.latents(concept.Samples{Numbers: k.Exemplars, Named: true}), model.RunOptions{})
			if err != nil {
				t.Fatal(err)
			}
			met, err := wanted.Met(t.Context(), x)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, m := range met {
				if m {
					n++
				}
			}
			t.Logf("%s: %s: %d of %d", name, what, n, len(met))
			if float64(n) < least*float64(len(met)) {
				t.Errorf("%s: %s: %d of %d exemplars are so, by the scores", name, what, n, len(met))
			}
		}
	}
}
