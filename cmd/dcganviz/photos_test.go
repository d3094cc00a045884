package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/model/zoo"
)

// openForTest opens an embedded model.
func openForTest(t *testing.T, name string) (*env, *opened, *bytes.Buffer) {
	t.Helper()
	var said bytes.Buffer
	e := &env{ctx: t.Context(), stdout: &said, stderr: &said}
	o, err := modelFlag{Where: name}.open(e)
	if err != nil {
		t.Fatal(err)
	}
	return e, o, &said
}

func TestPhotosAreEvenlySpacedAndNamed(t *testing.T) {
	e, o, _ := openForTest(t, zoo.Default)
	all, err := new(photoFlags).photos(e, o, "heldout", 1000, 1)
	if err != nil {
		t.Fatal(err)
	}
	some, err := new(photoFlags).photos(e, o, "heldout", 7, 2)
	if err != nil {
		t.Fatal(err)
	}
	if all.Len() != all.available || len(all.names) != all.Len() || len(all.classes) != all.Len() || some.Len() != 7 {
		t.Fatalf("%d of %d pictures with %d names and %d classes, and %d of 7", all.Len(), all.available, len(all.names), len(all.classes), some.Len())
	}
	for i, name := range some.names {
		at := slices.Index(all.names, name)
		if at != i*all.Len()/7 || !slices.Equal(some.Row(i), all.Row(at)) || !strings.HasPrefix(name, some.classes[i]+"/") {
			t.Errorf("picture %d is %s (%s), the set's %d", i, name, some.classes[i], at)
		}
	}
}

func TestPhotosLeaveOutWhatCannotBeDecoded(t *testing.T) {
	e, o, said := openForTest(t, zoo.Default)
	dir := t.TempDir()
	good := filepath.Join("..", "..", "testdata", "data", "facades", "windows")
	entries, err := os.ReadDir(good)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range entries[:3] {
		b, err := os.ReadFile(filepath.Join(good, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if i == 1 {
			b = b[:20]
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name()), b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	p, err := (&photoFlags{Images: dir}).photos(e, o, "train", 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{entries[0].Name(), entries[2].Name()}; !slices.Equal(p.names, want) || p.Len() != 2 || p.classes != nil {
		t.Errorf("pictures %q (%d, classes %q), want %q", p.names, p.Len(), p.classes, want)
	}
	if !strings.Contains(said.String(), "1 pictures left out") || !strings.Contains(said.String(), entries[1].Name()) {
		t.Errorf("said %q", said)
	}
}

func TestNoPhotosComeWithTheModel(t *testing.T) {
	e, o, _ := openForTest(t, trainedRun(t))
	_, err := new(photoFlags).photos(e, o, "train", 10, 0)
	var c *coded
	if !errors.As(err, &c) || c.code != exitUsage || !strings.Contains(err.Error(), "--images") {
		t.Errorf("got %v, want a usage error that names --images", err)
	}
}
