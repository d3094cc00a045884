package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/gallery/figure"
	"dcganviz/internal/npy"
	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

// foreignFolder holds small checkpoints that PyTorch wrote. Tests change the
// directory.
var foreignFolder, _ = filepath.Abs("../../model/checkpoint/testdata/foreign")

func foreignFile(name string) string { return filepath.Join(foreignFolder, name) }

// ckptFolder holds checkpoints of pytorch/examples' DCGAN that are too large
// for the repository; "" where they are not there.
var ckptFolder = os.Getenv("DCGANVIZ_CKPT")

func ckptFile(t testing.TB, name string) string {
	t.Helper()
	if ckptFolder == "" {
		t.Skip("DCGANVIZ_CKPT names no folder with PyTorch's checkpoints")
	}
	if !filepath.IsAbs(ckptFolder) {
		t.Fatalf("DCGANVIZ_CKPT is %s, want an absolute path", ckptFolder)
	}
	return filepath.Join(ckptFolder, name)
}

// torchTolerance is how far pixels and scores may be from PyTorch's.
const torchTolerance = 1e-5

// nearTo fails unless every number is within torchTolerance.
func nearTo(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	for i, v := range got {
		if d := math.Abs(float64(v) - float64(want[i])); !(d <= torchTolerance) {
			t.Fatalf("%s: number %d is %v, want %v", what, i, v, want[i])
		}
	}
}

func readArray(t *testing.T, path string) *npy.Array {
	t.Helper()
	a, err := npy.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestSampleDrawsAsPyTorch draws PyTorch's latents with PyTorch's files.
func TestSampleDrawsAsPyTorch(t *testing.T) {
	z, disc := ckptFile(t, "z.npy"), ckptFile(t, "netD.pth")
	for _, c := range []struct{ file, images string }{
		{"netG.pth", "images_eval.npy"},
		{"netG_legacy.pth", "images_eval.npy"},
		{"netG_dataparallel.pth", "images_eval.npy"},
		{"netG_half.pth", "images_eval_half.npy"},
		{"full_checkpoint.pth", "images_eval.npy"},
	} {
		t.Run(c.file, func(t *testing.T) {
			file := ckptFile(t, c.file)
			t.Chdir(t.TempDir())
			r := must(t, "sample", "--model", file, "--disc", disc, "--z", z, "--npy", "x.npy", "--score", "--json")
			nearTo(t, "images", readArray(t, "x.npy").Data, readArray(t, ckptFile(t, c.images)).Data)
			var answer struct{ Logits []float32 }
			if err := json.Unmarshal([]byte(r.stdout), &answer); err != nil {
				t.Fatal(err)
			}
			if c.images == "images_eval.npy" {
				for i, l := range answer.Logits {
					answer.Logits[i] = model.Score(l)
				}
				nearTo(t, "scores", answer.Logits, readArray(t, ckptFile(t, "d_of_images_eval.npy")).Data)
			}
			if c.images != "images_eval.npy" {
				return
			}
			must(t, "sample", file, "--z", z, "--npy", "y.npy", "--bn", "batch")
			nearTo(t, "with batch statistics", readArray(t, "y.npy").Data, readArray(t, ckptFile(t, "images_trainmode.npy")).Data)
		})
	}
}

// TestForeignFlags draws what needs to be told how, and compares with PyTorch's
// images of it.
func TestForeignFlags(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
	}{
		{"examples", []string{foreignFile("examples.pth")}},
		{"digits", []string{foreignFile("digits.pth"), "--disc", foreignFile("digits_d.pth")}},
		{"odd", []string{
			"--model", foreignFile("odd.pth"), "--disc", foreignFile("odd_d.pth"),
			"--g-strides", "2,1,1,3,1", "--g-paddings", "1,0,1,2,1", "--g-output-paddings", "0,0,0,2,0", "--g-slope", "0.1",
			"--d-strides", "3,1,2", "--d-paddings", "1,0,0", "--d-slope", "0.3",
		}},
		{"paper", []string{foreignFile("paper.pth"), "--key", "generator", "--bn", "batch"}},
		{"arrays", []string{foreignFile("arrays"), "--bn", "batch"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			want, err := safetensors.ReadFile(foreignFile(c.name + ".safetensors"))
			if err != nil {
				t.Fatal(err)
			}
			z, err := want.Float32s("in/z")
			if err != nil {
				t.Fatal(err)
			}
			shape := tensor(t, want, "in/z").Shape
			writeLatents(t, "z.npy", model.Tensor{Shape: shape, Data: z})
			prefix := "want/"
			if strings.Contains(strings.Join(c.args, " "), "--bn batch") {
				prefix += "batch/"
			}
			images, err := want.Float32s(prefix + "images")
			if err != nil {
				t.Fatal(err)
			}
			must(t, append([]string{"sample", "--z", "z.npy", "--npy", "x.npy", "--score"}, c.args...)...)
			nearTo(t, "images", readArray(t, "x.npy").Data, images)
		})
	}
}

