package main

import (
	"errors"
	"math"
	"path/filepath"
	"strings"

	"dcganviz/model"
	"dcganviz/probe"
)

// walkCmd draws a way through latent space.
type walkCmd struct {
	modelFlag
	Mode    string `group:"Way" default:"lerp" enum:"lerp,slerp" placeholder:"NAME" help:"From anchor to anchor: lerp, a straight line, or slerp, an arc (default: ${default})."`
	Anchors int    `group:"Way" default:"9" placeholder:"N" help:"Latents to walk through (default: ${default}, as the paper's figure 4)."`
	Steps   int    `group:"Way" default:"100" placeholder:"N" help:"Points on the way, evenly spaced (default: ${default})."`
	Loop    string `group:"Way" default:"open" enum:"open,closed" placeholder:"NAME" help:"open, or closed: back to the first anchor (default: ${default})."`
	Dim     *int   `group:"Way" placeholder:"I" help:"Walk along one dimension of one latent instead, counted from 0."`
	Range   *span  `group:"Way" placeholder:"A,B" help:"Where --dim begins and ends, as in --range=-2,2 (default: -3,3; -1,1 for uniform latents)."`
	drawFlags
	Strip   bool `group:"Output" xor:"form" help:"Draw one row instead of a sheet."`
	NoAudit bool `group:"Output" name:"no-audit" help:"Only draw: no search for sharp transitions, no further files beside the picture."`
	GIF     bool `group:"Output" name:"gif" xor:"form" help:"Make a GIF animation, as --out NAME.gif does, and a sheet of its images beside it."`
	APNG    bool `group:"Output" name:"apng" xor:"form" help:"Make an animated PNG, as --out NAME.apng does, and a sheet of its images beside it."`
	FPS     int  `group:"Output" name:"fps" default:"10" placeholder:"N" help:"Images a second of an animation (default: ${default})."`
}

func (*walkCmd) examples() []string {
	return []string{
		"dcganviz walk",
		"dcganviz walk --mode slerp --anchors 5 --loop closed --gif --fps 20",
		"dcganviz walk --dim 7 --range=-2,2 --steps 11 --strip --out along.png",
	}
}

type walkParameters struct {
	First   int    `json:"first"`
	Mode    string `json:"mode,omitempty"`
	Anchors int    `json:"anchors,omitempty"`
	Loop    string `json:"loop,omitempty"`
	Dim     *int   `json:"dim,omitempty"`
	Range   *span  `json:"range,omitempty"`
	Steps   int    `json:"steps"`
	Z       string `json:"z_sha256,omitempty"`
	Form    string `json:"form"`
	Columns int    `json:"columns,omitempty"`
	Scale   int    `json:"scale,omitempty"`
	FPS     int    `json:"fps,omitempty"`
	NoAudit bool   `json:"no_audit,omitempty"`
}

// forms are what a walk is drawn as, with the name of its file in the gallery.
var forms = map[string]string{"sheet": "walk.png", "strip": "walk-strip.png", "gif": "walk-moving.gif", "apng": "walk-moving.apng"}

// sheetEnd is how the name of the sheet of an animation's images ends.
const sheetEnd = "-sheet"

func (c *walkCmd) form() string {
	ext := extension(c.Out)
	switch {
	case c.Strip:
		return "strip"
	case c.GIF, ext == ".gif" && !c.APNG:
		return "gif"
	case c.APNG, ext == ".apng":
		return "apng"
	}
	return "sheet"
}

func (c *walkCmd) moving() bool { return c.form() == "gif" || c.form() == "apng" }

// maxAnchors bounds the memory that a typing error claims.
const maxAnchors = 10000

func (c *walkCmd) checkFlags(e *env) error {
	switch {
	case c.Anchors < 2 || c.Anchors > maxAnchors:
		return usageError("--anchors is %d, want 2 to %d", c.Anchors, maxAnchors)
	case c.Dim == nil && c.Range != nil:
		return usageError("--range says where --dim begins and ends: give --dim too")
	case c.FPS < 1 || c.FPS > 60:
		return usageError("--fps is %d, want 1 to 60", c.FPS)
	}
	if !c.moving() {
		if err := e.exclude("--fps is for animations: give --gif or --apng too; this is none", "fps"); err != nil {
			return err
		}
	}
	if c.Dim != nil {
		if err := e.exclude("--dim walks along one dimension of one latent", "mode", "anchors", "loop"); err != nil {
			return err
		}
	}
	if err := c.checkForm(e); err != nil {
		return err
	}
	return c.check(e, "anchors")
}

// checkForm refuses what contradicts the form of the picture.
func (c *walkCmd) checkForm(e *env) error {
	switch c.form() {
	case "gif":
		return errors.Join(e.exclude("an animation has one tile at a time", "cols"), checkExtension(c.Out, "a GIF", ".gif"))
	case "apng":
		return errors.Join(e.exclude("an animation has one tile at a time", "cols"), checkExtension(c.Out, "an animated PNG", ".apng", ".png"))
	case "strip":
		return errors.Join(e.exclude("a strip is one row", "cols"), checkExtension(c.Out, "a PNG", ".png"))
	}
	return checkExtension(c.Out, "a PNG", ".png")
}

