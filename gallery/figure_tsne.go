package gallery

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"dcganviz/viz"
)

// A point of a scatter is at a pixel. One without a name is the sample of its
// number.
type point struct {
	X    int    `json:"x"`
	Y    int    `json:"y"`
	Name string `json:"name,omitempty"`
	Text string `json:"text,omitempty"`
}

// Of thumbs that the page uses, tile i is the picture of point i.
type thumbs struct {
	Src     string `json:"src"`
	Width   int    `json:"w"`
	Height  int    `json:"h"`
	Side    int    `json:"side"`
	Columns int    `json:"columns"`
}

// A tsneMap is what the page needs of what tsne answers.
type tsneMap struct {
	Seed              uint64
	Of, Space, Colour string
	Points, Shown     int
	Embedding         struct{ Perplexity float64 }
	Trust             struct {
		Value float64
		K     int
	} `json:"trustworthiness"`
	Control  struct{ Value float64 } `json:"trustworthiness_pca"`
	Pictures struct {
		SHA256 string `json:"sha256"`
		Tiles  viz.Tiles
	}
	Places []struct {
		Name  string
		Label string
		Value float64
		Shown bool
	}
}

func (f *figure) tsne(numbers []byte) error {
	var a tsneMap
	if err := json.Unmarshal(numbers, &a); err != nil {
		return err
	}
	f.Done = fmt.Sprintf("%d %s were laid out in the plane by t-SNE (perplexity %g) so that those which are alike in %s lie side by side: as points, and with pictures in their place.", a.Points, a.Of, a.Embedding.Perplexity, a.Space)
	f.Look = "Neighbourhoods: what do images in one corner have in common? Directions, sizes of clusters and distances between far points mean nothing. Hover over a point to see its picture, and click to keep it."
	f.Number = fmt.Sprintf("Trustworthiness %.3f, of at most 1: how far the %d nearest on the map are near in %s too.", a.Trust.Value, a.Trust.K, a.Space)
	f.Control = fmt.Sprintf("The first two principal components, which are a map as well, reach %.3f.", a.Control.Value)
	f.Alt = fmt.Sprintf("A map of %d %s, once as points and once with %d of the pictures", a.Points, a.Of, a.Shown)
	a.place(f)
	return nil
}

// mostPoints are hovered over at most; the page holds them all.
const mostPoints = 20000

// place makes the pictures of the map tiles, and the points ones to hover over.
func (a *tsneMap) place(f *figure) {
	if len(f.tiles) != 2 || f.tiles[0].Count != len(a.Places) || len(a.Places) > mostPoints {
		return
	}
	var shown []int
	for i, p := range a.Places {
		if p.Shown {
			shown = append(shown, i)
		}
		text := ""
		if a.Colour != "" {
			text = fmt.Sprintf("%s %.3g.", a.Colour, p.Value)
		}
		if p.Label != "" {
			text = p.Label + ". " + text
		}
		at := f.tiles[0].Tile(i).Min
		f.Data.Points = append(f.Data.Points, point{at.X, at.Y, p.Name, text})
	}
	if atlas, ok := f.group(1, len(shown)); ok {
		for k, i := range shown {
			f.add(atlas, k, "", "", "")
			f.Data.Tiles[len(f.Data.Tiles)-1].Point = &i
		}
	}
	const number = 1234567890
	if line := f.draws(a.Seed, number, 1); line != "" {
		f.Data.Draw = strings.Split(line, strconv.Itoa(number))
	}
	a.useThumbs(f)
}

// useThumbs gives the points their pictures, if the file beside is of this map:
// squares in a grid from the corner on, as many as there are points.
func (a *tsneMap) useThumbs(f *figure) {
	s, t := f.Thumbs, a.Pictures.Tiles
	if s == nil || s.SHA256 != a.Pictures.SHA256 || t.Count != len(a.Places) || t.At != nil || !lieIn(t, s.Width, s.Height) ||
		t.X0 != 0 || t.Y0 != 0 || t.W != t.H || t.DX != t.W || t.DY != t.H {
		return
	}
	f.Data.Thumbs = &thumbs{address(s.File), s.Width, s.Height, t.W, t.Columns}
}
