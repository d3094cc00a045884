package gallery

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dcganviz/viz"
)

// A figure is a picture with all that the page says of it.
type figure struct {
	Picture
	ID, Title, Alt string
	// Done, Look, Number and Control are the caption: what was done, what to look
	// for, and what the number and its control say. Empty ones are left out.
	Done, Look, Number, Control string
	Table                       *table
	// Evidence are further pictures of the same run.
	Evidence []*figure
	// Still is the sheet of an animation's images, which is shown in its place:
	// nothing on the page moves unasked.
	Still *figure
	// Missing says why there are no numbers.
	Missing string
	Data    data

	modelFlags []string
	tiles      []viz.Tiles
}

// A data is what the scripts know of a figure.
type data struct {
	Width  int    `json:"w"`
	Height int    `json:"h"`
	Tiles  []tile `json:"tiles,omitempty"`
	// Scrub is how many of the tiles, from the first, are a walk.
	Scrub int `json:"scrub,omitempty"`
	// Rate is how many of them are played in a second; 0 means 10.
	Rate int `json:"rate,omitempty"`
	// Wipe says what is changed in the rows of tiles that are laid over the first.
	Wipe []string `json:"wipe,omitempty"`
	// Points are to be hovered over.
	Points []point `json:"points,omitempty"`
	// Thumbs are their pictures, in order.
	Thumbs *thumbs `json:"thumbs,omitempty"`
	// Draw is the command that draws a sample, in the parts that stand before,
	// between and after its number.
	Draw []string `json:"draw,omitempty"`
}

// Src is the address of the picture that is shown; of an animation without a
// sheet none is.
func (f *figure) Src() string {
	switch {
	case f.Still != nil:
		return address(f.Still.File)
	case f.moves():
		return ""
	}
	return address(f.File)
}

// Film is an animation's address, and of other pictures nothing.
func (f *figure) Film() string {
	if !f.moves() {
		return ""
	}
	return address(f.File)
}

// moves reports whether the picture is an animation.
func (f *figure) moves() bool {
	ext := strings.ToLower(path.Ext(f.File))
	return ext == ".gif" || ext == ".apng" || slices.Contains(f.Args, "--apng") && !strings.HasSuffix(f.File, sheetEnd)
}

// How names of further pictures end, those that a walk draws beside its own and
// that carry its recipe: what its audit found, and an animation's images.
const (
	auditEnd = "-audit.png"
	sheetEnd = "-sheet.png"
)

// address is that of a file in the page's folder. It begins with a dot, so that
// no name is taken for a scheme or a host.
func address(file string) string { return "./" + url.PathEscape(file) }

// describers fill in figures, by command: from the numbers, which are of this
// picture, or nil.
var describers = map[string]struct {
	rank     int
	title    string
	describe func(*figure, []byte) error
}{
	"sample":         {1, "Samples", (*figure).sample},
	"compare":        {2, "Samples beside real pictures", (*figure).compare},
	"walk":           {3, "A walk through latent space", (*figure).walk},
	"filters":        {4, "What units of D respond to", (*figure).filters},
	"forget-windows": {5, "Forgetting windows", (*figure).forget},
	"forget":         {6, "Forgetting a concept", (*figure).forget},
	"arithmetic":     {7, "Arithmetic on latents", (*figure).arithmetic},
	"turn":           {8, "Turning", (*figure).turn},
	"units":          {9, "What units of G draw", (*figure).units},
	"nearest":        {10, "Nearest training pictures", (*figure).nearest},
	"tsne":           {11, "A map by t-SNE", (*figure).tsne},
	"doctor":         {12, "A model's examination", (*figure).doctor},
}

// lastRank is that of commands that are not described.
const lastRank = 99

