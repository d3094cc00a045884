package train

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/safetensors"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

func resume(t testing.TB, dir string, cfg model.Config, opt Options, threads int) *Trainer {
	t.Helper()
	tr, err := Resume(dir, cfg, &pictures{n: 20, shape: shapeOf(cfg)}, opt, newPool(t, threads))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tr.Close)
	return tr
}

// TestResumeIsBitForBit compares the files of 200 steps at once with those of
// runs that stopped on the way, for every option and number of threads.
func TestResumeIsBitForBit(t *testing.T) {
	paper := model.Config{Arch: model.Paper, Size: 16, Channels: 1, LatentDim: 4, GWidth: 2, DWidth: 3, Law: model.Uniform}
	digits := model.Config{Arch: model.PyTorch, Size: 28, Channels: 1, LatentDim: 4, GWidth: 2, DWidth: 2}
	for _, c := range []struct {
		cfg model.Config
		opt Options
	}{{tiny, Options{Batch: 6, Seed: 9}}, {tiny, everything()}, {tiny, following()}, {paper, everything()}, {digits, everything()}} {
		t.Run(fmt.Sprintf("%v%d/%v%g", c.cfg.Arch, c.cfg.Size, c.opt.Augment, c.opt.AugmentTarget), func(t *testing.T) {
			whole, half := t.TempDir(), t.TempDir()
			tr := newTrainer(t, c.cfg, c.opt, newPool(t, 2))
			run(t, tr, 200)
			if err := tr.Save(whole); err != nil {
				t.Fatal(err)
			}
			tr = newTrainer(t, c.cfg, c.opt, newPool(t, 1))
			run(t, tr, 100)
			if err := tr.Save(half); err != nil {
				t.Fatal(err)
			}
			tr = resume(t, half, c.cfg, c.opt, 2)
			if tr.Steps() != 100 {
				t.Fatalf("resumed at step %d, want 100", tr.Steps())
			}
			if s := run(t, tr, 1)[0]; s.Step != 101 {
				t.Errorf("first step after it is %d", s.Step)
			}
			run(t, tr, 42)
			if err := tr.Save(half); err != nil {
				t.Fatal(err)
			}
			tr = resume(t, half, c.cfg, c.opt, 1)
			run(t, tr, 57)
			if err := tr.Save(half); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{ModelFile, StateFile} {
				a, err := os.ReadFile(filepath.Join(whole, name))
				if err != nil {
					t.Fatal(err)
				}
				b, err := os.ReadFile(filepath.Join(half, name))
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(a, b) {
					t.Errorf("%s of 200 steps and of 100 + 43 + 57 differ", name)
				}
			}
		})
	}
}

