package checkpoint

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/half"
	"dcganviz/internal/hostile"
	ref "dcganviz/internal/reference"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

var checkpointConfigs = []model.Config{
	{Arch: model.PyTorch, Size: 16, Channels: 3, LatentDim: 5, GWidth: 3, DWidth: 2},
	{Arch: model.Paper, Size: 16, Channels: 1, LatentDim: 4, GWidth: 2, DWidth: 3, Law: model.Uniform, BNEps: 1e-8},
	{Arch: model.PyTorch, Size: 28, Channels: 1, LatentDim: 6, GWidth: 2, DWidth: 2},
}

// trainedPair returns nets in which no two statistics are alike.
func trainedPair(t testing.TB, cfg model.Config) (*model.G, *model.D) {
	t.Helper()
	g, err := model.NewG(cfg, 11)
	if err != nil {
		t.Fatal(err)
	}
	d, err := model.NewD(cfg, 12)
	if err != nil {
		t.Fatal(err)
	}
	for k, n := range []interface {
		State() []model.NamedTensor
		LoadState([]model.NamedTensor) error
	}{g, d} {
		state := n.State()
		for j, e := range state {
			if e.Ints != nil {
				e.Ints[0] = int64(1000 + k)
				continue
			}
			for i := range e.Data {
				switch {
				case strings.HasSuffix(e.Name, ".running_mean"):
					e.Data[i] = float32(i+1) / float32(7+k)
				case strings.HasSuffix(e.Name, ".running_var"):
					e.Data[i] = 1e6 / float32(i+3+k) // beyond a float16
				case strings.HasSuffix(e.Name, ".bias") && strings.HasSuffix(state[j+1].Name, ".running_mean"):
					e.Data[i] = float32(i) * 1e-9
				}
			}
		}
		if err := n.LoadState(state); err != nil {
			t.Fatal(err)
		}
	}
	return g, d
}

func saveTemp(t testing.TB, c *Checkpoint, opt SaveOptions) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "model.safetensors")
	if err := Save(path, c, opt); err != nil {
		t.Fatal(err)
	}
	return path
}

func sameState(t *testing.T, what string, got, want []model.NamedTensor, same func(shape []int, a, b float32) bool) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d entries, want %d", what, len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		if g.Name != w.Name || fmt.Sprint(g.Shape) != fmt.Sprint(w.Shape) || !slices.Equal(g.Ints, w.Ints) || len(g.Data) != len(w.Data) {
			t.Fatalf("%s: %s %v %v, want %s %v %v", what, g.Name, g.Shape, g.Ints, w.Name, w.Shape, w.Ints)
		}
		for j := range w.Data {
			if !same(w.Shape, g.Data[j], w.Data[j]) {
				t.Fatalf("%s: %s[%d] = %g, want %g", what, w.Name, j, g.Data[j], w.Data[j])
			}
		}
	}
}

func equalBits(_ []int, a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }

