package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

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

// refined returns the latents with each step in so many parts; the last one of
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

// walkAnswer is what the command answers.
type walkAnswer struct {
	drawn
	Parameters walkParameters `json:"parameters"`
	// Anchors are where on the way they are, in [0, 1].
	Anchors []float64 `json:"anchors,omitempty"`
	// Layout is that of the picture, or of an animation's sheet.
	Layout *layout `json:"layout,omitempty"`
	// Audit is nil with --no-audit, and of a walk without a step.
	Audit *audit.Report `json:"audit,omitempty"`
	// AuditLayout is that of the audit's picture.
	AuditLayout *layout `json:"audit_layout,omitempty"`
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

// auditEnd is how the name of the audit's picture ends.
const auditEnd = "-audit"

// audit looks for sharp transitions between the tiles x of a way, and fills in
// the answer. It returns what writes the picture of that, nil where there is
// nothing to audit.
func (c *walkCmd) audit(e *env, d *drawing, w *way, x model.Tensor, a *walkAnswer) (func(io.Writer) error, error) {
	if w.z.Len() < 2 {
		return nil, nil
	}
	run := d.RunOptions(d.pool)
	if run.BatchStats {
		if err := d.checkBatch(max(x.Len()+1, auditStored), d.D != nil); err != nil {
			e.note("no audit: %v", err)
			return nil, nil
		}
	}
	course, err := c.course(e, d, w, x)
	if err != nil {
		return nil, err
	}
	if d.D == nil {
		e.note("%s holds no D, so the walk is audited in pixels alone: --disc names the file that it is in", d.Title)
	}
	shown := newCount(e.stderr, "images audited", 0)
	a.Audit, err = audit.Walk(e.ctx, course, d.D, run, audit.Options{Progress: shown.part})
	shown.close()
	if err != nil {
		return nil, err
	}
	picture, err := a.drawAudit(course)
	if err != nil {
		return nil, err
	}
	at := layoutOf(picture)
	a.AuditLayout = &at
	texts, err := e.recipeOf(d.opened, auditEnd)
	if err != nil {
		return nil, err
	}
	return func(w io.Writer) error { return viz.EncodePNG(w, picture, texts) }, nil
}

// course draws the images between the tiles, and those that the memoriser has.
func (c *walkCmd) course(e *env, d *drawing, w *way, x model.Tensor) (course audit.Course, err error) {
	steps := w.steps()
	parts := (auditParts + steps - 1) / steps
	if d.RunOptions(d.pool).BatchStats {
		parts = 1 // images in between would change the statistics, and so the tiles
	}
	course = audit.Course{Refine: parts, Space: w.length / float64(steps*parts)}
	for _, at := range w.anchors {
		course.Anchors = append(course.Anchors, int(math.Round(at*float64(steps*parts))))
	}
	course.Images = model.NewTensor(append([]int{steps*parts + 1}, x.Shape[1:]...)...)
	if parts > 1 {
		z, err := w.refined(parts)
		if err != nil {
			return course, err
		}
		fine, _, err := d.generate(e, z)
		if err != nil {
			return course, err
		}
		course.Images = fine
	}
	for i := range steps + 1 {
		copy(course.Images.Row(i*parts), x.Row(i%x.Len()))
	}
	course.Stored, _, err = d.generate(e, model.Latents(c.Seed^forStored, 0, auditStored, d.g.Config()))
	return course, err
}

// marks frames the two tiles on both sides of the sharpest transition: in red
// if it is flagged, in a space in which it is.
func (a *walkAnswer) marks(tiles int) []viz.Mark {
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

// summary is three lines for people.
func (a *walkAnswer) summary() []string {
	if a.Audit == nil {
		return nil
	}
	each := func(say func(audit.Space) string) string {
		var parts []string
		for _, s := range a.Audit.Spaces {
			name := s.Name
			if name == "features" {
				name = "D's features"
			}
			parts = append(parts, "in "+name+" "+say(s))
		}
		return strings.Join(parts, "; ")
	}
	verdict, control := "not flagged", "flagged"
	for _, s := range a.Audit.Spaces {
		if s.Walk.Sharp {
			verdict = "FLAGGED"
		}
		if !s.Memoriser.Sharp {
			control = "NOT FLAGGED, so nothing follows from this walk"
		}
	}
	return []string{
		fmt.Sprintf("sharpest of %d steps, each in %d parts: %s; a transition is sharp from %g times the median: %s", a.Audit.Steps, a.Audit.Refine, each(func(s audit.Space) string {
			if s.Walk.Sharpest < 0 {
				return "nothing changes"
			}
			return fmt.Sprintf("%d to %d, %s", s.Walk.Sharpest, (s.Walk.Sharpest+1)%a.Images, times(s.Walk))
		}), a.Audit.Threshold, verdict),
		fmt.Sprintf("a step changes the image %s", each(func(s audit.Space) string {
			sorted := slices.Sorted(slices.Values(s.Walk.Steps))
			return fmt.Sprintf("by %.3f (at most %.3f)", sorted[len(sorted)/2], sorted[len(sorted)-1])
		})),
		fmt.Sprintf("control, the nearest of %d stored samples on the same path: %s: %s", a.Audit.Stored, each(func(s audit.Space) string {
			return fmt.Sprintf("still in %.0f%% of the parts, jumps of %.3f", 100*s.Memoriser.Still, s.Memoriser.Largest)
		}), control),
	}
}

// times says how sharp a walk's sharpest transition is.
func times(j audit.Jumps) string {
	if j.TimesMedian == nil {
		return "while most of the walk stands still"
	}
	return fmt.Sprintf("%.1f times the median", *j.TimesMedian)
}
