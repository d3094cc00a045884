package figure

import (
	"bytes"
	"context"
	"path/filepath"

	"dcganviz/internal/npy"
	"dcganviz/probe/features"
	"dcganviz/probe/represent"
)

// Represent measures what D's features are worth to a classifier: probe/represent.
type Represent struct {
	LabelsPerClass int    `group:"Classifier" placeholder:"N" help:"Give classifiers N labels of each class, drawn anew for each draw (default: all labels, once)."`
	Draws          int    `group:"Classifier" default:"10" placeholder:"N" help:"Draws of labels (default: ${default})."`
	Centres        int    `group:"Classifier" placeholder:"K" help:"Centres of K-means, which give 4 features each (default: as many features as D has, with 16 to 1600 centres)."`
	Nets           int    `group:"Classifier" default:"3" placeholder:"N" help:"Random nets, and starts of K-means (default: ${default})."`
	Test           string `group:"Pictures" placeholder:"PHOTOS" recipe:"input" help:"Labelled pictures to test on (default: a fifth of those that --images names, or without it those that come with the model, ${pictures})."`
	PhotoOptions
	NPY  bool   `group:"Output" name:"npy" recipe:"none" help:"Write D's features of all pictures beside the picture too, and a table of their names and classes."`
	Seed uint64 `group:"Output" default:"1" placeholder:"N" help:"Decides every random number (default: ${default})."`
}

const (
	mostLabelDraws = 1000
	mostCentres    = 1 << 14
	mostNets       = 100
)

// Check reports settings that make no sense.
func (c *Represent) Check() error {
	for _, o := range []struct {
		name               string
		value, least, most int
	}{
		{"labels-per-class", c.LabelsPerClass, 0, 1 << 20}, {"draws", c.Draws, 1, mostLabelDraws}, {"nets", c.Nets, 1, mostNets},
	} {
		if o.value < o.least || o.value > o.most {
			return usage("--%s is %d, want %d to %d", o.name, o.value, o.least, o.most)
		}
	}
	if c.Centres != 0 && (c.Centres < 2 || c.Centres > mostCentres) {
		return usage("--centres is %d, want 2 to %d, or 0 for as many features as D has", c.Centres, mostCentres)
	}
	if c.Test != "" && c.Images == "" {
		return usage("--test %.80q: name the pictures to learn from, too, by --images", c.Test)
	}
	return nil
}

// Idle says what other options make do nothing.
func (c *Represent) Idle() (all []Idle) {
	if c.LabelsPerClass == 0 {
		all = append(all, Idle{"without --labels-per-class classifiers are given all labels", []string{"draws"}})
	}
	return all
}

// The files with D's features.
const (
	trainFeaturesEnd = "-train.npy"
	testFeaturesEnd  = "-test.npy"
	namesEnd         = "-pictures.csv"
)

// MoreFiles are D's features.
func (c *Represent) MoreFiles() []string {
	if !c.NPY {
		return nil
	}
	return []string{trainFeaturesEnd, testFeaturesEnd, namesEnd}
}

// A RepresentResult is what Represent found.
type RepresentResult struct {
	Head
	// Pictures and TestPictures are the names of the sets; TestPictures is empty where it
	// is a fifth of the first.
	Pictures     string `json:"pictures"`
	TestPictures string `json:"test_pictures,omitempty"`
	represent.Report

	names []byte // of the pictures, a table
	npy   bool
}

// Make fills the table.
func (c *Represent) Make(ctx context.Context, lab *Lab) (Result, error) {
	d, err := lab.Discriminator()
	if err != nil {
		return nil, err
	}
	p, err := c.open(ctx, lab)
	if err != nil {
		return nil, err
	}
	defer p.close()
	wide := max(features.Width(d), 4*c.Centres)
	if most := lab.Memory / int64(wide*featureBytes); lab.Memory > 0 && int64(len(p.train.numbers)+len(p.test.numbers)) > most {
		return nil, usage("%d pictures of %d features take about %.1f GB; %s leaves room for %d: name fewer by --list",
			len(p.train.numbers)+len(p.test.numbers), wide, float64(len(p.train.numbers)+len(p.test.numbers))*float64(wide*featureBytes)/1e9, lab.MemoryBy, most)
	}
	report, err := represent.Study(ctx, d, p.train.pictures(), p.test.pictures(), lab.run(), represent.Options{
		Settings: lab.settings(c.Seed), Classes: p.classes, LabelsPerClass: c.LabelsPerClass, Draws: c.Draws, Centres: c.Centres, Nets: c.Nets, Keep: c.NPY,
	})
	if err != nil {
		return nil, err
	}
	r := &RepresentResult{Head: lab.head("represent", c.Seed), Pictures: filepath.Base(p.train.title), Report: *report, npy: c.NPY}
	if p.train.title != p.test.title {
		r.TestPictures = filepath.Base(p.test.title)
	}
	if c.NPY {
		r.names, err = p.table()
	}
	return r, err
}

// featureBytes is what a feature of a picture takes at most: in float32, beside a copy of
// those that a classifier is fitted to and one of a layer.
const featureBytes = 12

// More are D's features, if they are asked for.
func (r *RepresentResult) More() ([]File, error) {
	if !r.npy {
		return nil, nil
	}
	files := []File{{End: namesEnd, Data: r.names}}
	for _, of := range []struct {
		end   string
		shape []int
		data  []float32
	}{{trainFeaturesEnd, r.TrainFeatures.Shape, r.TrainFeatures.Data}, {testFeaturesEnd, r.TestFeatures.Shape, r.TestFeatures.Data}} {
		var b bytes.Buffer
		if err := npy.Write(&b, of.shape, of.data); err != nil {
			return nil, err
		}
		files = append(files, File{End: of.end, Data: b.Bytes()})
	}
	return files, nil
}
