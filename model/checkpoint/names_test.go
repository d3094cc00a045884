package checkpoint

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/hostile"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

// states returns the state dicts of an untrained pair, its statistics moved so
// that they count as gathered.
func states(t testing.TB, cfg model.Config) (g, d []model.NamedTensor) {
	t.Helper()
	gn, dn := trainedPair(t, cfg)
	return gn.State(), dn.State()
}

// prefixed returns the tensors with a prefix before their names.
func prefixed(prefix string, s []model.NamedTensor) []model.NamedTensor {
	s = slices.Clone(s)
	for i := range s {
		s[i].Name = prefix + s[i].Name
	}
	return s
}

// TestOpenFindsTheFamily opens nets of both families, of every size, and wants
// their own Config.
func TestOpenFindsTheFamily(t *testing.T) {
	for _, arch := range []model.Arch{model.PyTorch, model.Paper} {
		for _, size := range []int{16, 28, 32, 64, 128} {
			cfg := model.Config{Arch: arch, Size: size, Channels: 3, LatentDim: 5, GWidth: 2, DWidth: 1}
			if size == 28 {
				cfg.Channels, cfg.GWidth, cfg.DWidth = 1, 1, 3
			}
			if arch == model.Paper {
				cfg.Law = model.Uniform
			}
			g, d := states(t, cfg)
			c, err := Open(writePTH(t, map[string][]model.NamedTensor{"netG": g, "netD": d}, "netG", "netD"), OpenOptions{})
			if err != nil {
				t.Errorf("%v %d: %v", arch, size, err)
				continue
			}
			if c.Meta.Config != cfg {
				t.Errorf("%+v, want %+v", c.Meta.Config, cfg)
			}
			sameState(t, "G", c.G.State(), g, equalBits)
			sameState(t, "D", c.D.State(), d, equalBits)
		}
	}
}

