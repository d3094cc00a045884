package figure

import (
	"fmt"
	"image"
	"slices"

	"dcganviz/model"
	"dcganviz/probe/audit"
	"dcganviz/viz"
)

// animationScale enlarges animations unless --scale says otherwise: 64 pixels
// a side are small for a single picture.
const animationScale = 4

// makeFilm makes the frames of an animation.
func (r *WalkResult) makeFilm() error {
	r.film = &Animation{Rate: r.Parameters.FPS, GIF: r.Parameters.Form == "gif"}
	for _, tile := range r.tiles {
		frame, err := viz.Sheet([]image.Image{tile}, viz.SheetOptions{Scale: r.Parameters.Scale, Smooth: r.Parameters.Smooth})
		if err != nil {
			return usage("%w", err)
		}
		r.film.Frames = append(r.film.Frames, frame)
	}
	return nil
}

// Film is the animation, nil for a walk that is a still sheet.
func (r *WalkResult) Film() *Animation { return r.film }

// Draw lays the images out side by side, with marks around the sharpest step. Of an
// animation it is the sheet that a page shows: nothing moves there unasked.
func (r *WalkResult) Draw() (*viz.Picture, error) {
	if r.tiles == nil {
		return nil, errNoImages
	}
	draw, scale := viz.Sheet, r.Parameters.Scale
	if r.Parameters.Form == "strip" {
		draw = viz.Strip
	}
	if r.film != nil {
		scale = 1
	}
	img, err := draw(r.tiles, viz.SheetOptions{Columns: r.Parameters.Columns, Scale: scale, Smooth: r.Parameters.Smooth, Marks: r.marks(len(r.tiles))})
	if err != nil {
		return nil, usage("%w", err)
	}
	return img, nil
}

// Place fills in the picture's file and layout. An animation that stands alone has
// no layout.
func (r *WalkResult) Place(image string, at Layout) {
	r.Image = image
	if r.film == nil || !r.Parameters.NoAudit {
		r.Layout = &at
	}
}

// More draws what the audit found, and the sheet of an animation.
func (r *WalkResult) More() ([]File, error) {
	var files []File
	if r.course != nil {
		picture, err := r.drawAudit()
		if err != nil {
			return nil, err
		}
		at := layoutOf(picture)
		r.AuditLayout = &at
		files = append(files, File{End: auditEnd, Picture: picture})
	}
	if r.film != nil && !r.Parameters.NoAudit {
		sheet, err := r.Draw()
		if err != nil {
			return nil, err
		}
		files = append(files, File{End: sheetEnd, Picture: sheet})
	}
	return files, nil
}

// auditTiles is how many images of the walk, and of the memoriser, are shown.
const auditTiles = 11

// drawAudit draws what a walk's audit measured: the changes along the way, and
// the images of walk and memoriser around the memoriser's sharpest transition
// and around the walk's.
func (a *WalkResult) drawAudit() (*viz.Picture, error) {
	course := *a.course
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
	return viz.Stack(parts, viz.StackOptions{Title: "Audit of a walk: " + a.Model, Footer: a.Words().Verdict})
}

// around draws the images within a step, the walk's above the images of the
// memoriser.
func (a *WalkResult) around(course audit.Course, step int) (image.Image, error) {
	r := a.Audit.Refine
	n := min(auditTiles, r+1)
	shape := course.Images.Shape
	x := model.NewTensor(append([]int{2 * n}, shape[1:]...)...)
	for i := range n {
		at := step*r + i*r/max(n-1, 1)
		copy(x.Row(i), course.Images.Row(at))
		copy(x.Row(n+i), a.recalled(course, at))
	}
	tiles, err := pictures(x)
	if err != nil {
		return nil, err
	}
	return viz.Sheet(tiles, viz.SheetOptions{Columns: n, GapPx: 2, Scale: max(1, 64/shape[1]), RowLabels: []string{"walk", "memoriser"}})
}

// recalled is what the memoriser shows in place of an image of the walk.
func (a *WalkResult) recalled(course audit.Course, at int) []float32 {
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
	return curvePlot([]viz.Curve{curve("memoriser", s.Memoriser, true), curve("walk", s.Walk, false)}, o)
}
