package gallery

import (
	"fmt"
	"image"
	"regexp"
	"slices"
	"strings"

	"dcganviz/viz"
)

// A tile is a part of a picture that can be picked.
type tile struct {
	X       int    `json:"x"`
	Y       int    `json:"y"`
	W       int    `json:"w"`
	H       int    `json:"h"`
	Name    string `json:"name,omitempty"`
	Text    string `json:"text,omitempty"`
	Command string `json:"command,omitempty"`
	// Point is which of a map's points it is, whose name and text it has.
	Point *int `json:"point,omitempty"`
}

// mostTiles of a figure can be picked; of more none, for they would be too small
// and too many for a page.
const mostTiles = 4096

// mostPlaces is how many places of tiles are looked at.
const mostPlaces = 1 << 17

// holds reports whether tiles lie in the picture.
func (f *figure) holds(t viz.Tiles) bool { return lieIn(t, f.Data.Width, f.Data.Height) }

// lieIn reports whether tiles lie in a picture of that size.
func lieIn(t viz.Tiles, width, height int) bool {
	whole := image.Rect(0, 0, width, height)
	// Bounds first, so that no product overflows.
	for _, v := range []int{t.X0, t.Y0, t.W, t.H, t.DX, t.DY} {
		if v < 0 || v > 1<<16 {
			return false
		}
	}
	if t.W < 1 || t.H < 1 || t.Count < 0 || t.Count > mostPlaces || t.At == nil && t.Columns < 1 || t.At != nil && len(t.At) != t.Count {
		return false
	}
	for i := range t.Count {
		if !t.Tile(i).In(whole) {
			return false
		}
	}
	return true
}

// group returns a group of tiles, of which there must be count.
func (f *figure) group(i, count int) (viz.Tiles, bool) {
	if i >= len(f.tiles) || f.tiles[i].Count != count || len(f.Data.Tiles)+count > mostTiles {
		return viz.Tiles{}, false
	}
	return f.tiles[i], true
}

// add makes tile i of a group one that can be picked.
func (f *figure) add(g viz.Tiles, i int, name, text, command string) {
	r := g.Tile(i)
	f.Data.Tiles = append(f.Data.Tiles, tile{X: r.Min.X, Y: r.Min.Y, W: r.Dx(), H: r.Dy(), Name: name, Text: text, Command: command})
}

// addSamples makes a group's tiles samples, whose numbers are given.
func (f *figure) addSamples(g viz.Tiles, seed uint64, number func(i int) int) {
	for i := range g.Count {
		n := number(i)
		f.add(g, i, fmt.Sprintf("Sample %d", n), fmt.Sprintf("Drawn from latent number %d of seed %d.", n, seed), f.draws(seed, n, 1))
	}
}

// plainFlag is a flag that no shell takes for more.
var plainFlag = regexp.MustCompile(`^--[a-z0-9-]+(=[A-Za-z0-9_.,:+/-]*)?$`)

// plainLine is words that no shell takes for more, none of them empty.
var plainLine = regexp.MustCompile(`^[A-Za-z0-9_.,:+/=-]+( [A-Za-z0-9_.,:+/=-]+)*$`)

// modelArgs is how commands name the figure's model; false if they cannot, since
// its images depend on those drawn with them.
func (f *figure) modelArgs() (args []string, ok bool) {
	args = []string{"MODEL"} // of which the page says what it stands for
	if plainName.MatchString(f.Model) {
		args[0] = f.Model
	}
	for _, a := range f.Args {
		name, value, _ := strings.Cut(strings.TrimPrefix(a, "--"), "=")
		if !slices.Contains(f.modelFlags, strings.TrimPrefix(name, "no-")) && !slices.Contains(f.modelFlags, name) {
			continue
		}
		if name == "bn" && value == "batch" || !plainFlag.MatchString(a) {
			return nil, false
		}
		args = append(args, a)
	}
	return args, true
}

// draws is the command that draws n samples alone, to a file of its own; nothing
// if there is none.
func (f *figure) draws(seed uint64, first, n int) string {
	if first < 0 {
		return ""
	}
	return f.command("sample", "--seed %d --first %d -n %d --out seed%d-sample%d.png", seed, first, n, seed, first)
}

// command is a command line with the figure's model; nothing if that cannot be
// named, or if a word would need quotes.
func (f *figure) command(name, format string, args ...any) string {
	with, ok := f.modelArgs()
	line := fmt.Sprintf("dcganviz %s %s ", name, strings.Join(with, " ")) + fmt.Sprintf(format, args...)
	if !ok || !plainLine.MatchString(line) {
		return ""
	}
	return line
}
