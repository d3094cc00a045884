package figure

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/zoo"
	"dcganviz/probe"
)

// openForTest opens a model. What is said about it is kept.
func openForTest(t *testing.T, where string) (*Lab, *bytes.Buffer) {
	t.Helper()
	said := new(bytes.Buffer)
	lab, err := OpenLab(where, nil)
	if err != nil {
		t.Fatal(err)
	}
	lab.Note = func(text string) { said.WriteString(text) }
	return lab, said
}

func TestPhotosAreEvenlySpacedAndNamed(t *testing.T) {
	lab, _ := openForTest(t, zoo.Default)
	all, err := lab.photos(t.Context(), PhotoOptions{}, "heldout", 1000)
	if err != nil {
		t.Fatal(err)
	}
	some, err := lab.photos(t.Context(), PhotoOptions{}, "heldout", 7)
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
	lab, said := openForTest(t, zoo.Default)
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
	p, err := lab.photos(t.Context(), PhotoOptions{Images: dir}, "train", 10)
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
	g, err := model.NewG(model.Config{Size: 16, Channels: 1, LatentDim: 3, GWidth: 4, DWidth: 4}, 1)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "net.safetensors")
	if err := checkpoint.Save(path, &checkpoint.Checkpoint{G: g}, checkpoint.SaveOptions{}); err != nil {
		t.Fatal(err)
	}
	lab, _ := openForTest(t, path)
	_, err = lab.photos(t.Context(), PhotoOptions{}, "train", 10)
	if !errors.Is(err, probe.ErrInput) || !strings.Contains(err.Error(), "--images") {
		t.Errorf("got %v, want an error of input that names --images", err)
	}
}
