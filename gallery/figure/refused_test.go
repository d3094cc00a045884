package figure

import (
	"context"
	"errors"
	"strings"
	"testing"

	"dcganviz/probe"
)

// TestSettingsAreRefusedBeforeAnythingIsDrawn: nothing is drawn under a context that has
// ended.
func TestSettingsAreRefusedBeforeAnythingIsDrawn(t *testing.T) {
	lab, err := OpenLab("facades", nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for line, refused := range map[string]bool{
		"forget-windows": false, "forget-windows --layer=conv9": true, "forget-windows --layer=up1,conv9": true,
		"forget-windows --region=0,0,90,90": true, "forget-windows --region=0,0,1,1": true,
		"units": false, "units --layer=conv9": true, "units --layer=conv9 --best": true, "units --unit=64": true, "units --samples=2 --quantile=0.0001": true,
	} {
		words := strings.Fields(line)
		f := New(words[0])
		if err := Fill(f, words[1:]); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Make(ctx, lab); errors.Is(err, probe.ErrInput) != refused || errors.Is(err, context.Canceled) == refused {
			t.Errorf("%s: %v, want a refusal: %v", line, err, refused)
		}
	}
}
