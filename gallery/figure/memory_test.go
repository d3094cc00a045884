package figure

import (
	"errors"
	"strings"
	"testing"

	"dcganviz/probe"
)

// TestImagesThatMemoryDoesNotHold: they are refused before any is drawn.
func TestImagesThatMemoryDoesNotHold(t *testing.T) {
	lab, err := OpenLab("digits", nil)
	if err != nil {
		t.Fatal(err)
	}
	lab.Memory, lab.MemoryBy = 1<<24, "the test"
	for _, f := range []Figure{
		&Sample{N: 1000},
		&Sample{N: 20, TileOptions: TileOptions{Scale: 32}},
		&Walk{Steps: 1000},
		&TSNE{N: 1000},
	} {
		if _, err := f.Make(t.Context(), lab); !errors.Is(err, probe.ErrInput) || !strings.Contains(err.Error(), "the test leaves room for ") {
			t.Errorf("%T: %v", f, err)
		}
	}
}
