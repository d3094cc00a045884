package main

import (
	"fmt"
	"path/filepath"
	"slices"

	"dcganviz/model"
	"dcganviz/model/zoo"
	"dcganviz/probe/forget"
	"dcganviz/probe/score"
)

// forgotten is what the commands answer.
type forgotten struct {
	heading
	Concept string   `json:"concept"`
	Samples int      `json:"samples"`
	Boxes   string   `json:"boxes"`
	Images  string   `json:"images,omitempty"`
	Region  []string `json:"region,omitempty"`
	Scorer  viewer   `json:"scorer"`
	Guide   *viewer  `json:"guide,omitempty"`
	Judge   viewer   `json:"judge"`
	forget.Report
}

// A viewer is what an answer says of a scorer.
type viewer struct {
	Name       string         `json:"name"`
	Kind       score.Kind     `json:"kind"`
	AUCHeldout score.Interval `json:"auc_heldout"`
	Half       string         `json:"half,omitempty"`
	Pictures   int            `json:"pictures,omitempty"`
}

func viewerOf(name string, s *score.Scorer) viewer {
	v := viewer{Name: filepath.Base(name), Kind: s.Info.Kind, Half: s.Info.Half, Pictures: s.Info.Pictures}
	if s.Info.Heldout != nil {
		v.AUCHeldout = s.Info.Heldout.AUC
	}
	return v
}

// run is both commands.
func (c *forgetFlags) run(e *env, command, concept string) (err error) {
	if err := c.check(); err != nil {
		return err
	}
	opt := forget.StudyOptions{Layers: c.Layer, Samples: c.Samples, Seed: c.Seed}
	if opt.Methods, err = c.methods(); err != nil {
		return err
	}
	if opt.Region, err = c.region(); err != nil {
		return err
	}
	return c.probe(e, command, func(p *probing) (*finding, error) {
		a := &forgotten{heading: p.heading, Concept: concept, Samples: c.Samples, Boxes: "scorer", Region: c.Region}
		study, err := c.study(p, a, opt)
		if err != nil {
			return nil, err
		}
		summary := a.summary()
		picture, err := drawForgotten(e, study, a, summary)
		return &finding{answer: a, summary: summary, picture: picture}, err
	})
}

// study runs the experiment and fills in the answer.
func (c *forgetFlags) study(p *probing, a *forgotten, opt forget.StudyOptions) (*forget.Study, error) {
	g, err := p.Generator()
	if err != nil {
		return nil, err
	}
	subject := &forget.Subject{G: g, D: p.D, Run: p.RunOptions(p.pool)}
	scorer, err := c.viewer(p.opened, "scorer", c.Scorer, a.Concept, &a.Scorer)
	if err != nil {
		return nil, err
	}
	judge, err := c.viewer(p.opened, "judge", c.Judge, a.Concept, &a.Judge)
	if err != nil {
		return nil, err
	}
	subject.Scorer, subject.Judge = scorer, judge
	subject.Guide = forget.Agreed(scorer)
	if c.Guide != "" || slices.Contains(zoo.Scorers(), p.name+"-"+a.Concept+"-guide") {
		a.Guide = new(viewer)
		guide, err := c.viewer(p.opened, "guide", c.Guide, a.Concept, a.Guide)
		if err != nil {
			return nil, err
		}
		subject.Guide = forget.Agreed(scorer, guide)
	}
	if opt.Boxes, err = c.boxes(p.opened, a.Concept, g.Config().Size); err != nil {
		return nil, err
	}
	if subject.Photographs, err = c.photographs(p, a); err != nil {
		return nil, err
	}
	if opt.Boxes != nil {
		a.Boxes = filepath.Base(c.Boxes)
	}
	shown := newCount(p.stderr, "parts", 0)
	defer shown.close()
	opt.Progress = shown.part
	study, err := subject.Study(p.ctx, opt)
	if err != nil {
		return nil, err
	}
	a.Report = study.Report
	return study, nil
}

// mostPhotographs is on how many the viewers are tried.
const mostPhotographs = 200

// photographs loads real pictures that show the concept, or all where no folder
// is named after it; none where none come with the model.
func (c *forgetFlags) photographs(p *probing, a *forgotten) (model.Tensor, error) {
	if _, ok := p.embeddedPhotos("heldout"); !ok && c.Images == "" {
		return model.Tensor{}, nil
	}
	all, err := c.photos(p.env, p.opened, "heldout", 2*mostPhotographs, c.Threads)
	if err != nil {
		return model.Tensor{}, err
	}
	var showing []int
	for i := range all.Len() {
		if !slices.Contains(all.classes, a.Concept) || all.classes[i] == a.Concept {
			showing = append(showing, i)
		}
	}
	n := min(len(showing), mostPhotographs)
	for i := range n {
		copy(all.Row(i), all.Row(showing[i*len(showing)/n])) // from further on, or its own
	}
	a.Images = all.title
	return all.Slice(0, n), nil
}

// viewer opens the scorer or judge that a flag names, or the embedded one of
// the model and concept.
func (c *forgetFlags) viewer(o *opened, role, where, concept string, said *viewer) (*score.Scorer, error) {
	if where == "" {
		where = o.name + "-" + concept + "-" + role
		if !slices.Contains(zoo.Scorers(), where) {
			return nil, usageError("no %s of %q comes with %s: make one by dcganviz score fit, and name it by --%s", role, concept, o.Title, role)
		}
	}
	s, err := openScorer(where)
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", role, err)
	}
	if s.Info.Concept != concept {
		return nil, usageError("--%s %s finds %q, want %q", role, where, s.Info.Concept, concept)
	}
	if err := s.Attach(o.D); err != nil {
		return nil, usageError("--%s %s: %w", role, where, err)
	}
	*said = viewerOf(where, s)
	return s, nil
}
