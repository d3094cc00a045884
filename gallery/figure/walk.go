package figure

import (
	"context"
	"math"
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
)

// Walk draws a way through latent space, and looks for sharp transitions on it:
// probe/audit.
type Walk struct {
	Mode    string `group:"Way" default:"lerp" enum:"lerp,slerp" placeholder:"NAME" help:"From anchor to anchor: lerp, a straight line, or slerp, an arc (default: ${default})."`
	Through []int  `group:"Way" placeholder:"N" help:"Walk through these samples of --seed, as in --through 33,41,7 (sample --numbers shows their numbers), or latents of --z, counted from 0 (default: the first --anchors)."`
	Anchors int    `group:"Way" default:"9" placeholder:"N" help:"Latents to walk through (default: ${default}, as the paper's figure 4)."`
	Steps   int    `group:"Way" default:"100" placeholder:"N" help:"Points on the way, evenly spaced (default: ${default})."`
	Loop    string `group:"Way" default:"open" enum:"open,closed" placeholder:"NAME" help:"open, or closed: back to the first anchor (default: ${default})."`
	Dim     *int   `group:"Way" placeholder:"I" help:"Walk along one dimension of one latent instead, counted from 0."`
	Range   *Span  `group:"Way" placeholder:"A,B" help:"Where --dim begins and ends, as in --range=-2,2 (default: -3,3; -1,1 for uniform latents)."`
	LatentOptions
	TileOptions
	Audit   string `group:"Output" default:"quick" enum:"quick,full" older:"full" placeholder:"NAME" help:"How the walk is searched for sharp transitions: quick, where one may be, or full, all along it, with a picture of what was found beside (default: ${default}). A smooth walk does not prove that nothing was memorised: nearest looks for copies."`
	Frames  string `group:"Output" default:"sharp" enum:"sharp,always" older:"always" placeholder:"NAME" help:"Where frames stand around the two images of the largest step: sharp, only if it is sharp, or always (default: ${default})."`
	Strip   bool   `group:"Output" xor:"form" help:"Draw one row instead of a sheet."`
	NoAudit bool   `group:"Output" name:"no-audit" help:"Only draw: no search for sharp transitions, no further files beside the picture."`
	GIF     bool   `group:"Output" name:"gif" xor:"form" help:"Make a GIF animation, as --out NAME.gif does, and a sheet of its images beside it."`
	APNG    bool   `group:"Output" name:"apng" xor:"form" help:"Make an animated PNG, as --out NAME.apng does, and a sheet of its images beside it."`
	FPS     int    `group:"Output" name:"fps" default:"10" placeholder:"N" help:"Images a second of an animation (default: ${default})."`
}

// WalkSettings are what the numbers say of how a walk was made.
type WalkSettings struct {
	First   int    `json:"first"`
	Mode    string `json:"mode,omitempty"`
	Anchors int    `json:"anchors,omitempty"`
	Through []int  `json:"through,omitempty"`
	Loop    string `json:"loop,omitempty"`
	Dim     *int   `json:"dim,omitempty"`
	Range   *Span  `json:"range,omitempty"`
	Steps   int    `json:"steps"`
	Z       string `json:"z_sha256,omitempty"`
	Form    string `json:"form"`
	Columns int    `json:"columns,omitempty"`
	Scale   int    `json:"scale,omitempty"`
	Smooth  bool   `json:"smooth,omitempty"`
	FPS     int    `json:"fps,omitempty"`
	NoAudit bool   `json:"no_audit,omitempty"`
	// Audit is quick, or nothing of a full one.
	Audit string `json:"audit,omitempty"`
	// Frames is always, or nothing where only a sharp step has frames.
	Frames string `json:"frames,omitempty"`
}

// forms are what a walk is drawn as, with the name of its file in the gallery.
var forms = map[string]string{"sheet": "walk.png", "strip": "walk-strip.png", "gif": "walk-moving.gif", "apng": "walk-moving.apng"}

