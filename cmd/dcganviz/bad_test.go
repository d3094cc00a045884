package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
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
	"dcganviz/model/train"
	training "dcganviz/model/train/run"
)

// copyPhotos makes a folder of four of the photos.
func copyPhotos(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "photos")
	for _, name := range []string{"p00010.jpg", "p00037.jpg", "p00051.jpg", "p00079.jpg"} {
		write(t, filepath.Join(dir, name), read(t, filepath.Join(photos, "plain", name)))
	}
	return dir
}

// hugePNG is a PNG whose header claims 65,535 x 65,535 pixels.
func hugePNG() []byte {
	head := []byte("IHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x02\x00\x00\x00")
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(head))
}

func TestTrainRefusesBadPictures(t *testing.T) {
	empty := t.TempDir()
	text := filepath.Dir(write(t, filepath.Join(t.TempDir(), "a.jpg"), []byte("no picture")))
	huge := filepath.Dir(write(t, filepath.Join(t.TempDir(), "huge.png"), hugePNG()))
	whole := read(t, filepath.Join(photos, "plain", "p00010.jpg"))
	cut := copyPhotos(t)
	write(t, filepath.Join(cut, "cut.jpg"), whole[:len(whole)/2])
	list := write(t, filepath.Join(t.TempDir(), "list.txt"), []byte("plain/p00010.jpg\nplain/none.jpg\n"))
	zip := write(t, filepath.Join(t.TempDir(), "photos.zip"), []byte("this is a text, whatever its name says"))
	for _, r := range []refusal{
		{"no such folder", []string{"--data", "nowhere"}, exitMissing, []string{"nowhere", "no such file or folder"}},
		{"empty folder", []string{"--data", empty}, exitMissing, []string{empty, "folder without a"}},
		{"no picture", []string{"--data", text}, exitRefused, []string{text, "a.jpg"}},
		{"huge", []string{"--data", huge}, exitRefused, []string{"huge.png", "65535"}},
		{"not what its name says", []string{"--data", zip}, exitRefused, []string{"photos.zip"}},
		{"strict", []string{"--data", cut, "--strict"}, exitRefused, []string{"cut.jpg"}},
		{"no list", []string{"--data", photos, "--list", "none.txt"}, exitMissing, []string{"none.txt"}},
		{"list of others", []string{"--data", photos, "--list", list}, exitMissing, []string{"plain/none.jpg"}},
		{"no data", nil, exitUsage, []string{"--data"}},
	} {
		r.args = append(append([]string{"train", "--out", "runs/mine"}, small...), append(r.args, "--steps", "2")...)
		r.check(t)
	}
}

func TestTrainSkipsAndNamesBadPictures(t *testing.T) {
	dir := copyPhotos(t)
	whole := read(t, filepath.Join(dir, "p00010.jpg"))
	write(t, filepath.Join(dir, "cut.jpg"), whole[:len(whole)/2])
	write(t, filepath.Join(dir, "huge.png"), hugePNG())
	folder := filepath.Join(t.TempDir(), "run")
	r := call(t.Context(), append([]string{"train", "--data", dir, "--out", folder, "--epochs", "2"}, small...)...)
	if r.code != exitPartly {
		t.Errorf("exit code %d, want %d\n%s", r.code, exitPartly, r.stderr)
	}
	for _, s := range []string{`dcganviz: skipped "cut.jpg": `, `dcganviz: skipped "huge.png": `, "dcganviz: 2 of 6 pictures skipped\n"} {
		if !strings.Contains(r.stderr, s) {
			t.Errorf("%q is not in\n%s", s, r.stderr)
		}
	}
	if got := string(read(t, filepath.Join(folder, training.SkippedFile))); strings.Count(got, "\n") != 2 || !strings.Contains(got, "huge.png") {
		t.Errorf("%s holds %q", training.SkippedFile, got)
	}
	if _, err := checkpoint.Open(filepath.Join(folder, train.ModelFile), checkpoint.OpenOptions{}); err != nil {
		t.Error(err)
	}
}