// TestEstimatedStatistics draws with a net that has no statistics: an image is
// the same alone as among others, which with the batch's it is not.
func TestEstimatedStatistics(t *testing.T) {
	t.Chdir(t.TempDir())
	arrays := foreignFile("arrays")
	r := must(t, "sample", arrays, "-n", "5", "--npy", "five.npy", "--score")
	if !strings.Contains(r.stderr, "estimated") || strings.Count(r.stderr, "\n") != 1 {
		t.Errorf("stderr is %q, want one line that says estimated", r.stderr)
	}
	must(t, "sample", arrays, "-n", "1", "--npy", "one.npy")
	five, one := drawnNPY(t, "five.npy"), drawnNPY(t, "one.npy")
	same(t, "one alone", one, five.Slice(0, 1))
	if r := must(t, "sample", arrays, "-n", "5", "--npy", "batch.npy", "--bn", "batch"); r.stderr != "" {
		t.Errorf("stderr is %q, want nothing", r.stderr)
	}
	must(t, "sample", arrays, "-n", "2", "--npy", "two.npy", "--bn", "batch")
	five, two := drawnNPY(t, "batch.npy"), drawnNPY(t, "two.npy")
	if five.Data[0] == two.Data[0] {
		t.Error("batch statistics do not depend on the batch")
	}
}

// TestRecipeSaysHowAModelWasRead: the pixels depend on it.
func TestRecipeSaysHowAModelWasRead(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "sample", foreignFile("digits.pth"), "--disc", foreignFile("digits_d.pth"), "--family", "digits", "--bn", "batch", "--law", "uniform", "-n", "2")
	_, text := decoded(t, "gallery/digits-sample.png")
	var r figure.Recipe
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	for _, arg := range []string{"--family=digits", "--bn=batch", "--law=uniform"} {
		if !slices.Contains(r.Args, arg) {
			t.Errorf("recipe %s lacks %s", text, arg)
		}
	}
	if len(r.Inputs["disc"]) != 64 || strings.Contains(text, "digits_d") {
		t.Errorf("recipe %s, want the digest of D's file and no path", text)
	}
	must(t, "sample", foreignFile("digits.pth"), "-n", "2")
	if _, text := decoded(t, "gallery/digits-sample.png"); strings.Contains(text, "family") {
		t.Errorf("recipe %s, but nothing was said", text)
	}
}

// TestOwnModelsTakeTheFlagsToo: nothing of theirs is only for others' files.
func TestOwnModelsTakeTheFlagsToo(t *testing.T) {
	run, _ := inFolder(t)
	must(t, "sample", run, "-n", "3", "--bn", "batch", "--npy", "batch.npy")
	must(t, "sample", run, "-n", "3", "--npy", "running.npy")
	a, b := drawnNPY(t, "batch.npy"), drawnNPY(t, "running.npy")
	if a.Data[0] == b.Data[0] {
		t.Error("--bn changes nothing")
	}
	must(t, "sample", filepath.Join(run, "epoch-0001.safetensors"), "--disc", run+"/model.safetensors", "-n", "3", "--score")
}

