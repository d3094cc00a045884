package figure

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"dcganviz/gallery"
)

// Summary says how far neighbours on the map are alike.
func (a *TSNEResult) Summary() []string { return a.words().lines() }

func (a *TSNEResult) words() (w Words) {
	reduced := ""
	if a.Components > 0 {
		reduced = fmt.Sprintf(", reduced to %d principal components with %s of the variance", a.Components, percent(a.Variance))
	}
	trust, control := a.TrustAll, a.ControlAll
	if trust.K == 0 { // older numbers have none
		trust, control = a.Trust, a.Control
	}
	w.Found = fmt.Sprintf("%d %s in %s (%d values%s) were laid out: neighbours on the map are alike to %.2f of at most 1. Whether there are clusters was not tested.", a.Points, a.Of, a.Space, a.Features, reduced, trust.Value)
	w.Number = fmt.Sprintf("That is the trustworthiness %.3f: how far the %d nearest on the map are near in %s too, 0.5 for places at random. KL divergence %.3f after %d steps at perplexity %g.",
		trust.Value, trust.K, a.Space, a.Embedding.Divergence, a.Embedding.Iterations, a.Embedding.Perplexity)
	w.Control = fmt.Sprintf("The first two principal components, which are a map as well, reach %.3f.", control.Value)
	if a.Components > 0 && a.TrustAll.K > 0 {
		w.Number += fmt.Sprintf(" Against the %d components alone it is %.3f, which does not count what they lose.", a.Components, a.Trust.Value)
		w.Control += fmt.Sprintf(" Against the %d components: %.3f.", a.Components, a.Control.Value)
	}
	if v := a.Values; v != nil {
		w.Number += fmt.Sprintf(" The values of a point and of its nearest (%s) correlate by %.2f, in %s by %.2f.", a.Colour, zeroed(v.Plane), a.Space, zeroed(v.Features))
		w.Control += fmt.Sprintf(" There the values correlate by %.2f.", zeroed(v.Control))
	}
	if l := a.Labels; l != nil {
		w.Number += fmt.Sprintf(" The nearest neighbour has the same label for %.1f%%, in %s for %.1f%%.", 100*l.Plane, a.Space, 100*l.Features)
		w.Control += fmt.Sprintf(" There the label is the same for %.1f%%. The commonest label would be right for %.1f%%.", 100*l.Control, 100*l.Chance)
	}
	return w
}

// zeroed is v without the sign of what prints as zero.
func zeroed(v float64) float64 { return math.Round(v*100)/100 + 0 }

// Describe says on the page how the map was made.
func (a *TSNEResult) Describe(b *Block) error {
	b.Done = fmt.Sprintf("%d %s were laid out in the plane by t-SNE (perplexity %g) so that those which are alike in %s lie side by side: as points, and with pictures in their place.", a.Points, a.Of, a.Embedding.Perplexity, a.Space)
	b.Look = "Neighbourhoods: what do images in one corner have in common? Directions, sizes of groups and distances between far points mean nothing, and t-SNE draws groups even where there are none. Hover over a point to see its picture, and click to keep it."
	b.say(a.words())
	b.Alt = fmt.Sprintf("A map of %d %s, once as points and once with %d of the pictures", a.Points, a.Of, a.Shown)
	a.placePoints(b)
	return nil
}

// mostPoints are hovered over at most; the page holds them all.
const mostPoints = 20000

// placePoints makes the pictures of the map tiles, and the points ones to hover over.
func (a *TSNEResult) placePoints(b *Block) {
	if len(b.Block.Layout) != 2 || b.Block.Layout[0].Count != len(a.Places) || len(a.Places) > mostPoints {
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
		at := b.Block.Layout[0].Tile(i).Min
		b.Data.Points = append(b.Data.Points, gallery.Point{X: at.X, Y: at.Y, Name: p.Name, Text: text})
	}
	if atlas, ok := b.Group(1, len(shown)); ok {
		for k, i := range shown {
			b.Add(atlas, k, "", "", "")
			b.Data.Tiles[len(b.Data.Tiles)-1].Point = &i
		}
	}
	const number = 1234567890
	if line := b.draws(a.Seed, number, 1); line != "" {
		b.Data.Draw = strings.Split(line, strconv.Itoa(number))
	}
	a.useThumbs(b)
}

// useThumbs gives the points their pictures, if the file beside is of this map:
// squares in a grid from the corner on, as many as there are points.
func (a *TSNEResult) useThumbs(b *Block) {
	s, t := b.Thumbs, a.Pictures.Tiles
	if s == nil || s.SHA256 != a.Pictures.SHA256 || t.Count != len(a.Places) || t.At != nil || !gallery.Inside(t, s.Width, s.Height) ||
		t.X0 != 0 || t.Y0 != 0 || t.W != t.H || t.DX != t.W || t.DY != t.H {
		return
	}
	b.Data.Thumbs = &gallery.Thumbs{Src: gallery.Address(s.File), Width: s.Width, Height: s.Height, Side: t.W, Columns: t.Columns}
}
