package figure

import (
	"context"
	"path/filepath"
	"strings"

	"dcganviz/model"
	"dcganviz/model/zoo"
	"dcganviz/probe/nearest"
)

// Nearest asks whether G copies its training pictures: probe/nearest.
type Nearest struct {
	Samples     int    `group:"Samples" default:"300" placeholder:"N" help:"Samples to compare (default: ${default})."`
	Between     bool   `group:"Samples" help:"In place of samples take images half way between two latents, on the straight line that walk takes: whether the model copies there, too."`
	Neighbours  int    `group:"Samples" default:"5" placeholder:"K" help:"Training pictures to find for each (default: ${default})."`
	Heldout     string `group:"Pictures" placeholder:"PHOTOS" recipe:"input" help:"Like --images: pictures of the same sort that the model was not trained on, while --images are those it was trained on (default: those that come with the model)."`
	HeldoutList string `group:"Pictures" placeholder:"FILE" recipe:"input" help:"Like --list, of --heldout, or of --images without it."`
	Mirrors     string `group:"Pictures" default:"auto" enum:"auto,yes,no" older:"no" placeholder:"WHEN" help:"Search mirror images, too, for a model that was trained with --flip: auto, as the card of an embedded model says, yes or no (default: ${default})."`
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
	// Between says that the samples are images half way between two latents, of sample 2i
	// and 2i+1.
	Between bool `json:"between,omitempty"`
	// Told says whether G draws the class that it is told; nil if nobody can say.
	Told *Told `json:"told,omitempty"`
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
	d := lab.Model.D
	if d != nil && d.Config().DCondition.Classes > 0 && d.Class() < 0 {
		lab.note("D is told a class, so distances are taken in pixels alone: with --class in its features, too")
		d = nil
	}
	report, err := nearest.Study(ctx, pictures, d, lab.run(), nearest.Options{Neighbours: c.Neighbours, Settings: lab.settings(c.Seed),
		Mirrors: c.Mirrors == "yes" || c.Mirrors == "auto" && lab.flipped(), TrainedOn: max(lab.Model.Meta.Images, training.available)})
	if err != nil {
		return nil, err
	}
	if lab.Model.D == nil {
		lab.note("%s holds no D, so distances are taken in pixels alone: --disc names the file that it is in", lab.Model.Title)
	}
	r := &NearestResult{Head: lab.head("nearest", c.Seed), TrainingSet: filepath.Base(training.title), HeldoutSet: filepath.Base(heldout.title),
		Report: *report, Between: c.Between, TrainingPictures: training.names, pictures: &pictures}
	if r.Told, err = c.told(ctx, lab, pictures, training, heldout); err != nil {
		return nil, err
	}
	r.choose()
	return r, nil
}

// flipped reports whether the card of an embedded model says that it was trained on mirror
// images, too.
func (l *Lab) flipped() bool {
	if l.Name == "" {
		return false
	}
	card, err := zoo.Card(l.Name)
	return err == nil && strings.Contains(card, " --flip ")
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
	z := g.Latents(c.Seed, 0, c.Samples)
	if c.Between {
		z = halfWay(g.Latents(c.Seed, 0, 2*c.Samples))
	}
	samples, _, err := lab.generate(ctx, g, z)
	return nearest.Pictures{Training: training.Tensor, Heldout: heldout.Tensor, Samples: samples}, training, heldout, err
}

// halfWay returns the points half way between each two latents.
func halfWay(z model.Tensor) model.Tensor {
	out := model.NewTensor(z.Len()/2, z.Shape[1])
	for i := range out.Len() {
		for j, v := range z.Row(2 * i) {
			out.Row(i)[j] = (v + z.Row(2*i + 1)[j]) / 2
		}
	}
	return out
}