// Run is the command.
func (c *walkCmd) Run(e *env) (err error) {
	if err := c.checkFlags(e); err != nil {
		return err
	}
	var files outputs
	defer files.finish(&err)
	out := files.addPicture(c.Out, forms[c.form()], c.Force)
	stem := strings.TrimSuffix(out, filepath.Ext(out))
	numbers, evidence, still := stem+".json", stem+auditEnd+".png", stem+sheetEnd+".png"
	if force := c.Force || c.Out == ""; !c.NoAudit {
		files.add("out", numbers, force)
		files.add("out", evidence, force)
		if c.moving() {
			files.add("out", still, force)
		}
	}
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
	if err := checkCount("--steps", c.Steps, 1, d.g.Config().Size); err != nil {
		return err
	}
	if err := d.checkBatch(c.Steps, false); err != nil {
		return err
	}
	p := walkParameters{First: c.First, Steps: c.Steps, Form: c.form(), Columns: c.Cols, Scale: c.Scale, NoAudit: c.NoAudit}
	if c.moving() {
		p.FPS = c.FPS
		if p.Scale == 0 {
			p.Scale = animationScale
		}
	}
	w, err := c.way(d.g.Config(), &p)
	if err != nil {
		return err
	}
	size := d.g.Config().Size
	if pixels := w.z.Len() * size * size * p.Scale * p.Scale; c.moving() && pixels > 4*maxPixels {
		return usageError("an animation of %d pixels, want at most %d: fewer --steps or a smaller --scale", pixels, 4*maxPixels)
	}
	x, tiles, err := d.generate(e, w.z)
	if err != nil {
		return err
	}
	if c.form() == "gif" {
		c.GIF = true // whatever the file's name
	}
	if c.form() == "apng" {
		c.APNG = true
	}
	texts, err := e.recipe(d.opened)
	if err != nil {
		return err
	}
	a := &walkAnswer{drawn: c.answer(d, out, w.z.Len()), Parameters: p, Anchors: w.anchors}
	if !c.NoAudit {
		write, err := c.audit(e, d, w, x, a)
		if err != nil {
			return err
		}
		files.set(evidence, write)
	}
	write, err := c.draw(tiles, a, texts, p)
	if err != nil {
		return err
	}
	files.set(out, write)
	if c.moving() && !c.NoAudit {
		// The images side by side, as a page shows them: nothing moves unasked.
		if texts, err = e.recipeOf(d.opened, sheetEnd); err != nil {
			return err
		}
		if write, err = c.drawStill(tiles, a, texts, 1); err != nil {
			return err
		}
		files.set(still, write)
	}
	inFile := *a
	inFile.drawn = a.drawn.beside()
	files.set(numbers, writeJSON(inFile))
	files.set(c.NPY, writeNPY(x))
	if err := files.commit(); err != nil {
		return err
	}
	if c.JSON {
		return e.json(a)
	}
	for _, line := range a.summary() {
		e.printf("%s", line)
	}
	e.printf("%s", out)
	return nil
}

// way returns the latents to draw, and completes the recipe's parameters.
func (c *walkCmd) way(cfg model.Config, p *walkParameters) (*way, error) {
	if c.Dim != nil {
		return c.along(cfg, p)
	}
	anchors, err := c.latents(c.Anchors, cfg)
	if err != nil {
		return nil, err
	}
	if anchors.Len() < 2 {
		return nil, usageError("--z %s holds %d latent, want at least 2 to walk through", c.Z, anchors.Len())
	}
	p.Mode, p.Anchors, p.Loop, p.Z = c.Mode, anchors.Len(), c.Loop, c.digest(anchors)
	path, err := probe.NewPath(anchors, probe.PathOptions{Arcs: c.Mode == "slerp", Closed: c.Loop == "closed"})
	if err != nil {
		return nil, err
	}
	return wayAlong(path, c.Steps, c.Loop == "closed"), nil
}

// along returns the latents of --dim.
func (c *walkCmd) along(cfg model.Config, p *walkParameters) (*way, error) {
	base, err := c.latents(1, cfg)
	if err != nil {
		return nil, err
	}
	if base.Len() != 1 {
		return nil, usageError("--z %s holds %d latents, want 1 with --dim", c.Z, base.Len())
	}
	p.Dim, p.Range, p.Z = c.Dim, c.Range, c.digest(base)
	if p.Range == nil {
		p.Range = &span{-3, 3}
		if cfg.Law == model.Uniform {
			p.Range = &span{-1, 1}
		}
	}
	w := &way{length: math.Abs(p.Range[1] - p.Range[0]), points: func(n int) (model.Tensor, error) {
		return probe.Along(base.Row(0), *c.Dim, p.Range[0], p.Range[1], n)
	}}
	if w.z, err = w.points(c.Steps); err != nil {
		return nil, usageError("--dim: %w", err)
	}
	return w, nil
}
