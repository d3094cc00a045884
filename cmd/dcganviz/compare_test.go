package main

import (
	"encoding/json"
	"image"
	"testing"

	"dcganviz/gallery/figure"
	"dcganviz/model/dataset"
	"dcganviz/viz"
)

// TestCompareShowsBothSides: samples left, real pictures right, and the numbers
// of score kid.
func TestCompareShowsBothSides(t *testing.T) {
	run, _ := inFolder(t)
	args := []string{run, "--images", photos, "--neighbours", "2", "--samples", "12", "--sets", "2", "--json"}
	var a figure.CompareResult
	if err := json.Unmarshal([]byte(must(t, append([]string{"compare", "--shown", "9"}, args...)...).stdout), &a); err != nil {
		t.Fatal(err)
	}
	var k likeness
	if err := json.Unmarshal([]byte(must(t, append([]string{"score", "kid"}, args...)...).stdout), &k); err != nil {
		t.Fatal(err)
	}
	if a.Whole != k.Whole || a.Shown != 9 || len(a.Pictures) != 9 {
		t.Errorf("compare says %+v of %d shown, score kid %+v", a.Whole, a.Shown, k.Whole)
	}
	img, _ := decoded(t, "gallery/run-compare.png")
	tile, err := viz.ToImage(realPictures(t, 1), 28, 28, 3)
	if err != nil {
		t.Fatal(err)
	}
	if !contains(img, tile) {
		t.Error("the first real picture is not on the page")
	}
	refusal{"none shown", []string{"compare", run, "--images", photos, "--shown", "0"}, exitUsage, []string{"--shown is 0"}}.check(t)
	refusal{"no pictures", []string{"compare", run}, exitUsage, []string{"--images"}}.check(t)
}

// contains reports whether a tile is somewhere on a page, pixel for pixel.
func contains(page, tile image.Image) bool {
	size := tile.Bounds().Size()
	same := func(x, y int) bool {
		for v := range size.Y {
			for u := range size.X {
				if rgb(page, x+u, y+v) != rgb(tile, tile.Bounds().Min.X+u, tile.Bounds().Min.Y+v) {
					return false
				}
			}
		}
		return true
	}
	for y := range page.Bounds().Dy() - size.Y {
		for x := range page.Bounds().Dx() - size.X {
			if same(x, y) {
				return true
			}
		}
	}
	return false
}

// realPictures are the first n of the pictures that tests use, 28x28 in colour.
func realPictures(t *testing.T, n int) []float32 {
	t.Helper()
	set, err := dataset.Open(photos, dataset.Options{Size: 28, Channels: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	first := make([]int, n)
	for i := range first {
		first[i] = i
	}
	x := make([]float32, n*28*28*3)
	if err := set.Load(t.Context(), first, x); err != nil {
		t.Fatal(err)
	}
	return x
}
