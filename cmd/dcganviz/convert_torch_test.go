package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/internal/fileio"
	"dcganviz/internal/pth"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// writeStack writes an untrained G of those layers, of 16x16x1 images and
// latents of 5 numbers, as PyTorch would.
func writeStack(t *testing.T, path string, specs ...model.LayerSpec) {
	t.Helper()
	stack, err := model.NewStack(specs...)
	if err != nil {
		t.Fatal(err)
	}
	g, err := model.NewG(model.Config{Arch: model.Custom, Size: 16, Channels: 1, LatentDim: 5, GStack: stack}, 1)
	if err != nil {
		t.Fatal(err)
	}
	err = fileio.WriteFile(path, fileio.Options{}, func(w io.Writer) error {
		return checkpoint.WriteTorch(w, &checkpoint.Checkpoint{G: g}, checkpoint.SaveOptions{})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// dictOf returns the tensors of a state dict of a .pth; "" is the only one.
func dictOf(t *testing.T, path, key string) []pth.NamedTensor {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := pth.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	dicts := f.StateDicts()
	i := slices.IndexFunc(dicts, func(d *pth.StateDict) bool { return d.Path == key || key == "" })
	if i < 0 || key == "" && len(dicts) != 1 {
		t.Fatalf("%s: %d state dicts, want %q", path, len(dicts), key)
	}
	var all []pth.NamedTensor
	for _, x := range dicts[i].Tensors {
		b, err := x.Tensor.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, pth.NamedTensor{Name: strings.TrimPrefix(x.Name, "module."), DType: x.Tensor.DType, Shape: x.Tensor.Shape, Data: b})
	}
	return all
}

// sameTensors wants the same names in the same order, and every bit.
func sameTensors(t *testing.T, what string, got, want []pth.NamedTensor) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d tensors, want %d", what, len(got), len(want))
		return
	}
	for i, w := range want {
		g := got[i]
		if g.Name != w.Name || g.DType != w.DType || !slices.Equal(g.Shape, w.Shape) || !bytes.Equal(g.Data, w.Data) {
			t.Errorf("%s: tensor %d is %s, %s of %v, want %s, %s of %v, and every bit", what, i, g.Name, g.DType, g.Shape, w.Name, w.DType, w.Shape)
			return
		}
	}
}

