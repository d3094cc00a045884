package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"dcganviz/gallery"
	"dcganviz/viz"
)

// pageSection is what a test looks at of a figure.
type pageSection struct {
	html string
	data struct {
		Tiles []struct {
			X, Y, W, H    int
			Name, Command string
		}
		Scrub  int
		Wipe   []string
		Points []struct{ X, Y int }
		Thumbs *struct{ Src string }
	}
}

// pageSections are the figures of a page by their picture's name.
func pageSections(t *testing.T, path string) map[string]pageSection {
	t.Helper()
	all := make(map[string]pageSection)
	for _, html := range strings.Split(string(read(t, path)), "<section ")[1:] {
		s := pageSection{html: html}
		name := regexp.MustCompile(`src="\./([^"]*)"`).FindStringSubmatch(html)
		data := regexp.MustCompile(`<script type="application/json">(.*)</script>`).FindStringSubmatch(html)
		if name == nil || data == nil {
			t.Fatalf("no picture or no data in\n%s", html)
		}
		if err := json.Unmarshal([]byte(data[1]), &s.data); err != nil {
			t.Fatal(err)
		}
		all[name[1]] = s
	}
	return all
}

// TestGalleryOfEveryProbe: what the probes write is what the page reads. Each
// figure has its numbers and its tiles. They are of facades, or of digits, which is smaller,
// where no number of theirs is looked at.
func TestGalleryOfEveryProbe(t *testing.T) {
	for name, c := range map[string]struct {
		args         []string
		tiles        int
		scrub, wipes int
		points       int
	}{
		"facades-walk.png":              {args: []string{"walk", "--steps", "6", "--anchors", "3"}, tiles: 6, scrub: 6},
		"facades-walk-moving-sheet.png": {args: []string{"walk", "--steps", "5", "--anchors", "3", "--gif", "--fps", "20"}, tiles: 5, scrub: 5},
		"facades-sample.png":            {args: []string{"sample", "-n", "7", "--first", "2"}, tiles: 7},
		"digits-doctor.png":             {args: []string{"doctor", "digits", "-n", "2"}, tiles: 2 * 4},
		"facades-compare.png":           {args: []string{"compare", "--shown", "4", "--samples", "40", "--sets", "2", "--list", listOfEvery(t, "heldout", 8)}, tiles: 8},
		"facades-forget-windows.png":    {args: []string{"forget-windows", "--samples", "20", "--method", "mean,fill", "--draws", "4", "--boxes", "facades-window"}, tiles: 50, wipes: 4},
		"facades-units.png":             {args: []string{"units", "--samples", "8", "--layer", "up3"}, tiles: 32},
		"unit.png":                      {args: []string{"units", "--samples", "20", "--layer", "up3", "--unit", "2", "--out", "gallery/unit.png", "--force"}, tiles: 30, wipes: 2},
		"digits-filters.png":            {args: []string{"filters", "digits", "--count", "40", "--units", "0,3"}, tiles: 20},
		"digits-nearest.png":            {args: []string{"nearest", "digits", "--samples", "20", "--neighbours", "2"}, tiles: -1},
		"facades-tsne.png":              {args: []string{"tsne", "-n", "120"}, tiles: -1, points: 120},
		"facades-arithmetic.png":        {args: []string{"arithmetic"}, tiles: 9 + 3 + 9 + 1},
		"facades-turn.png":              {args: []string{"turn", "--steps", "3", "--draws", "20"}, tiles: 15},
	} {
		t.Run(name, func(t *testing.T) {
			p := elsewhere(t)
			if err := os.Mkdir(p.join(galleryDir), 0o777); err != nil { // for --out
				t.Fatal(err)
			}
			if isShared(c.args) {
				shared, _ := once(t, c.args...)
				if err := os.CopyFS(p.join(galleryDir), os.DirFS(shared.join(galleryDir))); err != nil {
					t.Fatal(err)
				}
			} else {
				p.must(t, c.args...)
			}
			p.must(t, "gallery")
			s, ok := pageSections(t, p.join("gallery/index.html"))[name]
			if !ok || strings.Contains(s.html, "What is missing") {
				t.Fatalf("on the page %v:\n%s", ok, s.html)
			}
			d := s.data
			if n := len(d.Tiles); n != c.tiles && (c.tiles >= 0 || n == 0) || d.Scrub != c.scrub || len(d.Wipe) != c.wipes || len(d.Points) != c.points {
				t.Errorf("%d tiles, %d to scrub, wipes %q, %d points; want %d, %d, %d and %d", n, d.Scrub, d.Wipe, len(d.Points), c.tiles, c.scrub, c.wipes, c.points)
			}
			if th := d.Thumbs; (c.points > 0) != (th != nil) || th != nil && th.Src != "./facades-tsne-pictures.jpg" {
				t.Errorf("pictures of the points %+v", th)
			}
			// The first tile is a sample as it is, and the one in the middle of a turn.
			if tile := map[string]int{"facades-walk.png": 1, "facades-sample.png": 1, "facades-doctor.png": 2, "facades-compare.png": 1, "facades-forget-windows.png": 1, "facades-nearest.png": 1, "facades-arithmetic.png": 1, "facades-turn.png": 2}[name]; tile > 0 {
				sameAsAlone(t, p, "gallery/"+name, s, tile-1)
			}
		})
	}
}

