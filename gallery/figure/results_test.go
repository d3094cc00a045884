package figure

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dcganviz/gallery"
	"dcganviz/viz"
)

// tint is the colour of tile i of a picture: no other tile has it.
func tint(i int) color.NRGBA {
	return color.NRGBA{uint8(40 + 23*i%200), uint8(30 + 41*i%210), uint8(60 + 67*i%190), 255}
}

// tinted are tiles from to from+n-1.
func tinted(from, n, w, h int) []image.Image {
	var tiles []image.Image
	for i := range n {
		img := image.NewNRGBA(image.Rect(0, 0, w, h))
		for p := range img.Pix {
			c := tint(from + i)
			img.Pix[p] = [4]uint8{c.R, c.G, c.B, 255}[p%4]
		}
		tiles = append(tiles, img)
	}
	return tiles
}

// A result is a picture and its numbers, as a command would write them.
type result struct {
	file, command, model string
	picture              *viz.Picture
	args                 []string
	numbers              map[string]any
	thumbs               []byte // a JPEG
	film                 []byte // a GIF, of which the picture is the sheet
}

// thumbsOf are the thumbs that a page gets with a result.
func (r *result) thumbsOf(t testing.TB) *Thumbs {
	t.Helper()
	if r.thumbs == nil {
		return nil
	}
	p := must[Thumbs](t)(thumbsIn(r.thumbs))
	p.File = strings.TrimSuffix(r.file, ".png") + "-pictures.jpg"
	return &p
}

// thumbsIn are a file's size and digest.
func thumbsIn(file []byte) (Thumbs, error) {
	c, _, err := image.DecodeConfig(bytes.NewReader(file))
	return Thumbs{Width: c.Width, Height: c.Height, SHA256: fmt.Sprintf("%x", sha256.Sum256(file))}, err
}

const someSHA256 = "fe164f24f34ebf5ca0f07d1fa15e563a76622d5011ee82ab62d3cb020a25af4d"

