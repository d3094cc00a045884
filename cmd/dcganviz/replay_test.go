package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dcganviz/gallery/figure"
	"dcganviz/model"
	"dcganviz/viz"
)

// TestReplayDrawsTheSamePixels: each form of picture, from an embedded model and
// from one named by --model, with what files it needs.
func TestReplayDrawsTheSamePixels(t *testing.T) {
	run, c := trainedModel(t)
	z := writeLatents(t, filepath.Join(t.TempDir(), "z.npy"), model.Latents(9, 0, 4, c.Meta.Config))
	for _, c := range []struct {
		draw, replay []string
	}{
		{[]string{"sample", "-n", "3", "--cols", "2"}, nil},
		{[]string{"walk", "--dim", "2", "--range=-1,2", "--steps", "4", "--strip"}, nil},
		{[]string{"walk", "--steps", "3", "--loop", "closed", "--gif", "--fps", "20"}, nil},
		{[]string{"walk", "--steps", "3", "--apng"}, nil},
		{[]string{"film", "digits", "--steps", "4", "--out", "film.apng"}, nil},
		{[]string{"film", "digits", "--steps", "4", "--out", "film.gif"}, nil},
		{[]string{"doctor", "digits", "-n", "2"}, nil},
		{[]string{"sample", run, "-n", "2", "--bn", "batch"}, []string{"--model", run}},
		{[]string{"sample", run, "--z", z}, []string{"--model", run, "--input", "z=" + z}},
	} {
		t.Run(strings.Join(c.draw, " "), func(t *testing.T) {
			p := elsewhere(t)
			r := p.must(t, append(c.draw, "--json")...)
			var a struct{ Image string }
			if err := json.Unmarshal([]byte(r.stdout), &a); err != nil {
				t.Fatal(err)
			}
			r = p.must(t, append([]string{"replay", a.Image, "--out", "again.png", "--force"}, c.replay...)...)
			if !strings.Contains(r.stdout, "every pixel is the same") {
				t.Errorf("%s", r.stdout)
			}
			if !bytes.Equal(read(t, p.join("again.png")), read(t, p.join(a.Image))) {
				t.Error("other bytes")
			}
			r = p.must(t, "recipe", a.Image)
			if !strings.HasPrefix(r.stdout, "dcganviz "+c.draw[0]) {
				t.Errorf("recipe %s", r.stdout)
			}
		})
	}
}

// TestFlagsThatNameFilesSayWhatARecipeKeeps: a recipe must hold no path.
func TestFlagsThatNameFilesSayWhatARecipeKeeps(t *testing.T) {
	drawing := 0
	for _, n := range parser(t).Model.Leaves(true) {
		if _, draws := figure.Lookup(n.Path()); !draws {
			continue
		}
		drawing++
		for _, f := range n.Flags {
			names := f.PlaceHolder == "FILE" || f.PlaceHolder == "PHOTOS" || f.PlaceHolder == "MODEL" || f.PlaceHolder == "DIR"
			if kept := f.Tag.Get("recipe"); names != (kept != "") && !slices.Contains([]string{"force", "json", "threads", "npy", "score", "strict", "verbose"}, f.Name) {
				t.Errorf("%s --%s %s: tag recipe is %q", n.Path(), f.Name, f.PlaceHolder, kept)
			}
		}
	}
	if drawing < 5 {
		t.Errorf("%d commands draw", drawing)
	}
}

func TestReplayOfAnAudit(t *testing.T) {
	p := elsewhere(t)
	model := "digits" // images of 28x28 pixels, so that four replays take little
	p.must(t, "walk", model, "--steps", "9", "--audit", "full")
	p.must(t, "walk", model, "--steps", "7", "--gif", "--audit", "full")
	for _, name := range []string{"digits-walk.png", "digits-walk-audit.png", "digits-walk-moving-audit.png", "digits-walk-moving-sheet.png"} {
		if r := p.must(t, "replay", "gallery/"+name); !strings.Contains(r.stdout, "every pixel is the same") {
			t.Errorf("%s: %s", name, r.stdout)
		}
	}
	// Words of another version below the audit make it higher, and count for nothing; of the same height they count.
	img, recipe := decoded(t, p.join("gallery/digits-walk-audit.png"))
	size := img.Bounds().Size()
	for _, c := range []struct {
		more, x, y, code int
		says             string
	}{
		{30, 20, size.Y + 20, exitDone, "every pixel is the same, above words that are another version's"},
		{30, 20, 15, exitFailed, "1 pixels differ"},
		{0, 20, size.Y - 20, exitFailed, "1 pixels differ"},
	} {
		other := image.NewNRGBA(image.Rect(0, 0, size.X, size.Y+c.more))
		for i := range other.Pix {
			other.Pix[i] = 255
		}
		draw.Draw(other, img.Bounds(), img, image.Point{}, draw.Src)
		other.Set(c.x, c.y, color.NRGBA{1, 2, 3, 255})
		r := p.call(t, "replay", forge(t, p.join("other.png"), other, recipe))
		if r.code != c.code || !strings.Contains(r.stdout+r.stderr, c.says) {
			t.Errorf("%+v: exit code %d, %s%s", c, r.code, r.stdout, r.stderr)
		}
	}
}

// forge writes a picture with a recipe.
func forge(t *testing.T, name string, img image.Image, recipe string) string {
	t.Helper()
	var b bytes.Buffer
	if err := viz.EncodePNG(&b, img, viz.Recipe([]byte(recipe))); err != nil {
		t.Fatal(err)
	}
	return write(t, name, b.Bytes())
}