func TestForeignCheckpointsAreRefused(t *testing.T) {
	good := foreignFile("examples.pth")
	cut := write(t, filepath.Join(t.TempDir(), "cut.pth"), cutShort(read(t, good)))
	text := write(t, filepath.Join(t.TempDir(), "text.pth"), []byte("no checkpoint at all, but a text of some length"))
	for _, r := range []refusal{
		{"cut short", []string{cut}, exitRefused, []string{"cut.pth", "cut short"}},
		{"a text", []string{text}, exitUnsupported, []string{"text.pth"}},
		{"claims", []string{foreignFile("claims.pth")}, exitRefused, []string{"claims.pth"}},
		{"no such D", []string{good, "--disc", "nowhere.pth"}, exitMissing, []string{"nowhere.pth"}},
		{"D for G", []string{foreignFile("odd_d.pth"), "--d-strides", "3,1,2", "--d-paddings", "1,0,0", "--d-size", "17", "--d-slope", "0.3"}, exitUnsupported, []string{"odd_d.pth", "no G"}},
		{"D without G", []string{foreignFile("digits_d.pth"), "--disc", foreignFile("digits_d.pth"), "--family", "digits"}, exitUnsupported, []string{"digits_d.pth", "no G"}},
		{"G for D", []string{foreignFile("digits.pth"), "--disc", foreignFile("digits.pth")}, exitUnsupported, []string{"digits.pth"}},
		{"sizes", []string{foreignFile("digits.pth"), "--disc", good}, exitUnsupported, []string{"do not belong together", "28x28x1", "16x16x3"}},
		{"wrong key", []string{good, "--key", "F"}, exitUsage, []string{`"F"`, `"netG"`, `"netD"`}},
		{"key of our own", []string{trainedRun(t), "--key", "netG"}, exitUsage, []string{"netG"}},
		{"several G", []string{foreignFile("paper.pth")}, exitUsage, []string{"--key", `"state_dict.generator"`}},
		{"two families", []string{foreignFile("digits.pth"), "--disc", foreignFile("digits_d.pth"), "--family", "paper"}, exitUsage, []string{"family paper"}},
		{"no family", []string{foreignFile("odd.pth")}, exitUsage, []string{"3x4, 4x3", "--g-strides", "--g-paddings"}},
		{"no running statistics", []string{foreignFile("arrays"), "--bn", "running"}, exitUnsupported, []string{"running statistics"}},
		{"too few strides", []string{foreignFile("odd.pth"), "--g-strides", "2,1"}, exitUsage, []string{"2 strides for 5 convolutions"}},
		{"paddings alone", []string{foreignFile("odd.pth"), "--g-paddings", "1"}, exitUsage, []string{"--g-strides"}},
		{"stride 0", []string{good, "--g-strides", "0"}, exitUsage, []string{"--g-strides has 0"}},
		{"slope", []string{good, "--d-slope", "NaN"}, exitUsage, []string{"--d-slope has NaN"}},
		{"epsilon", []string{good, "--bn-eps", "2"}, exitUsage, []string{"--bn-eps is 2"}},
		{"law", []string{good, "--law", "cauchy"}, exitUsage, []string{"--law", "cauchy", "normal"}},
		{"mode", []string{good, "--bn", "none"}, exitUsage, []string{"--bn", "none", "batch"}},
		{"family", []string{good, "--family", "vae"}, exitUsage, []string{"--family", "vae", "digits"}},
	} {
		for _, command := range []string{"sample", "walk"} {
			x := r
			x.name, x.args = command+" "+r.name, append([]string{command}, r.args...)
			x.check(t)
		}
	}
	refusal{"no D", []string{"sample", foreignFile("digits.pth"), "--score", "--by", "family"}, exitUnsupported, []string{"holds no D", "--disc"}}.check(t)
	refusal{"one image is no batch", []string{"sample", good, "--bn", "batch", "-n", "1", "--by", "family"}, exitUsage, []string{"want 2 to"}}.check(t)
	if ckptFolder == "" {
		return
	}
	refusal{"foreign class", []string{"sample", ckptFile(t, "foreign_global.pth")}, exitRefused, []string{"foreign_global.pth", "pathlib.PurePosixPath"}}.check(t)
	refusal{"truncated", []string{"sample", ckptFile(t, "truncated_netG.pth")}, exitRefused, []string{"truncated_netG.pth", "cut short"}}.check(t)
}

// TestGeometryHintsWork opens a net of no known family as the error proposes.
func TestGeometryHintsWork(t *testing.T) {
	specs := []model.LayerSpec{
		{Kind: model.ConvTranspose2D, Channels: 4, KernelHeight: 4, KernelWidth: 4, Bias: true, Activation: model.ReLU, Module: "a"},
		{Kind: model.ConvTranspose2D, Channels: 3, KernelHeight: 3, KernelWidth: 3, Stride: 2, Padding: 1, OutputPadding: 1, Bias: true, Activation: model.ReLU, Module: "b"},
		{Kind: model.ConvTranspose2D, Channels: 2, KernelHeight: 4, KernelWidth: 4, Stride: 2, Padding: 1, Bias: true, Activation: model.ReLU, Module: "c"},
		{Kind: model.Conv2D, Channels: 1, KernelHeight: 3, KernelWidth: 3, Padding: 1, Activation: model.Tanh, Module: "d"},
	}
	path := filepath.Join(t.TempDir(), "unknown.pth")
	writeStack(t, path, specs...)
	r := call(t.Context(), "sample", path)
	_, first, ok := strings.Cut(r.stderr, "perhaps ")
	first, _, _ = strings.Cut(strings.TrimSpace(first), ", or ")
	if r.code != exitUsage || !ok || first != "--g-strides 1,2,2,1 --g-paddings 0,1,1,1 --g-output-paddings 0,1,0,0" {
		t.Fatalf("exit code %d, first hint %q in %s", r.code, first, r.stderr)
	}
	t.Chdir(t.TempDir())
	must(t, append([]string{"sample", path, "-n", "2"}, strings.Fields(first)...)...)
}
