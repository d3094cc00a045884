package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"dcganviz/internal/kernel"
	"dcganviz/model/zoo"
	"dcganviz/probe/forget"
	"dcganviz/probe/score"
	"dcganviz/viz"
)

// forgotten is what the commands answer.
type forgotten struct {
	Program string   `json:"program"`
	Version string   `json:"version"`
	Command string   `json:"command"`
	Image   string   `json:"image"`
	Model   string   `json:"model"`
	SHA256  string   `json:"sha256"`
	Concept string   `json:"concept"`
	Seed    uint64   `json:"seed"`
	Samples int      `json:"samples"`
	Boxes   string   `json:"boxes"`
	Region  []string `json:"region,omitempty"`
	Scorer  viewer   `json:"scorer"`
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
	opt := forget.StudyOptions{Layer: c.Layer, Samples: c.Samples, Seed: c.Seed}
	if opt.Methods, err = c.methods(); err != nil {
		return err
	}
	if opt.Region, err = c.region(); err != nil {
		return err
	}
	var files outputs
	defer files.finish(&err)
	out := files.addPicture(c.Out, command+".png", c.Force)
	numbers := files.add("out", strings.TrimSuffix(out, filepath.Ext(out))+".json", c.Force || c.Out == "")
	if err := files.check(); err != nil {
		return err
	}
	o, err := c.open(e)
	if err != nil {
		return err
	}
	pool := kernel.NewPool(c.Threads)
	defer pool.Close()
	answer := &forgotten{Program: "dcganviz", Version: version, Command: command, Image: filepath.Base(out), Model: o.title, SHA256: o.SHA256,
		Concept: concept, Seed: c.Seed, Samples: c.Samples, Boxes: "scorer", Region: c.Region}
	study, err := c.study(e, o, pool, answer, opt)
	if err != nil {
		return forgetError(err)
	}
	summary := answer.summary()
	picture, err := drawForgotten(e, study, answer, summary)
	if err != nil {
		return err
	}
	texts, err := answer.recipe(o, opt)
	if err != nil {
		return err
	}
	files.set(out, func(w io.Writer) error { return viz.EncodePNG(w, picture, texts) })
	files.set(numbers, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(answer)
	})
	if err := files.commit(); err != nil {
		return err
	}
	if c.JSON {
		return e.json(answer)
	}
	for _, line := range summary {
		e.printf("%s", line)
	}
	e.printf("%s", out)
	return nil
}

// study runs the experiment and fills in the answer.
func (c *forgetFlags) study(e *env, o *opened, pool *kernel.Pool, a *forgotten, opt forget.StudyOptions) (*forget.Study, error) {
	g, err := o.generator()
	if err != nil {
		return nil, err
	}
	if err := o.estimate(e, pool); err != nil {
		return nil, err
	}
	subject := &forget.Subject{G: g, D: o.D, Run: o.running(pool)}
	scorer, err := c.viewer(o, "scorer", c.Scorer, a.Concept, &a.Scorer)
	if err != nil {
		return nil, err
	}
	judge, err := c.viewer(o, "judge", c.Judge, a.Concept, &a.Judge)
	if err != nil {
		return nil, err
	}
	subject.Scorer, subject.Judge = scorer, judge
	if opt.Boxes, err = c.boxes(o, a.Concept, g.Config().Size); err != nil {
		return nil, err
	}
	if opt.Boxes != nil {
		a.Boxes = filepath.Base(c.Boxes)
	}
	shown := newCount(e.stderr, "parts", 0)
	defer shown.close()
	opt.Progress = shown.part
	study, err := subject.Study(e.ctx, opt)
	if err != nil {
		return nil, err
	}
	a.Report = study.Report
	return study, nil
}

// recipe is what redraws the picture.
func (a *forgotten) recipe(o *opened, opt forget.StudyOptions) ([]viz.Text, error) {
	r := recipe{Command: a.Command, Seed: a.Seed, Parameters: struct {
		Concept string          `json:"concept"`
		Methods []forget.Method `json:"methods"`
		Layer   string          `json:"layer,omitempty"`
		Region  []string        `json:"region,omitempty"`
		Samples int             `json:"samples"`
		Boxes   string          `json:"boxes"`
	}{a.Concept, opt.Methods, opt.Layer, a.Region, a.Samples, a.Boxes}}
	o.identify(&r)
	return r.texts()
}

// viewer opens the scorer or judge that a flag names, or the embedded one of
// the model and concept.
func (c *forgetFlags) viewer(o *opened, role, where, concept string, said *viewer) (*score.Scorer, error) {
	if where == "" {
		where = o.name + "-" + concept + "-" + role
		if !slices.Contains(zoo.Scorers(), where) {
			return nil, usageError("no %s of %q comes with %s: make one by dcganviz score fit, and name it by --%s", role, concept, o.title, role)
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