func TestReplayFindsAChangedPixel(t *testing.T) {
	inFolder(t)
	must(t, "sample", "-n", "1")
	img, recipe := decoded(t, "gallery/facades-sample.png")
	changed := image.NewNRGBA(img.Bounds())
	for y := range changed.Rect.Dy() {
		for x := range changed.Rect.Dx() {
			changed.Set(x, y, img.At(x, y))
		}
	}
	at := changed.NRGBAAt(5, 6)
	changed.SetNRGBA(5, 6, color.NRGBA{at.R ^ 0x80, at.G, at.B, 255})
	name := forge(t, "changed.png", changed, recipe)
	r := call(t.Context(), "replay", name, "--json")
	if r.code != exitFailed || !strings.Contains(r.stderr, "1 pixels differ, by up to 128") || !strings.Contains(r.stdout, `"pixels_differ": 1`) {
		t.Errorf("exit code %d: %s %s", r.code, r.stdout, r.stderr)
	}
	name = forge(t, "small.png", changed.SubImage(image.Rect(0, 0, 9, 9)), recipe)
	if r := call(t.Context(), "replay", name); r.code != exitFailed || !strings.Contains(r.stderr, "4096 pixels differ") {
		t.Errorf("exit code %d: %s", r.code, r.stderr)
	}
}

// TestReplayRefusesWhatIsNotOnlyDrawing: a recipe may come from anywhere.
func TestReplayRefusesWhatIsNotOnlyDrawing(t *testing.T) {
	inFolder(t)
	must(t, "sample", "-n", "1")
	img, sound := decoded(t, "gallery/facades-sample.png")
	with := func(from, to string) string {
		t.Helper()
		if !strings.Contains(sound, from) {
			t.Fatalf("no %s in %s", from, sound)
		}
		return strings.Replace(sound, from, to, 1)
	}
	deep := strings.Repeat("[", 9000) + strings.Repeat("]", 9000)
	for name, c := range map[string]struct {
		recipe string
		code   int
		says   string
	}{
		"another part":    {with(`"command":"sample"`, `"command":"sample","part":"/../evil"`), exitRefused, "no part of what sample draws"},
		"another command": {with(`"sample"`, `"train"`), exitRefused, `"train" is no command that draws`},
		"no command":      {with(`"sample"`, `""`), exitRefused, "no command"},
		"itself":          {with(`"sample"`, `"replay"`), exitRefused, "no command"},
		"an output":       {with(`"--n=1"`, `"--out=evil.png"`), exitRefused, "--out names a file"},
		"another output":  {with(`"--n=1"`, `"--npy=evil.npy"`), exitRefused, "--npy names a file"},
		"force":           {with(`"--n=1"`, `"--force"`), exitRefused, "--force"},
		"an input":        {with(`"--n=1"`, `"--z=/etc/passwd"`), exitRefused, "--z names a file"},
		"no flag":         {with(`"--n=1"`, `"evil.png"`), exitRefused, "no flag of sample"},
		"short flag":      {with(`"--n=1"`, `"-n=1"`), exitRefused, "no flag of sample"},
		"unknown flag":    {with(`"--n=1"`, `"--evil=1"`), exitRefused, "no flag of sample"},
		"no value":        {with(`"--n=1"`, `"--n"`), exitRefused, `"--n", want`},
		"too much":        {with(`"--n=1"`, `"--n=1000000000"`), exitUsage, "-n is 1000000000, want 1 to"},
		"too large":       {with(`"--n=1"`, `"--scale=1000000"`), exitUsage, "--scale"},
		"many flags":      {with(`"--n=1"`, strings.Repeat(`"--n=1",`, 200)+`"--n=1"`), exitRefused, "at most 100"},
		"long flag":       {with(`"--n=1"`, `"--n=`+strings.Repeat("1", 2000)+`"`), exitRefused, "at most"},
		"not an object":   {`[1]`, exitRefused, "recipe"},
		"deep":            {deep, exitRefused, "recipe"},
		"unknown model":   {with(`"sha256":"`, `"sha256":"0`), exitUsage, "--model"},
		"missing input":   {with(`"args"`, `"inputs":{"z":"00"},"args"`), exitUsage, "--input z=FILE"},
		"strange input":   {with(`"args"`, `"inputs":{"out":"00"},"args"`), exitRefused, "no flag of sample that names a file"},
	} {
		path := forge(t, "forged.png", img, c.recipe)
		r := call(t.Context(), "replay", path)
		if r.code != c.code || !strings.Contains(r.stderr, c.says) || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%s: exit code %d, want %d; %q, want %q in one line", name, r.code, c.code, r.stderr, c.says)
		}
	}
	must(t, "sample", "-n", "1")
	if r := call(t.Context(), "replay", "gallery/facades-sample.png", "--input", "z=z.npy"); r.code != exitUsage {
		t.Errorf("an input too many: exit code %d: %s", r.code, r.stderr)
	}
	if files, _ := filepath.Glob("evil*"); files != nil {
		t.Errorf("made %q", files)
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "dcganviz-replay-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
	var plain bytes.Buffer
	if err := png.Encode(&plain, img); err != nil {
		t.Fatal(err)
	}
	for path, code := range map[string]int{
		write(t, "plain.png", plain.Bytes()):              exitUnsupported,
		write(t, "text.png", []byte("no picture at all")): exitRefused,
		"nowhere.png": exitMissing,
	} {
		for _, command := range []string{"recipe", "replay"} {
			if r := call(t.Context(), command, path); r.code != code || strings.Count(r.stderr, "\n") != 1 {
				t.Errorf("%s %s: exit code %d, want %d: %s", command, path, r.code, code, r.stderr)
			}
		}
	}
}
