package figure

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"dcganviz/gallery"
)

// Words say how far neighbours on the map are alike.
func (a *TSNEResult) Words() (w Words) {
	trust, control := a.TrustAll, a.ControlAll
	if trust.K == 0 { // older numbers have none
		trust, control = a.Trust, a.Control
	}
	w.Verdict = fmt.Sprintf("Neighbours on the map are neighbours in %s, too", a.Space)
	if trust.Value <= control.Value {
		w.Verdict = "The map keeps neighbours no better than two principal components do"
	}
	w.Verdict += fmt.Sprintf(": trustworthiness %.2f of at most 1. Whether there are clusters was not tested.", trust.Value)
	w.Number = fmt.Sprintf("The trustworthiness is %.3f: how far the %d nearest on the map are near in %s too; places at random have 0.5.", trust.Value, trust.K, a.Space)
	w.Control = fmt.Sprintf("The first two principal components, which are a map as well, reach %.3f.", control.Value)
	reduced := ""
	if a.Components > 0 {
		reduced = fmt.Sprintf(", reduced to %d principal components with %s of the variance", a.Components, percent(a.Variance))
	}
	w.More = some(fmt.Sprintf("%d %s were laid out by %d values each%s. KL divergence %.3f after %d steps at perplexity %g.",
		a.Points, a.Of, a.Features, reduced, a.Embedding.Divergence, a.Embedding.Iterations, a.Embedding.Perplexity))
	if a.Components > 0 && a.TrustAll.K > 0 {
		w.More = append(w.More, fmt.Sprintf("Against the %d components alone, which does not count what they lose, the trustworthiness is %.3f, of the first two of them %.3f.", a.Components, a.Trust.Value, a.Control.Value))
	}
	if v := a.Values; v != nil {
		w.More = append(w.More, fmt.Sprintf("The values of a point and of its nearest (%s) correlate by %.2f, in %s by %.2f, on the two components by %.2f.", a.Colour, zeroed(v.Plane), a.Space, zeroed(v.Features), zeroed(v.Control)))
	}
	if l := a.Labelled; l != nil {
		w.More = append(w.More, fmt.Sprintf("Colours: %s. No sample has a class of its own.", l.says()))
	}
	if l := a.Labels; l != nil {
		w.More = append(w.More, fmt.Sprintf("The nearest neighbour has the same label for %.1f%%, in %s for %.1f%%, on the two components for %.1f%%. The commonest label would be right for %.1f%%.", 100*l.Plane, a.Space, 100*l.Features, 100*l.Control, 100*l.Chance))
	}
	return w
}

// zeroed is v without the sign of what prints as zero.
func zeroed(v float64) float64 { return math.Round(v*100)/100 + 0 }

// Describe says on the page how the map was made.
func (a *TSNEResult) Describe(b *Block) error {
	b.Done = fmt.Sprintf("%d %s were laid out in the plane by t-SNE (perplexity %g) so that those which are alike in %s lie side by side: as points, and with pictures in their place.", a.Points, a.Of, a.Embedding.Perplexity, a.Space)
	b.Look = "Neighbourhoods: what do images in one corner have in common? Directions, sizes of groups and distances between far points mean nothing, and t-SNE draws groups even where there are none. Hover over a point to see its picture, and click to keep it."
	b.say(a.Words())
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
