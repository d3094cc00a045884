package zoo

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"dcganviz/internal/safetensors"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// twoModels is a zoo of a G and D, with a card, and the G of its first epoch.
func twoModels(t *testing.T) (fstest.MapFS, *model.G) {
	cfg := model.Config{Size: 16, Channels: 3, LatentDim: 5, GWidth: 4, DWidth: 4}
	g, err := model.NewG(cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	d, err := model.NewD(cfg, 1)
	if err != nil {
		t.Fatal(err)
	}
	encode := func(c *checkpoint.Checkpoint) *fstest.MapFile {
		path := filepath.Join(t.TempDir(), "m.safetensors")
		if err := checkpoint.Save(path, c, checkpoint.SaveOptions{}); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return &fstest.MapFile{Data: b}
	}
	return fstest.MapFS{
		"models/README.md":               {Data: []byte("# Trained models\n")},
		"models/tiny.md":                 {Data: []byte("# tiny: a net\n")},
		"models/tiny.safetensors":        encode(&checkpoint.Checkpoint{G: g, D: d}),
		"models/tiny-epoch1.safetensors": encode(&checkpoint.Checkpoint{G: g}),
		"models/bare.safetensors":        {Data: []byte("no model")},
	}, g
}

func TestNamesAreThoseOfModelFiles(t *testing.T) {
	files, _ := twoModels(t)
	if got, want := names(files), []string{"bare", "tiny", "tiny-epoch1"}; !slices.Equal(got, want) {
		t.Errorf("names %q, want %q", got, want)
	}
	if got := names(fstest.MapFS{}); len(got) != 0 {
		t.Errorf("names %q of an empty zoo", got)
	}
}

func TestLayersAreOneTree(t *testing.T) {
	l := layers{
		fstest.MapFS{"models/a.safetensors": {Data: []byte("1")}},
		fstest.MapFS{},
		fstest.MapFS{"models/b.safetensors": {Data: []byte("2")}, "boxes/b.csv": {}},
	}
	if got, want := names(l), []string{"a", "b"}; !slices.Equal(got, want) {
		t.Errorf("names %q, want %q", got, want)
	}
	for name, want := range map[string]string{"a": "1", "b": "2"} {
		if b, err := read(l, name, name+modelEnd); err != nil || string(b) != want {
			t.Errorf("%s holds %q (%v), want %q", name, b, err, want)
		}
	}
	if _, err := l.Open("models/c.safetensors"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
	if _, err := (layers{}).Open("models"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
}

func TestOpenGivesTheModel(t *testing.T) {
	files, g := twoModels(t)
	for _, name := range []string{"tiny", "tiny-epoch1"} {
		c, err := open(files, name)
		if err != nil {
			t.Fatal(err)
		}
		if (c.D == nil) != (name == "tiny-epoch1") {
			t.Errorf("%s: D is %v", name, c.D)
		}
		if got, want := c.G.State()[0], g.State()[0]; !slices.Equal(got.Data, want.Data) {
			t.Errorf("%s: other weights than were saved", name)
		}
	}
}

func TestNamedKnowsDigests(t *testing.T) {
	files, _ := twoModels(t)
	for _, want := range []string{"tiny", "tiny-epoch1"} {
		c, err := open(files, want)
		if err != nil {
			t.Fatal(err)
		}
		if got := named(files, c.SHA256); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for _, digest := range []string{"", strings.Repeat("0", 64)} {
		if got := named(files, digest); got != "" {
			t.Errorf("%q is the digest of %q, want none", digest, got)
		}
	}
}

func TestCardOfAnEarlyStateIsThatOfItsRun(t *testing.T) {
	files, _ := twoModels(t)
	for _, name := range []string{"tiny", "tiny-epoch1"} {
		if text, err := card(files, name); err != nil || text != "# tiny: a net\n" {
			t.Errorf("card of %s: %q, %v", name, text, err)
		}
	}
}

func TestErrorsNameTheModel(t *testing.T) {
	files, _ := twoModels(t)
	for _, c := range []struct {
		name string
		f    func(name string) error
		is   error
		says []string
	}{
		{"faces", func(n string) error { _, err := open(files, n); return err }, ErrNoModel, []string{`"faces"`, "bare, tiny"}},
		{"../tiny", func(n string) error { _, err := open(files, n); return err }, ErrNoModel, []string{`"../tiny"`}},
		{"", func(n string) error { _, err := open(files, n); return err }, ErrNoModel, []string{`""`}},
		{"README", func(n string) error { _, err := card(files, n); return err }, ErrNoModel, []string{`"README"`}},
		{"bare", func(n string) error { _, err := card(files, n); return err }, ErrNoModel, []string{`"bare"`, "bare.md"}},
		{"bare", func(n string) error { _, err := open(files, n); return err }, checkpoint.ErrRefused, []string{"bare"}},
		{"tiny", func(n string) error { _, err := open(fstest.MapFS{}, n); return err }, ErrNoModel, []string{"none is embedded"}},
	} {
		err := c.f(c.name)
		if !errors.Is(err, c.is) {
			t.Errorf("%q: %v, want %v", c.name, err, c.is)
			continue
		}
		for _, s := range c.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%q: %v, want %q in it", c.name, err, s)
			}
		}
	}
}

// TestEmbeddedModels holds every model of this build to what the zoo promises.
func TestEmbeddedModels(t *testing.T) {
	for _, name := range Names() {
		c, err := Open(name)
		if err != nil {
			t.Error(err)
			continue
		}
		text, err := Card(name)
		if err != nil {
			t.Error(err)
		}
		if !strings.HasPrefix(text, "# ") {
			t.Errorf("%s: card begins with %.40q, want a title", name, text)
		}
		if c.G == nil {
			t.Errorf("%s: no G", name)
		}
		if c.SHA256 == "" {
			t.Errorf("%s: no digest", name)
		}
		if got := Named(c.SHA256); got != name {
			t.Errorf("%s: its digest is that of %q", name, got)
		}
		early := strings.Contains(name, epochMark)
		if (c.D == nil) != early {
			t.Errorf("%s: D there: %v, want %v", name, c.D != nil, !early)
		}
		b, err := File(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := safetensors.Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		for i := range f.Tensors {
			if x := &f.Tensors[i]; len(x.Shape) > 1 && x.DType != safetensors.F16 {
				t.Errorf("%s: %s is %s, want half precision", name, x.Name, x.DType)
			}
		}
	}
}

// TestHeadersSayWhatTheModelIs: what is read without the data is what Open returns.
func TestHeadersSayWhatTheModelIs(t *testing.T) {
	for _, name := range Names() {
		c, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Inspect(name, checkpoint.OpenOptions{}, false)
		if err != nil {
			t.Fatal(err)
		}
		digest, err := Digest(name)
		if err != nil || digest != c.SHA256 {
			t.Errorf("%s: digest %s, want %s (%v)", name, digest, c.SHA256, err)
		}
		if s.Meta != c.Meta || (s.D != nil) != (c.D != nil) || !slices.Equal(s.G, c.G.Layers()) {
			t.Errorf("%s: %+v, want %+v", name, s.Meta, c.Meta)
		}
	}
	if _, err := Inspect("nobody", checkpoint.OpenOptions{}, false); !errors.Is(err, ErrNoModel) {
		t.Errorf("%v, want ErrNoModel", err)
	}
}
