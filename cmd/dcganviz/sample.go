package main

import (
	"io"

	"dcganviz/model"
	"dcganviz/probe/nearest"
	"dcganviz/viz"
)

// sampleCmd draws random images.
type sampleCmd struct {
	modelFlag
	N int `short:"n" name:"n" group:"Latents" default:"100" placeholder:"N" help:"Images to draw (default: ${default})."`
	drawFlags
	Score bool `group:"Output" recipe:"none" help:"Print what D makes of each image: its logit, and the score that is the sigmoid of it."`
}

func (*sampleCmd) examples() []string {
	return []string{
		"dcganviz sample",
		"dcganviz sample runs/mine -n 16 --seed 7 --scale 2 --out sheet.png",
		"dcganviz sample --z z.npy --npy images.npy --score",
	}
}

// sampled is what the command answers.
type sampled struct {
	drawn
	Command string    `json:"command"`
	Logits  []float32 `json:"logits,omitempty"`
	// Variety is that of the first mostVaried images; nil of a single one.
	Variety *nearest.Variety `json:"variety,omitempty"`
	Layout  *layout          `json:"layout"`
}

// mostVaried is how many images are compared with each other.
const mostVaried = 500

// Run is the command.
func (c *sampleCmd) Run(e *env) (err error) {
	if err := c.check(e, "n"); err != nil {
		return err
	}
	if err := checkExtension(c.Out, "a PNG", ".png"); err != nil {
		return err
	}
	var files outputs
	defer files.finish(&err)
	out := files.addPicture(c.Out, "sample.png", c.Force)
	numbers := files.addNumbers(out, c.Force || c.Out == "")
	if c.NPY != "" {
		files.add("npy", c.NPY, c.Force)
	}
	if err := files.check(); err != nil {
		return err
	}
	d, err := c.begin(e, c.modelFlag)
	if err != nil {
		return err
	}
	defer d.pool.Close()
	cfg := d.g.Config()
	if err := checkCount("-n", c.N, 1, cfg.Size); err != nil {
		return err
	}
	z, err := c.latents(c.N, cfg)
	if err != nil {
		return err
	}
	if err := checkCount("the number of latents in --z", z.Len(), 1, cfg.Size); err != nil {
		return err
	}
	if err := d.checkBatch(z.Len(), c.Score); err != nil {
		return err
	}
	x, tiles, err := d.generate(e, z)
	if err != nil {
		return err
	}
	var logits []float32
	if c.Score {
		if logits, err = d.score(e, x); err != nil {
			return err
		}
	}
	sheet, err := viz.Sheet(tiles, viz.SheetOptions{Columns: c.Cols, Scale: c.Scale})
	if err != nil {
		return usageError("%w", err)
	}
	tilesAt := layoutOf(sheet)
	a := sampled{drawn: c.answer(d, out, z.Len()), Command: "sample", Logits: logits, Layout: &tilesAt}
	if n := min(z.Len(), mostVaried); n > 1 && cfg.Size > 1 {
		if a.Variety, err = nearest.VarietyOf(e.ctx, d.pool, x.Slice(0, n)); err != nil {
			return err
		}
	}
	texts, err := e.recipe(d.opened)
	if err != nil {
		return err
	}
	files.set(out, func(w io.Writer) error { return viz.EncodePNG(w, sheet, texts) })
	inFile := a
	inFile.drawn = a.drawn.beside()
	files.set(numbers, writeJSON(inFile))
	files.set(c.NPY, writeNPY(x))
	if err := files.commit(); err != nil {
		return err
	}
	if c.JSON {
		return e.json(a)
	}
	for i, v := range logits {
		e.printf("image %d: logit %.6g, score %.6g", c.First+i, v, model.Sigmoid(float64(v)))
	}
	e.printf("%s", out)
	return nil
}
