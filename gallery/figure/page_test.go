package figure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/color"
	"math"
	"strings"
	"testing"

	"dcganviz/gallery"
	"dcganviz/viz"
)

// hostile is a text that would do harm wherever it is not escaped.
const hostile = `"><img src=x onerror="window.hacked=1"></script><script>window.hacked=2</script><!--{{.}}'` + "\u2028"

func TestPageEscapesWhatItIsGiven(t *testing.T) {
	numbers := must[[]byte](t)(json.Marshal(map[string]any{
		"image": hostile + ".png", "command": "turn", "sha256": hostile, "seed": 1, "steps": 2, "through": []int{1, 2}, "reach": 1,
		"from": map[string]any{"name": hostile}, "to": map[string]any{"name": hostile},
		"layout": map[string]any{"tiles": []viz.Tiles{{Count: 4, W: 5, H: 5, DX: 5, DY: 5, Columns: 2}}},
	}))
	html := string(must[[]byte](t)(Page([]Picture{
		{File: hostile + ".png", Width: 10, Height: 10, Command: "turn", SHA256: hostile, Model: hostile, Args: []string{"--" + hostile}, CommandLine: hostile, Numbers: numbers},
		{File: "javascript:alert(1).png", Width: 1, Height: 1, Command: hostile},
	}, gallery.Options{Title: hostile, Notes: []gallery.Note{{File: hostile, Text: hostile}}})))
	for _, bad := range []string{"<img src=x", "<script>window", "</script><script>", `src="javascript:`} {
		if strings.Contains(html, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if n := strings.Count(html, "<script"); n != 3 {
		t.Errorf("%d scripts, want the data of two figures and the page's own", n)
	}
	if !strings.Contains(html, "window.hacked") {
		t.Error("the hostile names are not on the page at all")
	}
}

// describedFigure is a single result's.
func describedFigure(t *testing.T, r result, change func(numbers map[string]any, p *Picture)) *gallery.Block {
	t.Helper()
	p := Picture{File: r.file, Width: r.picture.Rect.Dx(), Height: r.picture.Rect.Dy(), Command: r.command, Model: r.model, SHA256: someSHA256, Args: r.args, Thumbs: r.thumbsOf(t)}
	numbers := map[string]any{"image": "some/where/" + r.file, "command": r.command, "sha256": someSHA256, "layout": map[string]any{"tiles": r.picture.Tiles}}
	for k, v := range r.numbers {
		numbers[k] = v
	}
	if change != nil {
		change(numbers, &p)
	}
	if r.numbers != nil {
		p.Numbers = must[[]byte](t)(json.Marshal(numbers))
	}
	return blocks([]Picture{p})[0]
}

// TestTilesHaveTheirPixels: what can be picked lies where the tile's colour is.
func TestTilesHaveTheirPixels(t *testing.T) {
	for _, r := range someResults(t) {
		f := describedFigure(t, r, nil)
		if f.Missing != "" || len(f.Data.Tiles) == 0 {
			t.Errorf("%s: %d tiles, missing %q", r.file, len(f.Data.Tiles), f.Missing)
		}
		if r.command == "units" {
			continue // strips, of which the samples are dimmed
		}
		for i, tl := range f.Data.Tiles {
			want := i
			if r.command == "tsne" && i >= 4 {
				want++ // one is not shown
			}
			if got := r.picture.At(tl.X+tl.W/2, tl.Y+tl.H/2); got != rgba(want) {
				t.Errorf("%s: tile %d (%s) shows %v, want %v", r.file, i, tl.Name, got, rgba(want))
			}
		}
	}
}

// rgba is the colour of tile i as pictures hold it.
func rgba(i int) color.Color { return color.RGBAModel.Convert(tint(i)) }

func TestTilesSayHowTheyAreDrawn(t *testing.T) {
	all := someResults(t)
	sample := describedFigure(t, all[0], nil)
	last := sample.Data.Tiles[11]
	if want := "dcganviz sample facades --law=uniform --seed 7 --first 14 -n 1 --out seed7-sample14.png"; last.Name != "Sample 14" || last.Command != want {
		t.Errorf("the last of 12 samples from 3 on: %q, %q, want %q", last.Name, last.Command, want)
	}
	// Nine images over two segments: the fifth is the anchor between them.
	walk := describedFigure(t, all[1], nil).Data
	for i, want := range map[int]string{0: "Sample 0 of seed 7.", 1: "25% of the way from sample 0 to sample 1", 4: "Sample 1 of seed 7.", 7: "75% of the way from sample 1 to sample 2", 8: "Sample 2 of seed 7."} {
		if got := walk.Tiles[i].Text; !strings.HasPrefix(got, want) {
			t.Errorf("image %d: %q, want %q", i, got, want)
		}
	}
	if got := walk.Tiles[1].Command; got != "dcganviz sample facades --seed 7 --first 0 -n 2 --out seed7-sample0.png" {
		t.Errorf("command %q", got)
	}
	// A model that is not embedded has no name, and one with statistics of the
	// batch draws nothing alone.
	if got := describedFigure(t, all[2], nil).Data.Tiles[0].Command; !strings.HasPrefix(got, "dcganviz sample MODEL ") {
		t.Errorf("command %q", got)
	}
	all[0].args = append(all[0].args, "--bn=batch")
	if got := describedFigure(t, all[0], nil).Data.Tiles[0].Command; got != "" {
		t.Errorf("command %q, want none", got)
	}
}

// TestSampleSaysWhatItMeasured: the pair is named as the samples are, the control
// decides, and latents of a file have neither seed nor command.
func TestSampleSaysWhatItMeasured(t *testing.T) {
	r := someResults(t)[0]
	f := describedFigure(t, r, nil)
	if !strings.Contains(allWords(f), "samples 3 and 14: they differ by RMSE 0.12") || !strings.Contains(f.Verdict, "Most of these are one picture") || !strings.Contains(f.Control, "by 0.38") || strings.Contains(allWords(f), "D gives") {
		t.Errorf("number %q, control %q", f.Number, f.Control)
	}
	r.numbers["logits"] = []float64{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -6}
	r.numbers["variety"].(map[string]any)["median"] = .5
	if f = describedFigure(t, r, nil); !strings.Contains(allWords(f), "mean logit is -0.50") || !strings.Contains(f.Verdict, "different pictures") || !strings.HasSuffix(f.Data.Tiles[11].Text, " D's logit -6.") {
		t.Errorf("with logits: number %q, control %q, tile %+v", f.Number, f.Control, f.Data.Tiles[11])
	}
	r.numbers["z"], r.numbers["first"] = "z.npy", 0
	f = describedFigure(t, r, nil)
	if last := f.Data.Tiles[11]; last.Command != "" || strings.Contains(last.Text, "seed") || strings.Contains(f.Done, "seed") {
		t.Errorf("of a file: %q, tile %+v", f.Done, last)
	}
}

// allWords are what a block says was found.
func allWords(b *gallery.Block) string {
	return strings.Join(append([]string{b.Verdict, b.Number, b.Control}, b.More...), " ")
}

// TestForgettingNamesTheBest of the other methods, and its own table's numbers.
func TestForgettingNamesTheBest(t *testing.T) {
	r := someResults(t)[2]
	r.numbers["methods"] = []any{
		map[string]any{"name": "paper", "removed": between(.9), "outside_rmse": between(.3)},
		map[string]any{"name": "erase", "removed": between(.2), "outside_rmse": between(.1)},
		map[string]any{"name": "fill", "removed": between(.75), "outside_rmse": between(.125)},
	}
	f := describedFigure(t, r, nil)
	if want := ` Of the others "fill" removes most, 75%.`; !strings.Contains(f.Verdict, want) {
		t.Errorf("verdict %q, want %q in it", f.Verdict, want)
	}
	if want := "removes 75% (74% to 76%) at RMSE 0.125"; !strings.Contains(allWords(f), want) {
		t.Errorf("%q, want %q in it", allWords(f), want)
	}
	for _, row := range f.Table.Rows {
		if len(row) != len(f.Table.Columns) || !row[4].Long() {
			t.Errorf("row %+v", row)
		}
	}
}

func TestDoctorSaysWhatItFound(t *testing.T) {
	all := someResults(t)
	f := describedFigure(t, all[len(all)-2], nil)
	if f.Number != "Of 2 checks: 1 wrong (latents), 1 ok." || len(f.Table.Rows) != 2 || f.Table.Rows[1][3].Text != "draw them by the uniform law" {
		t.Errorf("number %q, table %+v", f.Number, f.Table)
	}
	if got := f.Data.Tiles[1]; got.Name != "Sample 1, as loaded" || !strings.Contains(got.Command, "--seed 7 --first 1 ") || !strings.Contains(got.Text, "latent number 1 of seed 7") {
		t.Errorf("the second as loaded is %+v", got)
	}
	if got := f.Data.Tiles[4]; got.Name != "Sample 0, uniform latents" || got.Command != "" || !strings.Contains(got.Text, "of the other law") {
		t.Errorf("the first of other latents is %+v", got)
	}
}

// TestUnitCard: three rows of the same samples, the first of which the slider lays
// over the others.
func TestUnitCard(t *testing.T) {
	card := result{file: "unit.png", command: "units", model: "facades", picture: must[*viz.Picture](t)(viz.Sheet(tinted(0, 6, 64, 64), viz.SheetOptions{Columns: 2})), numbers: map[string]any{
		"seed": 7, "layer": "up2", "hold": "zero", "of": 64, "concept": "window", "units": []any{map[string]any{"unit": 34, "effect": between(.2), "concentration": between(4), "concentration_shuffled": between(1.25),
			"concept": map[string]any{"iou": between(.5), "chance": .125}, "top": []any{map[string]any{"sample": 27, "activation": 4.5}, map[string]any{"sample": 3, "activation": 4}}}}}}
	f := describedFigure(t, card, nil)
	if len(f.Data.Tiles) != 6 || len(f.Data.Wipe) != 2 || f.Title != "Unit 34 of up2, facades" {
		t.Fatalf("%q: %d tiles, rows %q", f.Title, len(f.Data.Tiles), f.Data.Wipe)
	}
	if got := f.Data.Tiles[3]; got.Name != "Sample 3, without the unit" || !strings.Contains(got.Command, "--seed 7 --first 3 -n 1") || !strings.Contains(got.Text, "drives the unit to 4.") {
		t.Errorf("the second of the second row is %+v", got)
	}
	for _, want := range []string{"RMSE 0.200", "4.0 (4.0 to 4.0) times", "overlaps by 0.50", "by 0.12 with where it sees it in other samples"} {
		if said := allWords(f); !strings.Contains(said, want) {
			t.Errorf("%q, want %q in it", said, want)
		}
	}
	for _, want := range []string{"1.2 (1.2 to 1.3) times"} {
		if !strings.Contains(f.Control, want) {
			t.Errorf("the control %q, want %q in it", f.Control, want)
		}
	}
	card.numbers["units"] = []any{map[string]any{"unit": 1, "dead": true}}
	if f := describedFigure(t, card, nil); f.Missing != "" || len(f.Data.Tiles) != 0 || !strings.Contains(f.Verdict, "dead") {
		t.Errorf("of a dead unit: missing %q, %d tiles, %q", f.Missing, len(f.Data.Tiles), f.Verdict)
	}
}

// TestClosedWalkGoesBack: the last segment leads to the first sample.
func TestClosedWalkGoesBack(t *testing.T) {
	r := someResults(t)[1]
	r.numbers["anchors"] = []float64{0, 1. / 3, 2. / 3, 1}
	r.numbers["parameters"] = map[string]any{"mode": "slerp", "anchors": 3, "loop": "closed", "form": "sheet"}
	f := describedFigure(t, r, nil)
	for i, want := range map[int]string{6: "Sample 2 of seed 7.", 7: "33% of the way from sample 2 back to sample 0"} {
		if got := f.Data.Tiles[i].Text; !strings.HasPrefix(got, want) {
			t.Errorf("image %d: %q, want %q", i, got, want)
		}
	}
}

// TestNoCommandOfAStranger: whatever a recipe holds, what can be copied are words
// that a shell takes as they are, and flags of the model.
func TestNoCommandOfAStranger(t *testing.T) {
	r := someResults(t)[0]
	for _, bad := range []string{"--law=$(rm -rf ~)", "--law=a b", "--law=a;b", "--law=`x`", "--law='", "--law=\n"} {
		r.args = append([]string{"--seed=7", "--first=3", "--n=12"}, bad)
		if got := describedFigure(t, r, nil).Data.Tiles[0].Command; got != "" {
			t.Errorf("%q gives %q", bad, got)
		}
	}
	r.args = []string{"--seed=7", "--first=3", "--n=12", "--out=/etc/passwd", "--force"}
	if got := describedFigure(t, r, nil).Data.Tiles[0].Command; strings.Contains(got, "passwd") || strings.Contains(got, "force") || got == "" {
		t.Errorf("command %q", got)
	}
	r.model = "a b"
	if got := describedFigure(t, r, nil).Data.Tiles[0].Command; strings.Contains(got, "a b") {
		t.Errorf("command %q", got)
	}
}

func TestNumbersOfAnotherPictureAreNotUsed(t *testing.T) {
	walk := someResults(t)[1]
	for name, change := range map[string]func(map[string]any, *Picture){
		"image":      func(n map[string]any, _ *Picture) { n["image"] = "other.png" },
		"model":      func(n map[string]any, _ *Picture) { n["sha256"] = "00" },
		"command":    func(n map[string]any, _ *Picture) { n["command"] = "turn" },
		"wrong type": func(n map[string]any, _ *Picture) { n["images"] = "many" },
		"too large":  func(n map[string]any, _ *Picture) { n["anchors"] = []any{json.RawMessage("1e999")} },
	} {
		f := describedFigure(t, walk, change)
		if f.Missing == "" || len(f.Data.Tiles) > 0 || f.Number != "" {
			t.Errorf("%s: missing %q, %d tiles", name, f.Missing, len(f.Data.Tiles))
		}
	}
}

// TestPlacesOutsideOfThePictureAreNotTaken, however large.
func TestPlacesOutsideOfThePictureAreNotTaken(t *testing.T) {
	walk := someResults(t)[1]
	good := viz.Tiles{Count: 9, W: 64, H: 64, DX: 64, DY: 64, Columns: 5}
	for name, change := range map[string]func(*viz.Tiles){
		"shifted":     func(g *viz.Tiles) { g.X0 = 1 },
		"negative":    func(g *viz.Tiles) { g.Y0 = -1 },
		"huge":        func(g *viz.Tiles) { g.DX = math.MaxInt },
		"huge corner": func(g *viz.Tiles) { g.X0 = math.MaxInt },
		"huge tile":   func(g *viz.Tiles) { g.W = math.MaxInt },
		"no column":   func(g *viz.Tiles) { g.Columns = 0 },
		"no width":    func(g *viz.Tiles) { g.W = 0 },
		"too many":    func(g *viz.Tiles) { g.Count = math.MaxInt },
		"few corners": func(g *viz.Tiles) { g.At = [][2]int{{0, 0}} },
		"corner":      func(g *viz.Tiles) { g.At = make([][2]int, 9); g.At[8][1] = math.MinInt },
		"other count": func(g *viz.Tiles) { g.Count = 8 },
	} {
		g := good
		change(&g)
		f := describedFigure(t, walk, func(n map[string]any, _ *Picture) { n["layout"] = map[string]any{"tiles": []viz.Tiles{g}} })
		if len(f.Data.Tiles) > 0 || f.Missing != "" {
			t.Errorf("%s: %d tiles, missing %q; want none, and the text", name, len(f.Data.Tiles), f.Missing)
		}
	}
	if f := describedFigure(t, walk, nil); len(f.Data.Tiles) != 9 {
		t.Errorf("%d tiles of the sound one, want 9", len(f.Data.Tiles))
	}
}

// TestDescribersStandAnyNumbers: fields of other types, missing or absurd, never
// panic.
func TestDescribersStandAnyNumbers(t *testing.T) {
	values := []string{"null", "0", "-1", "1e300", "99999999999", `"x"`, "[]", "{}", "true", "[null]", "[[]]", "[{}]", "[-5]", "[1,2,3,4,5,6,7,8,9,10]"}
	names := map[string]bool{}
	for _, r := range someResults(t) {
		for k := range r.numbers {
			names[k] = true
		}
	}
	for _, more := range []string{"a", "b", "c", "drawn", "spaces", "shown", "through", "trained", "sanity", "pictures", "audit", "halves", "whole", "result", "stability", "neighbours", "training_pictures", "steps"} {
		names[more] = true
	}
	for _, e := range All {
		command := e.Name
		for name := range names {
			for _, v := range values {
				p := Picture{File: "x.png", Width: 64, Height: 64, Command: command, Args: []string{"--n=" + v, "--seed=1", "--first=0", "--cols=" + v}}
				p.Numbers = fmt.Appendf(nil, `{"image":"x.png","units":[{"unit":1,"top":[]}],"methods":[{"name":"paper"}],"layout":{"tiles":[{"count":1,"w":1,"h":1,"columns":1}]},%q:%s}`, name, v)
				blocks([]Picture{p})
			}
		}
	}
}

// TestThumbsOfAnotherMapAreNotUsed: pictures are shown only for the points that
// they are of.
func TestThumbsOfAnotherMapAreNotUsed(t *testing.T) {
	all := someResults(t)
	tsne := all[len(all)-1]
	tiles := viz.Tiles{Count: 9, W: 32, H: 32, DX: 32, DY: 32, Columns: 3}
	changed := func(change func(*viz.Tiles)) func(map[string]any, *Picture) {
		return func(n map[string]any, p *Picture) {
			g := tiles
			change(&g)
			n["pictures"] = map[string]any{"sha256": p.Thumbs.SHA256, "tiles": g}
		}
	}
	if d := describedFigure(t, tsne, changed(func(*viz.Tiles) {})).Data; d.Thumbs == nil || d.Thumbs.Src != "./tsne-pictures.jpg" || len(d.Points) != 9 {
		t.Errorf("of the sound one the page has %+v and %d points", d.Thumbs, len(d.Points))
	}
	for name, change := range map[string]func(map[string]any, *Picture){
		"none":     func(_ map[string]any, p *Picture) { p.Thumbs = nil },
		"digest":   func(_ map[string]any, p *Picture) { p.Thumbs.SHA256 = someSHA256 },
		"count":    changed(func(g *viz.Tiles) { g.Count = 8 }),
		"outside":  changed(func(g *viz.Tiles) { g.Columns = 2 }),
		"shifted":  changed(func(g *viz.Tiles) { g.X0 = 1 }),
		"negative": changed(func(g *viz.Tiles) { g.Columns = -3 }),
		"no grid":  changed(func(g *viz.Tiles) { g.At = make([][2]int, 9) }),
		"strips":   changed(func(g *viz.Tiles) { g.H = 16 }),
	} {
		if d := describedFigure(t, tsne, change).Data; d.Thumbs != nil || len(d.Points) != 9 {
			t.Errorf("%s: the page has %+v and %d points", name, d.Thumbs, len(d.Points))
		}
	}
}

// TestEvidenceHasPaper: the places of an audit's images are in the walk's numbers, and are
// taken if they lie in its picture.
func TestEvidenceHasPaper(t *testing.T) {
	for width, want := range map[int]bool{64: true, 20: false} {
		page, err := Page([]Picture{
			{File: "walk.png", Width: 64, Height: 64, Command: "walk", SHA256: "1", Numbers: []byte(`{"image":"walk.png","command":"walk","model":"nets/own\\mine.pth","sha256":"1","parameters":{},
				"layout":{"tiles":[{"count":1,"w":64,"h":64,"columns":1}]},"audit_layout":{"tiles":[{"count":2,"w":16,"h":16,"x0":2,"y0":3,"dx":16,"dy":16,"columns":2}]}}`)},
			{File: "walk-audit.png", Width: width, Height: 64, Command: "walk", SHA256: "1"},
		}, gallery.Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, evidence, _ := strings.Cut(string(page), `<details class="evidence">`)
		evidence, _, _ = strings.Cut(evidence, "</details>")
		if got := strings.Contains(evidence, `"paper":true,"keep":[{"count":2`); got != want || !strings.Contains(evidence, "walk-audit.png") {
			t.Errorf("evidence %d wide: paper is %v, want %v: %s", width, got, want, evidence)
		}
		if !strings.Contains(string(page), "mine.pth</h2>") {
			t.Error("the title does not name the model's file")
		}
	}
}

func TestFiguresInOrder(t *testing.T) {
	var pictures []Picture
	for _, p := range [][2]string{{"b.png", "walk"}, {"z.png", "sample"}, {"a.png", "walk"}, {"fig9-x.png", "compare"}, {"fig10-x.png", "compare"}, {"a-audit.png", "walk"}, {"lone-audit.png", "walk"}, {"x.png", "other"}} {
		pictures = append(pictures, Picture{File: p[0], Command: p[1], Width: 1, Height: 1})
	}
	var got []string
	for _, f := range blocks(pictures) {
		got = append(got, f.File)
		if n := len(f.Evidence); (f.File == "a.png") != (n == 1) {
			t.Errorf("%s has %d pictures of evidence", f.File, n)
		}
	}
	if want := "z.png fig9-x.png fig10-x.png a.png b.png lone-audit.png x.png"; strings.Join(got, " ") != want {
		t.Errorf("in order %q, want %q", strings.Join(got, " "), want)
	}
}

func TestPageIsMarked(t *testing.T) {
	html := must[[]byte](t)(Page([]Picture{{File: "a.png", Width: 1, Height: 1}}, gallery.Options{}))
	if !gallery.IsPage(html[:gallery.MarkBytes]) || gallery.IsPage(html[:gallery.MarkBytes-1]) || gallery.IsPage(bytes.ToUpper(html)) {
		t.Error("a page is not known by its beginning")
	}
	if _, err := Page(nil, gallery.Options{}); err == nil {
		t.Error("no pictures make a page")
	}
	if _, err := Page(make([]Picture, gallery.MostBlocks+1), gallery.Options{}); err == nil {
		t.Error("too many pictures make a page")
	}
}
