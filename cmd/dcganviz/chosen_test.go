package main

import (
	"encoding/json"
	"strings"
	"testing"

	"dcganviz/gallery/figure"
	"dcganviz/model"
)

// TestWalkThroughSamples: two points of a walk through two samples are these samples.
func TestWalkThroughSamples(t *testing.T) {
	run, c := inFolder(t)
	must(t, "walk", run, "--through", "5,2", "--steps", "2", "--npy", "x.npy")
	z := model.NewTensor(2, c.Meta.Config.LatentDim)
	copy(z.Row(0), model.Latents(1, 5, 1, c.Meta.Config).Data)
	copy(z.Row(1), model.Latents(1, 2, 1, c.Meta.Config).Data)
	same(t, "samples", drawnNPY(t, "x.npy"), generate(t, c, z))
	if _, recipe := decoded(t, "gallery/run-walk.png"); !strings.Contains(recipe, `"--through=5,2"`) {
		t.Errorf("recipe %s", recipe)
	}
	must(t, "replay", "gallery/run-walk.png", "--model", run)
	// Of a file they are its latents.
	writeLatents(t, "z.npy", model.Latents(9, 0, 4, c.Meta.Config))
	must(t, "walk", run, "--z", "z.npy", "--through", "3,1", "--steps", "2", "--npy", "x.npy", "--force")
	copy(z.Row(0), model.Latents(9, 3, 1, c.Meta.Config).Data)
	copy(z.Row(1), model.Latents(9, 1, 1, c.Meta.Config).Data)
	same(t, "latents", drawnNPY(t, "x.npy"), generate(t, c, z))
	for _, bad := range [][]string{{"--through", "5"}, {"--through=-1,2"}, {"--through", "1,2", "--first", "3"}, {"--through", "1,2", "--anchors", "3"},
		{"--through", "1,2", "--dim", "0"}, {"--z", "z.npy", "--through", "1,4"}} {
		if r := call(t.Context(), append([]string{"walk", run}, bad...)...); r.code != exitUsage {
			t.Errorf("%q: exit code %d, want %d\n%s", bad, r.code, exitUsage, r.stderr)
		}
	}
}

// TestNumbersOfSamples: numbers stand below the tiles, which are wide enough for them, and
// the images are the same.
func TestNumbersOfSamples(t *testing.T) {
	run, _ := inFolder(t)
	must(t, "sample", run, "-n", "4", "--cols", "2", "--first", "9998")
	plain, _ := decoded(t, "gallery/run-sample.png")
	must(t, "sample", run, "-n", "4", "--cols", "2", "--first", "9998", "--numbers")
	img, _ := decoded(t, "gallery/run-sample.png")
	var numbers struct{ Layout figure.Layout }
	if err := json.Unmarshal(read(t, "gallery/run-sample.json"), &numbers); err != nil {
		t.Fatal(err)
	}
	at := numbers.Layout.Tiles[0]
	if at.W != 56 || at.DY <= at.H+8 {
		t.Fatalf("tiles %+v, want them twice as large, with room below", at)
	}
	ink := 0
	for i := range 4 {
		x, y := at.X0+i%2*at.DX, at.Y0+i/2*at.DY
		if got, want := img.At(x+21, y+33), plain.At(i%2*28+10, i/2*28+16); got != want {
			t.Errorf("tile %d has %v, want %v", i, got, want)
		}
		for dx := range at.W {
			for dy := at.H; dy < at.DY; dy++ {
				if r, _, _, _ := img.At(x+dx, y+dy).RGBA(); r < 0x8000 {
					ink++
				}
			}
		}
	}
	if ink < 4*20 {
		t.Errorf("%d dark pixels below the tiles, want numbers", ink)
	}
}
