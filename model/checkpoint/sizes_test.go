package checkpoint

import (
	"errors"
	"testing"

	ref "dcganviz/internal/reference"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

// TestSizesAreThoseOfPyTorch holds both families at images that are not square against
// testdata/foreign/sizes.py: images, logits, gradients and those of a training step.
func TestSizesAreThoseOfPyTorch(t *testing.T) {
	for _, c := range []struct {
		name string
		opt  OpenOptions
		arch model.Arch
		h, w int
	}{
		{"wide", OpenOptions{}, model.PyTorch, 12, 20},
		{"tall", OpenOptions{G: Geometry{Size: 20, Width: 12}}, model.Paper, 20, 12},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := Open(foreign(c.name+".pth"), c.opt)
			if err != nil {
				t.Fatal(err)
			}
			cfg := m.Meta.Config
			if cfg.Arch != c.arch || cfg.Size != c.h || cfg.Width != c.w || cfg.GWidth != 2 || cfg.DWidth != 2 {
				t.Fatalf("opened as %+v", cfg)
			}
			file, err := safetensors.ReadFile(foreign(c.name + ".safetensors"))
			if err != nil {
				t.Fatal(err)
			}
			r := &reference{&ref.File{TB: t, File: file}}
			checkForeign(r, m)
			checkForeignStep(r, m)
			again, err := Open(saveTemp(t, m, SaveOptions{}), OpenOptions{})
			if err != nil || again.Meta != m.Meta {
				t.Fatalf("after Save and Open the meta is\n%+v (%v), was\n%+v", again.Meta, err, m.Meta)
			}
			checkForeign(r, again)
		})
	}
	var a *AmbiguousError
	if _, err := Open(foreign("tall.pth"), OpenOptions{}); !errors.As(err, &a) || len(a.Options) != 1 || a.Options[0] != "G.Size" {
		t.Errorf("5x3 pixels behind a linear layer: %v, want a question of G's size", err)
	}
}