func TestCheckpointRoundTripKeepsEveryBit(t *testing.T) {
	for _, cfg := range checkpointConfigs {
		g, d := trainedPair(t, cfg)
		meta := Meta{BN: BatchStats, Step: 12, Batch: 7, Seed: math.MaxUint64, Dataset: "two \"façades\"\n", Images: 9, Fingerprint: "ab", EMA: 0.999}
		path := saveTemp(t, &Checkpoint{G: g, D: d, Meta: meta}, SaveOptions{})
		c, err := Open(path, OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		meta.Config = cfg
		if c.Meta != meta {
			t.Errorf("meta %+v, want %+v", c.Meta, meta)
		}
		if c.G.Config() != cfg || c.D.Config() != cfg {
			t.Errorf("configs %+v and %+v, want %+v", c.G.Config(), c.D.Config(), cfg)
		}
		sameState(t, "G", c.G.State(), g.State(), equalBits)
		sameState(t, "D", c.D.State(), d.State(), equalBits)
		if len(c.SHA256) != 64 {
			t.Errorf("digest %q", c.SHA256)
		}
	}
}

func TestCheckpointHalfRoundsWeightsOnly(t *testing.T) {
	for _, cfg := range checkpointConfigs {
		g, d := trainedPair(t, cfg)
		c, err := Open(saveTemp(t, &Checkpoint{G: g, D: d}, SaveOptions{Half: true}), OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		rounded := func(shape []int, a, b float32) bool {
			if len(shape) > 1 {
				b = half.ToFloat32(half.FromFloat32(b))
			}
			return equalBits(shape, a, b)
		}
		sameState(t, "G", c.G.State(), g.State(), rounded)
		sameState(t, "D", c.D.State(), d.State(), rounded)
	}
}

// TestCheckpointHalfFitsTheRepository holds the zoo's size: a pair of width 64
// in at most 13 MB.
func TestCheckpointHalfFitsTheRepository(t *testing.T) {
	cfg := model.Config{Arch: model.PyTorch, Size: 64, Channels: 3, LatentDim: 100, GWidth: 64, DWidth: 64}
	g, d := trainedPair(t, cfg)
	info, err := os.Stat(saveTemp(t, &Checkpoint{G: g, D: d}, SaveOptions{Half: true}))
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 13_000_000 {
		t.Errorf("%d bytes, want at most 13,000,000", info.Size())
	}
}

func TestCheckpointOfOneNet(t *testing.T) {
	g, d := trainedPair(t, checkpointConfigs[0])
	c, err := Open(saveTemp(t, &Checkpoint{G: g}, SaveOptions{}), OpenOptions{})
	if err != nil || c.D != nil || c.G == nil {
		t.Fatalf("G alone: %+v, %v", c, err)
	}
	sameState(t, "G", c.G.State(), g.State(), equalBits)
	c, err = Open(saveTemp(t, &Checkpoint{D: d}, SaveOptions{}), OpenOptions{})
	if err != nil || c.G != nil || c.D == nil {
		t.Fatalf("D alone: %+v, %v", c, err)
	}
	sameState(t, "D", c.D.State(), d.State(), equalBits)
}

func TestCheckpointBytesDependOnContentsOnly(t *testing.T) {
	g, d := trainedPair(t, checkpointConfigs[0])
	read := func(g *model.G, d *model.D) []byte {
		b, err := os.ReadFile(saveTemp(t, &Checkpoint{G: g, D: d}, SaveOptions{}))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if !bytes.Equal(read(g, d), read(g.Clone(), d.Clone())) {
		t.Error("two files of equal nets differ")
	}
}

// TestReferenceNamesOfCheckpoints compares with the names that PyTorch
// itself gave the reference nets.
func TestReferenceNamesOfCheckpoints(t *testing.T) {
	ref.Run(t, "dcgan_step_*", func(t *testing.T, r *ref.File) {
		n := r.Net()
		cfg := model.Config{Size: n.Size, Channels: n.Channels, LatentDim: n.LatentDim, GWidth: n.GWidth, DWidth: n.DWidth}
		if n.Paper {
			cfg.Arch = model.Paper
		}
		g, d := trainedPair(t, cfg)
		f, err := safetensors.ReadFileHeader(saveTemp(t, &Checkpoint{G: g, D: d}, SaveOptions{}))
		if err != nil {
			t.Fatal(err)
		}
		compare := func(refPrefix, ourPrefix string) {
			var want, got []string
			for _, e := range r.Tensors {
				if name, ok := strings.CutPrefix(e.Name, refPrefix); ok {
					want = append(want, fmt.Sprint(name, e.DType, e.Shape))
				}
			}
			for _, o := range f.Tensors {
				if name, ok := strings.CutPrefix(o.Name, ourPrefix); ok {
					got = append(got, fmt.Sprint(name, o.DType, o.Shape))
				}
			}
			if len(want) == 0 || !slices.Equal(got, want) {
				t.Errorf("%s\n got %v\nwant %v", ourPrefix, got, want)
			}
		}
		compare("in/G0/", prefixG)
		compare("in/D0/", prefixD)
	})
}

func TestCheckpointCutShortIsRefused(t *testing.T) {
	g, d := trainedPair(t, checkpointConfigs[0])
	whole, err := os.ReadFile(saveTemp(t, &Checkpoint{G: g, D: d}, SaveOptions{}))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "cut")
	for n := 0; n < len(whole); n += 1 + n/9 {
		if err := os.WriteFile(path, whole[:n], 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path, OpenOptions{}); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), path) {
			t.Errorf("the first %d bytes: %v, want ErrRefused with the path", n, err)
		}
	}
}

