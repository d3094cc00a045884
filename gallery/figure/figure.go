package figure

import (
	"context"
	"image"

	"dcganviz/gallery"
	"dcganviz/viz"
)

// A Figure is the settings of one experiment. Its exported fields are its options:
// their tags say their names, their defaults and what they are for, as flags of
// the command line have them.
type Figure interface {
	// Check reports settings that make no sense or contradict each other. Its
	// errors are probe.ErrInput.
	Check() error
	// Make runs the experiment.
	Make(ctx context.Context, lab *Lab) (Result, error)
}

// A Result is what a figure found. It marshals to the JSON beside the picture.
type Result interface {
	// Draw draws the picture. It needs the images of the experiment: a result that
	// was read from its JSON has none. Nil without an error means that there is
	// nothing to draw.
	Draw() (*viz.Picture, error)
	// Place says which file the picture goes to, and where its tiles lie.
	Place(image string, at Layout)
	// Words say what was found, by which number, and beside which control.
	Words() Words
	// Say puts them into the JSON.
	Say(Words)
	// Describe fills in what the page says of the picture. Its error means that
	// the numbers contradict each other.
	Describe(b *Block) error
}

// A Layout is where a picture's tiles lie, and what its plots show.
type Layout struct {
	Tiles []viz.Tiles `json:"tiles"`
	Plots []viz.Plot  `json:"plots,omitempty"`
}

// layoutOf returns a picture's layout, an empty one for nil.
func layoutOf(p *viz.Picture) Layout {
	if p == nil {
		return Layout{}
	}
	return Layout{p.Tiles, p.Plots}
}

// A Head is what the numbers of most figures begin with.
type Head struct {
	Program string `json:"program"`
	Version string `json:"version"`
	Command string `json:"command"`
	Said
	Image  string `json:"image"`
	Model  string `json:"model"`
	SHA256 string `json:"sha256"`
	Seed   uint64 `json:"seed"`
	// Layout is where the picture's tiles lie.
	Layout Layout `json:"layout"`
}

// Place fills in the picture's file and layout.
func (h *Head) Place(image string, at Layout) { h.Image, h.Layout = image, at }

// Some figures can say more of themselves than Figure asks for.
type (
	// An Idler has options that do nothing beside others.
	Idler interface{ Idle() []Idle }
	// A Namer is drawn in several forms, each with a default name of its own.
	Namer interface {
		// FileName is the name of the picture's file where none is given, behind the
		// model's name and a dash.
		FileName() string
		// For chooses the form that the ending of a file's name asks for.
		For(ending string)
		// Endings are those that fit the form, and Kind says what the file is.
		Endings() (kind string, endings []string)
	}
	// One with more files beside the picture and its numbers names their endings,
	// which replace the ending of the picture's name.
	Filer interface{ MoreFiles() []string }
	// A mover is drawn as an animation, always or by some of its settings.
	mover interface{ moving() bool }
	// A Spare figure may be told to write no numbers beside its picture.
	Spare interface{ NoNumbers() bool }
)

// An Idle says which options do nothing beside the others, and why.
type Idle struct {
	Why     string
	Options []string // names, without dashes
}

// Some results can say more of themselves than Result asks for.
type (
	// A Filmed is drawn as an animation. Its Draw draws the sheet of its images.
	Filmed interface{ Film() *Animation }
	// One with more files has what goes into those that its figure names.
	Filed interface{ More() ([]File, error) }
	// A Lister has lines of its own for the terminal, which stand below the words; all
	// says whether it shows all that there are.
	Lister interface{ List(all bool) []string }
	// A Faulty reports what is wrong with the model, if the figure was told to.
	Faulty interface{ Fault() error }
)

// An Animation is frames that follow each other.
type Animation struct {
	Frames []image.Image
	// Rate is how many of them are shown in a second.
	Rate int
	// GIF makes it a GIF. False: an animated PNG.
	GIF bool
}

// A File is one beside the picture. Its name is the picture's, with End in place
// of the ending.
type File struct {
	End string
	// Picture goes into the file, with a recipe; where it is nil, Data does.
	Picture *viz.Picture
	Data    []byte
}

// A Block is a picture's block on the page, with what its folder knows of it.
type Block struct {
	*gallery.Block
	Picture

	file string // of the model, as the numbers name it
}
