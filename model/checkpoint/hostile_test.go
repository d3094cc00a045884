package checkpoint

import (
	"bytes"
	"errors"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

// TestOpenTakesNoMemoryForClaims opens 2 kB that claim a net of 2 GB.
func TestOpenTakesNoMemoryForClaims(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Open(foreign("claims.pth"), OpenOptions{})
	runtime.ReadMemStats(&after)
	if !errors.Is(err, ErrRefused) {
		t.Errorf("%v, want ErrRefused", err)
	}
	if taken := after.TotalAlloc - before.TotalAlloc; taken > 64<<20 {
		t.Errorf("%d MB taken", taken>>20)
	}
}

// TestOpenTakesTwiceTheFile opens honest files of 14 MB, and 7 MB of halves:
// all that is allocated on the way stays below twice the file and 64 MB.
func TestOpenTakesTwiceTheFile(t *testing.T) {
	g, err := model.NewG(model.Config{Size: 64, Channels: 3, LatentDim: 100, GWidth: 64, DWidth: 64}, 1)
	if err != nil {
		t.Fatal(err)
	}
	c := &Checkpoint{G: g}
	for name, path := range map[string]string{
		"pth": writePTH(t, map[string][]model.NamedTensor{"": g.State()}, ""), "own": saveTemp(t, c, SaveOptions{}), "own half": saveTemp(t, c, SaveOptions{Half: true}),
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		for what, run := range map[string]func() error{
			"Open":    func() error { _, err := Open(path, OpenOptions{}); return err },
			"Inspect": func() error { _, err := Inspect(path, OpenOptions{}, true); return err },
		} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if err := run(); err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			if taken := int64(after.TotalAlloc - before.TotalAlloc); taken > 2*info.Size()+64<<20 {
				t.Errorf("%s of %s: %d MB for a file of %d", what, name, taken>>20, info.Size()>>20)
			}
		}
	}
}

// TestLoadRefusesOtherStacks forges the list of layers of a checkpoint.
func TestLoadRefusesOtherStacks(t *testing.T) {
	path := saveTemp(t, oddNets(t), SaveOptions{Half: true})
	if _, err := Open(path, OpenOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, edit := range [][3]string{
		{`"stride":2`, `"stride":64`, "want images of 17x17x1"},
		{`"stride":2`, `"stride":-1`, "stride -1"},
		{`"channels":4`, `"channels":5`, "shape"},
		{`"norm":"value"`, `"norm":"channel"`, "shape"},
		{`"bias":true`, `"bias":false`, "has no place"},
		{`"kind":"conv"`, `"kind":"pool"`, `"pool"`},
		{`"height":2`, `"height":2048`, "more than anyone can draw"},
		{`"g_stack":[`, `"other":[`, "no layers"},
		{`"module":"main.0"`, `"module":"main.99"`, "main.99"},
	} {
		f, err := safetensors.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(f.Metadata[metaKey], edit[0]) {
			t.Fatalf("no %s in %s", edit[0], f.Metadata[metaKey])
		}
		f.Metadata[metaKey] = strings.Replace(f.Metadata[metaKey], edit[0], edit[1], 1)
		forged := slices.Clone(f.Tensors)
		other := path + ".forged"
		if err := safetensors.WriteFile(other, "", f.Metadata, forged); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(other, OpenOptions{}); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), edit[2]) {
			t.Errorf("%s for %s: %v, want ErrRefused with %s", edit[1], edit[0], err, edit[2])
		}
	}
}

// TestFilesThatShrinkAreCutShort reads files that are shorter than they were when
// they were looked at.
func TestFilesThatShrinkAreCutShort(t *testing.T) {
	b, err := os.ReadFile(foreign("digits.pth"))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []wanted{wantNets, wantTensors, wantHeaders} {
		if _, err := readFile(bytes.NewReader(b), int64(len(b)), d); err != nil {
			t.Errorf("depth %d: %v", d, err)
		}
		for _, have := range []int{0, shortest, len(b) - 1} {
			if _, err := readFile(bytes.NewReader(b[:have]), int64(len(b)), d); !errors.Is(classify(err), ErrRefused) {
				t.Errorf("depth %d, %d of %d bytes: %v, want ErrRefused", d, have, len(b), err)
			}
		}
	}
}
