package main

import (
	"fmt"
	"image"
	"io"
	"slices"

	"dcganviz/model"
	"dcganviz/probe/audit"
	"dcganviz/viz"
)

// animationScale enlarges animations unless --scale says otherwise: 64 pixels
// a side are small for a single picture.
const animationScale = 4

// draw lays out the tiles, and returns what writes them.
func (c *walkCmd) draw(tiles []image.Image, a *walkAnswer, texts []viz.Text, p walkParameters) (func(io.Writer) error, error) {
	if !c.moving() {
		return c.drawStill(tiles, a, texts, p.Scale)
	}
	frames := make([]image.Image, len(tiles))
	for i, tile := range tiles {
		frame, err := viz.Sheet([]image.Image{tile}, viz.SheetOptions{Scale: p.Scale})
		if err != nil {
			return nil, usageError("%w", err)
		}
		frames[i] = frame
	}
	o := viz.AnimationOptions{DelayNum: 1, DelayDen: p.FPS, Recipe: texts}
	if c.form() == "gif" {
		return func(w io.Writer) error { return viz.EncodeGIF(w, frames, o) }, nil
	}
	return func(w io.Writer) error { return viz.EncodeAPNG(w, frames, o) }, nil
}

// drawStill lays the tiles out side by side, with marks around the sharpest step,
// and fills in where.
func (c *walkCmd) drawStill(tiles []image.Image, a *walkAnswer, texts []viz.Text, scale int) (func(io.Writer) error, error) {
	draw := viz.Sheet
	if c.Strip {
		draw = viz.Strip
	}
	img, err := draw(tiles, viz.SheetOptions{Columns: c.Cols, Scale: scale, Marks: a.marks(len(tiles))})
	if err != nil {
		return nil, usageError("%w", err)
	}
	at := layoutOf(img)
	a.Layout = &at
	return func(w io.Writer) error { return viz.EncodePNG(w, img, texts) }, nil
}

// auditTiles is how many images of the walk, and of the memoriser, are shown.
const auditTiles = 11

// drawAudit draws what a walk's audit measured: the changes along the way, and
// the images of walk and memoriser around the memoriser's sharpest transition
// and around the walk's.
func (a *walkAnswer) drawAudit(course audit.Course) (image.Image, error) {
	const width = 760
	var parts []viz.Part
	last := a.Audit.Spaces[len(a.Audit.Spaces)-1]
	for _, v := range []struct {
		of string
		at int
	}{{"the walk", last.Walk.Sharpest}, {"the memoriser", last.Memoriser.Sharpest}} {
		if v.at < 0 {
			continue
		}
		sheet, err := a.around(course, v.at)
		if err != nil {
			return nil, err
		}
		parts = append(parts, viz.Part{Image: sheet, Caption: fmt.Sprintf("From tile %d to %d, where %s changes most in %s, in equal parts.", v.at, (v.at+1)%a.Images, v.of, last.Name)})
	}
	for _, s := range a.Audit.Spaces {
		plot, err := drawChanges(s, width, a.Audit.Refine)
		if err != nil {
			return nil, err
		}
		parts = append(parts, viz.Part{Image: plot})
	}
	parts[len(parts)-1].Caption = fmt.Sprintf("Change in each of the %d parts of a step: the walk, and the nearest of %d stored samples in its place.", a.Audit.Refine, a.Audit.Stored)
	return viz.Stack(parts, viz.StackOptions{Title: "Audit of a walk: " + a.Model, Footer: footerOf(a.summary())})
}

// around draws the images within a step, those of the walk above those of the
// memoriser.
func (a *walkAnswer) around(course audit.Course, step int) (image.Image, error) {
	r := a.Audit.Refine
	n := min(auditTiles, r+1)
	shape := course.Images.Shape
	x := model.NewTensor(append([]int{2 * n}, shape[1:]...)...)
	for i := range n {
		at := step*r + i*r/max(n-1, 1)
		copy(x.Row(i), course.Images.Row(at))
		copy(x.Row(n+i), a.recalled(course, at))
	}
	tiles, err := viz.Images(x.Data, 2*n, shape[1], shape[2], shape[3])
	if err != nil {
		return nil, err
	}
	return viz.Sheet(tiles, viz.SheetOptions{Columns: n, GapPx: 2, Scale: max(1, 64/shape[1]), RowLabels: []string{"walk", "memoriser"}})
}

// recalled is what the memoriser shows in place of an image of the walk.
func (a *walkAnswer) recalled(course audit.Course, at int) []float32 {
	switch k := a.Audit.Recalled[at] - course.Stored.Len(); {
	case k < 0:
		return course.Stored.Row(a.Audit.Recalled[at])
	case k == 0:
		return course.Images.Row(0)
	}
	return course.Images.Row(course.Images.Len() - 1)
}

// mostDrawn is how many parts a curve has at most: of more, the largest of
// each run is drawn.
const mostDrawn = 1000

// drawChanges draws the change in each part, of walk and memoriser.
func drawChanges(s audit.Space, width, refine int) (image.Image, error) {
	curve := func(name string, j audit.Jumps, control bool) viz.Curve {
		c := viz.Curve{Name: name, Control: control}
		run := (len(j.Parts) + mostDrawn - 1) / mostDrawn
		for part := range slices.Chunk(j.Parts, run) {
			c.X = append(c.X, float64(len(c.X)*run)/float64(refine))
			c.Y = append(c.Y, viz.Interval{Mean: slices.Max(part)})
		}
		return c
	}
	says := "change, RMSE of pixels"
	if s.Name == "features" {
		says = "change in D's features"
	}
	o := viz.PlotOptions{WidthPx: width, HeightPx: 230, X: viz.Axis{Label: "tile"}, Y: viz.Axis{Label: says}}
	if s.Walk.Median > 0 {
		o.References = []viz.Reference{{Label: fmt.Sprintf("sharp: %g times the walk's median", float64(audit.Sharp)), Y: audit.Sharp * s.Walk.Median}}
	}
	return viz.CurvePlot([]viz.Curve{curve("memoriser", s.Memoriser, true), curve("walk", s.Walk, false)}, o)
}
