package digests

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"testing"
)

var (
	folder = flag.String("folder", "", "compare the figures in this `folder`, an absolute path")
	update = flag.Bool("update", false, "store the digests of the folder")
)

// stored are the digests of the figures that were looked at last.
const stored = "../../../testdata/figures/digests.json"

// TestFigures compares the figures in a folder with the stored digests, and names
// what differs.
func TestFigures(t *testing.T) {
	if *folder == "" {
		t.Skip("no -folder of figures")
	}
	got, err := read(*folder)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		text, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(stored, append(text, '\n'), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	text, err := os.ReadFile(stored)
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]digests
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatalf("%s: %v", stored, err)
	}
	names := maps.Clone(want)
	maps.Copy(names, got)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		for _, what := range want[name].differences(got[name]) {
			t.Errorf("%s: its %s differ from those in %s", name, what, stored)
		}
	}
}