// widened returns the tensors with floats as float32.
func widened(t *testing.T, tensors []pth.NamedTensor) []pth.NamedTensor {
	t.Helper()
	out := slices.Clone(tensors)
	for i, x := range out {
		if x.DType == pth.Int64 {
			continue
		}
		y := safetensors.Tensor{DType: map[pth.DType]safetensors.DType{
			pth.Float16: safetensors.F16, pth.Float32: safetensors.F32, pth.Float64: safetensors.F64,
		}[x.DType], Shape: x.Shape, Data: x.Data}
		values, err := y.Float32s()
		if err != nil {
			t.Fatal(err)
		}
		if out[i], err = pth.New(x.Name, x.Shape, values); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// TestRoundTripKeepsEveryBit goes from PyTorch's file to safetensors and back.
func TestRoundTripKeepsEveryBit(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct{ file, key, net string }{
		{foreignFile("examples.pth"), "netG", "g"},
		{foreignFile("examples.pth"), "netD", "d"},
		{foreignFile("digits.pth"), "", "g"},
	} {
		must(t, "convert", c.file, "a.safetensors", "--force", "--net", c.net)
		must(t, "convert", "a.safetensors", "b.pth", "--force")
		sameTensors(t, c.file, dictOf(t, "b.pth", ""), dictOf(t, c.file, c.key))
		// Half is exact on the way back.
		must(t, "convert", "b.pth", "half.pth", "--half", "--force")
		must(t, "convert", "half.pth", "half.safetensors", "--half", "--force")
		must(t, "convert", "half.safetensors", "again.pth", "--half", "--force")
		sameTensors(t, c.file+" in half precision", dictOf(t, "again.pth", ""), dictOf(t, "half.pth", ""))
	}
	// Both nets, also with what is in the file twice.
	must(t, "convert", foreignFile("examples.pth"), "both.safetensors")
	must(t, "convert", "--model", "both.safetensors", "both.pth")
	for _, key := range []string{"netG", "netD"} {
		sameTensors(t, key, dictOf(t, "both.pth", key), dictOf(t, foreignFile("examples.pth"), key))
	}
}

// TestRoundTripOfPyTorchsFiles is the same with files that are too large for
// the repository; halves come back as the float32 that they are.
func TestRoundTripOfPyTorchsFiles(t *testing.T) {
	for _, name := range []string{"netG.pth", "netG_legacy.pth", "netG_dataparallel.pth", "netG_half.pth", "netD.pth", "netD_legacy.pth"} {
		file := ckptFile(t, name)
		t.Chdir(t.TempDir())
		must(t, "convert", file, "a.safetensors")
		must(t, "convert", "a.safetensors", "b.pt")
		want := dictOf(t, file, "")
		sameTensors(t, name, dictOf(t, "b.pt", ""), widened(t, want))
	}
}

// TestConvertRoundsDoubles says so, and rounds to nearest.
func TestConvertRoundsDoubles(t *testing.T) {
	t.Chdir(t.TempDir())
	tensors := dictOf(t, foreignFile("digits.pth"), "")
	for i, x := range tensors {
		if x.DType != pth.Float32 {
			continue
		}
		y := safetensors.Tensor{DType: safetensors.F32, Shape: x.Shape, Data: x.Data}
		values, err := y.Float64s()
		if err != nil {
			t.Fatal(err)
		}
		for j := range values {
			values[j] *= 1 + 1e-9 // less than half a unit of a float32
		}
		if tensors[i], err = pth.New(x.Name, x.Shape, values); err != nil {
			t.Fatal(err)
		}
	}
	err := fileio.WriteFile("double.pth", fileio.Options{}, func(w io.Writer) error { return pth.WriteZip(w, tensors) })
	if err != nil {
		t.Fatal(err)
	}
	r := must(t, "convert", "double.pth", "single.pth")
	if !strings.Contains(r.stderr, "double precision are rounded to float32") {
		t.Errorf("stderr is %q", r.stderr)
	}
	sameTensors(t, "double", dictOf(t, "single.pth", ""), dictOf(t, foreignFile("digits.pth"), ""))
}

// TestConvertKeepsWhatIsMissing: a net without running statistics gets none.
func TestConvertKeepsWhatIsMissing(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "sample", foreignFile("arrays"), "-n", "4", "--bn", "batch", "--npy", "a.npy")
	must(t, "convert", foreignFile("arrays"), "arrays.safetensors")
	r := must(t, "convert", "arrays.safetensors", "arrays.pth")
	if !strings.Contains(r.stderr, "--bn-eps 1e-08, --law normal") {
		t.Errorf("stderr is %q", r.stderr)
	}
	for _, x := range dictOf(t, "arrays.pth", "netG") {
		if strings.Contains(x.Name, "running") || strings.Contains(x.Name, "tracked") {
			t.Errorf("%s is in a net that has no statistics", x.Name)
		}
	}
	for file, flags := range map[string][]string{"arrays.safetensors": nil, "arrays.pth": {"--bn-eps", "1e-8", "--law", "normal"}} {
		must(t, append([]string{"sample", file, "-n", "4", "--bn", "batch", "--npy", "b.npy", "--force"}, flags...)...)
		same(t, file, drawnNPY(t, "b.npy"), drawnNPY(t, "a.npy"))
	}
}

func TestConvertRefuses(t *testing.T) {
	good := foreignFile("examples.pth")
	for _, r := range []refusal{
		{"no file to write", []string{good}, exitUsage, []string{"the file to write"}},
		{"nothing", nil, exitUsage, []string{"want a model"}},
		{"two models", []string{good, "x.pth", "--model", foreignFile("digits.pth")}, exitUsage, []string{"two models"}},
		{"no D", []string{foreignFile("digits.pth"), "x.pth", "--net", "d", "--by", "family"}, exitUnsupported, []string{"holds no D"}},
		{"no such net", []string{good, "x.pth", "--net", "e"}, exitUsage, []string{"--net"}},
		{"wrong key", []string{good, "x.pth", "--key", "F"}, exitUsage, []string{`"F"`, `"netG"`}},
		{"below a file", []string{good, filepath.Join(good, "x.pth")}, exitOutput, []string{"out: ", filepath.Base(good)}},
	} {
		r.args = append([]string{"convert"}, r.args...)
		r.check(t)
	}
}

// python returns the Python that has torch, or skips the test.
func python(t *testing.T) string {
	t.Helper()
	const path = "/usr/bin/python3"                                                   // Debian's, where python3-torch is
	find := `import importlib.util as u, sys; sys.exit(u.find_spec("torch") is None)` // importing takes seconds
	if err := exec.Command(path, "-c", find).Run(); err != nil {
		t.Skipf("no torch in %s: %v", path, err)
	}
	return path
}

// TestTorchLoadsWhatConvertWrites lets PyTorch load and draw.
func TestTorchLoadsWhatConvertWrites(t *testing.T) {
	if testing.Short() {
		t.Skip("PyTorch takes seconds to start")
	}
	python := python(t)
	scripts, err := filepath.Abs("../../testdata/torch")
	if err != nil {
		t.Fatal(err)
	}
	run := trainedRunOf(t, "--size", "32")
	t.Chdir(t.TempDir())
	must(t, "convert", run, "both.pth")
	must(t, "convert", run, "half.pth", "--half", "--net", "g")
	writeLatents(t, "z.npy", model.Latents(1, 0, 4, model.Config{LatentDim: 12}))
	must(t, "sample", run, "--z", "z.npy", "--npy", "images.npy")
	must(t, "sample", "half.pth", "--z", "z.npy", "--npy", "half.npy")
	for _, f := range [][2]string{{"both.pth", "images.npy"}, {"half.pth", "half.npy"}} {
		c := exec.Command(python, filepath.Join(scripts, "load_pth.py"), f[0], "z.npy", f[1])
		c.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "PYTHONDONTWRITEBYTECODE=1")
		out, err := c.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "draws the same 4 images") {
			t.Errorf("%s: %v\n%s", f[0], err, out)
		}
	}
}

// trainedRunOf trains a few steps on the photos with other flags.
func trainedRunOf(t *testing.T, flags ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	must(t, trainArgs(dir, append([]string{"--steps", "8"}, flags...)...)...)
	return dir
}
