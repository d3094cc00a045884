package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dcganviz/gallery/figure"
)

// readMap runs the command and reads what it wrote.
func readMap(t *testing.T, args ...string) (figure.TSNEResult, result) {
	t.Helper()
	r := must(t, append([]string{"tsne"}, args...)...)
	var a figure.TSNEResult
	if err := json.Unmarshal(read(t, "gallery/facades-tsne.json"), &a); err != nil {
		t.Fatal(err)
	}
	if len(a.Places) != a.Points {
		t.Fatalf("%d places of %d points", len(a.Places), a.Points)
	}
	shown := 0
	for _, p := range a.Places {
		if p.Shown {
			shown++
		}
		if math.IsNaN(p.X) || math.IsNaN(p.Y) {
			t.Fatalf("point %d lies at (%v, %v)", p.Number, p.X, p.Y)
		}
	}
	if shown != a.Shown || shown == 0 {
		t.Errorf("%d pictures shown, the answer says %d", shown, a.Shown)
	}
	return a, r
}

// TestTSNEColoursClasses: of samples those of the nearest labelled pictures, with how far
// that can be trusted, and of a net that is told classes its own.
func TestTSNEColoursClasses(t *testing.T) {
	t.Chdir(t.TempDir())
	a, r := readMap(t, "digits", "-n", "60", "--perplexity", "5", "--verbose", "--threads", "1")
	if a.Labelled == nil || a.Labelled.Pictures != 1000 || !(a.Labelled.Right > 0.5 && a.Labelled.Right < 1) || !strings.Contains(r.stdout, "the class of the nearest of 1000 labelled pictures") {
		t.Fatalf("labelled %+v\n%s", a.Labelled, r.stdout)
	}
	seen := map[string]bool{}
	for _, p := range a.Places {
		seen[p.Label] = true
	}
	if len(seen) < 6 || seen[""] {
		t.Errorf("classes %v of digits", seen)
	}
	if a, _ := readMap(t, "digits", "-n", "60", "--perplexity", "5", "--colour", "value", "--threads", "1"); a.Labelled != nil || a.Places[0].Label != "" {
		t.Errorf("--colour value: labelled %+v, label %q", a.Labelled, a.Places[0].Label)
	}
	a, _ = readMap(t, foreignFile("class_last.pth"), "-n", "24", "--perplexity", "3", "--threads", "1")
	classes := 1
	for classes < len(a.Places) && a.Places[classes].Label != a.Places[0].Label {
		classes++
	}
	for i, p := range a.Places {
		if p.Label == "" || p.Label != a.Places[i%classes].Label {
			t.Fatalf("sample %d has class %q, want those of the net, %d in turn", i, p.Label, classes)
		}
	}
	if a.Labelled != nil || classes < 2 {
		t.Errorf("%d classes, labelled %+v", classes, a.Labelled)
	}
	if r := call(t.Context(), "tsne", foreignFile("examples.pth"), "-n", "24", "--perplexity", "3", "--colour", "class"); r.code != exitUsage || !strings.Contains(r.stderr, "--colour class") {
		t.Errorf("no classes: exit code %d, want %d\n%s", r.code, exitUsage, r.stderr)
	}
}

// TestTSNEOfSamples: numbers, the picture, and the same bytes with other threads.
func TestTSNEOfSamples(t *testing.T) {
	t.Chdir(t.TempDir())
	a, r := readMap(t, "-n", "150", "--perplexity", "10", "--verbose", "--threads", "1")
	lines := strings.Split(strings.TrimSpace(r.stdout), "\n")
	if len(lines) != 7 || lines[6] != "gallery/facades-tsne.png" || !strings.HasPrefix(lines[3], "150 samples were laid out") || !strings.Contains(lines[3], "50 principal components") ||
		!strings.HasPrefix(lines[5], "The values of a point and of its nearest (D's logit)") || !strings.HasPrefix(lines[2], "The first two principal components") {
		t.Errorf("summary\n%s", r.stdout)
	}
	if a.Points != 150 || a.Labels != nil || a.Values == nil || a.Components != 50 || !(a.Trust.Value > .5) || !(a.Embedding.Divergence > 0) || !(math.Abs(a.Embedding.Reached-10) <= 1e-6) {
		t.Errorf("answer %+v", a.Report)
	}
	picture, numbers, all := read(t, "gallery/facades-tsne.png"), read(t, "gallery/facades-tsne.json"), read(t, "gallery/facades-tsne-pictures.jpg")
	readMap(t, "-n", "150", "--perplexity", "10", "--threads", "2")
	if !bytes.Equal(picture, read(t, "gallery/facades-tsne.png")) || !bytes.Equal(numbers, read(t, "gallery/facades-tsne.json")) || !bytes.Equal(all, read(t, "gallery/facades-tsne-pictures.jpg")) {
		t.Error("one thread and two give different bytes")
	}
	if got := fmt.Sprintf("%x", sha256.Sum256(all)); a.Pictures.File != "tsne-pictures.jpg" || a.Pictures.SHA256 != got || a.Pictures.Tiles.Count != 150 {
		t.Errorf("the numbers tell of %+v, the file's digest is %s", a.Pictures, got)
	}
	_, text := decoded(t, "gallery/facades-tsne.png")
	if !strings.Contains(text, `"--n=150","--pca=50","--perplexity=10"`) {
		t.Errorf("recipe %s", text)
	}
	a, _ = readMap(t, "-n", "120", "--of", "latents", "--pca", "0", "--perplexity", "12", "--grid")
	if a.Space != "z" || a.Components != 0 || a.Features != 100 {
		t.Errorf("latents: %q of %d values, %d components", a.Space, a.Features, a.Components)
	}
}