func TestCheckpointFlippedBitIsRefused(t *testing.T) {
	g, d := trainedPair(t, model.Config{Arch: model.PyTorch, Size: 16, Channels: 1, LatentDim: 1, GWidth: 1, DWidth: 1})
	b, err := os.ReadFile(saveTemp(t, &Checkpoint{G: g, D: d}, SaveOptions{}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenBytes("b", b, OpenOptions{}); err != nil {
		t.Fatal(err)
	}
	for i := range b {
		b[i] ^= 1 << (i % 8)
		if _, err := OpenBytes("b", b, OpenOptions{}); !errors.Is(err, ErrRefused) && !errors.Is(err, ErrUnsupported) {
			t.Errorf("bit %d of byte %d of %d flipped: %v, want a refusal", i%8, i, len(b), err)
		}
		b[i] ^= 1 << (i % 8)
	}
}

// forge writes a checkpoint whose parts were changed by edit, with a right
// digest, and returns what Load says.
func forge(t *testing.T, edit func(f *safetensors.File)) error {
	t.Helper()
	g, d := trainedPair(t, checkpointConfigs[0])
	f, err := safetensors.ReadFile(saveTemp(t, &Checkpoint{G: g, D: d}, SaveOptions{}))
	if err != nil {
		t.Fatal(err)
	}
	edit(f)
	path := filepath.Join(t.TempDir(), "forged")
	if err := safetensors.WriteFile(path, "", f.Metadata, f.Tensors); err != nil {
		t.Fatal(err)
	}
	_, err = Open(path, OpenOptions{})
	return err
}

func find(t *testing.T, f *safetensors.File, name string) *safetensors.Tensor {
	t.Helper()
	x, err := f.Tensor(name)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestWithoutMetadata: the file is another program's dict of two nets then.
func TestWithoutMetadata(t *testing.T) {
	if err := forge(t, func(f *safetensors.File) { f.Metadata = nil }); err != nil {
		t.Error(err)
	}
}

func TestCheckpointForgeriesAreRefused(t *testing.T) {
	setFloat := func(t *testing.T, f *safetensors.File, name string, v float32) {
		x := find(t, f, name)
		data, err := x.Float32s()
		if err != nil {
			t.Fatal(err)
		}
		data[1] = v
		if *x, err = safetensors.New(name, x.Shape, data); err != nil {
			t.Fatal(err)
		}
	}
	remove := func(f *safetensors.File, name string) {
		f.Tensors = slices.DeleteFunc(f.Tensors, func(x safetensors.Tensor) bool { return x.Name == name })
	}
	config := func(old, new string) func(*testing.T, *safetensors.File) {
		return func(t *testing.T, f *safetensors.File) {
			if !strings.Contains(f.Metadata[metaKey], old) {
				t.Fatalf("no %q in %s", old, f.Metadata[metaKey])
			}
			f.Metadata[metaKey] = strings.Replace(f.Metadata[metaKey], old, new, 1)
		}
	}
	for _, c := range []struct {
		name string
		edit func(t *testing.T, f *safetensors.File)
		kind error
		says string
	}{
		{"NaN weight", func(t *testing.T, f *safetensors.File) { setFloat(t, f, "G.main.3.weight", float32(math.NaN())) }, ErrRefused, `"main.3.weight": value 1 is NaN`},
		{"infinite bias", func(t *testing.T, f *safetensors.File) { setFloat(t, f, "D.main.3.bias", float32(math.Inf(-1))) }, ErrRefused, `"main.3.bias": value 1 is -Inf`},
		{"negative variance", func(t *testing.T, f *safetensors.File) { setFloat(t, f, "G.main.1.running_var", -1) }, ErrRefused, "running_var"},
		{"missing", func(t *testing.T, f *safetensors.File) { remove(f, "D.main.2.weight") }, ErrRefused, `no tensor "D.main.2.weight" of shape [4 2 4 4]`},
		{"extra", func(t *testing.T, f *safetensors.File) {
			x, _ := safetensors.New("G.main.99.weight", []int{1}, []float32{1})
			f.Tensors = append(f.Tensors, x)
		}, ErrRefused, `"G.main.99.weight" of shape [1]`},
		{"alien", func(t *testing.T, f *safetensors.File) {
			x, _ := safetensors.New("main.0.weight", []int{1}, []float32{1})
			f.Tensors = append(f.Tensors, x)
		}, ErrRefused, `"main.0.weight"`},
		{"swapped axes", func(t *testing.T, f *safetensors.File) {
			x := find(t, f, "G.main.0.weight")
			x.Shape = []int{6, 5, 4, 4}
		}, ErrRefused, `"G.main.0.weight": shape [6 5 4 4], want [5 6 4 4]`},
		{"whole-number weights", func(t *testing.T, f *safetensors.File) {
			x := find(t, f, "G.main.0.weight")
			*x, _ = safetensors.New(x.Name, x.Shape, make([]int32, x.Len()))
		}, ErrUnsupported, `"G.main.0.weight"`},
		{"nothing", func(t *testing.T, f *safetensors.File) { f.Tensors = nil }, ErrRefused, "neither a G nor a D"},
		{"other architecture", config(`"arch":"pytorch"`, `"arch":"paper"`), ErrRefused, `"G.main.0.weight": shape [5 6 4 4], want [96 5]`},
		{"unknown architecture", config(`"arch":"pytorch"`, `"arch":"stylegan"`), ErrRefused, `"stylegan"`},
		{"other size", config(`"size":16`, `"size":32`), ErrRefused, "want"},
		{"no such size", config(`"size":16`, `"size":17`), ErrRefused, "17 pixels"},
		{"huge width", config(`"g_width":3`, `"g_width":8192`), ErrRefused, "want"},
		{"broken JSON", config(`{`, `[`), ErrRefused, "metadata"},
		{"later version", func(t *testing.T, f *safetensors.File) { f.Metadata[kindKey] = "model 2" }, ErrUnsupported, "another version"},
		{"resume state", func(t *testing.T, f *safetensors.File) { f.Metadata[kindKey] = "state 1" }, ErrUnsupported, "resume state"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := forge(t, func(f *safetensors.File) { c.edit(t, f) })
			if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v\nwant one line with %s, of kind %v", err, c.says, c.kind)
			}
		})
	}
}

func TestCheckpointMissingFile(t *testing.T) {
	_, err := Open(filepath.Join(t.TempDir(), "none"), OpenOptions{})
	if !errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrRefused) {
		t.Errorf("%v, want fs.ErrNotExist alone", err)
	}
}

