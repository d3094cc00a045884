package figure

import (
	"context"
	"image"

	"dcganviz/probe/kid"
	"dcganviz/viz"
)

// Compare lays samples beside real pictures, and measures how near they come:
// probe/kid.
type Compare struct {
	Seed uint64 `group:"Output" default:"1" placeholder:"N" help:"Decides every random number (default: ${default})."`
	LikenessOptions
	Shown int `group:"Output" default:"100" placeholder:"N" help:"Samples and pictures to show (default: ${default})."`
}

// A CompareResult is what Compare measured.
type CompareResult struct {
	Head
	Images string `json:"images"`
	Shown  int    `json:"shown"`
	// Pictures are the names of the real ones that are shown.
	Pictures []string `json:"pictures"`
	kid.Report

	drawn, real []image.Image
}

// mostShown is what a page has room for.
const mostShown = 1024

// Check reports settings that make no sense.
func (c *Compare) Check() error {
	if c.Shown < 1 || c.Shown > mostShown {
		return usage("--shown is %d, want 1 to %d", c.Shown, mostShown)
	}
	return c.LikenessOptions.Check()
}

// Make measures the samples and takes those that are shown.
func (c *Compare) Make(ctx context.Context, lab *Lab) (Result, error) {
	like, err := c.Measure(ctx, lab, c.Seed)
	if err != nil {
		return nil, err
	}
	real := like.pictures
	n := min(c.Shown, real.Len())
	r := &CompareResult{Head: lab.head("compare", c.Seed), Images: like.Images, Shown: n, Report: *like.Report}
	if _, r.drawn, err = lab.generate(ctx, lab.Model.G, lab.Model.G.Latents(c.Seed, 0, n)); err != nil {
		return nil, err
	}
	s := real.Shape
	for i := range n {
		at := i * real.Len() / n
		tile, err := viz.ToImage(real.Row(at), s[1], s[2], s[3])
		if err != nil {
			return nil, err
		}
		r.real, r.Pictures = append(r.real, tile), append(r.Pictures, real.names[at])
	}
	return r, nil
}

// Draw lays both sheets side by side.
func (a *CompareResult) Draw() (*viz.Picture, error) {
	if a.drawn == nil {
		return nil, errNoImages
	}
	var parts []viz.Part
	for i, tiles := range [][]image.Image{a.drawn, a.real} {
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
	return viz.Stack(parts, viz.StackOptions{Row: true, Title: "Samples beside real pictures: " + a.Model, Footer: a.Words().Verdict})
}