// TestTSNEOfPictures: folders are labels, and pixels need no D.
func TestTSNEOfPictures(t *testing.T) {
	t.Chdir(t.TempDir())
	a, r := readMap(t, "--of", "images", "--features", "pixels", "-n", "100", "--perplexity", "8", "--verbose")
	if a.Set != "facades-heldout" || a.Space != "pixels" || a.Labels == nil || !(a.Labels.Chance >= .5) || a.Places[0].Name == "" || a.Places[0].Label != "plain" {
		t.Errorf("set %q, space %q, labels %+v, first %+v", a.Set, a.Space, a.Labels, a.Places[0])
	}
	if !strings.Contains(r.stdout, "The nearest neighbour has the same label for ") || !strings.Contains(r.stderr, "100 of 392 pictures") {
		t.Errorf("said %s%s", r.stdout, r.stderr)
	}
	if err := os.CopyFS("photos", os.DirFS(photos)); err != nil {
		t.Fatal(err)
	}
	if a, _ = readMap(t, "--images", "photos", "--perplexity", "3", "--pca", "5"); a.Of != "images" || a.Set != "photos" {
		t.Errorf("--images alone lays %s of %q out", a.Of, a.Set)
	}
}

// TestTSNEPictures: tile i of the file is sample i, half as large.
func TestTSNEPictures(t *testing.T) {
	t.Chdir(t.TempDir())
	a, _ := readMap(t, "-n", "100", "--perplexity", "10", "--model", "facades")
	must(t, "sample", "-n", "100", "--cols", "10", "--model", "facades", "--out", "sheet.png")
	small, err := jpeg.Decode(bytes.NewReader(read(t, "gallery/facades-tsne-pictures.jpg")))
	if err != nil {
		t.Fatal(err)
	}
	large := decodePNG(t, "sheet.png")
	// Means over quarters: JPEG and the smaller size change details only.
	mean := func(img image.Image, r image.Rectangle) (sum [3]float64) {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
				for k, v := range []uint8{c.R, c.G, c.B} {
					sum[k] += float64(v) / float64(r.Dx()*r.Dy())
				}
			}
		}
		return sum
	}
	const tol = 4 // of 255; the means of two samples differ by some 40
	for i := range 100 {
		whole := a.Pictures.Tiles.Tile(i)
		for q := range 4 {
			at := image.Pt(q%2, q/2)
			got := mean(small, image.Rectangle{whole.Min.Add(at.Mul(16)), whole.Min.Add(at.Mul(16)).Add(image.Pt(16, 16))})
			from := image.Pt(i%10*64, i/10*64).Add(at.Mul(32))
			want := mean(large, image.Rectangle{from, from.Add(image.Pt(32, 32))})
			for k := range got {
				if !(math.Abs(got[k]-want[k]) <= tol) {
					t.Fatalf("quarter %d of picture %d is %v, want %v", q, i, got, want)
				}
			}
		}
	}
}

// TestTSNEKeepsFiles: a file in the place of one of its own is not replaced.
func TestTSNEKeepsFiles(t *testing.T) {
	dir := t.TempDir()
	mine := write(t, filepath.Join(dir, "map-pictures.jpg"), []byte("mine"))
	refusal{"there", []string{"tsne", "-n", "100", "--perplexity", "10", "--out", filepath.Join(dir, "map.png")}, exitOutput, []string{mine}}.check(t)
	if left := names(t, dir); len(left) != 1 || string(read(t, mine)) != "mine" {
		t.Errorf("files are %v", left)
	}
}

func TestTSNERefuses(t *testing.T) {
	run, _ := inFolder(t)
	for name, c := range map[string]refusal{
		"perplexity":     {"", []string{"tsne", "-n", "50"}, exitUsage, []string{"too few for perplexity 30", "want 91 points", "at most 16.3"}},
		"few pictures":   {"", []string{"tsne", "--images", photos}, exitUsage, []string{"12 points are too few"}},
		"NaN":            {"", []string{"tsne", "--perplexity", "NaN"}, exitUsage, []string{"perplexity"}},
		"of":             {"", []string{"tsne", "--of", "words"}, exitUsage, []string{`--of is "words"`, "samples, latents or images"}},
		"features":       {"", []string{"tsne", "--features", "g"}, exitUsage, []string{"d or pixels"}},
		"both":           {"", []string{"tsne", "--of", "samples", "--images", photos}, exitUsage, []string{"--images"}},
		"latent pixels":  {"", []string{"tsne", "--of", "latents", "--features", "pixels"}, exitUsage, []string{"--features"}},
		"one component":  {"", []string{"tsne", "--pca", "1"}, exitUsage, []string{"--pca is 1"}},
		"too many":       {"", []string{"tsne", run, "-n", "100000000"}, exitUsage, []string{"-n is 100000000"}},
		"no pictures":    {"", []string{"tsne", run, "--of", "images"}, exitUsage, []string{"--images"}},
		"missing folder": {"", []string{"tsne", "--images", "none"}, exitMissing, []string{"none"}},
		"out":            {"", []string{"tsne", "--out", "map.gif"}, exitUsage, []string{".png"}},
	} {
		c.name = name
		c.check(t)
	}
}