func TestSaveWritesTheGeneratorOfTheRun(t *testing.T) {
	dir := t.TempDir()
	opt := everything()
	opt.Dataset = "made-up blobs"
	tr := newTrainer(t, tiny, opt, newPool(t, 2))
	run(t, tr, 3)
	if err := tr.Save(dir); err != nil {
		t.Fatal(err)
	}
	c, err := checkpoint.Open(filepath.Join(dir, ModelFile), checkpoint.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := tr.Checkpoint().Meta
	if c.Meta != want || want.Dataset != "made-up blobs" || want.Step != 3 {
		t.Errorf("meta %+v, want %+v", c.Meta, want)
	}
	if !slices.Equal(c.G.Params()[0].W, tr.ema.Params()[0].W) || !slices.Equal(c.D.Params()[0].W, tr.d.Params()[0].W) {
		t.Error("not the moving average and D")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("%d files in the folder (%v), want 2", len(entries), err)
	}
	run, err := ReadRun(dir)
	if err != nil || run.Step != 3 || run.Config != tiny || run.Data != tr.Data() {
		t.Errorf("%+v, %v", run, err)
	}
	opt.Dataset = ""
	if filled, _ := opt.filled(); run.Options != filled {
		t.Errorf("options %+v, want %+v", run.Options, filled)
	}
}

// TestSaveTakesLittleMemory: a run at full size has about 100 MB to spare, so a
// save may copy each net once for each file, and no moments.
func TestSaveTakesLittleMemory(t *testing.T) {
	cfg := model.Config{Arch: model.PyTorch, Size: 32, Channels: 3, LatentDim: 100, GWidth: 64, DWidth: 64}
	tr := newTrainer(t, cfg, everything(), newPool(t, 1))
	bytesOf := func(params []*model.Param) (n uint64) {
		for _, p := range params {
			n += 4 * uint64(len(p.W))
		}
		return n
	}
	g, d := bytesOf(tr.g.Params()), bytesOf(tr.d.Params())
	tr.Generator() // a run that draws sheets has its programs and their buffers
	dir := t.TempDir()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := tr.Save(dir); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	// State: G, D and the average. Model: the average and D, and the largest
	// of their tensors once more.
	limit := (2*g + d) + 2*(g+d) + 1<<20
	if got := after.TotalAlloc - before.TotalAlloc; got > limit {
		t.Errorf("a save allocates %d bytes, want at most %d: G has %d, D %d", got, limit, g, d)
	}
	if got := int64(after.HeapAlloc) - int64(before.HeapAlloc); got > 1<<20 {
		t.Errorf("a save leaves %d bytes on the heap", got)
	}
}

func TestResumeRefusesChanges(t *testing.T) {
	dir := t.TempDir()
	tr := newTrainer(t, tiny, everything(), newPool(t, 1))
	run(t, tr, 1)
	if err := tr.Save(dir); err != nil {
		t.Fatal(err)
	}
	before := readRun(t, dir)
	n, seed := 20, uint64(0)
	for says, change := range map[string]func(cfg *model.Config, o *Options){
		"nets: arch paper, want pytorch":                        func(c *model.Config, _ *Options) { c.Arch = model.Paper },
		"nets: size 32, want 16":                                func(c *model.Config, _ *Options) { c.Size = 32 },
		"nets: g_width 8, want 4":                               func(c *model.Config, _ *Options) { c.GWidth = 8 },
		"options: batch 7, want 6":                              func(_ *model.Config, o *Options) { o.Batch = 7 },
		"options: batch 128, want 6":                            func(_ *model.Config, o *Options) { o.Batch = 0 },
		"options: seed 5, want 4":                               func(_ *model.Config, o *Options) { o.Seed = 5 },
		"options: rate 0.002, want 0.001":                       func(_ *model.Config, o *Options) { o.Rate = 0.002 },
		"options: flips false, want true":                       func(_ *model.Config, o *Options) { o.Flips = false },
		"options: augment color, want color,translation,cutout": func(_ *model.Config, o *Options) { o.Augment = Color },
		"options: ema 0, want 0.9":                              func(_ *model.Config, o *Options) { o.EMA = 0 },
		"options: augment_chance 0.5, want 0":                   func(_ *model.Config, o *Options) { o.AugmentChance = 0.5 },
		"options: brightness 0.2, want 0":                       func(_ *model.Config, o *Options) { o.Brightness = 0.2 },
		"options: fall_to 9, want 0":                            func(_ *model.Config, o *Options) { o.FallTo = 9 }, // from the step that is made
		"options: label_smoothing 0.2, want 0.1":                func(_ *model.Config, o *Options) { o.LabelSmoothing = 0.2 },
		"data: images 21, want 20":                              func(*model.Config, *Options) { n = 21 },
		"data: fingerprint":                                     func(*model.Config, *Options) { seed = 1 },
	} {
		n, seed = 20, 0
		cfg, opt := tiny, everything()
		change(&cfg, &opt)
		_, err := Resume(dir, cfg, &pictures{n: n, shape: shapeOf(cfg), seed: seed}, opt, newPool(t, 1))
		if !errors.Is(err, ErrChanged) || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v\nwant %s", err, says)
		}
	}
	if !bytes.Equal(readRun(t, dir), before) {
		t.Error("a refused resume touched the folder")
	}
	opt := everything()
	opt.Dataset = "renamed"
	resume(t, dir, tiny, opt, 3)
}

// fingerprinted is a Source that identifies itself.
type fingerprinted struct {
	*pictures
	print string
}

func (f fingerprinted) Fingerprint() string { return f.print }

