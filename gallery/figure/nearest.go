package figure

import (
	"context"
	"path/filepath"

	"dcganviz/probe/nearest"
)

// Nearest asks whether G copies its training pictures: probe/nearest.
type Nearest struct {
	Samples     int    `group:"Samples" default:"300" placeholder:"N" help:"Samples to compare (default: ${default})."`
	Neighbours  int    `group:"Samples" default:"5" placeholder:"K" help:"Training pictures to find for each (default: ${default})."`
	Heldout     string `group:"Pictures" placeholder:"PHOTOS" recipe:"input" help:"Like --images: pictures of the same sort that the model was not trained on, while --images are those it was trained on (default: those that come with the model)."`
	HeldoutList string `group:"Pictures" placeholder:"FILE" recipe:"input" help:"Like --list, of --heldout, or of --images without it."`
	PhotoOptions
	Seed uint64 `group:"Output" default:"1" placeholder:"N" help:"Decides every random number (default: ${default})."`
}

const (
	mostNeighbours = 20 // that a row of the picture has room for
	mostNearest    = 5000
)

// Check reports settings that make no sense.
func (c *Nearest) Check() error {
	switch {
	case c.Samples < leastSamples || c.Samples > mostNearest:
		return usage("--samples is %d, want %d to %d", c.Samples, leastSamples, mostNearest)
	case c.Neighbours < 1 || c.Neighbours > mostNeighbours:
		return usage("--neighbours is %d, want 1 to %d", c.Neighbours, mostNeighbours)
	case c.Images != "" && c.Heldout == "" && c.HeldoutList == "":
		return usage("--images are what the model was trained on: name pictures that it was not trained on by --heldout or --heldout-list")
	case c.Images == "" && (c.Heldout != "" || c.HeldoutList != ""):
		return usage("--heldout and --heldout-list are beside --images: name the pictures that the model was trained on by that")
	}
	return nil
}

// A NearestResult is what Nearest found.
type NearestResult struct {
	Head
	TrainingSet string `json:"training_set"`
	HeldoutSet  string `json:"heldout_set"`
	nearest.Report
	// Shown are the samples on the picture, row by row.
	Shown []int `json:"shown"`
	// TrainingPictures are the names of those that indices count.
	TrainingPictures []string `json:"training_pictures"`

	pictures *nearest.Pictures
}

// Make runs the experiment.
func (c *Nearest) Make(ctx context.Context, lab *Lab) (Result, error) {
	pictures, training, heldout, err := c.pictures(ctx, lab)
	if err != nil {
		return nil, err
	}
	report, err := nearest.Study(ctx, pictures, lab.Model.D, lab.run(), nearest.Options{Neighbours: c.Neighbours, Settings: lab.settings(c.Seed)})
	if err != nil {
		return nil, err
	}
	if lab.Model.D == nil {
		lab.note("%s holds no D, so distances are taken in pixels alone: --disc names the file that it is in", lab.Model.Title)
	}
	r := &NearestResult{Head: lab.head("nearest", c.Seed), TrainingSet: filepath.Base(training.title), HeldoutSet: filepath.Base(heldout.title),
		Report: *report, TrainingPictures: training.names, pictures: &pictures}
	r.choose()
	return r, nil
}

// pictures reads the real pictures and draws the samples.
func (c *Nearest) pictures(ctx context.Context, lab *Lab) (all nearest.Pictures, training, heldout *photos, err error) {
	g, err := lab.Generator()
	if err != nil {
		return all, nil, nil, err
	}
	cfg := g.Config()
	if err := lab.checkBatch(c.Samples, lab.Model.D != nil); err != nil {
		return all, nil, nil, err
	}
	// Pixels of training pictures and D's features are in memory at once.
	h, w, _ := cfg.Dims()
	most := maxPixels / 2 / (h * w)
	read := func(o PhotoOptions, kind string, most int) (*photos, error) {
		set, err := lab.photos(ctx, o, kind, most)
		if err == nil && set.available > most {
			lab.note("%s: %d of %d pictures, evenly spaced, are used", set.title, set.Len(), set.available)
		}
		return set, err
	}
	if training, err = read(c.PhotoOptions, "train", most); err != nil {
		return all, nil, nil, err
	}
	other := PhotoOptions{Images: c.Heldout, List: c.HeldoutList}
	if other.Images == "" {
		other.Images = c.Images
	}
	if heldout, err = read(other, "heldout", max(most/4, leastSamples)); err != nil {
		return all, nil, nil, err
	}
	for _, s := range []*photos{training, heldout} {
		if least := max(leastSamples, c.Neighbours+1); s.Len() < least {
			return all, nil, nil, usage("%s holds %d pictures, want %d or more", s.title, s.Len(), least)
		}
	}
	samples, _, err := lab.generate(ctx, g, g.Latents(c.Seed, 0, c.Samples))
	return nearest.Pictures{Training: training.Tensor, Heldout: heldout.Tensor, Samples: samples}, training, heldout, err
}