func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// write puts results into a folder, with their page.
func write(t testing.TB, dir string, o gallery.Options, results ...result) []Picture {
	t.Helper()
	var pictures []Picture
	for _, r := range results {
		p := Picture{File: r.file, Width: r.picture.Rect.Dx(), Height: r.picture.Rect.Dy(), Command: r.command, Model: r.model, SHA256: someSHA256, Args: r.args,
			CommandLine: "dcganviz " + r.command, Thumbs: r.thumbsOf(t)}
		if p.Thumbs != nil {
			if err := os.WriteFile(filepath.Join(dir, p.Thumbs.File), r.thumbs, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if r.numbers != nil {
			all := map[string]any{"image": r.file, "command": r.command, "sha256": someSHA256, "layout": map[string]any{"tiles": r.picture.Tiles}}
			maps.Copy(all, r.numbers)
			p.Numbers = must[[]byte](t)(json.Marshal(all))
		}
		if r.film != nil {
			if err := os.WriteFile(filepath.Join(dir, r.file), r.film, 0o666); err != nil {
				t.Fatal(err)
			}
			sheet := p
			sheet.File, sheet.Numbers = strings.TrimSuffix(r.file, ".gif")+"-sheet.png", nil
			pictures = append(pictures, sheet)
			p.Width, p.Height, r.file = 64, 64, sheet.File
		}
		f := must[*os.File](t)(os.Create(filepath.Join(dir, r.file)))
		if err := viz.EncodePNG(f, r.picture, nil); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		pictures = append(pictures, p)
	}
	if err := os.WriteFile(filepath.Join(dir, "index.html"), must[[]byte](t)(Page(pictures, o)), 0o666); err != nil {
		t.Fatal(err)
	}
	return pictures
}

// between is an interval about v.
func between(v float64) map[string]float64 {
	return map[string]float64{"mean": v, "lo": v - .01, "hi": v + .01}
}

// someResults are one of each sort that has controls.
func someResults(t testing.TB) []result {
	sheet := must[*viz.Picture](t)
	units := []any{}
	var strips []viz.UnitTile
	for i := range 6 {
		units = append(units, map[string]any{"unit": 10 + i, "area": .05, "effect": between(.1 * float64((i*5)%6)), "top": []any{map[string]any{"sample": i}},
			"concentration": between(float64(6 - i)), "concentration_shuffled": between(1), "logit": between(-.1)})
		strips = append(strips, viz.UnitTile{Samples: tinted(2*i, 1, 32, 32), Areas: [][]bool{make([]bool, 32*32)}, Change: tinted(2*i+1, 1, 32, 32)[0], Caption: fmt.Sprint(i)})
	}
	var points []viz.XY
	var places []any
	for i := range 9 {
		points = append(points, viz.XY{X: float64(i % 3), Y: float64(i / 3)})
		places = append(places, map[string]any{"number": i, "x": float64(i % 3), "y": float64(i / 3), "value": 1.5, "shown": i != 4})
	}
	scatter := sheet(viz.Scatter(points, viz.ScatterOptions{SidePx: 300}))
	atlas, _, err := viz.Atlas(append(points[:4:4], points[5:]...), append(tinted(0, 4, 40, 40), tinted(5, 4, 40, 40)...), viz.AtlasOptions{SidePx: 300, TilePx: 40})
	if err != nil {
		t.Fatal(err)
	}
	thumbs := sheet(viz.Thumbs(tinted(0, 9, 40, 40)))
	var file bytes.Buffer
	if err := jpeg.Encode(&file, thumbs.RGBA, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	interval := between(.5)
	return []result{
		{file: "sample.png", command: "sample", model: "facades", picture: sheet(viz.Sheet(tinted(0, 12, 64, 64), viz.SheetOptions{})),
			args: []string{"--seed=7", "--first=3", "--n=12", "--law=uniform"}, numbers: map[string]any{"seed": 7, "first": 3, "images": 12,
				"variety": map[string]any{"pictures": 12, "median": .25, "least": .125, "pair": [2]int{0, 11}, "shifted": .375}}},
		{file: "walk.png", command: "walk", model: "facades", picture: sheet(viz.Sheet(tinted(0, 9, 64, 64), viz.SheetOptions{Columns: 5})), numbers: map[string]any{
			"seed": 7, "first": 0, "images": 9, "anchors": []float64{0, .5, 1}, "parameters": map[string]any{"mode": "lerp", "anchors": 3, "loop": "open", "steps": 9, "form": "sheet"}}},
		{file: "forget-windows.png", command: "forget-windows", picture: sheet(viz.Sheet(tinted(0, 12, 64, 64), viz.SheetOptions{Columns: 4, GapPx: 2, RowLabels: []string{"as drawn", "paper", "erase"}})), numbers: map[string]any{
			"measured_seed": 17, "concept": "window", "samples": 500, "area": map[string]any{"before": interval}, "random": map[string]any{"draws": 20},
			"methods": []any{
				map[string]any{"name": "paper", "layer": "up2", "count": 28, "of": 64, "removed": interval, "area": interval, "outside_rmse": interval, "logit": interval},
				map[string]any{"name": "erase", "layer": "up1", "removed": interval, "area": interval, "outside_rmse": interval, "logit": interval}}}},
		{file: "units.png", command: "units", model: "facades", picture: sheet(viz.UnitSheet(strips, viz.SheetOptions{Columns: 2, GapPx: 6})), numbers: map[string]any{
			"seed": 7, "layer": "up2", "hold": "zero", "height": 16, "width": 16, "of": 6, "units": units, "order": []int{10, 11, 12, 13, 14, 15}}},
		{file: "doctor.png", command: "doctor", model: "facades", picture: sheet(viz.Sheet(tinted(0, 6, 64, 64), viz.SheetOptions{Columns: 2, GapPx: 2, RowLabels: []string{"as loaded", "kernels turned", "uniform latents"}})), numbers: map[string]any{
			"seed": 7, "verdict": "wrong", "shown": []string{"as loaded", "kernels turned", "uniform latents"}, "findings": []any{
				map[string]any{"check": "file", "verdict": "ok", "evidence": "every net was taken"},
				map[string]any{"check": "latents", "verdict": "wrong", "evidence": "their variance is 0.33", "advice": "draw them by the uniform law"}}}},
		{file: "tsne.png", command: "tsne", model: "facades", picture: sheet(viz.Stack([]viz.Part{{Image: scatter}, {Image: atlas}}, viz.StackOptions{Row: true})), numbers: map[string]any{
			"seed": 7, "of": "samples", "space": "pixels", "colour": "D's logit", "points": 9, "shown": 8, "places": places,
			"pictures": map[string]any{"sha256": fmt.Sprintf("%x", sha256.Sum256(file.Bytes())), "tiles": thumbs.Tiles[0]}}, thumbs: file.Bytes()},
	}
}
