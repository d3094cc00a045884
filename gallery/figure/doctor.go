package figure

import (
	"context"
	"fmt"
	"image"

	"dcganviz/model"
	"dcganviz/probe/doctor"
	"dcganviz/viz"
)

// Doctor tells what is wrong with a model: probe/doctor.
type Doctor struct {
	N    int    `short:"n" name:"n" group:"Output" default:"10" placeholder:"N" help:"Images in a row of the contact sheet (default: ${default})."`
	Seed uint64 `group:"Output" default:"1" placeholder:"N" help:"Decides the latents (default: ${default})."`
	PhotoOptions
	Scale  int  `group:"Output" placeholder:"N" help:"Enlarge tiles by this factor (default: to 64 pixels or so)."`
	Strict bool `group:"Output" recipe:"none" help:"Exit with code 1 if anything is wrong."`
}

// A DoctorResult is what Doctor found.
type DoctorResult struct {
	Command string `json:"command"`
	Model   string `json:"model"`
	SHA256  string `json:"sha256"`
	Said
	Seed  uint64 `json:"seed"`
	Image string `json:"image,omitempty"`
	// Shown says what is in the rows of the contact sheet.
	Shown  []string `json:"shown,omitempty"`
	Layout *Layout  `json:"layout,omitempty"`
	doctor.Report
	// States are the generators that a run has kept, the last one last.
	States []State `json:"states,omitempty"`

	columns, scale int
	strict         bool
}

// Check reports settings that make no sense.
func (c *Doctor) Check() error {
	if c.N < 1 || c.N > doctor.MostExhibits {
		return usage("-n is %d, want 1 to %d", c.N, doctor.MostExhibits)
	}
	return checkScale(c.Scale)
}

// Make examines the model.
func (c *Doctor) Make(ctx context.Context, lab *Lab) (Result, error) {
	opt := doctor.Options{Settings: lab.settings(c.Seed), Exhibits: c.N, OneRun: lab.Folder != "" && lab.source.Disc == "" && lab.source.DiscKey == ""}
	if _, ok := lab.embedded("heldout"); c.Images != "" || c.List != "" || ok && lab.Model.G != nil {
		if _, err := lab.Generator(); err != nil {
			return nil, err
		}
		real, err := lab.photos(ctx, c.PhotoOptions, "heldout", mostCompared)
		if err != nil {
			return nil, err
		}
		opt.Real = real.Tensor
	}
	report, err := doctor.Examine(ctx, lab.Model, model.RunOptions{Pool: lab.Pool}, opt)
	if err != nil {
		return nil, err
	}
	r := &DoctorResult{Command: "doctor", Model: lab.Model.Title, SHA256: lab.Model.SHA256, Seed: c.Seed, Report: *report, columns: c.N, scale: c.Scale, strict: c.Strict}
	for _, x := range r.Exhibits {
		r.Shown = append(r.Shown, x.Label)
	}
	if lab.Folder != "" && lab.Model.G != nil {
		if err := r.ofRun(ctx, lab, c.PhotoOptions); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// mostCompared is with how many real pictures samples are compared.
const mostCompared = 500

// tilePx is what a tile is at least enlarged to, so that labels fit beside it.
const tilePx = 64

// Draw draws the exhibits, one a row; nothing for a D alone, which draws nothing.
func (r *DoctorResult) Draw() (*viz.Picture, error) {
	switch {
	case r.columns == 0:
		return nil, errNoImages
	case len(r.Exhibits) == 0:
		return nil, nil
	}
	var tiles []image.Image
	opt := viz.SheetOptions{Columns: r.columns, Scale: r.scale, GapPx: 2, Title: "dcganviz doctor", Footer: r.verdict(), RowLabels: r.Shown}
	for _, x := range r.Exhibits {
		if opt.Scale == 0 {
			opt.Scale = max(1, tilePx/x.Images.Shape[1])
		}
		row, err := pictures(x.Images)
		if err != nil {
			return nil, err
		}
		tiles = append(tiles, row...)
	}
	sheet, err := viz.Sheet(tiles, opt)
	if err != nil {
		return nil, usage("%w", err)
	}
	return sheet, nil
}

// Place fills in the picture's file and layout.
func (r *DoctorResult) Place(image string, at Layout) { r.Image, r.Layout = image, &at }

// Name says where the picture went.
func (r *DoctorResult) Name(picture, _ string) { r.Image = picture }

// Fault says what is wrong with the model, if the examination is a strict one.
func (r *DoctorResult) Fault() error {
	if wrong := r.With(doctor.Wrong); !r.strict || len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %s", r.Model, r.verdict())
}
