package figure

import (
	"context"
	"image"
	"path/filepath"
	"slices"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/probe/forget"
)

// A ForgetResult is what Forget and ForgetWindows found.
type ForgetResult struct {
	Head
	Concept string   `json:"concept"`
	Samples int      `json:"samples"`
	Boxes   string   `json:"boxes"`
	Images  string   `json:"images,omitempty"`
	Region  []string `json:"region,omitempty"`
	Scorer  Viewer   `json:"scorer"`
	Guide   *Viewer  `json:"guide,omitempty"`
	Judge   Viewer   `json:"judge"`
	forget.Report

	rows [][]image.Image // of the first samples, as rowsOf has them
}

// make is both experiments.
func (c *ForgetOptions) make(ctx context.Context, lab *Lab, command, concept string) (Result, error) {
	opt := forget.Options{Layers: c.Layer, Samples: c.Samples, Draws: c.Draws, Probes: c.Probes, Running: c.running(lab), Settings: lab.settings(c.Seed)}
	opt.Sight = forget.Seen()
	opt.Sight.Threshold, opt.Sight.Rounds = c.FillThreshold, c.FillRounds
	var err error
	if opt.Methods, err = c.methods(); err != nil {
		return nil, err
	}
	if opt.Region, err = c.region(); err != nil {
		return nil, err
	}
	r := &ForgetResult{Head: lab.head(command, c.Seed), Concept: concept, Samples: c.Samples, Boxes: "scorer", Region: c.Region}
	study, err := c.study(ctx, lab, r, opt)
	if err != nil {
		return nil, err
	}
	r.Report = study.Report
	r.rows, err = forgottenRows(ctx, study, rowsOf(r))
	return r, err
}

// running reports whether the method paper is measured by running statistics.
func (c *ForgetOptions) running(lab *Lab) bool {
	if lab.source.BN != nil {
		return *lab.source.BN == checkpoint.RunningStats
	}
	return c.PaperBN == runningBN
}

const runningBN = "running"

// olderBatch is how many samples --bn batch normalised together before there was
// --paper-bn.
const olderBatch = 50

// study runs the experiment and fills in the answer.
func (c *ForgetOptions) study(ctx context.Context, lab *Lab, a *ForgetResult, opt forget.Options) (*forget.Result, error) {
	g, err := lab.Generator()
	if err != nil {
		return nil, err
	}
	if err := opt.Check(g); err != nil {
		return nil, err
	}
	if opt.Boxes, err = c.boxes(lab, a.Concept, g.Config().Size); err != nil {
		return nil, err
	}
	subject, err := c.subject(lab, a)
	if err != nil {
		return nil, err
	}
	if subject.Photographs, err = c.photographs(ctx, lab, a); err != nil {
		return nil, err
	}
	if opt.Boxes != nil {
		a.Boxes = filepath.Base(c.Boxes)
	}
	return forget.Study(ctx, *subject, lab.run(), opt)
}

// subject is G and its viewers, which the answer names.
func (c *ForgetOptions) subject(lab *Lab, a *ForgetResult) (*forget.Subject, error) {
	g, err := lab.Generator()
	if err != nil {
		return nil, err
	}
	s := &forget.Subject{G: g, D: lab.Model.D}
	if c.PaperBN == runningBN {
		s.Batch = olderBatch
	}
	if err := c.view(lab, a, s); err != nil {
		return nil, err
	}
	return s, nil
}

// mostPhotographs is on how many the viewers are tried.
const mostPhotographs = 200

// photographs loads real pictures that show the concept, or all where no folder
// is named after it; none where none come with the model.
func (c *ForgetOptions) photographs(ctx context.Context, lab *Lab, a *ForgetResult) (model.Tensor, error) {
	if _, ok := lab.embedded("heldout"); !ok && c.Images == "" {
		return model.Tensor{}, nil
	}
	all, err := lab.photos(ctx, c.PhotoOptions, "heldout", 2*mostPhotographs)
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
