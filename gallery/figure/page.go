package figure

import (
	"cmp"
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dcganviz/gallery"
	"dcganviz/internal/refuse"
	"dcganviz/model/zoo"
	"dcganviz/viz"
)

// A Picture is one of a folder, with what is known of it.
type Picture struct {
	// File is its name in the folder of the page.
	File string
	// Width and Height in pixels.
	Width, Height int
	// Command, Model, SHA256 and Args are the recipe's: the command that drew it,
	// the embedded model's name or nothing, the digest of any, and the options.
	Command, Model, SHA256 string
	Args                   []string
	// CommandLine draws it again. Empty: none is shown.
	CommandLine string
	// Numbers are the JSON beside it, or nil.
	Numbers []byte
	// Thumbs are the pictures of a map's points, or nil.
	Thumbs *Thumbs
}

// Thumbs are many small pictures in one file, which lies beside a map. They are used
// if the map's numbers name their SHA-256.
type Thumbs struct {
	File          string
	Width, Height int
	SHA256        string
}

// Page returns the page of pictures, by kind in the order of All, then by model in the
// order of the embedded ones, then by name. No pictures and more than gallery.MostBlocks are errors.
// Numbers that cannot be read, or are of another picture, are not used, which the
// block says.
func Page(pictures []Picture, o gallery.Options) ([]byte, error) {
	return gallery.Page(blocks(pictures), o)
}

// How names of further pictures end, those that a walk draws beside its own and
// that carry its recipe: what its audit found, and an animation's images.
const (
	auditEnd = "-audit.png"
	sheetEnd = "-sheet.png"
)

// blocks describes pictures, in the order of the page.
func blocks(pictures []Picture) []*gallery.Block {
	var all []*Block
	byFile := make(map[string]*Block)
	for _, p := range pictures {
		b := &Block{Picture: p, Block: &gallery.Block{File: p.File, Width: p.Width, Height: p.Height,
			CommandLine: p.CommandLine, Model: p.Model, SHA256: p.SHA256}}
		b.Moves = b.isFilm()
		all = append(all, b)
		byFile[p.File] = b
	}
	// Further pictures of a walk, and the sheet of an animation, stand in its block.
	all = slices.DeleteFunc(all, func(b *Block) bool {
		for _, ext := range []string{".png", ".gif", ".apng"} {
			if stem, ok := strings.CutSuffix(b.Picture.File, auditEnd); ok && b.Command == "walk" && b.goesWith(byFile[stem+ext]) {
				b.Alt = "Plots of how much the walk, and a memoriser on the same way, change from image to image, above the images around the largest changes"
				byFile[stem+ext].Evidence = append(byFile[stem+ext].Evidence, b.Block)
				return true
			}
			if stem, ok := strings.CutSuffix(b.Picture.File, sheetEnd); ok && moves(byFile[stem+ext], b.Command) {
				byFile[stem+ext].Still = b.Block
				return true
			}
		}
		return false
	})
	slices.SortStableFunc(all, func(a, b *Block) int {
		return cmp.Or(cmp.Compare(rank(a.Command), rank(b.Command)), cmp.Compare(modelRank(a.Picture.Model), modelRank(b.Picture.Model)),
			cmp.Compare(paperNumber(a.Picture.File), paperNumber(b.Picture.File)), strings.Compare(a.Picture.File, b.Picture.File))
	})
	for _, b := range all {
		b.describe()
	}
	nameApart(all)
	out := make([]*gallery.Block, len(all))
	for i, b := range all {
		if m := paperName.FindStringSubmatch(b.Picture.File); m != nil {
			b.Title = "Fig. " + m[1] + ". " + b.Title
		}
		out[i] = b.Block
	}
	return out
}

// moves reports whether b is an animation that the command drew.
func moves(b *Block, command string) bool { return b != nil && b.Moves && b.Command == command }

func isWalk(b *Block) bool { return b != nil && b.Command == "walk" }

// goesWith reports whether b is a further picture of a walk, and not one that an earlier
// walk left under its name.
func (b *Block) goesWith(walk *Block) bool {
	return isWalk(walk) && b.Picture.SHA256 == walk.Picture.SHA256 && slices.Equal(b.Args, walk.Args)
}

// isFilm reports whether the picture is an animation.
func (b *Block) isFilm() bool {
	ext := strings.ToLower(path.Ext(b.Picture.File))
	return ext == ".gif" || ext == ".apng" || Animated(b.Command, b.Args) && !strings.HasSuffix(b.Picture.File, sheetEnd)
}