func TestResumeAsksTheSourceWhoItIs(t *testing.T) {
	dir := t.TempDir()
	src := fingerprinted{&pictures{n: 20, shape: shapeOf(tiny)}, "one"}
	tr, err := New(tiny, src, Options{Batch: 4}, newPool(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	if src.loads.Load() != 0 {
		t.Error("pictures were loaded to identify a source that does so itself")
	}
	if err := tr.Save(dir); err != nil {
		t.Fatal(err)
	}
	src.print = "two"
	if _, err := Resume(dir, tiny, src, Options{Batch: 4}, newPool(t, 1)); !errors.Is(err, ErrChanged) || !strings.Contains(err.Error(), "fingerprint two, want one") {
		t.Errorf("%v, want a changed fingerprint", err)
	}
}

func TestResumeRefusesDamage(t *testing.T) {
	dir := t.TempDir()
	tr := newTrainer(t, tiny, everything(), newPool(t, 1))
	run(t, tr, 1)
	if err := tr.Save(dir); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, StateFile)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	try := func(what string, kind error, says string) {
		t.Helper()
		_, err := Resume(dir, tiny, &pictures{n: 20, shape: shapeOf(tiny)}, everything(), newPool(t, 1))
		if !errors.Is(err, kind) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v\nwant one line with the path and %q, of kind %v", what, err, says, kind)
		}
	}
	write := func(b []byte) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(whole[:len(whole)/2])
	try("cut short", checkpoint.ErrRefused, "")
	if _, err := ReadRun(dir); !errors.Is(err, checkpoint.ErrRefused) {
		t.Errorf("ReadRun of a state cut short: %v", err)
	}
	flipped := slices.Clone(whole)
	flipped[len(flipped)*2/3] ^= 4
	write(flipped)
	try("a flipped bit", checkpoint.ErrRefused, "")

	forge := func(what string, kind error, says string, edit func(f *safetensors.File)) {
		t.Helper()
		write(whole)
		f, err := safetensors.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		edit(f)
		if err := safetensors.WriteFile(path, "", f.Metadata, f.Tensors); err != nil {
			t.Fatal(err)
		}
		try(what, kind, says)
	}
	set := func(name string, v float32) func(f *safetensors.File) {
		return func(f *safetensors.File) {
			x, err := f.Tensor(name)
			if err != nil {
				t.Fatal(err)
			}
			data, _ := x.Float32s()
			data[2] = v
			*x, _ = safetensors.New(name, x.Shape, data)
		}
	}
	remove := func(name string) func(f *safetensors.File) {
		return func(f *safetensors.File) {
			f.Tensors = slices.DeleteFunc(f.Tensors, func(x safetensors.Tensor) bool { return x.Name == name })
		}
	}
	nan := float32(math.NaN())
	forge("NaN weight", checkpoint.ErrRefused, `"main.0.weight": value 2 is NaN`, set("EMA.main.0.weight", nan))
	forge("NaN moment", checkpoint.ErrRefused, `"adam.G.main.0.weight/m": value 2 is NaN`, set("adam.G.main.0.weight/m", nan))
	forge("negative second moment", checkpoint.ErrRefused, `"adam.D.main.2.weight/v": value 2 is -1`, set("adam.D.main.2.weight/v", -1))
	forge("no moment", checkpoint.ErrRefused, `no tensor "adam.D.main.2.weight/v"`, remove("adam.D.main.2.weight/v"))
	forge("no weight", checkpoint.ErrRefused, `no tensor "D.main.0.weight" of shape [4 3 4 4]`, remove("D.main.0.weight"))
	forge("weight of another shape", checkpoint.ErrRefused, `"EMA.main.0.weight": shape [3], want [5 8 4 4]`, func(f *safetensors.File) {
		x, _ := f.Tensor("EMA.main.0.weight")
		*x, _ = safetensors.New(x.Name, []int{3}, make([]float32, 3))
	})
	forge("alien moment", checkpoint.ErrRefused, `"adam.G.main.9/m"`, func(f *safetensors.File) {
		x, _ := safetensors.New("adam.G.main.9/m", []int{1}, []float32{1})
		f.Tensors = append(f.Tensors, x)
	})
	forge("moment of another length", checkpoint.ErrRefused, `"adam.G.main.1/m": shape [3], want [16]`, func(f *safetensors.File) {
		x, _ := f.Tensor("adam.G.main.1/m")
		*x, _ = safetensors.New(x.Name, []int{3}, make([]float32, 3))
	})
	forge("alien", checkpoint.ErrRefused, `"H.main.0.weight"`, func(f *safetensors.File) {
		x, _ := safetensors.New("H.main.0.weight", []int{1}, []float32{1})
		f.Tensors = append(f.Tensors, x)
	})
	forge("later version", checkpoint.ErrUnsupported, "another version", func(f *safetensors.File) { f.Metadata[kindKey] = "state 9" })
	forge("a model", checkpoint.ErrUnsupported, `"model 1", want "state 1"`, func(f *safetensors.File) { f.Metadata[kindKey] = "model 1" })
	forge("broken JSON", checkpoint.ErrRefused, "run", func(f *safetensors.File) { f.Metadata[runKey] = "{" })
	for _, c := range []struct{ from, to, says string }{
		{`"step":1`, `"step":-1`, "step -1"},
		{`"step":1`, `"step":2000000000000`, "step 2000000000000, want 0 to"},
		{`"step":1`, `"step":1,"adapt":{"chance":0.5,"signs":1}`, "target of augmentation 0 with a state"},
		{`"augment":`, `"augment_target":0.6,"augment":`, "target of augmentation 0.6 with a state"},
		{`"batch":6`, `"batch":100000`, "batch of 100000 pictures, want 2 to"},
		{`"batch":6`, `"batch":0`, "want none left out"},
		{`"rate":0.001`, `"rate":-1`, "learning rate -1"},
		{`"beta1":0.5`, `"beta1":1`, "beta1 1"},
		{`"ema":0.9`, `"ema":7`, "moving average 7"},
		{`"g_width":4`, `"g_width":0`, "width 0 of G"},
	} {
		forge(c.to, checkpoint.ErrRefused, c.says, func(f *safetensors.File) {
			text := strings.Replace(f.Metadata[runKey], c.from, c.to, 1)
			if text == f.Metadata[runKey] {
				t.Fatalf("no %s in %s", c.from, text)
			}
			f.Metadata[runKey] = text
		})
		if _, err := ReadRun(dir); !errors.Is(err, checkpoint.ErrRefused) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("ReadRun: %v, want %s", err, c.says)
		}
	}

	write(whole)
	resume(t, dir, tiny, everything(), 1)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	try("no state", fs.ErrNotExist, "")
	if _, err := ReadRun(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("ReadRun without a state: %v", err)
	}
}