// sameAsAlone draws a tile by the command that the page says, and
// compares the pixels, which the figure may enlarge.
func sameAsAlone(t *testing.T, p place, figure string, s pageSection, tile int) {
	t.Helper()
	it := s.data.Tiles[tile]
	args := strings.Fields(it.Command)
	if len(args) < 2 || args[0] != "dcganviz" {
		t.Fatalf("%s: command %q", figure, it.Command)
	}
	p.must(t, append(args[1:], "--force")...)
	alone, whole := decodePNG(t, p.join(args[len(args)-1])), decodePNG(t, p.join(figure))
	scale := it.W / alone.Bounds().Dx()
	for y := range it.H {
		for x := range it.W {
			if got, want := whole.At(it.X+x, it.Y+y), alone.At(x/scale, y/scale); difference(got, want) != 0 {
				t.Fatalf("%s: %s differs at (%d, %d) from what %q draws: %v, want %v", figure, it.Name, x, y, it.Command, got, want)
			}
		}
	}
}

func decodePNG(t *testing.T, path string) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(read(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// TestGalleryReplacesOnlyItsOwnPage.
func TestGalleryReplacesOnlyItsOwnPage(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "sample", "-n", "4", "--model", trainedRun(t), "--out", "x.png")
	must(t, "gallery", ".")
	page := read(t, "index.html")
	if !gallery.IsPage(page) {
		t.Fatal("the page carries no mark")
	}
	must(t, "gallery", ".")
	if !bytes.Equal(page, read(t, "index.html")) {
		t.Error("the same folder gives two pages")
	}
	if err := os.WriteFile("index.html", []byte("<!doctype html>\nmine"), 0o666); err != nil {
		t.Fatal(err)
	}
	r := call(t.Context(), "gallery", ".")
	if r.code != exitOutput || strings.Count(r.stderr, "\n") != 1 || !strings.Contains(r.stderr, "--force") {
		t.Errorf("exit code %d, %q", r.code, r.stderr)
	}
	if string(read(t, "index.html")) != "<!doctype html>\nmine" {
		t.Error("another page was replaced")
	}
	must(t, "gallery", ".", "--force")
	if !bytes.Equal(page, read(t, "index.html")) {
		t.Error("--force gives another page")
	}
}

// TestGalleryLeavesOut: what is no picture of this program is named, and what is
// broken makes the result a part.
func TestGalleryLeavesOut(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, r := range []struct {
		args []string
		code int
	}{{[]string{"gallery", "none"}, exitMissing}, {[]string{"gallery", "."}, exitMissing}} {
		if got := call(t.Context(), r.args...); got.code != r.code || strings.Count(got.stderr, "\n") != 1 {
			t.Errorf("%v: exit code %d, %q, want %d", r.args, got.code, got.stderr, r.code)
		}
	}
	must(t, "sample", "-n", "4", "--model", trainedRun(t), "--out", "x.png")
	var plain bytes.Buffer
	if err := png.Encode(&plain, image.NewGray(image.Rect(0, 0, 3, 3))); err != nil {
		t.Fatal(err)
	}
	save := func(name string, contents []byte) {
		t.Helper()
		if err := os.WriteFile(name, contents, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	save("plain.png", plain.Bytes())
	save(".hidden.png", []byte("no picture"))
	r := must(t, "gallery", ".")
	if strings.Count(r.stderr, "\n") != 1 || !strings.Contains(r.stderr, "plain.png") || !strings.Contains(string(read(t, "index.html")), "plain.png") {
		t.Errorf("of a picture without recipe it says %q", r.stderr)
	}
	save("evil\x1b[2J.png", read(t, "x.png")[:200])
	if err := os.Mkdir("folder.png", 0o777); err != nil {
		t.Fatal(err)
	}
	r = call(t.Context(), "gallery", ".", "--json")
	var answer pageMade
	if err := json.Unmarshal([]byte(r.stdout), &answer); err != nil {
		t.Fatal(err)
	}
	if r.code != exitPartly || len(answer.LeftOut) != 3 || len(answer.Pictures) != 1 || strings.ContainsRune(r.stderr, '\x1b') {
		t.Errorf("exit code %d, %+v, %q", r.code, answer, r.stderr)
	}
}

// TestGalleryBoundsNumbers: what is too large to be numbers is not read.
func TestGalleryBoundsNumbers(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "walk", "--steps", "2", "--no-audit", "--model", trainedRun(t), "--out", "walk.png")
	f, err := os.Create("walk.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(mostNumberBytes+1), f.Close()); err != nil {
		t.Fatal(err)
	}
	r := call(t.Context(), "gallery", ".")
	if s := pageSections(t, "index.html")["walk.png"]; r.code != exitPartly || !strings.Contains(r.stderr, "walk.png: left out: its numbers: ") || !strings.Contains(s.html, "What is missing") {
		t.Errorf("exit code %d, %q\n%s", r.code, r.stderr, s.html)
	}
}

// TestGalleryOfBrokenThumbs: a map is on the page, its pictures are not.
func TestGalleryOfBrokenThumbs(t *testing.T) {
	t.Chdir(t.TempDir())
	f, err := os.Create("map.png")
	if err != nil {
		t.Fatal(err)
	}
	text := viz.Recipe([]byte(`{"program":"dcganviz","command":"tsne","model":"facades"}`))
	if err := errors.Join(viz.EncodePNG(f, image.NewGray(image.Rect(0, 0, 4, 4)), text), f.Close()); err != nil {
		t.Fatal(err)
	}
	must(t, "gallery", ".")
	write(t, "map-pictures.jpg", []byte("no JPEG"))
	r := call(t.Context(), "gallery", ".")
	if r.code != exitPartly || !strings.Contains(r.stderr, "map.png: left out: the pictures of its points: ") {
		t.Errorf("exit code %d, %q", r.code, r.stderr)
	}
	if d := pageSections(t, "index.html")["map.png"].data; d.Thumbs != nil {
		t.Errorf("on the page is %+v", d.Thumbs)
	}
}

// TestGalleryShowsNoStrangersCommand: a recipe that replay refuses is not one to
// copy.
func TestGalleryShowsNoStrangersCommand(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"a.png": `{"program":"dcganviz","command":"sample","model":"facades","args":["--out=/tmp/victim","--force"]}`,
		"b.png": `{"program":"dcganviz","command":"train","args":["--data=/home","--out=victim"]}`,
		"c.png": `{"program":"dcganviz","command":"walk","model":"--out=victim","args":["--npy=victim"]}`,
		"d.png": `{"program":"dcganviz","command":"gallery","args":["--force"]}`,
	} {
		f, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := viz.EncodePNG(f, image.NewGray(image.Rect(0, 0, 4, 4)), viz.Recipe([]byte(text))); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	must(t, "gallery", ".")
	for name, s := range pageSections(t, "index.html") {
		if strings.Contains(s.html, "victim") || strings.Contains(s.html, `class="copy"`) {
			t.Errorf("%s: a command of a stranger's is on the page:\n%s", name, s.html)
		}
	}
	if len(pageSections(t, "index.html")) != 4 {
		t.Error("the pictures are not on the page")
	}
	if _, err := os.Stat(filepath.Join("victim")); err == nil {
		t.Error("something was written")
	}
}