// Animated reports whether a command draws an animation with these options, of which
// those of the model's file say nothing.
func Animated(command string, args []string) bool {
	e, ok := Lookup(command)
	if !ok {
		return false
	}
	f := e.New()
	for _, a := range args {
		_ = Fill(f, []string{a}) // an option of the model's file is none of the figure's
	}
	m, ok := f.(mover)
	return ok && m.moving()
}

// lastRank is behind all figures.
const lastRank = 99

// rank is the place of a command in All, and behind it for others.
func rank(command string) int {
	if i := slices.IndexFunc(All, func(e Entry) bool { return e.Name == command }); i >= 0 {
		return i
	}
	return lastRank
}

// modelRank is the place of an embedded model, and behind it for others. States of early
// epochs stand behind whole trainings.
func modelRank(model string) int {
	if i := slices.Index(zoo.Names(), model); i >= 0 {
		return i
	}
	return lastRank
}

var paperName = regexp.MustCompile(`^fig([0-9]{1,2})-`)

// paperNumber is the paper's number of a figure that is named after it, and for
// others more than any.
func paperNumber(file string) int {
	if m := paperName.FindStringSubmatch(file); m != nil {
		n, _ := strconv.Atoi(m[1])
		return n
	}
	return lastRank
}

// describe fills in what the page says.
func (b *Block) describe() {
	b.Data.Width, b.Data.Height = b.Block.Width, b.Block.Height
	if b.Still != nil {
		b.Data.Width, b.Data.Height = b.Still.Width, b.Still.Height
	}
	e, ok := Lookup(b.Command)
	if !ok {
		// What is no command does not look like one.
		by := "by the command " + refuse.Quote(b.Command) + ", which this version does not know"
		if b.Command == "train" {
			by = "by dcganviz train"
		}
		b.Title, b.Alt = b.Picture.File, "A picture drawn "+by
		b.Done = "Drawn " + by + "."
		return
	}
	blank := *b.Block
	why := b.own()
	if why == "" {
		r, err := e.Read(b.Numbers)
		if err == nil {
			err = r.Describe(b)
		}
		if err != nil {
			why = "the numbers beside it cannot be read"
		}
	}
	b.Facts, b.FactsFile = facts(b.Numbers), b.Stem()+NumbersEnd
	if why != "" {
		*b.Block = blank
		b.Missing = why
		b.Done = "Drawn by dcganviz " + b.Command + ". Without its numbers the page cannot say more: draw it again to have them."
	}
	if b.Moves && b.Still == nil {
		b.Missing = cmp.Or(b.Missing, b.Stem()+sheetEnd+" is not there, so the page has only the animation")
	}
	b.Title = cmp.Or(b.Title, e.Title)
	b.Alt = cmp.Or(b.Alt, b.Title)
	if name := b.modelName(); name != "" {
		b.Title += ", " + name
	}
}

// own takes the places of the tiles from the numbers if they are of this picture.
// It returns why they are not.
func (b *Block) own() (why string) {
	name := b.Stem() + NumbersEnd
	if b.Numbers == nil {
		return name + " is not there"
	}
	var head struct {
		Image   string      `json:"image"`
		Command string      `json:"command"`
		Model   string      `json:"model"`
		SHA256  string      `json:"sha256"`
		Layout  layoutTiles `json:"layout"`
		Audit   layoutTiles `json:"audit_layout"`
	}
	switch err := json.Unmarshal(b.Numbers, &head); {
	case err != nil:
		return name + " cannot be read"
	case head.SHA256 != b.Picture.SHA256, head.Command != "" && head.Command != b.Command, path.Base(strings.ReplaceAll(head.Image, `\`, "/")) != b.Picture.File:
		return name + " is of another picture"
	}
	b.file = head.Model
	b.Block.Layout = head.Layout.inside(b.Data.Width, b.Data.Height) // else no tile can be picked
	for _, e := range b.Evidence {
		e.Data.Width, e.Data.Height = e.Width, e.Height
		e.Layout = head.Audit.inside(e.Width, e.Height)
	}
	return ""
}

// layoutTiles is what a page reads of a Layout.
type layoutTiles struct {
	Tiles []viz.Tiles `json:"tiles"`
}

// inside returns the tiles if all lie in a picture of that size, and else none.
func (l layoutTiles) inside(width, height int) []viz.Tiles {
	for _, t := range l.Tiles {
		if !gallery.Inside(t, width, height) {
			return nil
		}
	}
	return l.Tiles
}
