package main

import (
	"fmt"
	"image"
	"path/filepath"

	"dcganviz/model"
	"dcganviz/probe/kid"
	"dcganviz/viz"
)

// compareCmd lays samples beside real pictures.
type compareCmd struct {
	probeFlags
	likenessFlags
	Shown int `group:"Output" default:"100" placeholder:"N" help:"Samples and pictures to show (default: ${default})."`
}

func (*compareCmd) examples() []string {
	return []string{
		"dcganviz compare",
		"dcganviz compare facades-epoch1 --shown 25 --out early.png",
		"dcganviz compare runs/mine --images photos --neighbours 2",
	}
}

// compared is what the command answers.
type compared struct {
	heading
	Images string `json:"images"`
	Shown  int    `json:"shown"`
	// Pictures are the names of the real ones that are shown.
	Pictures []string `json:"pictures"`
	kid.Report
}

// mostShown is what a page has room for.
const mostShown = 1024

// Run is the command.
func (c *compareCmd) Run(e *env) error {
	if err := c.check(c.Threads); err != nil {
		return err
	}
	if c.Shown < 1 || c.Shown > mostShown {
		return usageError("--shown is %d, want 1 to %d", c.Shown, mostShown)
	}
	return c.probe(e, "compare", func(p *probing) (*finding, error) {
		d := &drawing{opened: p.opened, pool: p.pool}
		r, real, err := c.study(e, d, c.Seed, c.Threads)
		if err != nil {
			return nil, err
		}
		n := min(c.Shown, real.Len())
		a := &compared{heading: p.heading, Images: filepath.Base(real.title), Shown: n, Report: *r}
		_, samples, err := d.generate(e, model.Latents(c.Seed, 0, n, d.g.Config()))
		if err != nil {
			return nil, err
		}
		s := real.Shape
		var pictures []image.Image
		for i := range n {
			at := i * real.Len() / n
			tile, err := viz.ToImage(real.Row(at), s[1], s[2], s[3])
			if err != nil {
				return nil, err
			}
			pictures, a.Pictures = append(pictures, tile), append(a.Pictures, real.names[at])
		}
		summary := a.summary()
		picture, err := a.draw(samples, pictures, summary)
		return &finding{answer: a, summary: summary, picture: picture}, err
	})
}

// summary is the three lines for people.
func (a *compared) summary() []string {
	own, control := a.Halves[0], a.Halves[1]
	return []string{
		fmt.Sprintf("%d samples against %d real pictures of %s: KID %.2f ± %.2f, precision %.2f, recall %.2f, density %.2f, coverage %.2f (%d neighbours)",
			a.Whole.Images, a.Whole.Real, a.Images, a.Whole.KID.Value, a.Whole.KID.SE, a.Whole.Precision, a.Whole.Recall, a.Whole.Density, a.Whole.Coverage, a.Neighbours),
		fmt.Sprintf("Of %d images against half of the pictures: KID of samples %.2f ± %.2f, of the other half of the pictures %.2f ± %.2f",
			own.Images, own.KID.Value, own.KID.SE, control.KID.Value, control.KID.SE),
		fmt.Sprintf("Precision of samples %.2f, recall %.2f, coverage %.2f; of the other half %.2f, %.2f and %.2f",
			own.Precision, own.Recall, own.Coverage, control.Precision, control.Recall, control.Coverage),
	}
}

// draw lays both sheets side by side.
func (a *compared) draw(samples, pictures []image.Image, summary []string) (image.Image, error) {
	var parts []viz.Part
	for i, tiles := range [][]image.Image{samples, pictures} {
		sheet, err := viz.Sheet(tiles, viz.SheetOptions{})
		if err != nil {
			return nil, err
		}
		caption := "Drawn: the first samples of the seed."
		if i == 1 {
			caption = "Real: pictures of " + a.Images + "."
		}
		parts = append(parts, viz.Part{Image: sheet, Caption: caption})
	}
	return viz.Stack(parts, viz.StackOptions{Row: true, Title: "Samples beside real pictures: " + a.Model, Footer: footerOf(summary)})
}
