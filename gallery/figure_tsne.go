package gallery

import (
	"encoding/json"
	"fmt"
	"math"
)

// A point of a scatter is at a pixel; Tile is the picture that is at its place,
// or the nearest to it on the map, and Own says which.
type point struct {
	X    int    `json:"x"`
	Y    int    `json:"y"`
	Name string `json:"name"`
	Text string `json:"text"`
	Tile int    `json:"tile"`
	Own  bool   `json:"own"`
}

type place struct {
	Number int
	Name   string
	X, Y   float64
	Label  string
	Value  float64
	Shown  bool
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
	Control struct{ Value float64 } `json:"trustworthiness_pca"`
	Places  []place
}

func (f *figure) tsne(numbers []byte) error {
	var a tsneMap
	if err := json.Unmarshal(numbers, &a); err != nil {
		return err
	}
	f.Done = fmt.Sprintf("%d %s were laid out in the plane by t-SNE (perplexity %g) so that those which are alike in %s lie side by side: as points, and with pictures in their place.", a.Points, a.Of, a.Embedding.Perplexity, a.Space)
	f.Look = "Neighbourhoods: what do images in one corner have in common? Directions, sizes of clusters and distances between far points mean nothing. Hover over a point to see its picture."
	f.Number = fmt.Sprintf("Trustworthiness %.3f, of at most 1: how far the %d nearest on the map are near in %s too.", a.Trust.Value, a.Trust.K, a.Space)
	f.Control = fmt.Sprintf("The first two principal components, which are a map as well, reach %.3f.", a.Control.Value)
	f.Alt = fmt.Sprintf("A map of %d %s, once as points and once with %d of the pictures", a.Points, a.Of, a.Shown)
	a.place(f)
	return nil
}

// mostPoints are compared with every picture of the map.
const mostPoints = 20000

// place makes the pictures of the map tiles, and the points ones to hover over.
func (a *tsneMap) place(f *figure) {
	var shown []int
	for i, p := range a.Places {
		if p.Shown {
			shown = append(shown, i)
		}
	}
	if len(f.tiles) != 2 || f.tiles[0].Count != len(a.Places) || len(a.Places) > mostPoints {
		return
	}
	atlas, ok := f.group(1, len(shown))
	if !ok || len(shown) == 0 {
		return
	}
	for k, i := range shown {
		name, text, command := a.words(f, i)
		f.add(atlas, k, name, text, command)
	}
	for i, p := range a.Places {
		best, least := 0, math.Inf(1)
		for k, j := range shown {
			if d := math.Hypot(a.Places[j].X-p.X, a.Places[j].Y-p.Y); d < least {
				best, least = k, d
			}
		}
		name, text, _ := a.words(f, i)
		at := f.tiles[0].Tile(i).Min
		f.Data.Points = append(f.Data.Points, point{at.X, at.Y, name, text, best, p.Shown})
	}
}

// words name a point.
func (a *tsneMap) words(f *figure, i int) (name, text, command string) {
	p := a.Places[i]
	name = p.Name
	if name == "" {
		name = fmt.Sprintf("Sample %d", p.Number)
		command = f.draws(a.Seed, p.Number, 1)
	}
	text = fmt.Sprintf("%s %.3g.", a.Colour, p.Value)
	if a.Colour == "" {
		text = ""
	}
	if p.Label != "" {
		text = p.Label + ". " + text
	}
	return name, text, command
}
