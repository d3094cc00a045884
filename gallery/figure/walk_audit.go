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

// of joins a class's row to the way through noise; an empty row is none.
func (w *way) of(g *model.G, row []float32) (_ *way, err error) {
	points := w.points
	w.points = func(n int) (model.Tensor, error) {
		z, err := points(n)
		if err != nil {
			return z, err
		}
		return g.Joined(z, row)
	}
	w.z, err = g.Joined(w.z, row)
	return w, err
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
	film   *Animation
	course *audit.Course
}

const (
	// auditParts is in how many parts a walk is audited at least: those that
	// audit.Sharp was measured in.
	auditParts = 792
	// auditStored is how many samples the memoriser has.
	auditStored = 200
	// quickStored is how many it has in a quick audit: the first of them.
	quickStored = 30
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
	if lab.Model.D == nil {
		lab.note("%s holds no D, so the walk is audited in pixels alone: --disc names the file that it is in", lab.Model.Title)
	}
	parts := (auditParts + w.steps() - 1) / w.steps()
	if run.BatchStats {
		parts = 1 // images in between would change the statistics, and so the tiles
	}
	var err error
	if r.Parameters.Audit == quickAudit && parts > 1 {
		r.Audit, err = r.quick(ctx, lab, g, w, parts)
		return err
	}
	course, err := r.drawCourse(ctx, lab, g, w, parts)
	if err != nil {
		return err
	}
	if r.Parameters.Audit != quickAudit {
		r.course = &course
	}
	r.Audit, err = audit.Walk(ctx, course, lab.Model.D, run, lab.settings(0))
	return err
}

// quick audits the walk with few images between the tiles.
func (r *WalkResult) quick(ctx context.Context, lab *Lab, g *model.G, w *way, parts int) (*audit.Report, error) {
	z, err := w.refined(parts)
	if err != nil {
		return nil, err
	}
	stored, err := lab.images(ctx, g, g.Latents(r.Seed^forStored, 0, quickStored))
	if err != nil {
		return nil, err
	}
	return audit.Quick(ctx, audit.Sparse{Tiles: r.along(w.steps(), 1), Refine: parts, Stored: stored, Draw: func(ends []int) (model.Tensor, error) {
		return lab.images(ctx, g, probe.Pick(z, ends))
	}}, lab.Model.D, lab.run(), lab.settings(0))
}

// along returns room for the images along the walk, with the tiles in their places.
func (r *WalkResult) along(steps, parts int) model.Tensor {
	x := model.NewTensor(append([]int{steps*parts + 1}, r.x.Shape[1:]...)...)
	for i := range steps + 1 {
		copy(x.Row(i*parts), r.x.Row(i%r.x.Len()))
	}
	return x
}

// drawCourse draws the images between the tiles, and those that the memoriser has.
func (r *WalkResult) drawCourse(ctx context.Context, lab *Lab, g *model.G, w *way, parts int) (course audit.Course, err error) {
	steps := w.steps()
	course = audit.Course{Refine: parts, Space: w.length / float64(steps*parts), Images: r.along(steps, parts)}
	for _, at := range w.anchors {
		course.Anchors = append(course.Anchors, int(math.Round(at*float64(steps*parts))))
	}
	if parts > 1 {
		z, err := w.refined(parts)
		if err != nil {
			return course, err
		}
		between := slices.DeleteFunc(probe.Numbers(0, z.Len()), func(i int) bool { return i%parts == 0 })
		fine, err := lab.images(ctx, g, probe.Pick(z, between))
		if err != nil {
			return course, err
		}
		for i, at := range between {
			copy(course.Images.Row(at), fine.Row(i))
		}
	}
	course.Stored, err = lab.images(ctx, g, g.Latents(r.Seed^forStored, 0, auditStored))
	return course, err
}

// marks frames the two tiles on both sides of the sharpest transition: in red if it is
// flagged, in a space in which it is. Else it frames them only if it is to do so always.
func (a *WalkResult) marks(tiles int) []viz.Mark {
	if a.Audit == nil || len(a.Audit.Spaces) == 0 {
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
	if at.Sharpest < 0 || !at.Sharp && a.Parameters.Frames != framesAlways {
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
