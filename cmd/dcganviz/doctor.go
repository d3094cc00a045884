package main

import (
	"fmt"
	"image"
	"io"
	"path/filepath"

	"dcganviz/model"
	"dcganviz/probe/doctor"
	"dcganviz/viz"
)

// doctorCmd tells what is wrong with a model.
type doctorCmd struct {
	modelFlag
	N       int    `short:"n" name:"n" group:"Output" default:"10" placeholder:"N" help:"Images in a row of the contact sheet (default: ${default})."`
	Seed    uint64 `group:"Output" default:"1" placeholder:"N" help:"Decides the latents (default: ${default})."`
	Out     string `group:"Output" placeholder:"FILE" recipe:"none" help:"Where the contact sheet goes (default: in ${gallery}/, which is replaced freely); the findings go beside it, ending in .json."`
	Force   bool   `group:"Output" recipe:"none" help:"Replace the files that --out names."`
	JSON    bool   `group:"Output" name:"json" recipe:"none" help:"Print the result as JSON, with every figure."`
	Scale   int    `group:"Output" placeholder:"N" help:"Enlarge tiles by this factor (default: to 64 pixels or so)."`
	Threads int    `group:"Output" placeholder:"N" recipe:"none" help:"Threads to use (default: all processors). The result does not depend on it."`
	Strict  bool   `group:"Output" recipe:"none" help:"Exit with code 1 if anything is wrong."`
}

func (*doctorCmd) examples() []string {
	return []string{
		"dcganviz doctor",
		"dcganviz doctor runs/mine --out sheet.png",
		"dcganviz doctor runs/mine --law uniform --json",
	}
}

// diagnosed is what doctor answers.
type diagnosed struct {
	Command string `json:"command"`
	Model   string `json:"model"`
	SHA256  string `json:"sha256"`
	Seed    uint64 `json:"seed"`
	Image   string `json:"image,omitempty"`
	// Shown says what is in the rows of the contact sheet.
	Shown  []string `json:"shown,omitempty"`
	Layout *layout  `json:"layout,omitempty"`
	*doctor.Report
}

func (c *doctorCmd) check() error {
	switch {
	case c.N < 1 || c.N > doctor.MostExhibits:
		return usageError("-n is %d, want 1 to %d", c.N, doctor.MostExhibits)
	case c.Scale < 0 || c.Scale > maxScale:
		return usageError("--scale is %d, want 1 to %d", c.Scale, maxScale)
	}
	if err := checkExtension(c.Out, "a PNG", ".png"); err != nil {
		return err
	}
	return checkThreads(c.Threads)
}

// Run is the command.
func (c *doctorCmd) Run(e *env) error {
	answer, err := c.diagnose(e)
	if err != nil {
		return err
	}
	if c.JSON {
		err = e.json(answer)
	} else {
		answer.print(e)
	}
	if wrong := answer.With(doctor.Wrong); err == nil && c.Strict && len(wrong) > 0 {
		return &coded{fmt.Errorf("%s: %s", answer.Model, answer.summary()), exitFailed}
	}
	return err
}

// diagnose examines the model and writes the contact sheet.
func (c *doctorCmd) diagnose(e *env) (answer *diagnosed, err error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	o, err := c.open(e)
	if err != nil {
		return nil, err
	}
	var files outputs
	defer files.finish(&err)
	out, numbers := "", ""
	if o.G != nil { // D alone draws nothing
		out = files.addPicture(c.Out, "doctor.png", c.Force)
		numbers = files.addNumbers(out, c.Force || c.Out == "")
	} else if c.Out != "" {
		return nil, unsupported("%s holds no G, whose images would be in --out: leave it out", o.Title)
	}
	if err := files.check(); err != nil {
		return nil, err
	}
	pool := model.NewPool(c.Threads)
	defer pool.Close()
	r, err := doctor.Examine(e.ctx, o.Checkpoint, doctor.Options{Seed: c.Seed, Exhibits: c.N, Pool: pool})
	if err != nil {
		return nil, err
	}
	answer = &diagnosed{Command: "doctor", Model: o.Title, SHA256: o.SHA256, Seed: c.Seed, Image: out, Report: r}
	if out == "" {
		return answer, nil
	}
	sheet, err := c.sheet(answer)
	if err != nil {
		return nil, err
	}
	texts, err := e.recipe(o)
	if err != nil {
		return nil, err
	}
	tiles := layoutOf(sheet)
	answer.Layout = &tiles
	files.set(out, func(w io.Writer) error { return viz.EncodePNG(w, sheet, texts) })
	inFile := *answer
	inFile.Image = filepath.Base(out)
	files.set(numbers, writeJSON(inFile))
	return answer, files.commit()
}

// sheet draws the exhibits, one a row, and says which.
func (c *doctorCmd) sheet(a *diagnosed) (image.Image, error) {
	// What a tile is at least enlarged to, so that labels fit beside it.
	const tilePx = 64
	var tiles []image.Image
	opt := viz.SheetOptions{Columns: c.N, Scale: c.Scale, GapPx: 2, Title: "dcganviz doctor", Footer: a.summary()}
	for _, x := range a.Exhibits {
		s := x.Images.Shape
		if opt.Scale == 0 {
			opt.Scale = max(1, tilePx/s[1])
		}
		row, err := viz.Images(x.Images.Data, s[0], s[1], s[2], s[3])
		if err != nil {
			return nil, err
		}
		tiles = append(tiles, row...)
		a.Shown = append(a.Shown, x.Label)
	}
	opt.RowLabels = a.Shown
	sheet, err := viz.Sheet(tiles, opt)
	if err != nil {
		return nil, usageError("%w", err)
	}
	return sheet, nil
}