// figures describes pictures, in the order of the page.
func figures(pictures []Picture, o Options) []*figure {
	var all []*figure
	byFile := make(map[string]*figure)
	for _, p := range pictures {
		f := &figure{Picture: p, modelFlags: o.ModelFlags}
		all = append(all, f)
		byFile[p.File] = f
	}
	// Further pictures of a walk stand in its figure.
	all = slices.DeleteFunc(all, func(f *figure) bool {
		for _, ext := range []string{".png", ".gif", ".apng"} {
			if stem, ok := strings.CutSuffix(f.File, auditEnd); ok && f.Command == "walk" && isWalk(byFile[stem+ext]) {
				f.Alt = "Plots of how much the walk, and a memoriser on the same way, change from image to image, above the images around the largest changes"
				byFile[stem+ext].Evidence = append(byFile[stem+ext].Evidence, f)
				return true
			}
			if stem, ok := strings.CutSuffix(f.File, sheetEnd); ok && f.Command == "walk" && isWalk(byFile[stem+ext]) && byFile[stem+ext].moves() {
				byFile[stem+ext].Still = f
				return true
			}
		}
		return false
	})
	slices.SortStableFunc(all, func(a, b *figure) int {
		return cmp.Or(cmp.Compare(paperNumber(a.File), paperNumber(b.File)), cmp.Compare(rank(a.Command), rank(b.Command)), strings.Compare(a.File, b.File))
	})
	for i, f := range all {
		f.ID = fmt.Sprintf("figure-%d", i+1)
		f.describe()
	}
	return all
}

func isWalk(f *figure) bool { return f != nil && f.Command == "walk" }

func rank(command string) int {
	if d, ok := describers[command]; ok {
		return d.rank
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
func (f *figure) describe() {
	f.Data.Width, f.Data.Height = f.Width, f.Height
	if f.Still != nil {
		f.Data.Width, f.Data.Height = f.Still.Width, f.Still.Height
	}
	d, ok := describers[f.Command]
	if !ok {
		f.Title, f.Alt = f.File, "A picture drawn by dcganviz "+f.Command
		f.Done = "Drawn by dcganviz " + f.Command + "."
		return
	}
	numbers, why := f.own()
	blank := *f
	err := error(nil)
	if why == "" {
		err = d.describe(f, numbers)
	}
	if err != nil || why != "" {
		*f = blank
		f.Missing = cmp.Or(why, "the numbers beside it cannot be read")
		f.Done = "Drawn by dcganviz " + f.Command + ". Without its numbers the page cannot say more: draw it again to have them."
	}
	if f.moves() && f.Still == nil {
		stem := strings.TrimSuffix(f.File, path.Ext(f.File))
		f.Missing = cmp.Or(f.Missing, stem+sheetEnd+" is not there, so the page has only the animation")
	}
	f.Title = cmp.Or(f.Title, d.title)
	f.Alt = cmp.Or(f.Alt, f.Title)
	if f.Model != "" {
		f.Title += ", " + f.Model
	}
	if m := paperName.FindStringSubmatch(f.File); m != nil {
		f.Title = "Fig. " + m[1] + ". " + f.Title
	}
}

// own returns the numbers if they are of this picture, with the places of its
// tiles; why not, else.
func (f *figure) own() (numbers []byte, why string) {
	name := strings.TrimSuffix(f.File, path.Ext(f.File)) + ".json"
	if f.Numbers == nil {
		return nil, name + " is not there"
	}
	var head struct {
		Image   string `json:"image"`
		Command string `json:"command"`
		SHA256  string `json:"sha256"`
		Layout  struct {
			Tiles []viz.Tiles `json:"tiles"`
		} `json:"layout"`
	}
	switch err := json.Unmarshal(f.Numbers, &head); {
	case err != nil:
		return nil, name + " cannot be read"
	case head.SHA256 != f.SHA256, head.Command != "" && head.Command != f.Command, path.Base(strings.ReplaceAll(head.Image, `\`, "/")) != f.File:
		return nil, name + " is of another picture"
	}
	for _, t := range head.Layout.Tiles {
		if !f.holds(t) {
			return f.Numbers, "" // and no tile can be picked
		}
	}
	f.tiles = head.Layout.Tiles
	return f.Numbers, ""
}

var plainName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)

// Plain reports whether the file's name can stand in a command as it is.
func (f *figure) Plain() bool { return plainName.MatchString(f.File) }
