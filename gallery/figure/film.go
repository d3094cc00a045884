package figure

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"dcganviz/model/zoo"
	"dcganviz/viz"
)

// Film shows what a model learnt in a few seconds: a walk, a sum of concepts if some come
// with the model, and a concept forgotten if scorers for it do.
type Film struct {
	Seed uint64 `group:"Output" default:"1" placeholder:"N" help:"Decides every random number (default: ${default})."`
	With string `group:"Scenes" placeholder:"NAME" complete:"embedded-models" help:"Add the walk of a second, embedded model, and its sum in place of the first one's."`
	ConceptOptions
	Formula string `group:"Concepts" placeholder:"SUM" complete:"formulas" help:"A - B + C = D, as for arithmetic: names of concepts, or sample numbers with commas between them (default: the first of the concept file)."`
	Steps   int    `group:"Scenes" default:"28" placeholder:"N" help:"Images of each walk (default: ${default})."`
	GIF     bool   `group:"Output" name:"gif" help:"Make a GIF, as --out NAME.gif does, instead of an animated PNG."`
	FPS     int    `group:"Output" name:"fps" default:"8" placeholder:"N" help:"Images a second (default: ${default})."`
}

// A FilmResult is what a film shows, with its numbers and their controls.
type FilmResult struct {
	Head
	// With and WithSHA256 are the second model; empty without one.
	With       string `json:"with,omitempty"`
	WithSHA256 string `json:"with_sha256,omitempty"`
	FPS        int    `json:"fps"`
	Frames     int    `json:"frames"`
	// Walks are the two that run side by side.
	Walks []FilmWalk `json:"walks"`
	// Sum is nil where no concepts come with a model, and Forgetting where no scorers do.
	Sum        *FilmSum        `json:"sum"`
	Forgetting *FilmForgetting `json:"forgetting"`

	gif    bool
	stills []*viz.Picture // one of each scene
	film   *Animation
}

const (
	// filmAnchors is how many random latents each walk goes through.
	filmAnchors = 4
	// filmConcept is what a film forgets.
	filmConcept = "window"
	// leastFilmSteps and mostFilmSteps bound a walk: at the most, its frames take 300 MB.
	leastFilmSteps, mostFilmSteps = filmAnchors, 240
)

// FileName is the name of the film's file where none is given.
func (c *Film) FileName() string {
	if c.GIF {
		return "film.gif"
	}
	return "film.apng"
}

// For makes a GIF where the name of the file asks for one.
func (c *Film) For(ending string) { c.GIF = c.GIF || ending == ".gif" }

// Endings are those that fit the form.
func (c *Film) Endings() (kind string, endings []string) {
	if c.GIF {
		return "a GIF", []string{".gif"}
	}
	return "an animated PNG", []string{".apng", ".png"}
}

// MoreFiles is the sheet of stills.
func (c *Film) MoreFiles() []string { return []string{sheetEnd} }

func (c *Film) moving() bool { return true }

// Check reports settings that make no sense, such as a second model that is not embedded.
func (c *Film) Check() error {
	switch {
	case c.Steps < leastFilmSteps || c.Steps > mostFilmSteps:
		return usage("--steps is %d, want %d to %d", c.Steps, leastFilmSteps, mostFilmSteps)
	case c.FPS < 1 || c.FPS > 60:
		return usage("--fps is %d, want 1 to 60", c.FPS)
	case c.With != "" && !slices.Contains(zoo.Names(), c.With):
		return usage("--with is %.60q, want one of %s", c.With, strings.Join(zoo.Names(), ", "))
	}
	return nil
}

// Make draws the scenes and measures them.
func (c *Film) Make(ctx context.Context, lab *Lab) (Result, error) {
	if c.With != "" && c.With == lab.Name {
		return nil, usage("--with %s is the model itself, want another one or none", c.With)
	}
	with, err := c.second(lab)
	if err != nil {
		return nil, err
	}
	r := &FilmResult{Head: lab.head("film", c.Seed), FPS: c.FPS, gif: c.GIF}
	labs := []*Lab{lab}
	if with != nil {
		labs = append(labs, with)
		r.With, r.WithSHA256 = with.Model.Title, with.Model.SHA256
	}
	if r.Walks, err = c.walks(ctx, lab, with); err != nil {
		return nil, err
	}
	if lab.run().BatchStats {
		lab.note("the film has walks alone: with --bn batch an image depends on those that it is drawn with")
		return r, r.draw()
	}
	if r.Sum, err = c.sum(ctx, labs); err != nil {
		return nil, err
	}
	if r.Forgetting, err = c.forgetting(ctx, labs); err != nil {
		return nil, err
	}
	return r, r.draw()
}

// second opens the second model; nil without one.
func (c *Film) second(lab *Lab) (*Lab, error) {
	if c.With == "" {
		return nil, nil
	}
	with, err := OpenLab(c.With, nil)
	if err != nil {
		return nil, err
	}
	with.Pool, with.Workers, with.Memory, with.MemoryBy = lab.Pool, lab.Workers, lab.Memory, lab.MemoryBy
	with.Progress, with.Note = lab.Progress, lab.Note
	return with, with.Settle()
}

// shownName is what a film calls a model.
func (l *Lab) shownName() string { return filepath.Base(l.Model.Title) }

// frames is how many frames last so many seconds.
func (r *FilmResult) frames(seconds float64) int {
	return max(1, int(math.Round(seconds*float64(r.FPS))))
}

// Seconds is how long the film lasts.
func (r *FilmResult) Seconds() float64 { return float64(r.Frames) / float64(max(r.FPS, 1)) }

// Film is the animation.
func (r *FilmResult) Film() *Animation { return r.film }