func TestSaveRefusesBadWeightsAndKeepsTheFile(t *testing.T) {
	g, d := trainedPair(t, checkpointConfigs[0])
	path := saveTemp(t, &Checkpoint{G: g, D: d}, SaveOptions{})
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bad := func(what string, opt SaveOptions, c *Checkpoint, says string) {
		t.Helper()
		if err := Save(path, c, opt); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want an error with %s", what, err, says)
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s: the old file changed (%v)", what, err)
		}
	}
	bad("nothing", SaveOptions{}, &Checkpoint{}, "neither")
	_, other := trainedPair(t, checkpointConfigs[1])
	bad("two configs", SaveOptions{}, &Checkpoint{G: g, D: other}, "but D is")
	d.Params()[0].W[3] = 1e5
	bad("beyond half", SaveOptions{Half: true}, &Checkpoint{G: g, D: d}, "half precision")
	d.Params()[0].W[3] = float32(math.Inf(1))
	bad("infinite", SaveOptions{}, &Checkpoint{G: g, D: d}, `"D.main.0.weight": value`)
	// Latents so large that variances overflow, and means do not.
	z := model.Latents(1, 0, 4, g.Config())
	for i := range z.Data {
		z.Data[i] *= 1e25
	}
	if err := g.EstimateStatistics(z, 4, nil); err != nil {
		t.Fatal(err)
	}
	bad("infinite statistic", SaveOptions{}, &Checkpoint{G: g}, `"G.main.1.running_var": value 0 is +Inf`)
}

func FuzzParseCheckpoint(f *testing.F) {
	addOwn(f)
	f.Fuzz(checkOwn)
}

// FuzzParseResealed is FuzzParseCheckpoint with length and digest made right.
func FuzzParseResealed(f *testing.F) {
	addOwn(f)
	f.Fuzz(func(t *testing.T, b []byte) { checkOwn(t, hostile.Reseal(b)) })
}

func addOwn(f *testing.F) {
	for _, cfg := range checkpointConfigs {
		cfg.GWidth, cfg.DWidth, cfg.LatentDim = 1, 1, 1
		g, d := trainedPair(f, cfg)
		for _, opt := range []SaveOptions{{}, {Half: true}} {
			b, err := os.ReadFile(saveTemp(f, &Checkpoint{G: g, D: d}, opt))
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b)
		}
	}
}

// checkOwn is the body of the fuzz targets.
func checkOwn(t *testing.T, b []byte) {
	c, err := OpenBytes("b", b, OpenOptions{})
	if err != nil {
		if !isAny(err, ErrRefused, ErrUnsupported, ErrAmbiguous) {
			t.Fatalf("%v: of no kind", err)
		}
		return
	}
	path := filepath.Join(t.TempDir(), "again")
	if err := Save(path, c, SaveOptions{}); err != nil {
		t.Fatalf("what was read cannot be written: %v", err)
	}
}
