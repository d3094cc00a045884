package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"dcganviz/model"
	"dcganviz/probe/nearest"
)

// nearestCmd asks whether G copies its training pictures.
type nearestCmd struct {
	Samples     int    `group:"Samples" default:"300" placeholder:"N" help:"Samples to compare (default: ${default})."`
	Neighbours  int    `group:"Samples" default:"5" placeholder:"K" help:"Training pictures to find for each (default: ${default})."`
	Heldout     string `group:"Pictures" placeholder:"PHOTOS" recipe:"input" help:"Like --images: pictures of the same sort that the model was not trained on, while --images are those it was trained on (default: those that come with the model)."`
	HeldoutList string `group:"Pictures" placeholder:"FILE" recipe:"input" help:"Like --list, of --heldout, or of --images without it."`
	photoFlags
	probeFlags
}

func (*nearestCmd) examples() []string {
	return []string{
		"dcganviz nearest",
		"dcganviz nearest --samples 1000 --neighbours 3 --seed 7 --out near.png",
		"dcganviz nearest --samples 100 --json --threads 1",
	}
}

const (
	mostNeighbours = 20 // that a row of the picture has room for
	mostNearest    = 5000
)

func (c *nearestCmd) check(e *env) error {
	switch {
	case c.Samples < leastSamples || c.Samples > mostNearest:
		return usageError("--samples is %d, want %d to %d", c.Samples, leastSamples, mostNearest)
	case c.Neighbours < 1 || c.Neighbours > mostNeighbours:
		return usageError("--neighbours is %d, want 1 to %d", c.Neighbours, mostNeighbours)
	case c.Images != "" && c.Heldout == "" && c.HeldoutList == "":
		return usageError("--images are what the model was trained on: name pictures that it was not trained on by --heldout or --heldout-list")
	case c.Images == "" && (c.Heldout != "" || c.HeldoutList != ""):
		return usageError("--heldout and --heldout-list are beside --images: name the pictures that the model was trained on by that")
	}
	return nil
}

// nearestAnswer is what the command answers.
type nearestAnswer struct {
	heading
	TrainingSet string `json:"training_set"`
	HeldoutSet  string `json:"heldout_set"`
	nearest.Report
	// Shown are the samples on the picture, row by row.
	Shown []int `json:"shown"`
	// TrainingPictures are the names of those that indices count.
	TrainingPictures []string `json:"training_pictures"`
}

// Run is the command.
func (c *nearestCmd) Run(e *env) error {
	if err := c.check(e); err != nil {
		return err
	}
	return c.probe(e, "nearest", func(p *probing) (*finding, error) {
		pictures, training, heldout, err := c.pictures(p)
		if err != nil {
			return nil, err
		}
		shown := newCount(e.stderr, "parts", 0)
		report, err := nearest.Study(e.ctx, pictures, p.D, p.RunOptions(p.pool),
			nearest.Options{Neighbours: c.Neighbours, Seed: c.Seed, Progress: shown.part})
		shown.close()
		if err != nil {
			return nil, err
		}
		if p.D == nil {
			e.note("%s holds no D, so distances are taken in pixels alone: --disc names the file that it is in", p.Title)
		}
		a := &nearestAnswer{heading: p.heading, TrainingSet: filepath.Base(training.title), HeldoutSet: filepath.Base(heldout.title),
			Report: *report, TrainingPictures: training.names}
		a.choose()
		picture, err := a.draw(pictures)
		if err != nil {
			return nil, err
		}
		return &finding{answer: a, summary: a.summary(), picture: picture}, nil
	})
}

// pictures reads the real pictures and draws the samples.
func (c *nearestCmd) pictures(p *probing) (all nearest.Pictures, training, heldout *photoSet, err error) {
	g, err := p.Generator()
	if err != nil {
		return all, nil, nil, err
	}
	cfg := g.Config()
	d := &drawing{opened: p.opened, pool: p.pool, g: g}
	if err := d.checkBatch(c.Samples, p.D != nil); err != nil {
		return all, nil, nil, err
	}
	// Pixels of training pictures and D's features are in memory at once.
	most := maxPixels / 2 / (cfg.Size * cfg.Size)
	read := func(f photoFlags, kind string, most int) (*photoSet, error) {
		set, err := f.photos(p.env, p.opened, kind, most, c.Threads)
		if err == nil && set.available > most {
			p.note("%s: %d of %d pictures, evenly spaced, are used", set.title, set.Len(), set.available)
		}
		return set, err
	}
	if training, err = read(c.photoFlags, "train", most); err != nil {
		return all, nil, nil, err
	}
	other := photoFlags{Images: c.Heldout, List: c.HeldoutList}
	if other.Images == "" {
		other.Images = c.Images
	}
	if heldout, err = read(other, "heldout", max(most/4, leastSamples)); err != nil {
		return all, nil, nil, err
	}
	for _, s := range []*photoSet{training, heldout} {
		if least := max(leastSamples, c.Neighbours+1); s.Len() < least {
			return all, nil, nil, usageError("%s holds %d pictures, want %d or more", s.title, s.Len(), least)
		}
	}
	samples, _, err := d.generate(p.env, model.Latents(c.Seed, 0, c.Samples, cfg))
	return nearest.Pictures{Training: training.Tensor, Heldout: heldout.Tensor, Samples: samples}, training, heldout, err
}

// summary is three lines for people.
func (a *nearestAnswer) summary() []string {
	each := func(say func(nearest.Space) string) string {
		var parts []string
		for _, s := range a.Spaces {
			parts = append(parts, "in "+spaceName(s)+" "+say(s))
		}
		return strings.Join(parts, "; ")
	}
	verdict, control := "not flagged", "flagged"
	for _, s := range a.Spaces {
		if s.Samples.Flagged {
			verdict = "FLAGGED, the model copies"
		}
		if !s.Memoriser.Flagged {
			control = "NOT FLAGGED in " + spaceName(s) + ", from which nothing follows then"
		}
	}
	return []string{
		fmt.Sprintf("%d samples, %d training and %d held-out pictures: median distance to the nearest training picture %s", a.Samples, a.Training, a.Heldout, each(func(s nearest.Space) string {
			return fmt.Sprintf("%s, of held-out ones %s", figure(s.Samples.Median), figure(s.Heldout.Median))
		})),
		fmt.Sprintf("as near as copies: %s; of held-out ones at most %.0f%%: %s", each(func(s nearest.Space) string {
			return fmt.Sprintf("%s, AUC %s", percent(s.Samples.Copies), figure(s.Samples.AUC))
		}), 100*a.Chance, verdict),
		fmt.Sprintf("control, training pictures moved by a pixel and with noise: %s: %s", each(func(s nearest.Space) string {
			return fmt.Sprintf("%s, AUC %s", percent(s.Memoriser.Copies), figure(s.Memoriser.AUC))
		}), control),
	}
}

func spaceName(s nearest.Space) string {
	if s.Name == "features" {
		return "D's features"
	}
	return s.Name
}
