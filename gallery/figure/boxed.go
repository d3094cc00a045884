package figure

import (
	"context"
	"fmt"
	"math"
	"slices"

	"dcganviz/model"
	"dcganviz/model/dataset"
	"dcganviz/probe/score"
)

// BoxedOptions are pictures with boxes, or with labels.
type BoxedOptions struct {
	Data    string `group:"Pictures" required:"" placeholder:"PHOTOS" help:"Folder, .zip or .tar(.gz) of pictures."`
	List    string `group:"Pictures" placeholder:"FILE" help:"Use only the pictures that this file names, one a line."`
	Boxes   string `group:"Pictures" placeholder:"FILE" xor:"marks" help:"CSV with the columns file,class,x0,y0,x1,y1, or JSON: a list of objects with these names. In pixels of each picture, from its upper left corner."`
	Labels  string `group:"Pictures" placeholder:"FILE" xor:"marks" help:"In place of --boxes: CSV with the column file and the column of --column, which says what each picture shows as a whole; empty means not known. Without both, a picture shows what its folder is called."`
	Column  string `group:"Pictures" placeholder:"NAME" default:"label" complete:"text" help:"Column of --labels (default: ${default})."`
	Sources string `group:"Pictures" placeholder:"FILE" help:"CSV with the columns file,source: the photograph that a picture was cut from. Pictures of one are kept together (default: each stands for itself)."`
}

// A BoxedSet is open pictures with their boxes. The caller closes it.
type BoxedSet struct {
	*dataset.Set
	score.Examples
}

// Open reads the pictures that a list names, at the size of the images scored, and
// where or whether they show a concept. An empty list names all. Its errors are
// the errors of dataset.Open, or probe.ErrInput.
func (f *BoxedOptions) Open(ctx context.Context, list, concept string, size, channels, workers int) (*BoxedSet, error) {
	// A picture that could not be decoded would be replaced by another, to
	// which its boxes do not belong.
	set, err := dataset.Open(f.Data, dataset.Options{Size: size, Channels: channels, List: list, Strict: true, Workers: workers})
	if err != nil {
		return nil, err
	}
	b := &BoxedSet{set, score.Examples{Source: set}}
	if f.Boxes != "" {
		err = b.place(ctx, f.Boxes, concept)
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
func (b *BoxedSet) place(ctx context.Context, file, concept string) error {
	boxes, err := dataset.ReadBoxes(file)
	if err != nil {
		return err
	}
	rects, err := b.Set.Place(ctx, boxes, concept)
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
func (b *BoxedSet) label(f *BoxedOptions, concept string) error {
	values := make([]string, b.Set.Len())
	classes := b.Set.Classes()
	switch {
	case f.Labels != "":
		var err error
		if values, err = b.Set.Sources(f.Labels, f.Column); err != nil {
			return err
		}
	case len(classes) == 0:
		return usage("%s has no folders that say what pictures show: give --boxes or --labels", f.Data)
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
	return usage("no picture shows %q; they show %.300q", concept, values[:min(len(values), 20)])
}

// group numbers the photographs.
func (b *BoxedSet) group(f *BoxedOptions) error {
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

// Measure says how well a scorer finds the concept in the pictures. seed decides
// the samples that intervals are made of.
func (b *BoxedSet) Measure(ctx context.Context, lab *Lab, s *score.Scorer, seed uint64) (*score.Report, error) {
	return score.Evaluate(ctx, s, b.Examples, model.RunOptions{Pool: lab.Pool}, lab.settings(seed))
}

// FitScorer fits a scorer of a kind on examples: of kind score.Features on the
// features of the lab's D.
func FitScorer(ctx context.Context, lab *Lab, kind score.Kind, examples score.Examples, opt score.Options) (*score.Scorer, error) {
	opt.Progress = func(p score.Step) {
		what := "steps"
		if p.Loss > 0 { // a logistic regression has none while it gathers
			what = fmt.Sprintf("loss %.4f", p.Loss)
		}
		lab.progress(what, p.Step, p.Steps)
	}
	if kind == score.Features {
		d, err := lab.Discriminator()
		if err != nil {
			return nil, err
		}
		return score.FitFeatures(ctx, examples, d, opt, lab.Pool)
	}
	return score.FitPixels(ctx, examples, opt, lab.Pool)
}
