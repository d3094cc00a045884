package figure

import (
	"context"
	"image"
	"math"
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/audit"
	"dcganviz/viz"
)

// A way is the latents of a walk, and how to get those in between.
type way struct {
	z      model.Tensor
	closed bool
	length float64 // in latent space
	// anchors are where on the way they are, in [0, 1]; nil if it has none.
	anchors []float64
	// points returns n of them, evenly spaced: the ends are among them, but for
	// the second end of a closed way.
	points func(n int) (model.Tensor, error)
}

func wayAlong(path *probe.Path, steps int, closed bool) *way {
	return &way{z: path.Points(steps), closed: closed, length: path.Length(), anchors: path.Anchors(),
		points: func(n int) (model.Tensor, error) { return path.Points(n), nil }}
}

// steps is how many lead from tile to tile.
func (w *way) steps() int {
	if w.closed {
		return w.z.Len()
	}
	return w.z.Len() - 1
}

// refined returns the latents with each step cut into parts; the last one of
// a closed way is the first again.
func (w *way) refined(parts int) (model.Tensor, error) {
	n := w.steps() * parts
	z := model.NewTensor(n+1, w.z.Shape[1])
	if !w.closed {
		n++
	}
	fine, err := w.points(n)
	if err != nil {
		return z, err
	}
	copy(z.Data, fine.Data)
	// Rounding may tell these apart from the tiles'.
	for i := range w.steps() + 1 {
		copy(z.Row(i*parts), w.z.Row(i%w.z.Len()))
	}
	return z, nil
}

// A WalkResult is what Walk drew and found.
type WalkResult struct {
	DrawnHead
	Parameters WalkSettings `json:"parameters"`
	// Anchors are where on the way they are, in [0, 1].
	Anchors []float64 `json:"anchors,omitempty"`
	// Layout is where the tiles of the picture lie, or of an animation's sheet.
	Layout *Layout `json:"layout,omitempty"`
	// Audit is nil with --no-audit, and of a walk without a step.
	Audit *audit.Report `json:"audit,omitempty"`
	// AuditLayout is where the tiles of the audit's picture lie.
	AuditLayout *Layout `json:"audit_layout,omitempty"`

	tiles  []image.Image
	film   *Film
	course *audit.Course
}

const (
	// auditParts is in how many parts a walk is audited at least: those that
	// audit.Sharp was measured in.
	auditParts = 792
	// auditStored is how many samples the memoriser has.
	auditStored = 200
	// forStored keeps its samples apart from the walk's.
	forStored = 0x73746f726564
)

// audit looks for sharp transitions between the tiles of a way. It leaves the
// report nil where there is nothing to audit.
func (r *WalkResult) audit(ctx context.Context, lab *Lab, g *model.G, w *way) error {
	if w.z.Len() < 2 {
		return nil
	}
	run := lab.run()
	if run.BatchStats {
		if err := lab.checkBatch(max(r.x.Len()+1, auditStored), lab.Model.D != nil); err != nil {
			lab.note("no audit: %v", err)
			return nil
		}
	}
	course, err := r.drawCourse(ctx, lab, g, w)
	if err != nil {
		return err
	}
	if lab.Model.D == nil {
		lab.note("%s holds no D, so the walk is audited in pixels alone: --disc names the file that it is in", lab.Model.Title)
	}
	r.course = &course
	r.Audit, err = audit.Walk(ctx, course, lab.Model.D, run, lab.settings(0))
	return err
}

// drawCourse draws the images between the tiles, and those that the memoriser has.
func (r *WalkResult) drawCourse(ctx context.Context, lab *Lab, g *model.G, w *way) (course audit.Course, err error) {
	steps := w.steps()
	parts := (auditParts + steps - 1) / steps
	if lab.run().BatchStats {
		parts = 1 // images in between would change the statistics, and so the tiles
	}
	course = audit.Course{Refine: parts, Space: w.length / float64(steps*parts)}
	for _, at := range w.anchors {
		course.Anchors = append(course.Anchors, int(math.Round(at*float64(steps*parts))))
	}
	course.Images = model.NewTensor(append([]int{steps*parts + 1}, r.x.Shape[1:]...)...)
	if parts > 1 {
		z, err := w.refined(parts)
		if err != nil {
			return course, err
		}
		fine, _, err := lab.generate(ctx, g, z)
		if err != nil {
			return course, err
		}
		course.Images = fine
	}
	for i := range steps + 1 {
		copy(course.Images.Row(i*parts), r.x.Row(i%r.x.Len()))
	}
	course.Stored, _, err = lab.generate(ctx, g, model.Latents(r.Seed^forStored, 0, auditStored, g.Config()))
	return course, err
}

// marks frames the two tiles on both sides of the sharpest transition: in red
// if it is flagged, in a space in which it is.
func (a *WalkResult) marks(tiles int) []viz.Mark {
	if a.Audit == nil {
		return nil
	}
	spaces := slices.Clone(a.Audit.Spaces)
	slices.Reverse(spaces) // what D sees goes before pixels
	at := spaces[0].Walk
	for _, s := range spaces {
		if s.Walk.Sharp {
			at = s.Walk
			break
		}
	}
	if at.Sharpest < 0 {
		return nil
	}
	mark := viz.Mark{WidthPx: 2, Color: viz.Swatch(0)}
	if at.Sharp {
		mark = viz.Mark{}
	}
	before, after := mark, mark
	before.Tile, after.Tile = at.Sharpest, (at.Sharpest+1)%tiles
	return []viz.Mark{before, after}
}
