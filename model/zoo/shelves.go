package zoo

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
)

// What is asked for and not embedded in this build.
var (
	ErrNoScorer   = errors.New("no such scorer")
	ErrNoBoxes    = errors.New("no such boxes")
	ErrNoPictures = errors.New("no such pictures")
	ErrNoConcepts = errors.New("no such concepts")
)

// A shelf is a folder of embedded files of one kind, which probes need beside
// models. Each name begins with the model's.
type shelf struct {
	folder, end string
	none        error
}

var (
	scorers  = shelf{"scorers", modelEnd, ErrNoScorer}
	boxes    = shelf{"boxes", ".csv", ErrNoBoxes}
	pictures = shelf{"pictures", ".zip", ErrNoPictures}
	concepts = shelf{"concepts", ".toml", ErrNoConcepts}
)

func (s shelf) names() []string { return listed(files, s.folder, s.end) }

func (s shelf) file(name string) ([]byte, error) {
	all := s.names()
	if !slices.Contains(all, name) {
		return nil, fmt.Errorf("zoo: %w as %q, want one of %q", s.none, name, all)
	}
	return fs.ReadFile(files, s.folder+"/"+name+s.end)
}

// Scorers returns the names of the embedded scorers, sorted: each the model's,
// the concept's, and judge, scorer or guide.
func Scorers() []string { return scorers.names() }

// Scorer returns the file of the scorer of that name, for score.Parse. Its
// error wraps ErrNoScorer if there is none.
func Scorer(name string) ([]byte, error) { return scorers.file(name) }

// BoxNames returns the names of the embedded boxes on samples of seed 1, sorted:
// each the model's and the concept's.
func BoxNames() []string { return boxes.names() }

// Boxes returns the file of the boxes of that name, for dataset.ParseBoxes. Its
// error wraps ErrNoBoxes if there is none.
func Boxes(name string) ([]byte, error) { return boxes.file(name) }

// PictureSets returns the names of the embedded sets of real pictures, sorted:
// each the model's, and train or heldout.
func PictureSets() []string { return pictures.names() }

// Pictures returns the zip of the set of that name, for dataset.OpenZip; its
// folders are classes. Its error wraps ErrNoPictures if there is none.
func Pictures(name string) ([]byte, error) { return pictures.file(name) }

// ConceptFiles returns the names of the embedded concept files, sorted: each the
// model's that its samples are of.
func ConceptFiles() []string { return concepts.names() }

// Concepts returns the concept file of that name, for concept.Parse. Its error
// wraps ErrNoConcepts if there is none.
func Concepts(name string) ([]byte, error) { return concepts.file(name) }