func (w *Walk) form() string {
	switch {
	case w.Strip:
		return "strip"
	case w.GIF:
		return "gif"
	case w.APNG:
		return "apng"
	}
	return "sheet"
}

func (w *Walk) moving() bool { return w.GIF || w.APNG }

// FileName is the name of the picture's file where none is given, behind the model's.
func (w *Walk) FileName() string { return forms[w.form()] }

// For makes an animation where the name of the file asks for one.
func (w *Walk) For(ending string) {
	switch {
	case w.Strip || w.moving():
	case ending == ".gif":
		w.GIF = true
	case ending == ".apng":
		w.APNG = true
	}
}

// Endings are those that fit the form.
func (w *Walk) Endings() (kind string, endings []string) {
	switch w.form() {
	case "gif":
		return "a GIF", []string{".gif"}
	case "apng":
		return "an animated PNG", []string{".apng", ".png"}
	}
	return "a PNG", []string{".png"}
}

// NoNumbers is true of a walk that is only drawn.
func (w *Walk) NoNumbers() bool { return w.NoAudit }

// MoreFiles are what the audit found, and the sheet of an animation.
func (w *Walk) MoreFiles() []string {
	switch {
	case w.NoAudit:
		return nil
	case w.moving() && w.full():
		return []string{auditEnd, sheetEnd}
	case w.moving():
		return []string{sheetEnd}
	case w.full():
		return []string{auditEnd}
	}
	return nil
}

// full reports whether all of the walk is audited.
func (w *Walk) full() bool { return w.Audit == fullAudit }

// The values of --audit.
const (
	quickAudit = "quick"
	fullAudit  = "full"
)

// framesAlways is the value of --frames that frames the largest step, sharp or not.
const framesAlways = "always"

// maxAnchors bounds the memory that a typing error claims.
const maxAnchors = 10000

// Check reports settings that make no sense.
func (w *Walk) Check() error {
	switch {
	case w.Anchors < 2 || w.Anchors > maxAnchors:
		return usage("--anchors is %d, want 2 to %d", w.Anchors, maxAnchors)
	case len(w.Through) == 1 || len(w.Through) > maxAnchors:
		return usage("--through has %s, want 2 to %d", plural(len(w.Through), "sample"), maxAnchors)
	case slices.ContainsFunc(w.Through, func(n int) bool { return n < 0 }):
		return usage("--through has sample %d, want 0 or more", slices.Min(w.Through))
	case w.Dim == nil && w.Range != nil:
		return usage("--range says where --dim begins and ends: give --dim too")
	case w.FPS < 1 || w.FPS > 60:
		return usage("--fps is %d, want 1 to 60", w.FPS)
	}
	if err := w.LatentOptions.check(); err != nil {
		return err
	}
	return w.TileOptions.check()
}

// Idle says what other options make do nothing.
func (w *Walk) Idle() []Idle {
	all := w.TileOptions.idle(w.moving())
	if !w.moving() {
		all = append(all, Idle{"--fps is for animations: give --gif or --apng too", []string{"fps"}})
	}
	if w.Dim != nil {
		all = append(all, Idle{"--dim walks along one dimension of one latent", []string{"mode", "anchors", "through", "loop"}})
	}
	if len(w.Through) > 0 {
		all = append(all, Idle{"--through names the samples", []string{"anchors", "first"}})
	}
	if w.NoAudit {
		all = append(all, Idle{"--no-audit only draws", []string{"audit", "frames"}})
	}
	switch {
	case w.moving():
		all = append(all, Idle{"an animation has one tile at a time", []string{"cols"}})
	case w.Strip:
		all = append(all, Idle{"a strip is one row", []string{"cols"}})
	}
	return append(all, w.LatentOptions.idle("anchors")...)
}

