package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/gif"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"dcganviz/gallery/figure"
	"dcganviz/internal/npy"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/train"
	"dcganviz/probe"
	"dcganviz/probe/nearest"
	"dcganviz/viz"
)

// inFolder changes to an empty folder and returns the shared run's model.
func inFolder(t *testing.T) (run string, c *checkpoint.Checkpoint) {
	t.Helper()
	run, c = trainedModel(t)
	t.Chdir(t.TempDir())
	return run, c
}

// trainedModel returns the shared run and its model.
func trainedModel(t *testing.T) (run string, c *checkpoint.Checkpoint) {
	t.Helper()
	run = trainedRun(t)
	c, err := checkpoint.Open(filepath.Join(run, train.ModelFile), checkpoint.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return run, c
}

// drawnNPY reads what --npy wrote, back in the order of Generate.
func drawnNPY(t *testing.T, path string) model.Tensor {
	t.Helper()
	a, err := npy.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	x, err := model.FromNCHW(model.Tensor{Shape: a.Shape, Data: a.Data})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// generate draws latents as the library does.
func generate(t *testing.T, c *checkpoint.Checkpoint, z model.Tensor) model.Tensor {
	t.Helper()
	x, err := c.G.Generate(z, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func same(t *testing.T, what string, got, want model.Tensor) {
	t.Helper()
	if !slices.Equal(got.Shape, want.Shape) {
		t.Errorf("%s: shape %v, want %v", what, got.Shape, want.Shape)
		return
	}
	for i, v := range got.Data {
		if v != want.Data[i] {
			t.Errorf("%s: number %d is %g, want %g", what, i, v, want.Data[i])
			return
		}
	}
}

// decoded reads a PNG and its recipe.
func decoded(t *testing.T, path string) (image.Image, string) {
	t.Helper()
	b := read(t, path)
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	text, err := viz.ReadRecipe(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return img, string(text)
}

// TestSampleDrawsTheLatentsOfTheSeed compares every output with the library.
func TestSampleDrawsTheLatentsOfTheSeed(t *testing.T) {
	run, c := inFolder(t)
	r := must(t, "sample", run, "-n", "7", "--seed", "3", "--first", "2", "--npy", "x.npy", "--cols", "4", "--scale", "2", "--threads", "1")
	if want := filepath.Join("gallery", "run-sample.png"); !strings.HasSuffix(r.stdout, "\n"+want+"\n") || strings.Count(r.stdout, "\n") != 4 || r.stderr != "" {
		t.Errorf("stdout %q, stderr %q; want %q", r.stdout, r.stderr, want)
	}
	want := generate(t, c, model.Latents(3, 2, 7, c.Meta.Config))
	same(t, "x.npy", drawnNPY(t, "x.npy"), want)
	img, recipe := decoded(t, "gallery/run-sample.png")
	if size := img.Bounds().Size(); size != image.Pt(4*28*2, 2*28*2) {
		t.Errorf("sheet of %v, want 4x2 tiles of 56", size)
	}
	for i := range 7 {
		for _, at := range []image.Point{{0, 0}, {27, 0}, {13, 20}} {
			x, y := (i%4*28+at.X)*2, (i/4*28+at.Y)*2
			for c, got := range rgb(img, x, y) {
				if want := viz.To8Bit(want.Row(i)[(at.Y*28+at.X)*3+c]); got != want {
					t.Errorf("tile %d at %v: channel %d is %d, want %d", i, at, c, got, want)
				}
			}
		}
	}
	var written figure.SampleResult
	if err := json.Unmarshal(read(t, "gallery/run-sample.json"), &written); err != nil {
		t.Fatal(err)
	}
	variety, err := nearest.VarietyOf(t.Context(), nil, want)
	if err != nil {
		t.Fatal(err)
	}
	if written.Image != "run-sample.png" || written.First != 2 || written.Images != 7 || written.Layout.Tiles[0].Tile(6) != image.Rect(2*56, 56, 3*56, 2*56) || *written.Variety != *variety {
		t.Errorf("beside the picture is written %+v", written)
	}
	wantRecipe := fmt.Sprintf(`{"program":"dcganviz","version":"0.1.0","command":"sample","sha256":%q,"kernels":%q,"args":["--n=7","--seed=3","--first=2","--cols=4","--scale=2"]}`, c.SHA256, (*model.Pool)(nil).Class())
	if recipe != wantRecipe {
		t.Errorf("recipe\n%s, want\n%s", recipe, wantRecipe)
	}
}

func rgb(img image.Image, x, y int) [3]uint8 {
	r, g, b, _ := img.At(x, y).RGBA()
	return [3]uint8{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8)}
}

func TestSampleIsTheSameAgain(t *testing.T) {
	run, _ := inFolder(t)
	must(t, "sample", run, "-n", "5", "--out", "a.png", "--threads", "1")
	must(t, "sample", "--model", filepath.Join(run, train.ModelFile), "-n", "5", "--out", "b.png", "--threads", "2")
	if !bytes.Equal(read(t, "a.png"), read(t, "b.png")) {
		t.Error("one seed gives two pictures")
	}
	must(t, "sample", run, "-n", "5", "--out", "c.png", "--seed", "2")
	if bytes.Equal(read(t, "a.png"), read(t, "c.png")) {
		t.Error("two seeds give one picture")
	}
}

// TestLatentsOfAFile takes both shapes that PyTorch users have.
func TestLatentsOfAFile(t *testing.T) {
	run, c := inFolder(t)
	z := model.Latents(9, 0, 5, c.Meta.Config)
	writeLatents(t, "flat.npy", z)
	writeLatents(t, "deep.npy", model.Tensor{Shape: []int{5, 12, 1, 1}, Data: z.Data})
	want := generate(t, c, z)
	for _, name := range []string{"flat", "deep"} {
		must(t, "sample", run, "--z", name+".npy", "--npy", name+"-x.npy")
		same(t, name, drawnNPY(t, name+"-x.npy"), want)
	}
	_, recipe := decoded(t, "gallery/run-sample.png")
	if !strings.Contains(recipe, `"inputs":{"z":"`) || strings.Contains(recipe, "deep.npy") {
		t.Errorf("recipe %s does not identify the latents", recipe)
	}
	// Two points are the ends of the path.
	must(t, "walk", run, "--z", "deep.npy", "--steps", "2", "--npy", "ends.npy")
	ends := drawnNPY(t, "ends.npy")
	same(t, "begin", ends.Slice(0, 1), want.Slice(0, 1))
	same(t, "end", ends.Slice(1, 2), want.Slice(4, 5))
}

func TestSampleScores(t *testing.T) {
	run, c := inFolder(t)
	x := generate(t, c, model.Latents(1, 4, 3, c.Meta.Config))
	want, err := c.D.Logits(x, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r := must(t, "sample", run, "-n", "3", "--first", "4", "--score")
	lines := strings.Split(strings.TrimSpace(r.stdout), "\n")
	if len(lines) != 8 || !strings.HasPrefix(lines[3], "D's mean logit is ") {
		t.Fatalf("stdout has %d lines, want a summary of three, what D says of all, three and the path:\n%s", len(lines), r.stdout)
	}
	for i, v := range want.Data {
		score := 1 / (1 + math.Exp(-float64(v)))
		if s := fmt.Sprintf("image %d: logit %.2f, score %.2f", 4+i, v, score); lines[4+i] != s {
			t.Errorf("line %d is %q, want %q", 4+i, lines[4+i], s)
		}
	}
	var answer struct {
		Image, Model, SHA256 string
		Seed, First, Images  int
		Logits               []float32
	}
	r = must(t, "sample", run, "-n", "3", "--first", "4", "--score", "--json")
	if err := json.Unmarshal([]byte(r.stdout), &answer); err != nil {
		t.Fatalf("%v in\n%s", err, r.stdout)
	}
	if !slices.Equal(answer.Logits, want.Data) || answer.SHA256 != c.SHA256 || answer.First != 4 || answer.Images != 3 || answer.Seed != 1 || answer.Model != run {
		t.Errorf("answer %+v", answer)
	}
}

// TestWalkFollowsThePath compares the images with those of the path's points.
func TestWalkFollowsThePath(t *testing.T) {
	run, c := inFolder(t)
	for _, w := range []struct {
		args    []string
		anchors int
		opt     probe.PathOptions
		steps   int
	}{
		{nil, 9, probe.PathOptions{}, 100},
		{[]string{"--mode", "slerp", "--anchors", "3", "--steps", "10"}, 3, probe.PathOptions{Arcs: true}, 10},
		{[]string{"--loop", "closed", "--anchors", "4", "--steps", "8"}, 4, probe.PathOptions{Closed: true}, 8},
	} {
		must(t, append([]string{"walk", run, "--seed", "5", "--npy", "x.npy", "--force"}, w.args...)...)
		path, err := probe.NewPath(model.Latents(5, 0, w.anchors, c.Meta.Config), w.opt)
		if err != nil {
			t.Fatal(err)
		}
		same(t, fmt.Sprint(w.args), drawnNPY(t, "x.npy"), generate(t, c, path.Points(w.steps)))
	}
	must(t, "walk", run)
	img, recipe := decoded(t, "gallery/run-walk.png")
	if size := img.Bounds().Size(); size != image.Pt(280, 280) {
		t.Errorf("sheet of %v, want 10x10 tiles of 28", size)
	}
	want := fmt.Sprintf(`{"program":"dcganviz","version":"0.1.0","command":"walk","sha256":%q,"kernels":%q,"args":["--mode=lerp","--anchors=9","--steps=100","--loop=open","--seed=1","--first=0","--audit=quick","--frames=sharp"]}`, c.SHA256, (*model.Pool)(nil).Class())
	if recipe != want {
		t.Errorf("recipe\n%s, want\n%s", recipe, want)
	}
}

func TestWalkAlongADimension(t *testing.T) {
	run, c := inFolder(t)
	must(t, "walk", run, "--dim", "7", "--range=-2,1", "--first", "3", "--steps", "4", "--strip", "--npy", "x.npy")
	z := model.NewTensor(4, 12)
	for i, v := range []float32{-2, -1, 0, 1} {
		copy(z.Row(i), model.Latents(1, 3, 1, c.Meta.Config).Data)
		z.Row(i)[7] = v
	}
	same(t, "images", drawnNPY(t, "x.npy"), generate(t, c, z))
	img, recipe := decoded(t, "gallery/run-walk-strip.png")
	if size := img.Bounds().Size(); size != image.Pt(4*28, 28) {
		t.Errorf("strip of %v, want 4 tiles of 28", size)
	}
	if want := `"args":["--steps=4","--dim=7","--range=-2,1","--seed=1","--first=3","--audit=quick","--frames=sharp","--strip"]}`; !strings.HasSuffix(recipe, want) {
		t.Errorf("recipe %s, want %s", recipe, want)
	}
	must(t, "walk", run, "--dim", "0", "--steps", "2")
	if _, recipe := decoded(t, "gallery/run-walk.png"); !strings.Contains(recipe, `"--dim=0"`) {
		t.Errorf("recipe %s, want dimension 0", recipe)
	}
}

func TestWalkAnimations(t *testing.T) {
	run, _ := inFolder(t)
	must(t, "walk", run, "--steps", "6", "--gif", "--fps", "20", "--loop", "closed")
	g, err := gif.DecodeAll(bytes.NewReader(read(t, "gallery/run-walk-moving.gif")))
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Image) != 6 || g.Config.Width != 112 || g.Config.Height != 112 || g.Delay[0] != 5 || g.LoopCount != 0 {
		t.Errorf("GIF of %d frames, %dx%d, delay %d, loops %d; want 6, 112x112, 5, for ever", len(g.Image), g.Config.Width, g.Config.Height, g.Delay[0], g.LoopCount)
	}
	text, err := viz.ReadRecipe(bytes.NewReader(read(t, "gallery/run-walk-moving.gif")))
	if want := `"--steps=6","--loop=closed","--seed=1","--first=0","--audit=quick","--frames=sharp","--gif","--fps=20"]}`; err != nil || !strings.HasSuffix(string(text), want) {
		t.Errorf("recipe %s, %v; want %s", text, err, want)
	}
	must(t, "walk", run, "--steps", "6", "--apng", "--scale", "1")
	img, recipe := decoded(t, "gallery/run-walk-moving.apng") // its first frame
	if size := img.Bounds().Size(); size != image.Pt(28, 28) {
		t.Errorf("frames of %v, want 28x28", size)
	}
	if !bytes.Contains(read(t, "gallery/run-walk-moving.apng"), []byte("acTL\x00\x00\x00\x06")) {
		t.Error("APNG does not announce 6 frames")
	}
	if want := `"--scale=1","--audit=quick","--frames=sharp","--apng","--fps=10"]}`; !strings.HasSuffix(recipe, want) {
		t.Errorf("recipe %s, want %s", recipe, want)
	}
}

// TestNameOfAWalkSaysItsForm: the extension is as good as a flag.
func TestNameOfAWalkSaysItsForm(t *testing.T) {
	run, _ := inFolder(t)
	for name, flag := range map[string]string{"x.gif": "--gif", "x.GIF": "--gif", "x.apng": "--apng", "x.png": "", "x": ""} {
		args := []string{"walk", run, "--steps", "3", "--force"}
		must(t, append(args, "--out", name)...)
		want := "run-walk.png"
		if flag != "" {
			args, want = append(args, flag), "run-walk-moving."+flag[2:]
		}
		must(t, args...)
		if !bytes.Equal(read(t, name), read(t, filepath.Join(galleryDir, want))) {
			t.Errorf("%s is not what %s makes", name, want)
		}
	}
	must(t, "walk", run, "--steps", "3", "--apng", "--out", "moving.png") // they are PNGs too
}

// TestWalkAnswersItsParameters: --json says of each form what the recipe does.
func TestWalkAnswersItsParameters(t *testing.T) {
	run, _ := inFolder(t)
	for form, want := range map[string]figure.WalkSettings{
		"png":  {Steps: 3, Form: "sheet"},
		"gif":  {Steps: 3, Form: "gif", Scale: 4, FPS: 10},
		"apng": {Steps: 3, Form: "apng", Scale: 4, FPS: 10},
	} {
		want.Mode, want.Anchors, want.Loop, want.Audit = "lerp", 9, "open", "quick"
		r := must(t, "walk", run, "--steps", "3", "--json", "--out", "a-"+form+"."+form)
		var answer struct{ Parameters figure.WalkSettings }
		if err := json.Unmarshal([]byte(r.stdout), &answer); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(answer.Parameters, want) {
			t.Errorf("%s: parameters %+v, want %+v", form, answer.Parameters, want)
		}
	}
}

func TestOutputsAreReplacedOnlyWhenAsked(t *testing.T) {
	run, _ := inFolder(t)
	must(t, "sample", run, "-n", "1")
	must(t, "sample", run, "-n", "2") // gallery/ is replaced freely
	must(t, "sample", run, "-n", "1", "--out", "mine.png", "--npy", "mine.npy")
	before := contents(t, ".")
	for _, args := range [][]string{{"--out", "mine.png"}, {"--out", "new.png", "--npy", "mine.npy"}} {
		r := call(t.Context(), append([]string{"sample", run}, args...)...)
		if r.code != exitOutput || !strings.Contains(r.stderr, "--force") || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%q: exit code %d, want %d\n%s", args, r.code, exitOutput, r.stderr)
		}
	}
	after := contents(t, ".")
	if len(after) != len(before) {
		t.Errorf("there are %q now", names(t, "."))
	}
	for name := range before {
		if after[name] != before[name] {
			t.Errorf("%s has changed", name)
		}
	}
	must(t, "sample", run, "--out", "mine.png", "--force")
	if string(read(t, "mine.png")) == before["mine.png"] {
		t.Error("--force did not replace mine.png")
	}
}

// TestFailedOutputSparesTheOthers: the disk is full when one of two files is
// written, new ones or ones to replace.
func TestFailedOutputSparesTheOthers(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full on this system")
	}
	run, _ := inFolder(t)
	for _, before := range []string{"", "mine"} {
		if before != "" {
			write(t, "x", []byte(before))
		}
		for _, args := range [][]string{{"--out", "x", "--npy", "/dev/full"}, {"--npy", "x", "--out", "/dev/full"}} {
			r := call(t.Context(), append([]string{"sample", run, "--force"}, args...)...)
			if r.code != exitOutput || !strings.Contains(r.stderr, args[2]+": fileio: /dev/full") {
				t.Errorf("%q: exit code %d, want %d\n%s", args, r.code, exitOutput, r.stderr)
			}
			if before == "" {
				if left := names(t, "."); len(left) > 0 {
					t.Errorf("%q: left behind: %q", args, left)
				}
			} else if got := contents(t, "."); len(got) != 1 || got["x"] != before {
				t.Errorf("%q: the folder holds %q, want x as it was", args, got)
			}
		}
	}
}

// TestOneFileIsNotTwoOutputs: a link or another way to write a path do not
// make it another file.
func TestOneFileIsNotTwoOutputs(t *testing.T) {
	run, _ := inFolder(t)
	write(t, "real/x", []byte("mine"))
	if err := os.Symlink("real", "link"); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	for _, args := range [][]string{{"--out", "real/x", "--npy", "link/x"}, {"--out", "link/new", "--npy", "./real/new"}} {
		r := call(t.Context(), append([]string{"walk", run, "--force"}, args...)...)
		if r.code != exitUsage || !strings.Contains(r.stderr, "--out and --npy") {
			t.Errorf("%q: exit code %d, want %d\n%s", args, r.code, exitUsage, r.stderr)
		}
	}
	if got := names(t, "real"); len(got) != 1 || string(read(t, "real/x")) != "mine" {
		t.Errorf("the folder holds %q", got)
	}
}

func TestInterruptedDrawingLeavesNothing(t *testing.T) {
	run, _ := inFolder(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{{"sample", run}, {"walk", run, "--gif", "--npy", "x.npy"}} {
		r := call(ctx, args...)
		if r.code != exitInterrupted || r.stderr != "dcganviz: interrupted\n" || r.stdout != "" {
			t.Errorf("%q: exit code %d, want %d; stderr %q", args, r.code, exitInterrupted, r.stderr)
		}
	}
	if left := names(t, "."); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// TestPartsAreOneDrawing draws more images than are drawn at once.
func TestPartsAreOneDrawing(t *testing.T) {
	run, c := inFolder(t)
	n := 2*drawnPart + 3
	r := must(t, "sample", run, "-n", itoa(n), "--npy", "x.npy", "--score", "--json")
	x := generate(t, c, model.Latents(1, 0, n, c.Meta.Config))
	same(t, "images", drawnNPY(t, "x.npy"), x)
	want, err := c.D.Logits(x, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{ Logits []float32 }
	if err := json.Unmarshal([]byte(r.stdout), &answer); err != nil {
		t.Fatal(err)
	}
	same(t, "logits", model.Tensor{Shape: []int{len(answer.Logits)}, Data: answer.Logits}, want)
}

// interruption is a context that ends at one of the looks at it.
type interruption struct {
	context.Context
	looks int // that find nothing yet
}

func (i *interruption) Err() error {
	if i.looks--; i.looks < 0 {
		return context.Canceled
	}
	return nil
}

// TestScoringCanBeInterrupted: Ctrl-C comes after the last image was drawn.
func TestScoringCanBeInterrupted(t *testing.T) {
	run, _ := inFolder(t)
	for _, scored := range []int{0, 1} {
		r := call(&interruption{t.Context(), 2 + scored}, "sample", run, "-n", itoa(2*drawnPart), "--score")
		if r.code != exitInterrupted || r.stdout != "" {
			t.Errorf("after %d parts: exit code %d, want %d; stdout %q", scored, r.code, exitInterrupted, r.stdout)
		}
		if left := names(t, "."); len(left) > 0 {
			t.Errorf("left behind: %q", left)
		}
	}
}

// TestNumbersTellNothingOfTheirFolder: the same picture in two folders has the
// same numbers beside it, to the byte.
func TestNumbersTellNothingOfTheirFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	run := trainedRun(t)
	for _, args := range [][]string{
		{"sample", "-n", "4"},
		{"walk", "--steps", "4", "--anchors", "2"},
		{"doctor", "-n", "2"},
	} {
		var numbers [2][]byte
		for i, dir := range []string{t.TempDir(), t.TempDir()} {
			must(t, append(args, "--model", run, "--out", filepath.Join(dir, "x.png"))...)
			numbers[i] = read(t, filepath.Join(dir, "x.json"))
		}
		if !bytes.Equal(numbers[0], numbers[1]) {
			t.Errorf("%s: the numbers differ", args[0])
		}
	}
}

// drawnPart is how many images figures draw at once.
const drawnPart = 256