func TestTrainRefusesBadFolders(t *testing.T) {
	file := write(t, filepath.Join(t.TempDir(), "file"), []byte("mine"))
	full := filepath.Dir(write(t, filepath.Join(t.TempDir(), "novel.txt"), []byte("mine")))
	for _, r := range []refusal{
		{"a file", []string{"--out", file}, exitOutput, []string{file, "want a folder"}},
		{"in a file", []string{"--out", filepath.Join(file, "run")}, exitOutput, []string{file}},
		{"other things in it", []string{"--out", full, "--force"}, exitOutput, []string{full, "other things"}},
		{"no out", nil, exitUsage, []string{"--out"}},
	} {
		r.args = append(append([]string{"train", "--data", photos, "--steps", "2"}, small...), r.args...)
		r.check(t)
	}
	if got := string(read(t, filepath.Join(full, "novel.txt"))); got != "mine" {
		t.Errorf("novel.txt holds %q now", got)
	}
}

func TestTrainCannotWrite(t *testing.T) {
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		t.Skip("whoever runs this may write everywhere")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	refusal{"read-only", trainArgs(filepath.Join(dir, "run"), "--steps", "2"), exitOutput, []string{dir}}.check(t)
}

func TestTrainRefusesOptions(t *testing.T) {
	for _, r := range []refusal{
		{"size", []string{"--size", "50"}, exitUsage, []string{"50x50 pixels", "3 to 8 times a power of two"}},
		{"channels", []string{"--channels", "2"}, exitUsage, []string{"2 channels, want 1 or 3"}},
		{"arch", []string{"--arch", "vgg"}, exitUsage, []string{"--arch", `"vgg"`, "pytorch or paper"}},
		{"law", []string{"--law", "cauchy"}, exitUsage, []string{"--law", `"cauchy"`}},
		{"width", []string{"--width", "0"}, exitUsage, []string{"width 0"}},
		{"nz", []string{"--nz", "0"}, exitUsage, []string{"latents of 0"}},
		{"batch", []string{"--batch", "1"}, exitUsage, []string{"--batch is 1"}},
		{"rate", []string{"--lr", "0"}, exitUsage, []string{"--lr is 0"}},
		{"rate NaN", []string{"--lr", "NaN"}, exitUsage, []string{"--lr is NaN"}},
		{"beta1", []string{"--beta1", "1"}, exitUsage, []string{"--beta1 is 1"}},
		{"smooth", []string{"--smooth", "0.7"}, exitUsage, []string{"label smoothing 0.7"}},
		{"ema", []string{"--ema=-1"}, exitUsage, []string{"moving average -1"}},
		{"augment", []string{"--augment", "color,blur"}, exitUsage, []string{"--augment", `"blur"`}},
		{"chance", []string{"--augment", "color", "--augment-chance", "1.5"}, exitUsage, []string{"--augment-chance is 1.5"}},
		{"chance of nothing", []string{"--augment-chance", "0.5"}, exitUsage, []string{"no augmentation"}},
		{"chance and target", []string{"--augment", "color", "--augment-chance", "0.5", "--augment-target", "0.6"}, exitUsage, []string{"--augment-chance", "--augment-target"}},
		{"target", []string{"--augment", "color", "--augment-target", "0"}, exitUsage, []string{"--augment-target is 0"}},
		{"brightness", []string{"--augment", "color", "--brightness", "NaN"}, exitUsage, []string{"--brightness is NaN"}},
		{"brightness of nothing", []string{"--augment", "cutout", "--brightness", "0.1"}, exitUsage, []string{"no augmentation of colour"}},
		{"border", []string{"--augment", "translation", "--border=-1.5"}, exitUsage, []string{"border -1.5"}},
		{"border of nothing", []string{"--augment", "color", "--border=-1"}, exitUsage, []string{"no translation"}},
		{"fall", []string{"--fall", "0"}, exitUsage, []string{"--fall is 0"}},
		{"longer fall", []string{"--steps", "5", "--fall", "6"}, exitUsage, []string{"--fall is 6", "5 steps"}},
		{"fall of epochs", []string{"--epochs", "5", "--fall", "6"}, exitUsage, []string{"--fall goes with --steps"}},
		{"preset", []string{"--preset", "big"}, exitUsage, []string{"--preset", `"big"`, "small-data"}},
		{"steps", []string{"--steps", "0"}, exitUsage, []string{"--steps is 0"}},
		{"steps and epochs", []string{"--steps", "1", "--epochs", "1"}, exitUsage, []string{"--steps", "--epochs"}},
		{"epochs kept", []string{"--keep-epochs", "0"}, exitUsage, []string{"epoch 0"}},
		{"time", []string{"--max-time", "90"}, exitUsage, []string{"--max-time", "90"}},
		{"no time", []string{"--max-time", "0s"}, exitUsage, []string{"--max-time is 0s"}},
		{"threads", []string{"--threads=-2"}, exitUsage, []string{"--threads is -2"}},
		{"both ways", []string{"--resume", "--force"}, exitUsage, []string{"--resume and --force"}},
	} {
		r.args = append([]string{"train", "--data", photos, "--out", "runs/mine"}, r.args...)
		r.check(t)
	}
}

