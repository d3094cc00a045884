package main

import (
	"math"
	"slices"

	"dcganviz/model"
	"dcganviz/model/dataset"
	"dcganviz/probe"
	"dcganviz/probe/score"
)

// scoreCmd makes and measures scorers, and measures models.
type scoreCmd struct {
	Fit  scoreFitCmd  `cmd:"" help:"Fit a scorer on pictures with boxes."`
	Eval scoreEvalCmd `cmd:"" help:"Measure a scorer on pictures with boxes."`
	Kid  scoreKIDCmd  `cmd:"" help:"Measure how near a model's samples come to real pictures (KID, precision, recall)."`
}

func (*scoreCmd) examples() []string {
	return slices.Concat((*scoreFitCmd)(nil).examples(), (*scoreEvalCmd)(nil).examples(), (*scoreKIDCmd)(nil).examples())
}

// boxedFlags are pictures with boxes.
type boxedFlags struct {
	Data    string `group:"Pictures" required:"" placeholder:"PHOTOS" help:"Folder, .zip or .tar(.gz) of pictures."`
	List    string `group:"Pictures" placeholder:"FILE" help:"Use only the pictures that this file names, one a line."`
	Boxes   string `group:"Pictures" placeholder:"FILE" xor:"marks" help:"CSV with the columns file,class,x0,y0,x1,y1, or JSON: a list of objects with these names. In pixels of each picture, from its upper left corner."`
	Labels  string `group:"Pictures" placeholder:"FILE" xor:"marks" help:"In place of --boxes, CSV with the column file and that of --column: what each picture shows as a whole; an empty value is not known. Without both, folders are what their pictures show."`
	Column  string `group:"Pictures" placeholder:"NAME" default:"label" help:"Column of --labels (default: ${default})."`
	Sources string `group:"Pictures" placeholder:"FILE" help:"CSV with the columns file,source: the photograph that a picture was cut from. Pictures of one are kept together (default: each stands for itself)."`
}

// A boxed set is open pictures with their boxes. The caller closes it.
type boxedSet struct {
	*dataset.Set
	score.Examples
}

// open reads the pictures named by a list, at the size of the images scored,
// and where or whether they show a concept.
func (f *boxedFlags) open(e *env, list, concept string, size, channels, workers int) (*boxedSet, error) {
	// A picture that could not be decoded would be replaced by another, to
	// which its boxes do not belong.
	set, err := dataset.Open(f.Data, dataset.Options{Size: size, Channels: channels, List: list, Strict: true, Workers: workers})
	if err != nil {
		return nil, err
	}
	b := &boxedSet{set, score.Examples{Source: set}}
	if f.Boxes != "" {
		err = b.place(e, f.Boxes, concept)
	} else {
		err = b.label(f, concept)
	}
	if err == nil {
		err = b.group(f)
	}
	if err != nil {
		set.Close()
		return nil, err
	}
	return b, nil
}

// place reads boxes.
func (b *boxedSet) place(e *env, file, concept string) error {
	boxes, err := dataset.ReadBoxes(file)
	if err != nil {
		return err
	}
	rects, err := b.Set.Place(e.ctx, boxes, concept)
	if err != nil {
		return err
	}
	b.Boxes = make([][]score.Box, len(rects))
	for i := range rects {
		for _, r := range rects[i] {
			b.Boxes[i] = append(b.Boxes[i], score.Box(r))
		}
	}
	return nil
}

// label reads what pictures show as a whole, from a table or from the names of
// their folders.
func (b *boxedSet) label(f *boxedFlags, concept string) error {
	values := make([]string, b.Set.Len())
	classes := b.Set.Classes()
	switch {
	case f.Labels != "":
		var err error
		if values, err = b.Set.Sources(f.Labels, f.Column); err != nil {
			return err
		}
	case len(classes) == 0:
		return usageError("%s has no folders that say what pictures show: give --boxes or --labels", f.Data)
	default:
		for i := range values {
			values[i] = classes[b.Set.Label(i)]
		}
	}
	b.Labels = make([]float32, len(values))
	for i, v := range values {
		switch v {
		case concept:
			b.Labels[i] = 1
		case "":
			b.Labels[i] = float32(math.NaN())
		}
	}
	if slices.Contains(values, concept) {
		return nil
	}
	slices.Sort(values)
	values = slices.Compact(values)
	return usageError("no picture shows %q; they show %.300q", concept, values[:min(len(values), 20)])
}

// group numbers the photographs.
func (b *boxedSet) group(f *boxedFlags) error {
	if f.Sources == "" {
		return nil
	}
	sources, err := b.Set.Sources(f.Sources, "source")
	if err != nil {
		return err
	}
	// Groups are numbered by the sorted names, so that halves do not depend on
	// the order of the pictures.
	distinct := slices.Clone(sources)
	slices.Sort(distinct)
	distinct = slices.Compact(distinct)
	b.Group = make([]int, len(sources))
	for i, s := range sources {
		b.Group[i], _ = slices.BinarySearch(distinct, s)
	}
	return nil
}

// measure evaluates a scorer.
func (b *boxedSet) measure(e *env, s *score.Scorer, seed uint64, pool *model.Pool) (*score.Report, error) {
	c := newCount(e.stderr, "pictures scored", b.Set.Len())
	defer c.close()
	return score.Evaluate(e.ctx, s, b.Examples, model.RunOptions{Pool: pool}, score.EvaluateOptions{Settings: probe.Settings{
		Seed: seed, Progress: func(_ string, done, _ int) { c.reach(done) }}})
}