// settings are those that the numbers have; the way completes them.
func (w *Walk) settings() WalkSettings {
	p := WalkSettings{First: w.First, Steps: w.Steps, Form: w.form(), Columns: w.Cols, Scale: w.Scale, Smooth: w.Smooth, NoAudit: w.NoAudit}
	if !w.NoAudit && !w.full() {
		p.Audit = w.Audit
	}
	if !w.NoAudit && w.Frames == framesAlways {
		p.Frames = w.Frames
	}
	if w.moving() {
		p.FPS = w.FPS
		if p.Scale == 0 {
			p.Scale = animationScale
		}
	}
	return p
}

// Make draws the images and audits the walk.
func (w *Walk) Make(ctx context.Context, lab *Lab) (Result, error) {
	g, err := lab.Generator()
	if err != nil {
		return nil, err
	}
	cfg := g.Config()
	if err := lab.checkCount("--steps", w.Steps, 1, cfg, w.Scale); err != nil {
		return nil, err
	}
	if err := lab.checkBatch(w.Steps, false); err != nil {
		return nil, err
	}
	p := w.settings()
	way, err := w.way(lab, g, &p)
	if err != nil {
		return nil, err
	}
	height, width, _ := cfg.Dims()
	if pixels := way.z.Len() * height * width * p.Scale * p.Scale; w.moving() && pixels > 4*maxPixels {
		return nil, usage("an animation of %d pixels, want at most %d: fewer --steps or a smaller --scale", pixels, 4*maxPixels)
	}
	x, tiles, err := lab.generate(ctx, g, way.z)
	if err != nil {
		return nil, err
	}
	r := &WalkResult{DrawnHead: w.head(lab, x), Parameters: p, Anchors: way.anchors, tiles: tiles}
	if w.moving() {
		if err := r.makeFilm(); err != nil {
			return nil, err
		}
	}
	if !w.NoAudit {
		err = r.audit(ctx, lab, g, way)
	}
	return r, err
}

// way returns the latents to draw, and completes the recipe's parameters.
func (w *Walk) way(lab *Lab, g *model.G, p *WalkSettings) (*way, error) {
	if w.Dim != nil {
		return w.along(lab, g, p)
	}
	w.numbers = w.Through
	z, anchors, row, err := w.noise(w.Anchors, g, lab)
	if err != nil {
		return nil, err
	}
	if anchors.Len() < 2 {
		return nil, usage("--z %s holds %d latent, want at least 2 to walk through", w.Z, anchors.Len())
	}
	p.Mode, p.Anchors, p.Through, p.Loop, p.Z = w.Mode, anchors.Len(), w.Through, w.Loop, w.digest(z)
	path, err := probe.NewPath(anchors, probe.PathOptions{Arcs: w.Mode == "slerp", Closed: w.Loop == "closed"})
	if err != nil {
		return nil, err
	}
	return wayAlong(path, w.Steps, w.Loop == "closed").of(g, row)
}

// along returns the latents of --dim.
func (w *Walk) along(lab *Lab, g *model.G, p *WalkSettings) (*way, error) {
	z, base, row, err := w.noise(1, g, lab)
	if err != nil {
		return nil, err
	}
	if base.Len() != 1 {
		return nil, usage("--z %s holds %d latents, want 1 with --dim", w.Z, base.Len())
	}
	p.Dim, p.Range, p.Z = w.Dim, w.Range, w.digest(z)
	if p.Range == nil {
		p.Range = &Span{-3, 3}
		if g.Config().Law == model.Uniform {
			p.Range = &Span{-1, 1}
		}
	}
	out := &way{length: math.Abs(p.Range[1] - p.Range[0]), points: func(n int) (model.Tensor, error) {
		return probe.Along(base.Row(0), *w.Dim, p.Range[0], p.Range[1], n)
	}}
	if out.z, err = out.points(w.Steps); err != nil {
		return nil, usage("--dim: %w", err)
	}
	return out.of(g, row)
}