// copyRun makes a copy of the shared run that a test may spoil.
func copyRun(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	if err := os.CopyFS(dir, os.DirFS(trainedRun(t))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// spoil replaces a file by what f makes of its bytes.
func spoil(t *testing.T, path string, f func([]byte) []byte) string {
	t.Helper()
	return write(t, path, f(read(t, path)))
}

func cutShort(b []byte) []byte { return b[:len(b)-7] }

func flipBit(b []byte) []byte {
	b[len(b)-len(b)/3] ^= 4
	return b
}

func TestResumeRefuses(t *testing.T) {
	sound := trainedRun(t)
	state := func(f func([]byte) []byte) string {
		dir := copyRun(t)
		spoil(t, filepath.Join(dir, train.StateFile), f)
		return dir
	}
	losses := copyRun(t)
	write(t, filepath.Join(losses, training.LossesFile), []byte(training.LossColumns+"\n1,2\n"))
	plan := copyRun(t)
	write(t, filepath.Join(plan, training.PlanFile), []byte("{"))
	for _, r := range []refusal{
		{"no run", []string{"--out", "nowhere"}, exitMissing, []string{"no run in nowhere"}},
		{"another batch", []string{"--out", sound, "--batch", "8"}, exitUsage, []string{"--batch is 8", "began with 4"}},
		{"another size", []string{"--out", sound, "--size", "32"}, exitUsage, []string{"--size is 32", "began with 28"}},
		{"another arch", []string{"--out", sound, "--arch", "paper"}, exitUsage, []string{"--arch is paper", "began with pytorch"}},
		{"another recipe", []string{"--out", sound, "--preset", "small-data"}, exitUsage, []string{"--ema is 0.999", "began with 0"}},
		{"other pictures", []string{"--out", sound, "--data", filepath.Join(photos, "plain")}, exitUsage, []string{"images 6, want 12"}},
		{"cut short", []string{"--out", state(cutShort)}, exitRefused, []string{train.StateFile}},
		{"bit flipped", []string{"--out", state(flipBit)}, exitRefused, []string{train.StateFile}},
		{"bad losses", []string{"--out", losses}, exitRefused, []string{training.LossesFile, "line 2", "remove the file"}},
		{"bad plan", []string{"--out", plan}, exitRefused, []string{training.PlanFile}},
	} {
		r.args = append([]string{"train", "--resume", "--steps", "20"}, r.args...)
		r.check(t)
	}
}

// withTensors writes the shared run's model after f has changed it.
func withTensors(t *testing.T, f func(*safetensors.File)) string {
	t.Helper()
	file := readTensors(t, trainedRun(t))
	f(file)
	path := filepath.Join(t.TempDir(), "changed.safetensors")
	if err := safetensors.WriteFile(path, "", file.Metadata, file.Tensors); err != nil {
		t.Fatal(err)
	}
	return path
}

// readTensors reads the model of a run.
func readTensors(t *testing.T, run string) *safetensors.File {
	t.Helper()
	file, err := safetensors.ReadFile(filepath.Join(run, train.ModelFile))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// tensor returns the tensor of that name.
func tensor(t *testing.T, f *safetensors.File, name string) *safetensors.Tensor {
	t.Helper()
	x, err := f.Tensor(name)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestModelsAreRefused(t *testing.T) {
	run := trainedRun(t)
	whole := filepath.Join(run, train.ModelFile)
	broken := func(f func([]byte) []byte) string {
		return write(t, filepath.Join(t.TempDir(), "broken.safetensors"), f(read(t, whole)))
	}
	nan := withTensors(t, func(f *safetensors.File) {
		x := tensor(t, f, "G.main.0.weight")
		binary.LittleEndian.PutUint32(x.Data[4*21:], math.Float32bits(float32(math.NaN())))
	})
	paper := withTensors(t, func(f *safetensors.File) {
		f.Metadata["meta"] = strings.Replace(f.Metadata["meta"], `"pytorch"`, `"paper"`, 1)
	})
	wider := withTensors(t, func(f *safetensors.File) {
		f.Metadata["meta"] = strings.Replace(f.Metadata["meta"], `"g_width":4`, `"g_width":8`, 1)
	})
	version := withTensors(t, func(f *safetensors.File) { f.Metadata["dcganviz"] = "model 2" })
	onlyD := withTensors(t, func(f *safetensors.File) {
		var kept []safetensors.Tensor
		for _, x := range f.Tensors {
			if strings.HasPrefix(x.Name, "D.") {
				kept = append(kept, x)
			}
		}
		f.Tensors = kept
	})
	bare := filepath.Dir(write(t, filepath.Join(t.TempDir(), "readme"), nil))
	check := func(r refusal, commands ...string) {
		for _, command := range commands {
			x := r
			x.name, x.args = command+" "+r.name, append([]string{command}, r.args...)
			switch command {
			case "convert":
				x.args = slices.Insert(x.args, 2, "new.pth")
			case "inspect":
				x.args = append(x.args, "--stats")
			}
			x.check(t)
		}
	}
	for _, r := range []refusal{
		{"no such model", []string{"nothing"}, exitMissing, []string{`no model "nothing"`}},
		{"no run", []string{bare}, exitMissing, []string{bare, train.ModelFile}},
		{"two models", []string{run, "--model", whole}, exitUsage, []string{"two models"}},
		{"empty file", []string{broken(func([]byte) []byte { return nil })}, exitRefused, []string{"broken.safetensors"}},
		{"cut short", []string{broken(cutShort)}, exitRefused, []string{"broken.safetensors"}},
		{"header only", []string{broken(func(b []byte) []byte { return b[:8+binary.LittleEndian.Uint64(b)] })}, exitRefused, []string{"broken.safetensors"}},
		{"bit flipped", []string{broken(flipBit)}, exitRefused, []string{"broken.safetensors"}},
		{"text", []string{broken(func([]byte) []byte { return []byte("{}") })}, exitRefused, []string{"broken.safetensors"}},
	} {
		check(r, "sample", "walk", "convert", "inspect")
	}
	// What is whole, but cannot be run, is listed by inspect.
	for _, r := range []refusal{
		{"NaN", []string{nan}, exitRefused, []string{"changed.safetensors", "main.0.weight", "21", "NaN"}},
		{"another architecture", []string{paper}, exitRefused, []string{"changed.safetensors", "G.main.0.weight", "[12 8 7 7]"}},
		{"another width", []string{wider}, exitRefused, []string{"changed.safetensors", "[12 8 7 7]", "[12 16 7 7]"}},
		{"another version's", []string{version}, exitUnsupported, []string{"changed.safetensors", "model 2"}},
		{"state of a run", []string{filepath.Join(run, train.StateFile)}, exitUnsupported, []string{train.StateFile, "want the model beside it"}},
	} {
		check(r, "sample", "walk", "convert")
		got := must(t, "inspect", r.args[0], "--stats")
		for _, s := range append(r.says[1:], "cannot be run", "int64") {
			if !strings.Contains(got.stdout, s) && s != "21" { // which of the values is for those who need it
				t.Errorf("inspect %s: %q is not in\n%s", r.name, s, got.stdout)
			}
		}
	}
	refusal{"no G", []string{"walk", onlyD}, exitUnsupported, []string{"changed.safetensors", "holds no G"}}.check(t)
	refusal{"no D", []string{"sample", filepath.Join(run, "epoch-0001.safetensors"), "--score"}, exitUnsupported, []string{"epoch-0001", "holds no D"}}.check(t)
	refusal{"no card", []string{"models", "nothing"}, exitMissing, []string{`"nothing"`}}.check(t)
}

func TestDrawingRefuses(t *testing.T) {
	run := trainedRun(t)
	dir := t.TempDir()
	file := func(name string, z model.Tensor) string { return writeLatents(t, filepath.Join(dir, name), z) }
	ten := file("ten.npy", model.NewTensor(3, 10))
	deep := file("deep.npy", model.NewTensor(3, 12, 2, 1))
	one := file("one.npy", model.NewTensor(1, 12))
	two := file("two.npy", model.NewTensor(2, 12))
	z := model.NewTensor(2, 12)
	z.Data[17] = float32(math.Inf(1))
	inf := file("inf.npy", z)
	torn := write(t, filepath.Join(dir, "torn.npy"), cutShort(read(t, two)))
	text := write(t, filepath.Join(dir, "text.npy"), []byte("no array at all, but a text"))
	existing := write(t, filepath.Join(dir, "existing.png"), []byte("mine"))
	for _, r := range []refusal{
		{"no latents", []string{"sample", "--z", "none.npy"}, exitMissing, []string{"--z", "none.npy"}},
		{"other dimension", []string{"sample", "--z", ten}, exitUnsupported, []string{"ten.npy", "[3 10]", "[N 12]"}},
		{"other shape", []string{"walk", "--z", deep}, exitUnsupported, []string{"deep.npy", "[3 12 2 1]", "[N 12 1 1]"}},
		{"infinite", []string{"sample", "--z", inf}, exitUnsupported, []string{"inf.npy", "latent 1", "+Inf at 5"}},
		{"torn latents", []string{"sample", "--z", torn}, exitRefused, []string{"torn.npy"}},
		{"no array", []string{"sample", "--z", text}, exitUnsupported, []string{"text.npy", "numpy.loadtxt"}},
		{"one anchor", []string{"walk", "--z", one}, exitUsage, []string{"one.npy", "1 latent", "at least 2"}},
		{"two for a dimension", []string{"walk", "--dim", "1", "--z", two}, exitUsage, []string{"two.npy", "2 latents, want 1"}},
		{"latents twice", []string{"sample", "--z", two, "--seed", "3"}, exitUsage, []string{"--z", "--seed"}},
		{"none", []string{"sample", "-n", "0"}, exitUsage, []string{"-n is 0, want 1 to "}},
		{"too many", []string{"sample", "-n", "1000000000"}, exitUsage, []string{"1000000000"}},
		{"too long", []string{"walk", "--steps", "1000000000"}, exitUsage, []string{"1000000000"}},
		{"too large", []string{"walk", "--scale", "60"}, exitUsage, []string{"pixels"}},
		{"too large to move", []string{"walk", "--gif", "--steps", "9000", "--scale", "60"}, exitUsage, []string{"--scale"}},
		{"before the first", []string{"sample", "--first=-1"}, exitUsage, []string{"--first is -1"}},
		{"columns", []string{"sample", "--cols=-1"}, exitUsage, []string{"--cols is -1"}},
		{"scale", []string{"sample", "--scale", "65"}, exitUsage, []string{"--scale is 65"}},
		{"threads", []string{"sample", "--threads=-1"}, exitUsage, []string{"--threads is -1"}},
		{"many threads", []string{"sample", "--threads", "100000"}, exitUsage, []string{"--threads is 100000"}},
		{"anchors", []string{"walk", "--anchors", "1"}, exitUsage, []string{"--anchors is 1"}},
		{"many anchors", []string{"walk", "--anchors", "1000000000"}, exitUsage, []string{"--anchors is 1000000000"}},
		{"no dimension", []string{"walk", "--dim", "12"}, exitUsage, []string{"12", "0 to 11"}},
		{"range alone", []string{"walk", "--range=1,2"}, exitUsage, []string{"--dim"}},
		{"half a range", []string{"walk", "--dim", "1", "--range=1"}, exitUsage, []string{"--range", `"1"`}},
		{"endless range", []string{"walk", "--dim", "1", "--range=1,inf"}, exitUsage, []string{"--range", `"inf"`}},
		{"speed", []string{"walk", "--gif", "--fps", "61"}, exitUsage, []string{"--fps is 61"}},
		{"two forms", []string{"walk", "--gif", "--strip"}, exitUsage, []string{"--gif", "--strip"}},
		{"existing", []string{"sample", "--out", existing}, exitOutput, []string{"existing.png", "--force"}},
		{"a folder", []string{"sample", "--out", dir, "--force"}, exitOutput, []string{dir}},
		{"below a file", []string{"walk", "--out", filepath.Join(existing, "x.png")}, exitOutput, []string{"--out", "existing.png"}},
		{"npy below a file", []string{"walk", "--npy", filepath.Join(existing, "x.npy")}, exitOutput, []string{"--npy", "existing.png"}},
		{"dimension and anchors", []string{"walk", "--dim", "1", "--anchors", "9"}, exitUsage, []string{"--dim", "--anchors", "leave it out"}},
		{"dimension and mode", []string{"walk", "--dim", "1", "--mode", "lerp"}, exitUsage, []string{"--dim", "--mode", "leave it out"}},
		{"dimension and loop", []string{"walk", "--dim", "1", "--loop", "open"}, exitUsage, []string{"--dim", "--loop", "leave it out"}},
		{"latents and number", []string{"sample", "--z", two, "-n", "100"}, exitUsage, []string{"--z", " -n ", "leave it out"}},
		{"latents and anchors", []string{"walk", "--z", two, "--anchors=2"}, exitUsage, []string{"--z", "--anchors", "leave it out"}},
		{"latents and the default seed", []string{"walk", "--z", two, "--seed=1"}, exitUsage, []string{"--z", "--seed", "leave it out"}},
		{"speed of a sheet", []string{"walk", "--fps", "10"}, exitUsage, []string{"--fps", "--gif or --apng"}},
		{"speed of a strip", []string{"walk", "--strip", "--fps", "10"}, exitUsage, []string{"--fps", "--gif or --apng"}},
		{"columns of a GIF", []string{"walk", "--gif", "--cols", "3"}, exitUsage, []string{"animation", "--cols", "leave it out"}},
		{"columns of an APNG", []string{"walk", "--out", "x.apng", "--cols", "3"}, exitUsage, []string{"animation", "--cols", "leave it out"}},
		{"columns of a strip", []string{"walk", "--strip", "--cols", "3"}, exitUsage, []string{"strip", "--cols", "leave it out"}},
		{"GIF as PNG", []string{"walk", "--gif", "--out", "x.png"}, exitUsage, []string{"--out x.png", "a GIF", "end with .gif"}},
		{"APNG as GIF", []string{"walk", "--apng", "--out", "x.GIF"}, exitUsage, []string{"--out x.GIF", ".apng or .png"}},
		{"strip as GIF", []string{"walk", "--strip", "--out", "x.gif"}, exitUsage, []string{"--out x.gif", "end with .png"}},
		{"sheet as JPEG", []string{"walk", "--out", "x.jpg"}, exitUsage, []string{"--out x.jpg", "end with .png"}},
		{"sample as GIF", []string{"sample", "--out", "x.gif"}, exitUsage, []string{"--out x.gif", "end with .png"}},
		{"one file twice", []string{"walk", "--out", "x", "--npy", "./x"}, exitUsage, []string{"--out and --npy"}},
	} {
		r.args = append(r.args, "--model", run)
		r.check(t)
	}
	if got := read(t, existing); !bytes.Equal(got, []byte("mine")) {
		t.Errorf("existing.png holds %q now", got)
	}
}

// TestNaNIsNoPicture: finite latents and finite weights can be too large for
// float32. What does not depend on them is drawn all the same.
func TestNaNIsNoPicture(t *testing.T) {
	grown := func(net string, factor float64) string { // its convolutions' weights
		return withTensors(t, func(f *safetensors.File) {
			for _, x := range f.Tensors {
				if !strings.HasPrefix(x.Name, net) || len(x.Shape) != 4 {
					continue
				}
				for b := x.Data; len(b) > 0; b = b[4:] {
					v := factor * float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
					v = max(-math.MaxFloat32, min(v, math.MaxFloat32))
					binary.LittleEndian.PutUint32(b, math.Float32bits(float32(v)))
				}
			}
		})
	}
	strong, g, d := grown("G.", 1e4), grown("G.", 1e300), grown("D.", 1e300)
	z := model.NewTensor(3, 12)
	for i := range 12 {
		z.Data[12+i] = math.MaxFloat32
	}
	huge := writeLatents(t, filepath.Join(t.TempDir(), "huge.npy"), z)
	for _, r := range []refusal{
		{"latents", []string{"sample", strong, "--z", huge, "--npy", "x.npy"}, exitUsage, []string{"latent 1 ", "3.4e+38", "-4 and 4"}},
		{"walk", []string{"walk", strong, "--z", huge, "--steps", "3", "--gif"}, exitUsage, []string{"latent 1 ", "3.4e+38"}},
		{"range", []string{"walk", "--dim", "1", "--range=0,1e308", "--steps", "3", "--model", trainedRun(t)}, exitUsage, []string{"latent 1 ", "Inf"}},
		{"weights of G", []string{"sample", g, "-n", "3", "--npy", "x.npy"}, exitRefused, []string{g, "latent ", "weights"}},
		{"weights of D", []string{"sample", d, "-n", "3", "--score", "--json"}, exitRefused, []string{d + ": its D", "image ", "weights"}},
	} {
		r.check(t)
	}
	t.Chdir(t.TempDir())
	must(t, "sample", strong, "-n", "3")
	must(t, "sample", d, "-n", "3")
}

// TestBatchStatisticsHaveALimit: the images of a model without running
// statistics are one batch, which must fit the memory.
func TestBatchStatisticsHaveALimit(t *testing.T) {
	_, c := inFolder(t)
	c.Meta.BN = checkpoint.BatchStats
	path := filepath.Join(t.TempDir(), "batch.safetensors")
	if err := checkpoint.Save(path, c, checkpoint.SaveOptions{}); err != nil {
		t.Fatal(err)
	}
	// By hand, width 4 at 28 pixels: maps of 7x7x8, 14x14x4 and 28x28x3 in G,
	// of 14x14x4, 7x7x8 and 1 in D.
	const most = 1 << 29 / (4 * (7*7*8 + 14*14*4 + 28*28*3))
	says := []string{path, itoa(most), "running statistics", "0.5 GB"}
	refusal{"sample", []string{"sample", path, "-n", itoa(most + 1), "--score"}, exitUsage, says}.check(t)
	refusal{"walk", []string{"walk", path, "--steps", itoa(most + 1)}, exitUsage, says}.check(t)
	// Below it, they are one batch, and not the parts that they are drawn in
	// otherwise.
	n := 256 + 1
	must(t, "sample", path, "-n", itoa(n), "--npy", "x.npy")
	x, err := c.G.Generate(model.Latents(1, 0, n, c.Meta.Config), model.RunOptions{BatchStats: true})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "images", drawnNPY(t, "x.npy"), x)
}

// TestEveryBitOfAModelCounts flips bits all over a model file: none of them
// may go unnoticed, or crash the program.
func TestEveryBitOfAModelCounts(t *testing.T) {
	whole := read(t, filepath.Join(trainedRun(t), training.EpochFile(1)))
	path := filepath.Join(t.TempDir(), "flipped.safetensors")
	for i := 0; i < len(whole); i += 1 + len(whole)/200 {
		b := bytes.Clone(whole)
		b[i] ^= 1 << (i % 8)
		write(t, path, b)
		r := call(t.Context(), "inspect", path, "--stats", "--json")
		if r.code == exitRefused || r.code == exitUnsupported {
			continue
		}
		t.Errorf("bit %d of byte %d flipped: exit code %d\n%s", i%8, i, r.code, r.stderr)
		if json.Valid([]byte(r.stdout)) {
			break
		}
	}
}