// TestOpenOneNetOfAFamily wants a config that says which net is not there, also
// after Save and Load.
func TestOpenOneNetOfAFamily(t *testing.T) {
	cfg := model.Config{Size: 32, Channels: 3, LatentDim: 5, GWidth: 2, DWidth: 1}
	g, d := states(t, cfg)
	for name, s := range map[string][]model.NamedTensor{"G": g, "D": d} {
		c, err := Open(writePTH(t, map[string][]model.NamedTensor{"": s}, ""), OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		want := cfg
		if name == "G" {
			want.DWidth = 0
		} else {
			want.GWidth, want.LatentDim = 0, 0
		}
		if c.Meta.Config != want || (c.G != nil) != (name == "G") || (c.D != nil) != (name == "D") {
			t.Errorf("%s: %+v, want %+v", name, c.Meta.Config, want)
		}
		again, err := Open(saveTemp(t, c, SaveOptions{}), OpenOptions{})
		if err != nil || again.Meta != c.Meta {
			t.Errorf("%s: after Save and Load %+v, %v", name, again, err)
		}
	}
}

// TestOpenSafetensorsInAnyOrder opens what other programs write: names sorted
// as text, main.10 before main.3, both nets in one file.
func TestOpenSafetensorsInAnyOrder(t *testing.T) {
	cfg := model.Config{Size: 64, Channels: 3, LatentDim: 5, GWidth: 2, DWidth: 2}
	g, d := states(t, cfg)
	var all []safetensors.Tensor
	for _, e := range append(prefixed("module.gan.generator.", g), prefixed("module.gan.discriminator.", d)...) {
		var x safetensors.Tensor
		var err error
		if e.Ints != nil {
			x, err = safetensors.New(e.Name, e.Shape, e.Ints)
		} else {
			x, err = safetensors.New(e.Name, e.Shape, e.Data)
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, x)
	}
	slices.SortFunc(all, func(a, b safetensors.Tensor) int { return strings.Compare(a.Name, b.Name) })
	path := filepath.Join(t.TempDir(), "sorted")
	if err := safetensors.WriteFile(path, "", map[string]string{"format": "pt"}, all); err != nil {
		t.Fatal(err)
	}
	c, err := Open(path, OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if c.Meta.Config != cfg {
		t.Errorf("%+v, want %+v", c.Meta.Config, cfg)
	}
	sameState(t, "G", c.G.State(), g, equalBits)
	sameState(t, "D", c.D.State(), d, equalBits)
}

func TestOpenOwnFileIsLoad(t *testing.T) {
	for _, cfg := range checkpointConfigs {
		g, d := trainedPair(t, cfg)
		path := saveTemp(t, &Checkpoint{G: g, D: d, Meta: Meta{Step: 3, Seed: 4}}, SaveOptions{})
		want, err := Open(path, OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		c, err := Open(path, OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if c.Meta != want.Meta || c.SHA256 != want.SHA256 || c.G.Config() != cfg || c.D.Config() != cfg {
			t.Errorf("%+v, want %+v", c.Meta, want.Meta)
		}
		sameState(t, "G", c.G.State(), g.State(), equalBits)
	}
}

// TestOpenJoinsOwnAndForeign takes G from a file of ours and D from PyTorch's.
func TestOpenJoinsOwnAndForeign(t *testing.T) {
	cfg := model.Config{Size: 28, Channels: 1, LatentDim: 5, GWidth: 2, DWidth: 2}
	g, _ := trainedPair(t, cfg)
	path := saveTemp(t, &Checkpoint{G: g, Meta: Meta{Step: 3}}, SaveOptions{})
	c, err := Open(path, OpenOptions{Disc: foreign("digits_d.pth")})
	if err != nil {
		t.Fatal(err)
	}
	if c.Meta.Step != 3 || c.Meta.Config.Arch != model.Custom || c.G.Config() != c.Meta.Config || len(c.DiscSHA256) != 64 {
		t.Errorf("%+v", c)
	}
	sameState(t, "G", c.G.State(), g.State(), equalBits)
	z := model.Latents(1, 0, 2, cfg)
	want, err := g.Generate(z, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.G.Generate(z, model.RunOptions{})
	if err != nil || !slices.Equal(got.Data, want.Data) {
		t.Errorf("other images (%v)", err)
	}
}

func TestOpenChoosesByKey(t *testing.T) {
	g, d := states(t, model.Config{Size: 16, Channels: 1, LatentDim: 4, GWidth: 1, DWidth: 2})
	ema := slices.Clone(g)
	ema[0].Data = slices.Clone(ema[0].Data)
	ema[0].Data[0] = 42
	path := writePTH(t, map[string][]model.NamedTensor{"G": g, "D": d, "GE": ema}, "G", "D", "GE")
	_, err := Open(path, OpenOptions{})
	if !errors.Is(err, ErrAmbiguous) || !strings.Contains(err.Error(), `2 state dicts can be G, say which: "G", "GE"`) {
		t.Errorf("without a key: %v", err)
	}
	for key, want := range map[string]float32{"G": g[0].Data[0], "GE": 42} {
		c, err := Open(path, OpenOptions{Key: key})
		if err != nil {
			t.Fatal(err)
		}
		if got := c.G.State()[0].Data[0]; got != want {
			t.Errorf("key %s: %v, want %v", key, got, want)
		}
		if c.D == nil || len(c.Notes) != 1 || !strings.Contains(c.Notes[0], "is left out") {
			t.Errorf("key %s: D %v, notes %q", key, c.D != nil, c.Notes)
		}
	}
	c, err := Open(path, OpenOptions{Key: "D"})
	if err != nil || c.G != nil || c.D == nil {
		t.Errorf("key D: %+v, %v", c, err)
	}
	_, err = Open(path, OpenOptions{Key: "F"})
	if !errors.Is(err, ErrAmbiguous) || !strings.Contains(err.Error(), `0 state dicts at "F", want one of "G", "D", "GE"`) {
		t.Errorf("key F: %v", err)
	}
	_, err = Open(path, OpenOptions{Key: "G", DiscKey: "GE"})
	if !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), `"GE"`) {
		t.Errorf("a D at GE: %v", err)
	}
}

func TestOpenOptionsPrevail(t *testing.T) {
	path := foreign("examples.pth")
	c, err := Open(path, OpenOptions{BN: new(BatchStats), Law: new(model.Uniform), BNEps: 1e-3})
	if err != nil {
		t.Fatal(err)
	}
	if m := c.Meta; m.BN != BatchStats || m.Config.Law != model.Uniform || m.Config.BNEps != 1e-3 || c.G.Config() != m.Config {
		t.Errorf("%+v", c.Meta)
	}
	_, err = Open(foreign("paper.pth"), OpenOptions{Key: "generator", BN: new(RunningStats)})
	if !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), "running statistics") {
		t.Errorf("running statistics of a net without: %v", err)
	}
}

// TestOpenNeedsToBeTold opens what can be read in several ways: the right one is
// among the candidates.
func TestOpenNeedsToBeTold(t *testing.T) {
	_, err := Open(foreign("digits_d.pth"), OpenOptions{})
	if u := (*UnknownGeometryError)(nil); !errors.As(err, &u) || !errors.Is(err, ErrAmbiguous) ||
		!slices.Equal(u.Families, []Family{ExamplesFamily, DigitsFamily}) || !strings.Contains(err.Error(), "pytorch digits") {
		t.Errorf("three 4x4 kernels: %v", err)
	}
	for _, family := range []Family{ExamplesFamily, DigitsFamily} {
		c, err := Open(foreign("digits_d.pth"), OpenOptions{Family: family})
		if want := map[Family]int{ExamplesFamily: 16, DigitsFamily: 28}[family]; err != nil || c.Meta.Config.Size != want {
			t.Errorf("%v: %+v, %v", family, c, err)
		}
	}
	// The digits' net with one kernel more than the family has.
	specs := []model.LayerSpec{
		{Kind: model.ConvTranspose2D, Channels: 4, KernelHeight: 4, KernelWidth: 4, Bias: true, Activation: model.ReLU, Module: "a"},
		{Kind: model.ConvTranspose2D, Channels: 3, KernelHeight: 3, KernelWidth: 3, Stride: 2, Padding: 1, OutputPadding: 1, Bias: true, Activation: model.ReLU, Module: "b"},
		{Kind: model.ConvTranspose2D, Channels: 2, KernelHeight: 4, KernelWidth: 4, Stride: 2, Padding: 1, Bias: true, Activation: model.ReLU, Module: "c"},
		{Kind: model.Conv2D, Channels: 1, KernelHeight: 3, KernelWidth: 3, Padding: 1, Activation: model.Tanh, Module: "d"},
	}
	stack, err := model.NewStack(specs...)
	if err != nil {
		t.Fatal(err)
	}
	g, err := model.NewG(model.Config{Arch: model.Custom, Size: 16, Channels: 1, LatentDim: 5, GStack: stack}, 1)
	if err != nil {
		t.Fatal(err)
	}
	path := writePTH(t, map[string][]model.NamedTensor{"": g.State()}, "")
	_, err = Open(path, OpenOptions{})
	u := (*UnknownGeometryError)(nil)
	if !errors.As(err, &u) || !strings.Contains(err.Error(), "kernels of 4x4, 3x3, 4x4, 3x3 are of no known family") {
		t.Fatalf("no family: %v", err)
	}
	want := Geometry{Strides: []int{1, 2, 2, 1}, Paddings: []int{0, 1, 1, 1}, OutputPaddings: []int{0, 1, 0, 0}, Size: 16}
	if !slices.ContainsFunc(u.Candidates, func(g Geometry) bool { return fmt.Sprint(g) == fmt.Sprint(want) }) {
		t.Errorf("candidates\n%v\nlack\n%v", u.Candidates, want)
	}
	for _, candidate := range u.Candidates {
		c, err := Open(path, OpenOptions{G: candidate})
		if err != nil {
			t.Errorf("candidate %v: %v", candidate, err)
		} else if c.Meta.Config.Size != candidate.Size {
			t.Errorf("candidate %v draws %d pixels", candidate, c.Meta.Config.Size)
		}
	}
	_, err = Open(path, OpenOptions{G: Geometry{Strides: []int{1, 2}}})
	if !errors.Is(err, ErrAmbiguous) || !strings.Contains(err.Error(), "2 strides for 4 convolutions") {
		t.Errorf("too few strides: %v", err)
	}
}

// TestOpenUnsupportedNets wants an error that says what is in the way.
func TestOpenUnsupportedNets(t *testing.T) {
	cfg := model.Config{Size: 16, Channels: 3, LatentDim: 5, GWidth: 2, DWidth: 2}
	rename := func(old, new string) func([]model.NamedTensor) []model.NamedTensor {
		return func(s []model.NamedTensor) []model.NamedTensor {
			for i := range s {
				s[i].Name = strings.Replace(s[i].Name, old, new, 1)
			}
			return s
		}
	}
	for _, c := range []struct {
		name string
		d    bool
		edit func(s []model.NamedTensor) []model.NamedTensor
		kind error
		says string
	}{
		{"half a spectral norm", true, rename("main.2.weight", "main.2.weight_orig"), ErrUnsupported, `module "main.2": parts of a spectral norm`},
		{"a layer in the middle missing", false, func(s []model.NamedTensor) []model.NamedTensor { return slices.Delete(s, 6, 12) }, ErrUnsupported, `"main.6.weight" of shape [2 3 4 4] does not take what "main.0.weight"`},
		{"a bias too long", false, func(s []model.NamedTensor) []model.NamedTensor {
			return append(s, model.NamedTensor{Name: "main.0.bias", Shape: []int{9}, Data: make([]float32, 9)})
		}, ErrUnsupported, `"main.0.bias" has shape [9], want [4]`},
		{"something between", true, rename("main.3.", "main.4."), ErrAmbiguous, `between "main.2" and its batch norm "main.4"`},
		{"a convolution of lines", false, func(s []model.NamedTensor) []model.NamedTensor { s[0].Shape = []int{5, 4, 16}; return s }, ErrUnsupported, "shape [5 4 16]"},
		{"NaN", false, func(s []model.NamedTensor) []model.NamedTensor { s[0].Data[3] = float32(math.NaN()); return s }, ErrRefused, `"main.0.weight": value 3 is NaN`},
		{"half a batch norm", false, func(s []model.NamedTensor) []model.NamedTensor { return slices.Delete(s, 2, 3) }, ErrUnsupported, `"main.1"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, d := states(t, cfg)
			if c.d {
				g = d
			}
			_, err := Open(writePTH(t, map[string][]model.NamedTensor{"": c.edit(g)}, ""), OpenOptions{})
			if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v\nwant one line with %s, of kind %v", err, c.says, c.kind)
			}
		})
	}
	g, _ := states(t, cfg)
	cfg.Size = 32
	_, d := states(t, cfg)
	_, err := Open(writePTH(t, map[string][]model.NamedTensor{"g": g, "d": d}, "g", "d"), OpenOptions{})
	if !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), "G draws 16x16x3, D scores 32x32x3") {
		t.Errorf("G of 16 pixels, D of 32: %v", err)
	}
}

func TestOpenNoCheckpoint(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		name, content string
		want          error
	}{
		{"empty", "", ErrRefused},
		{"short", "{}", ErrRefused},
		{"text", strings.Repeat("a picture of a cat ", 9), ErrUnsupported},
		{"png", "\x89PNG\r\n\x1a\n" + strings.Repeat("0123456789", 9), ErrUnsupported},
	} {
		path := filepath.Join(dir, c.name)
		if err := os.WriteFile(path, []byte(c.content), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path, OpenOptions{}); !errors.Is(err, c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if _, err := Open(dir, OpenOptions{}); !errors.Is(err, ErrUnsupported) {
		t.Errorf("a folder of other things: %v", err)
	}
	if _, err := Open(filepath.Join(dir, "none"), OpenOptions{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := Open(foreign("digits.pth"), OpenOptions{Disc: filepath.Join(dir, "none")}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file for D: %v", err)
	}
	_, err := Open(foreign("digits.pth"), OpenOptions{Disc: foreign("digits.pth")})
	if !errors.Is(err, ErrUnsupported) {
		t.Errorf("a G for a D: %v", err)
	}
}

// TestOpenCutShort opens every beginning of a file of each format: never a
// panic, always an error of a kind.
func TestOpenCutShort(t *testing.T) {
	for _, name := range []string{"digits_d.pth", "odd_d.pth"} {
		whole, err := os.ReadFile(foreign(name))
		if err != nil {
			t.Fatal(err)
		}
		for n := range whole {
			if err := openBytes(whole[:n]); !errors.Is(err, ErrRefused) && !errors.Is(err, ErrUnsupported) {
				t.Fatalf("the first %d bytes of %s: %v", n, name, err)
			}
		}
		path := filepath.Join(t.TempDir(), "cut")
		if err := os.WriteFile(path, whole[:len(whole)/2], 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path, OpenOptions{}); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), path) {
			t.Errorf("half of %s: %v, want ErrRefused with the path", name, err)
		}
	}
}

// openBytes opens a file in memory.
func openBytes(b []byte) error {
	src, err := parseBytes(b, wantNets)
	if err == nil {
		o := openState{src: src, disc: src}
		_, err = o.open("it")
	}
	return classify(err)
}

// FuzzOpen looks for panics, errors of no kind, and surveys that differ from
// what Open does.
func FuzzOpen(f *testing.F) {
	addForeign(f)
	f.Fuzz(checkOpen)
}

// FuzzOpenResealed is FuzzOpen with checksums and digests made right.
func FuzzOpenResealed(f *testing.F) {
	addForeign(f)
	f.Fuzz(func(t *testing.T, b []byte) { checkOpen(t, hostile.Reseal(b)) })
}

func addForeign(f *testing.F) {
	for _, name := range []string{"examples.pth", "digits.pth", "digits_d.pth", "paper.pth", "odd.pth", "claims.pth", "odd.safetensors"} {
		b, err := os.ReadFile(foreign(name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	g, d := states(f, model.Config{Size: 16, Channels: 1, LatentDim: 3, GWidth: 1, DWidth: 2})
	f.Add(undigested(f, append(prefixed("netG.", g), prefixed("netD.", d)...)))
}

// checkOpen is the body of the fuzz targets.
func checkOpen(t *testing.T, b []byte) {
	err := openBytes(b)
	if err != nil && !isAny(err, ErrRefused, ErrUnsupported, ErrAmbiguous) {
		t.Fatalf("%v: of no kind", err)
	}
	for _, data := range []bool{false, true} {
		s, errSurvey := InspectAt("it", bytes.NewReader(b), int64(len(b)), OpenOptions{}, data)
		switch {
		case errSurvey != nil && !isAny(errSurvey, ErrRefused, ErrUnsupported):
			t.Fatalf("survey: %v: of no kind", errSurvey)
		case err == nil && (errSurvey != nil || s.Why != nil):
			t.Fatalf("it opens, but its survey says %v, %v", errSurvey, s)
		case err != nil && data && errSurvey == nil && s.Why == nil:
			t.Fatalf("%v, but its survey says nothing", err)
		}
	}
}