// TestSmallStateClaimsLittleMemory resumes from a file of a few hundred bytes
// that says it is a run of large nets and batches.
func TestSmallStateClaimsLittleMemory(t *testing.T) {
	const limit = 4 << 20
	cfg := model.Config{Arch: model.PyTorch, Size: 64, Channels: 3, LatentDim: 100, GWidth: 192, DWidth: 192}
	opt, err := Options{Batch: maxBatch, EMA: 0.9}.filled()
	if err != nil {
		t.Fatal(err)
	}
	src := fingerprinted{&pictures{n: 20, shape: shapeOf(cfg)}, "print"}
	text, err := json.Marshal(Run{Config: cfg, Options: opt, Data: Data{Images: 20, Fingerprint: "print"}, Step: 1})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	pool := newPool(t, 1)
	for _, shape := range [][]int{nil, {1}} {
		var tensors []safetensors.Tensor
		if shape != nil {
			for _, name := range []string{"G.main.0.weight", "D.main.0.weight", "EMA.main.0.weight", "adam.G.main.0.weight/m"} {
				x, err := safetensors.New(name, shape, []float32{1})
				if err != nil {
					t.Fatal(err)
				}
				tensors = append(tensors, x)
			}
		}
		if err := safetensors.WriteFile(filepath.Join(dir, StateFile), "", map[string]string{kindKey: kindName, runKey: string(text)}, tensors); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Resume(dir, cfg, src, opt, pool)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, checkpoint.ErrRefused) || !strings.Contains(err.Error(), "G.main.0.weight") {
			t.Errorf("%v, want a refusal that names a tensor", err)
		}
		if got := after.TotalAlloc - before.TotalAlloc; got > limit {
			t.Errorf("%d tensors: %d bytes allocated before the file was refused, want at most %d", len(tensors), got, limit)
		}
	}
}
