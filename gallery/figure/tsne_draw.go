package figure

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image/color"
	"image/jpeg"
	"slices"

	"dcganviz/viz"
)

// mostClasses is how many labels the scatter names: the commonest.
const mostClasses = 20

// Draw draws the scatter and the atlas side by side, and fills in the places.
func (a *TSNEResult) Draw() (*viz.Picture, error) {
	m := a.material
	if m == nil {
		return nil, errNoImages
	}
	a.Places = nil
	points := make([]viz.XY, a.Points)
	for i := range points {
		points[i] = viz.XY{X: a.Embedding.Y[2*i], Y: a.Embedding.Y[2*i+1]}
		place := TSNEPlace{Number: i, X: points[i].X, Y: points[i].Y, Value: m.values[i]}
		if m.names != nil {
			place.Name = m.names[i]
		}
		if m.labels != nil {
			place.Label = m.classes[m.labels[i]]
		}
		a.Places = append(a.Places, place)
	}
	opt := viz.ScatterOptions{SidePx: 820}
	frames := viz.ValueColors(m.values)
	if m.labels != nil {
		opt.Groups, opt.Names = m.groups()
		for i, g := range opt.Groups {
			frames[i] = color.NRGBA{200, 205, 211, 255}
			if g >= 0 {
				frames[i] = viz.GroupColor(g)
			}
		}
	} else {
		opt.Values, opt.ValueName = m.values, m.colour
	}
	scatter, err := viz.Scatter(points, opt)
	if err != nil {
		return nil, err
	}
	atlas, shown, err := viz.Atlas(points, m.tiles, viz.AtlasOptions{Grid: a.grid, Frames: frames})
	if err != nil {
		return nil, err
	}
	a.Shown = len(shown)
	for _, i := range shown {
		a.Places[i].Shown = true
	}
	what := a.Model
	if a.Set != "" {
		what = a.Set + " as " + a.Model + " sees them"
		if a.Space == "pixels" {
			what = a.Set
		}
	}
	by := "label"
	if a.Labelled != nil {
		by = a.Labelled.says()
	}
	if m.labels == nil {
		by = m.colour
	}
	return viz.Stack([]viz.Part{
		{Image: scatter, Caption: fmt.Sprintf("Each point is one of the %s; near ones are alike in %s. Directions, and distances between far ones, mean nothing. Colour: %s.", a.Of, a.Space, by)},
		{Image: atlas, Caption: fmt.Sprintf("The same with the pictures as points: %d of %d, at most one a place; lines around them are coloured as the points.", a.Shown, a.Points)},
	}, viz.StackOptions{Row: true, TextPx: 15, Title: fmt.Sprintf("t-SNE of %d %s in %s: %s", a.Points, a.Of, a.Space, what), Footer: a.Words().Verdict})
}

// groups are the labels as a scatter takes them: the commonest in their order,
// -1 for the others.
func (m *material) groups() ([]int, []string) {
	counts := make([]int, len(m.classes))
	for _, l := range m.labels {
		counts[l]++
	}
	kept := make([]int, len(m.classes))
	for i := range kept {
		kept[i] = i
	}
	slices.SortStableFunc(kept, func(a, b int) int { return cmp.Compare(counts[b], counts[a]) })
	kept = kept[:min(len(kept), mostClasses)]
	slices.SortFunc(kept, func(a, b int) int { return cmp.Compare(m.classes[a], m.classes[b]) })
	at := make([]int, len(m.classes))
	for i := range at {
		at[i] = -1
	}
	var names []string
	for i, k := range kept {
		at[k] = i
		names = append(names, m.classes[k])
	}
	groups := make([]int, len(m.labels))
	for i, l := range m.labels {
		groups[i] = at[l]
	}
	return groups, names
}

// picturesEnd is how the name of the file with the pictures of all points ends.
const picturesEnd = "-pictures.jpg"

// ThumbsEnd is how the name of the file with small pictures ends that a figure has
// beside its own; empty for figures without one.
func ThumbsEnd(command string) string {
	if command == "tsne" {
		return picturesEnd
	}
	return ""
}

// picturesQuality is JPEG's: 2,000 façades take 0.8 MB, where PNG takes 4.3 MB.
const picturesQuality = 85

// A TSNESheet is the pictures of all points in one file, small, for the page: on
// the map most are covered by others, or have no place.
type TSNESheet struct {
	File   string    `json:"file"`
	SHA256 string    `json:"sha256"`
	Tiles  viz.Tiles `json:"tiles"`
}

// Place fills in the picture's file and layout, and the file of the points'
// pictures.
func (a *TSNEResult) Place(image string, at Layout) {
	a.Head.Place(image, at)
	a.Pictures.File = Path(image, picturesEnd)
}

// More draws the picture of every point, as one file.
func (a *TSNEResult) More() ([]File, error) {
	sheet, err := viz.Thumbs(a.material.tiles)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, sheet.RGBA, &jpeg.Options{Quality: picturesQuality}); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(file.Bytes())
	a.Pictures.SHA256, a.Pictures.Tiles = hex.EncodeToString(sum[:]), sheet.Tiles[0]
	return []File{{End: picturesEnd, Data: file.Bytes()}}, nil
}
