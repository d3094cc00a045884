package figure

import (
	"context"
	"fmt"
	"image"
	"slices"

	"dcganviz/model"
	"dcganviz/model/zoo"
	"dcganviz/probe/audit"
	"dcganviz/probe/concept"
	"dcganviz/probe/forget"
	"dcganviz/probe/stats"
	"dcganviz/probe/vector"
)

// A FilmWalk is one walk of a film.
type FilmWalk struct {
	Model string `json:"model"`
	// First is the first of the samples that the walk goes through, and back; Latents is
	// how many they are.
	First   int `json:"first"`
	Latents int `json:"latents"`
	Images  int `json:"images"`
	// Audit is the quick one of Walk; nil where that has none.
	Audit *audit.Report `json:"audit"`

	name  string
	tiles []image.Image
}

// walks draws two walks: of both models, or through other samples of the one.
func (c *Film) walks(ctx context.Context, lab, with *Lab) ([]FilmWalk, error) {
	of := []FilmWalk{{name: lab.shownName()}}
	labs := []*Lab{lab, with}
	if with != nil {
		of = append(of, FilmWalk{name: with.shownName()})
	} else {
		labs[1] = lab
		of = []FilmWalk{{name: "through samples 0 to 3"}, {First: filmAnchors, name: "through samples 4 to 7"}}
	}
	for i := range of {
		w := &Walk{Mode: "lerp", Anchors: filmAnchors, Steps: c.Steps, Loop: "closed", Audit: quickAudit, FPS: c.FPS,
			LatentOptions: LatentOptions{Seed: c.Seed, First: of[i].First}}
		r, err := w.Make(ctx, labs[i])
		if err != nil {
			return nil, err
		}
		walk := r.(*WalkResult)
		of[i].Model, of[i].Latents, of[i].Images = labs[i].Model.Title, filmAnchors, walk.Images
		of[i].Audit, of[i].tiles = walk.Audit, walk.tiles
	}
	return of, nil
}

// A FilmSum is the sum of a film.
type FilmSum struct {
	Model    string          `json:"model"`
	Concepts string          `json:"concepts,omitempty"`
	Formula  string          `json:"formula"`
	A        concept.Samples `json:"a"`
	B        concept.Samples `json:"b"`
	C        concept.Samples `json:"c"`
	// Drawn is how many exemplars of each concept are added: the first.
	Drawn  [3]int      `json:"drawn"`
	Reach  float64     `json:"reach"`
	Gives  string      `json:"gives,omitempty"`
	Wanted []Criterion `json:"wanted"`
	// Result is of the sum and of eight latents around it, Pixels of the same sum of
	// pixels, Samples of random samples.
	Result  Outcome `json:"result"`
	Pixels  Outcome `json:"pixels"`
	Samples Outcome `json:"random_samples"`

	// rows are A, B, C and the result, made of latents and made of pixels.
	rows [2][]image.Image
}

// filmSamples is how many random samples a sum is compared with.
const filmSamples = 200

// sum draws the sum of the last model that concepts come with, or that a formula is given
// for; nil without any.
func (c *Film) sum(ctx context.Context, labs []*Lab) (*FilmSum, error) {
	at := len(labs) - 1
	if c.Concepts == "" && c.Formula == "" {
		for at >= 0 && ConceptsOf("", labs[at].Name) == "" {
			at--
		}
	}
	if at < 0 {
		return nil, nil
	}
	lab := labs[at]
	set, err := c.open(lab, c.Seed)
	if err != nil {
		return nil, err
	}
	f, err := (&Arithmetic{Formula: c.Formula}).formula(set)
	if err != nil {
		return nil, err
	}
	wanted, said, err := set.wanted(f.Gives)
	if err != nil {
		return nil, err
	}
	g := lab.Model.G
	subject := &vector.Subject{G: g, Wanted: wanted, Pools: vector.Exemplars{A: set.latents(f.A), B: set.latents(f.B), C: set.latents(f.C)}}
	a := &ArithmeticResult{Head: Head{Seed: c.Seed}, Reach: vector.ReachOf(g.Config())}
	lab.progress("adding concepts", 0, 1)
	drawn, err := drawSum(subject, lab.run(), f, "", a)
	if err != nil {
		return nil, err
	}
	r := &FilmSum{Model: lab.Model.Title, Concepts: set.name, Formula: f.String(), A: f.A, B: f.B, C: f.C, Drawn: a.Drawn, Reach: a.Reach, Gives: f.Gives, Wanted: said}
	samples, err := lab.images(ctx, g, g.Latents(c.Seed, controlFirst, filmSamples))
	if err != nil {
		return nil, err
	}
	for _, o := range []struct {
		to *Outcome
		of model.Tensor
	}{{&r.Result, drawn.result}, {&r.Pixels, drawn.pixels}, {&r.Samples, samples}} {
		if *o.to, _, err = outcomeOf(ctx, subject, o.of); err != nil {
			return nil, err
		}
	}
	r.rows, err = rowsOfSum(drawn)
	return r, err
}

