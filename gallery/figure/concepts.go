package figure

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

// ConceptOptions are where concepts come from.
type ConceptOptions struct {
	Concepts string `group:"Concepts" placeholder:"FILE" recipe:"input" complete:"concept-files" help:"Concept file, TOML: exemplars of concepts, samples by number, and scores that tell them (default: the embedded one of the model, such as ${concepts})."`
}

// A conceptSet is a concept file with a model whose samples it names.
type conceptSet struct {
	*concept.File
	name    string // of the file; empty where there is none
	folder  string // that scorers' files are in
	lab     *Lab
	given   uint64 // the seed of samples that are named by number
	scales  map[string]vector.Scale
	viewers map[string]Viewer
}

// open reads the concept file. Without one, formulas have sample numbers only.
func (f *ConceptOptions) open(l *Lab, seed uint64) (*conceptSet, error) {
	s := &conceptSet{File: new(concept.File), lab: l, given: seed, scales: map[string]vector.Scale{}, viewers: map[string]Viewer{}}
	where := ConceptsOf(f.Concepts, l.Name)
	if where == "" {
		return s, nil
	}
	var err error
	if s.File, err = ReadConcepts(where); err != nil {
		return nil, fmt.Errorf("--concepts: %w", err)
	}
	s.folder = filepath.Dir(where)
	s.name = filepath.Base(where)
	if s.Model != "" && s.Model != l.Model.SHA256 {
		return nil, usage("--concepts %s: it numbers samples of another model (%.12s), and this is %s (%.12s)", where, s.Model, l.Model.Title, l.Model.SHA256)
	}
	return s, nil
}

// ConceptsOf returns the concept file that was named, or else the model's own;
// nothing if it has none.
func ConceptsOf(named, model string) string {
	if named == "" && slices.Contains(zoo.ConceptFiles(), model) {
		return model
	}
	return named
}

// ReadConcepts reads an embedded concept file or one on disk.
func ReadConcepts(where string) (*concept.File, error) {
	if !slices.Contains(zoo.ConceptFiles(), where) {
		return concept.Read(where)
	}
	return zoo.Concepts(where)
}

// latents returns the latents of samples: of the file's seed where it names
// them, else of --seed.
func (s *conceptSet) latents(of concept.Samples) model.Tensor {
	return numbered(s.seed(of), of.Numbers, s.lab.Model.G)
}

func (s *conceptSet) seed(of concept.Samples) uint64 {
	if of.Named {
		return s.Seed
	}
	return s.given
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
	scorer, err := OpenScorer(where)
	if err != nil {
		return nil, fmt.Errorf("--concepts %s: score %q: %w", s.name, name, err)
	}
	if err := s.lab.attach(scorer, fmt.Sprintf("--concepts %s: score %q: %s", s.name, name, is.Scorer)); err != nil {
		return nil, err
	}
	s.viewers[name] = viewerOf(is.Scorer, scorer)
	run := s.lab.run()
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

// A Criterion is what an answer says of a score.
type Criterion struct {
	Score   string  `json:"score"`
	Least   float64 `json:"least"`
	Below   bool    `json:"below,omitempty"`
	Measure string  `json:"measure,omitempty"`
	Scorer  *Viewer `json:"scorer,omitempty"`
}

func (s *conceptSet) criterion(name string, below bool) Criterion {
	c := Criterion{Score: name, Least: *s.Scores[name].Least, Below: below, Measure: s.Scores[name].Measure}
	if v, ok := s.viewers[name]; ok {
		c.Scorer = &v
	}
	return c
}

// wanted returns what images of a concept are like, nil if nothing says so.
func (s *conceptSet) wanted(name string) (w vector.Wanted, said []Criterion, err error) {
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

// controlFirst is the number of the first sample of no concept, beyond those
// that one looks at.
const controlFirst = 1 << 20
