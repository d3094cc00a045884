package zoo

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"dcganviz/model/dataset"
	"dcganviz/probe/concept"
)

// ErrNone means that a file that probes need beside models is not embedded in this
// build.
var ErrNone = errors.New("not embedded in this build")

// A shelf is a folder of embedded files of one kind. Each name begins with the
// model's.
type shelf struct{ folder, end string }

var (
	scorers  = shelf{"scorers", modelEnd}
	boxes    = shelf{"boxes", ".csv"}
	pictures = shelf{"pictures", ".zip"}
	sources  = shelf{"pictures", ".csv"}
	concepts = shelf{"concepts", ".toml"}
)

func (s shelf) names() []string { return listed(files, s.folder, s.end) }

func (s shelf) file(name string) ([]byte, error) {
	all := s.names()
	if !slices.Contains(all, name) {
		return nil, fmt.Errorf("zoo: no such %s as %q, want one of %q: %w", s.folder, name, all, ErrNone)
	}
	return fs.ReadFile(files, s.folder+"/"+name+s.end)
}

// Scorers returns the names of the embedded scorers, sorted: each the model's,
// the concept's, and judge, scorer or guide.
func Scorers() []string { return scorers.names() }

// Scorer returns the file of the scorer of that name, for score.Parse. An unknown
// name gives ErrNone.
func Scorer(name string) ([]byte, error) { return scorers.file(name) }

// BoxNames returns the names of the embedded boxes on samples of seed 1, sorted:
// each the model's and the concept's.
func BoxNames() []string { return boxes.names() }

// Boxes returns the boxes of that name. Their pictures are samples of the model
// with seed 1, named by their numbers. An unknown name gives ErrNone.
func Boxes(name string) (*dataset.Boxes, error) {
	text, err := boxes.file(name)
	if err != nil {
		return nil, err
	}
	return dataset.ParseBoxes(name, text)
}

// PictureSets returns the names of the embedded sets of real pictures, sorted:
// each the model's, and train or heldout.
func PictureSets() []string { return pictures.names() }

// Pictures opens the set of real pictures of that name, whose folders are classes.
// The caller closes it. An unknown name gives ErrNone.
func Pictures(name string, opt dataset.Options) (*dataset.Set, error) {
	archive, err := pictures.file(name)
	if err != nil {
		return nil, err
	}
	return dataset.OpenZip(name, archive, opt)
}

// Sources says of which photograph each picture of the set of that name is, by the
// picture's name. A set whose pictures are each of their own gives ErrNone.
func Sources(name string) (map[string]string, error) {
	text, err := sources.file(name)
	if err != nil {
		return nil, err
	}
	return dataset.ParseColumn(name, text, "source")
}

// ConceptFiles returns the names of the embedded concept files, sorted: each the
// model's that its samples are of.
func ConceptFiles() []string { return concepts.names() }

// Concepts returns the concept file of that name. An unknown name gives ErrNone.
func Concepts(name string) (*concept.File, error) {
	text, err := concepts.file(name)
	if err != nil {
		return nil, err
	}
	return concept.Parse(name, text)
}