// rowsOfSum are the tiles of A, B, C and the result: what G draws of the means of latents
// and of their sum, and the means and the sum of pixels.
func rowsOfSum(d *calculation) (rows [2][]image.Image, err error) {
	flat := model.NewTensor(d.means.Shape...)
	for i, of := range d.terms {
		copy(flat.Row(i), vector.Mean(of))
	}
	for i, parts := range [2][2]model.Tensor{{d.means, d.result.Slice(0, 1)}, {flat, d.pixels}} {
		for _, x := range parts {
			tiles, err := pictures(x)
			if err != nil {
				return rows, err
			}
			rows[i] = append(rows[i], tiles...)
		}
	}
	return rows, nil
}

// A FilmForgetting is a concept that samples of a film lose.
type FilmForgetting struct {
	Model   string `json:"model"`
	Concept string `json:"concept"`
	// Layer is whose activations are filled where the guides see the concept.
	Layer  string   `json:"layer"`
	Guides []Viewer `json:"guides"`
	Judge  Viewer   `json:"judge"`
	// Samples is how many were measured, the first ones of Seed; a film shows the first
	// of them.
	Samples int    `json:"samples"`
	Seed    uint64 `json:"seed"`
	// Area is the share of the images that the judge takes for the concept.
	Area   stats.Interval `json:"area"`
	Filled FilmFilled     `json:"filled"`
	// PixelFill and Elsewhere are the controls: the same surface over pixels, and
	// activations filled where the next sample has the concept.
	PixelFill FilmFilled `json:"pixel_fill"`
	Elsewhere FilmFilled `json:"elsewhere"`

	// fade are the samples as drawn, with activations filled in parts, and filled.
	fade [][]image.Image
}

// A FilmFilled is what a filling removes, by the judge, and what it changes elsewhere.
type FilmFilled struct {
	Removed     stats.Interval `json:"removed"`
	OutsideRMSE stats.Interval `json:"outside_rmse"`
}

const (
	filmForgotten = 4  // samples shown
	filmFitted    = 30 // samples that the mean of what is no concept is taken from
	filmMeasured  = 60
	filmFadeSteps = 5
)

// forgetting fills the concept in samples of the first model that viewers of it come with;
// nil without any.
func (c *Film) forgetting(ctx context.Context, labs []*Lab) (*FilmForgetting, error) {
	at := slices.IndexFunc(labs, func(l *Lab) bool {
		name := l.Name + "-" + filmConcept
		return slices.Contains(zoo.Scorers(), name+"-scorer") && slices.Contains(zoo.Scorers(), name+"-judge")
	})
	if at < 0 {
		return nil, nil
	}
	lab := labs[at]
	lab.progress("looking for "+filmConcept+"s", 0, 2)
	said := &ForgetResult{Concept: filmConcept}
	subject, err := new(ForgetOptions).subject(lab, said)
	if err != nil {
		return nil, err
	}
	layers := subject.G.Layers()
	found, err := subject.Fit(ctx, lab.run(), forget.FitOptions{Layer: layers[len(layers)-2].Name, Samples: filmFitted, Seed: c.Seed, Untested: true})
	if err != nil {
		return nil, err
	}
	v, err := found.Fill(forget.Seen())
	if err != nil {
		return nil, err
	}
	r := &FilmForgetting{Model: lab.Model.Title, Concept: filmConcept, Layer: found.Layer, Guides: []Viewer{said.Scorer}, Judge: said.Judge, Samples: filmMeasured, Seed: c.Seed + measuredSeed}
	if said.Guide != nil {
		r.Guides = append(r.Guides, *said.Guide)
	}
	lab.progress("filling them", 1, 2)
	if err := r.measure(ctx, lab, *subject, v); err != nil {
		return nil, err
	}
	return r, r.fadeOut(ctx, lab, v)
}

// measuredSeed is how far the seed of the measured samples lies from the figure's, as in
// forget.Study.
const measuredSeed = 10

// measure asks the judge alone, which is all that a film says.
func (r *FilmForgetting) measure(ctx context.Context, lab *Lab, s forget.Subject, v *forget.Intervention) error {
	s.D, s.Scorer, s.Second = nil, nil, nil
	b, err := s.Baseline(ctx, lab.run(), forget.MeasureOptions{Samples: r.Samples, Seed: r.Seed})
	if err != nil {
		return err
	}
	filled, controls, err := b.MeasureFill(ctx, v)
	if err != nil {
		return err
	}
	r.Area = b.Area
	for _, o := range []struct {
		to *FilmFilled
		of *forget.Outcome
	}{{&r.Filled, filled}, {&r.PixelFill, controls.PixelFill}, {&r.Elsewhere, controls.Elsewhere}} {
		*o.to = FilmFilled{o.of.Removed, o.of.OutsideRMSE}
	}
	return nil
}

// fadeOut draws the first samples while their activations are filled.
func (r *FilmForgetting) fadeOut(ctx context.Context, lab *Lab, v *forget.Intervention) error {
	z := lab.Model.G.Latents(r.Seed, 0, filmForgotten)
	before, err := lab.images(ctx, lab.Model.G, z)
	if err != nil {
		return err
	}
	for i := range filmFadeSteps + 1 {
		x := before
		if i > 0 {
			if x, err = v.Partly(float64(i)/filmFadeSteps).Draw(ctx, z, before); err != nil {
				return fmt.Errorf("forgetting: %w", err)
			}
		}
		tiles, err := pictures(x)
		if err != nil {
			return err
		}
		r.fade = append(r.fade, tiles)
	}
	return nil
}
