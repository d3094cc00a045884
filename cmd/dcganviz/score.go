package main

import (
	"slices"

	"dcganviz/internal/dataset"
	"dcganviz/internal/kernel"
	"dcganviz/probe/score"
)

// scoreCmd makes and measures scorers.
type scoreCmd struct {
	Fit  scoreFitCmd  `cmd:"" help:"Fit a scorer on pictures with boxes."`
	Eval scoreEvalCmd `cmd:"" help:"Measure a scorer on pictures with boxes."`
}

func (*scoreCmd) examples() []string {
	return append((*scoreFitCmd)(nil).examples(), (*scoreEvalCmd)(nil).examples()...)
}

// boxedFlags are pictures with boxes.
type boxedFlags struct {
	Data    string `group:"Pictures" required:"" placeholder:"PHOTOS" help:"Folder, .zip or .tar(.gz) of pictures."`
	List    string `group:"Pictures" placeholder:"FILE" help:"Use only the pictures that this file names, one a line."`
	Boxes   string `group:"Pictures" required:"" placeholder:"FILE" help:"CSV with the columns file,class,x0,y0,x1,y1, or JSON: a list of objects with these names. In pixels of each picture, from its upper left corner."`
	Sources string `group:"Pictures" placeholder:"FILE" help:"CSV with the columns file,source: the photograph that a picture was cut from. Pictures of one are kept together (default: each stands for itself)."`
}

// A boxed set is open pictures with their boxes. The caller closes it.
type boxedSet struct {
	*dataset.Set
	score.Examples
}

// open reads the pictures named by a list, at the size of the images scored,
// and the boxes of one class.
func (f *boxedFlags) open(e *env, list, concept string, size, channels, workers int) (*boxedSet, error) {
	boxes, err := dataset.ReadBoxes(f.Boxes)
	if err != nil {
		return nil, err
	}
	// A picture that could not be decoded would be replaced by another, to
	// which its boxes do not belong.
	set, err := dataset.Open(f.Data, dataset.Options{Size: size, Channels: channels, List: list, Strict: true, Workers: workers})
	if err != nil {
		return nil, err
	}
	b := &boxedSet{set, score.Examples{Source: set, Boxes: make([][]score.Box, set.Len())}}
	if err := b.place(e, f, boxes, concept); err != nil {
		set.Close()
		return nil, err
	}
	return b, nil
}

func (b *boxedSet) place(e *env, f *boxedFlags, boxes *dataset.Boxes, concept string) error {
	rects, err := b.Set.Place(e.ctx, boxes, concept)
	if err != nil {
		return err
	}
	for i := range rects {
		for _, r := range rects[i] {
			b.Examples.Boxes[i] = append(b.Examples.Boxes[i], score.Box(r))
		}
	}
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
func (b *boxedSet) measure(e *env, s *score.Scorer, seed uint64, pool *kernel.Pool) (score.Report, error) {
	c := newCount(e.stderr, "pictures scored", b.Set.Len())
	defer c.close()
	return score.Evaluate(e.ctx, s, b.Examples, seed, pool, c.reach)
}
