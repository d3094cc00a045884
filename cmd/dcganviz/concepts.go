package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"dcganviz/model"
	"dcganviz/model/zoo"
	"dcganviz/probe/concept"
	"dcganviz/probe/vector"
)

// conceptFlags are where concepts come from.
type conceptFlags struct {
	Concepts string `group:"Concepts" placeholder:"FILE" recipe:"input" help:"Concept file, TOML: exemplars of concepts, samples by number, and scores that tell them (default: the embedded one of the model, such as ${concepts})."`
}

// A conceptSet is a concept file with a model whose samples it names.
type conceptSet struct {
	*concept.File
	name   string // of the file; empty where there is none
	folder string // that scorers' files are in
	p      *probing
	scales map[string]vector.Scale
	seen   map[string]viewer
}

// open reads the concept file. Without one, formulas have sample numbers only.
func (f *conceptFlags) open(p *probing) (*conceptSet, error) {
	s := &conceptSet{File: new(concept.File), p: p, scales: map[string]vector.Scale{}, seen: map[string]viewer{}}
	where := conceptsOf(f.Concepts, p.name)
	if where == "" {
		return s, nil
	}
	var err error
	if s.File, err = readConcepts(where); err != nil {
		return nil, fmt.Errorf("--concepts: %w", err)
	}
	s.folder = filepath.Dir(where)
	s.name = filepath.Base(where)
	if s.Model != "" && s.Model != p.SHA256 {
		return nil, usageError("--concepts %s: its samples are those of another model, %.12s, not of %s, %.12s", where, s.Model, p.Title, p.SHA256)
	}
	return s, nil
}

// conceptsOf returns the concept file that was named, or else that of the model;
// nothing if it has none.
func conceptsOf(named, model string) string {
	if named == "" && slices.Contains(zoo.ConceptFiles(), model) {
		return model
	}
	return named
}

// readConcepts reads an embedded concept file or one on disk.
func readConcepts(where string) (*concept.File, error) {
	if !slices.Contains(zoo.ConceptFiles(), where) {
		return concept.Read(where)
	}
	text, err := zoo.Concepts(where)
	if err != nil {
		return nil, err
	}
	return concept.Parse(where, text)
}

// latents returns the latents of samples: of the file's seed where it names
// them, else of --seed.
func (s *conceptSet) latents(of concept.Samples) model.Tensor {
	cfg := s.p.G.Config()
	z := model.NewTensor(len(of.Numbers), cfg.LatentDim)
	for i, n := range of.Numbers {
		copy(z.Row(i), model.Latents(s.seed(of), n, 1, cfg).Data)
	}
	return z
}

func (s *conceptSet) seed(of concept.Samples) uint64 {
	if of.Named {
		return s.Seed
	}
	return s.p.heading.Seed
}

// scale returns the scale of one of the file's scores.
func (s *conceptSet) scale(name string) (vector.Scale, error) {
	if scale, ok := s.scales[name]; ok {
		return scale, nil
	}
	is := s.Scores[name]
	if is.Measure != "" { // brightness, the only one
		s.scales[name] = vector.Brightness
		return vector.Brightness, nil
	}
	where := is.Scorer
	if !slices.Contains(zoo.Scorers(), where) && !filepath.IsAbs(where) {
		where = filepath.Join(s.folder, where)
	}
	scorer, err := openScorer(where)
	if err != nil {
		return nil, fmt.Errorf("--concepts %s: score %q: %w", s.name, name, err)
	}
	if err := scorer.Attach(s.p.D); err != nil {
		return nil, usageError("--concepts %s: score %q: %w", s.name, name, err)
	}
	if cfg := s.p.G.Config(); scorer.Info.Size != cfg.Size || scorer.Info.Channels != cfg.Channels && scorer.Info.Channels != 1 {
		return nil, usageError("--concepts %s: score %q: %s is for images of %dx%d in %d channels, and %s draws %dx%d in %d",
			s.name, name, is.Scorer, scorer.Info.Size, scorer.Info.Size, scorer.Info.Channels, s.p.Title, cfg.Size, cfg.Size, cfg.Channels)
	}
	s.seen[name] = viewerOf(is.Scorer, scorer)
	run := s.p.RunOptions(s.p.pool)
	s.scales[name] = func(_ context.Context, images model.Tensor) ([]float64, error) {
		t, err := scorer.Scores(images, run)
		if err != nil {
			return nil, err
		}
		return rowMeans(t), nil
	}
	return s.scales[name], nil
}

// rowMeans returns the mean of each row of t, of a scorer's grid say.
func rowMeans(t model.Tensor) []float64 {
	out := make([]float64, t.Len())
	for i := range out {
		for _, v := range t.Row(i) {
			out[i] += float64(v)
		}
		out[i] /= float64(len(t.Row(i)))
	}
	return out
}

// A criterion is what an answer says of a score.
type criterion struct {
	Score   string  `json:"score"`
	Least   float64 `json:"least"`
	Below   bool    `json:"below,omitempty"`
	Measure string  `json:"measure,omitempty"`
	Scorer  *viewer `json:"scorer,omitempty"`
}

func (s *conceptSet) criterion(name string, below bool) criterion {
	c := criterion{Score: name, Least: *s.Scores[name].Least, Below: below, Measure: s.Scores[name].Measure}
	if v, ok := s.seen[name]; ok {
		c.Scorer = &v
	}
	return c
}

// wanted returns what images of a concept are like, nil if nothing says so.
func (s *conceptSet) wanted(name string) (w vector.Wanted, said []criterion, err error) {
	c := s.Concepts[name]
	for i, score := range slices.Concat(c.Shows, c.Lacks) {
		scale, err := s.scale(score)
		if err != nil {
			return nil, nil, err
		}
		below := i >= len(c.Shows)
		w = append(w, vector.Condition{Name: score, Scale: scale, Least: *s.Scores[score].Least, Below: below})
		said = append(said, s.criterion(score, below))
	}
	return w, said, nil
}

// realism is the scale of D's logit, nil without a D.
func (p *probing) realism() vector.Scale {
	if p.D == nil {
		return nil
	}
	return func(_ context.Context, images model.Tensor) ([]float64, error) {
		t, err := p.D.Logits(images, p.RunOptions(p.pool))
		if err != nil {
			return nil, err
		}
		out := make([]float64, t.Len())
		for i := range out {
			out[i] = float64(t.Data[i])
		}
		return out, nil
	}
}

// checkRunning refuses what this model's statistics do not allow.
func (p *probing) checkRunning() error {
	if _, err := p.Generator(); err != nil {
		return err
	}
	if p.RunOptions(p.pool).BatchStats {
		return usageError("--bn batch: an image would depend on those that it is drawn with, and there is nothing to compare")
	}
	return nil
}

// controlFirst is the number of the first sample of no concept, beyond those
// that one looks at.
const controlFirst = 1 << 20
