package gallery

import (
	"image"
	"net/url"
	"path"
	"regexp"
	"strings"

	"dcganviz/viz"
)

// A Block is one picture on the page, with all that the page says of it.
type Block struct {
	// File is the picture's name in the page's folder, Width and Height its size
	// in pixels.
	File          string
	Width, Height int
	// Title heads the block. Alt describes the picture to those who do not see it.
	Title, Alt string
	// Done, Look, Verdict, Number and Control are the caption: what was done, what to
	// look for, what was found, and what the number and its control say. Empty ones are
	// left out.
	Done, Look, Verdict, Number, Control string
	// More is all further numbers, a paragraph each.
	More []string
	// Missing says in a sentence without its full stop what the page lacks.
	Missing string
	Table   *Table
	// Evidence are further pictures of the same run.
	Evidence []*Block
	// Still is the sheet of an animation's images, which is shown in its place:
	// nothing on the page moves unasked. Moves says that the picture is one.
	Still *Block
	Moves bool
	// CommandLine draws the picture again. Empty: none is shown.
	CommandLine string
	// Model is the name of an embedded model, or nothing; SHA256 the digest of any.
	Model, SHA256 string
	// Layout is where the picture's tiles lie, all inside of it.
	Layout []viz.Tiles
	// Data is what the scripts know of the block.
	Data Data
	// Facts are the picture's numbers, and FactsFile the file in the page's folder that
	// has them all.
	Facts     []Fact
	FactsFile string

	// ID is the block's address on the page. Page sets it.
	ID string
}

// A Fact is a number, with the name that it has in its file.
type Fact struct{ Name, Value string }

// A Data is what the scripts know of a block.
type Data struct {
	// Width and Height of the picture that is shown, in pixels.
	Width  int    `json:"w"`
	Height int    `json:"h"`
	Tiles  []Tile `json:"tiles,omitempty"`
	// Scrub is how many of the tiles, from the first, are a walk.
	Scrub int `json:"scrub,omitempty"`
	// Rate is how many of them are played in a second; 0 means 10.
	Rate int `json:"rate,omitempty"`
	// Wipe says what is changed in the rows of tiles that are laid over the first.
	Wipe []string `json:"wipe,omitempty"`
	// Points are to be hovered over.
	Points []Point `json:"points,omitempty"`
	// Thumbs are their pictures, in order.
	Thumbs *Thumbs `json:"thumbs,omitempty"`
	// Draw is the command that draws a sample, in the parts that stand before,
	// between and after its number.
	Draw []string `json:"draw,omitempty"`
	// Paper says that all of the picture is paper but the tiles and those of Keep, which
	// cannot be picked. Page sets both.
	Paper bool        `json:"paper,omitempty"`
	Keep  []viz.Tiles `json:"keep,omitempty"`
}

// A Tile is a part of a picture that can be picked.
type Tile struct {
	X       int    `json:"x"`
	Y       int    `json:"y"`
	W       int    `json:"w"`
	H       int    `json:"h"`
	Name    string `json:"name,omitempty"`
	Text    string `json:"text,omitempty"`
	Command string `json:"command,omitempty"`
	// Point is which of the points it is, whose name and text it has.
	Point *int `json:"point,omitempty"`
}

// A Point is at a pixel. One without a name is the sample of its number.
type Point struct {
	X    int    `json:"x"`
	Y    int    `json:"y"`
	Name string `json:"name,omitempty"`
	Text string `json:"text,omitempty"`
}

// Thumbs are the pictures of points in one file: squares of Side pixels, picture
// i the i-th of them row by row.
type Thumbs struct {
	Src     string `json:"src"`
	Width   int    `json:"w"`
	Height  int    `json:"h"`
	Side    int    `json:"side"`
	Columns int    `json:"columns"`
}

// MostTiles of a block can be picked. Of more none can: they would be too small
// and too many for a page.
const MostTiles = 4096

// mostPlaces is how many places of tiles are looked at.
const mostPlaces = 1 << 17

// Inside reports whether tiles lie in a picture of that size.
func Inside(t viz.Tiles, width, height int) bool {
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

// Group returns group i of the picture's tiles. It is false if the
// picture has no such group of count tiles, or if the page would get too many.
func (b *Block) Group(i, count int) (viz.Tiles, bool) {
	if i >= len(b.Layout) || b.Layout[i].Count != count || len(b.Data.Tiles)+count > MostTiles {
		return viz.Tiles{}, false
	}
	return b.Layout[i], true
}

// Add makes tile i of a group one that can be picked. command draws it; empty for
// none.
func (b *Block) Add(group viz.Tiles, i int, name, text, command string) {
	r := group.Tile(i)
	b.Data.Tiles = append(b.Data.Tiles, Tile{X: r.Min.X, Y: r.Min.Y, W: r.Dx(), H: r.Dy(), Name: name, Text: text, Command: command})
}

// Src is the address of the picture that is shown; of an animation without a
// sheet none is.
func (b *Block) Src() string {
	switch {
	case b.Still != nil:
		return Address(b.Still.File)
	case b.Moves:
		return ""
	}
	return Address(b.File)
}

// Film is an animation's address, and of other pictures nothing.
func (b *Block) Film() string {
	if !b.Moves {
		return ""
	}
	return Address(b.File)
}

// Address returns the address of a file in the page's folder. It begins with a dot, so that
// no name is taken for a scheme or a host.
func Address(file string) string { return "./" + url.PathEscape(file) }

var plainName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)

// Plain reports whether a name can stand in a command as it is.
func Plain(name string) bool { return plainName.MatchString(name) }

// FactsSrc is the address of the file with the numbers.
func (b *Block) FactsSrc() string { return Address(b.FactsFile) }

// Plain reports whether the file's name can stand in a command as it is.
func (b *Block) Plain() bool { return Plain(b.File) }

// Stem is the file's name without its extension.
func (b *Block) Stem() string { return strings.TrimSuffix(b.File, path.Ext(b.File)) }
