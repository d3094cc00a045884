package represent

import (
	"cmp"
	"context"
	"slices"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/features"
)

// Options say how features are measured.
type Options struct {
	probe.Settings
	// Classes are the names of the classes that labels count.
	Classes []string
	// LabelsPerClass is how many pictures of each class a machine is fitted to, drawn anew
	// for each draw. 0: all of them, once.
	LabelsPerClass int
	// Draws is how many draws there are with LabelsPerClass. 0 means 10.
	Draws int
	// Centres is how many K-means has. 0: a quarter as many as D has features, 16 to 1,600.
	Centres int
	// Nets is how many random nets, and how many K-means from other starts, share the draws.
	// 0 means 3.
	Nets int
	// Keep puts D's features of all pictures into the report.
	Keep bool
}

// MinClasses is the fewest classes that can be told apart.
const MinClasses = 2

type study struct {
	d           *model.D
	train, test Pictures
	run         model.RunOptions // of all but d
	ofD         model.RunOptions
	opt         Options
	split       *split
	pixels      int
}

// Study fills the table for D on labelled pictures. run is how D is run; other nets take its
// Pool.
//
// A fifth of the training pictures of each class decides C. Fewer than two classes, a class
// of test pictures without training pictures, and more LabelsPerClass than the rarest class
// has beside those that decide, are probe.ErrInput, and so is a run by the statistics of a
// batch. It takes memory for the features of all pictures, twice.
func Study(ctx context.Context, d *model.D, train, test Pictures, run model.RunOptions, opt Options) (*Report, error) {
	s := &study{d: d, train: train, test: test, run: model.RunOptions{Pool: run.Pool}, ofD: run, opt: opt}
	s.opt.Draws, s.opt.Nets = cmp.Or(opt.Draws, 10), cmp.Or(opt.Nets, 3)
	if err := s.check(); err != nil {
		return nil, err
	}
	s.split = newSplit(train.Labels, len(opt.Classes), random.New(opt.Seed, random.RepresentSplit))
	if most := s.split.rarest(); opt.LabelsPerClass > most {
		return nil, probe.Input("represent: %d labels of each class, want at most %d: the rarest class has no more beside those that decide C", opt.LabelsPerClass, most)
	}
	h, w, c := d.Config().Dims()
	s.pixels = h * w * c
	r := &Report{Classes: opt.Classes, Train: len(train.Labels), Test: len(test.Labels), LabelsPerClass: opt.LabelsPerClass,
		Deciding: len(s.split.order) - s.split.fit, Chance: commonest(test.Labels, len(opt.Classes))}
	for _, fill := range []func(context.Context, *Report) error{s.trained, s.random, s.kmeans, s.raw} {
		if err := fill(ctx, r); err != nil {
			return nil, err
		}
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		row.ofClass(test.Labels, len(opt.Classes))
		if row.Equal != nil {
			row.Equal.ofClass(test.Labels, len(opt.Classes))
		}
	}
	s.intervals(r)
	r.Confusion = confusion(r.Row(Trained).said, test.Labels, len(opt.Classes))
	return r, nil
}

func (s *study) check() error {
	k := len(s.opt.Classes)
	if k < MinClasses {
		return probe.Input("represent: %d classes, want at least %d", k, MinClasses)
	}
	if len(s.test.Labels) == 0 {
		return probe.Input("represent: no test pictures")
	}
	if s.ofD.BatchStats {
		return probe.Input("represent: with the statistics of a batch a picture's features depend on the others: give D running statistics")
	}
	has := make([]bool, k)
	for _, l := range s.train.Labels {
		if l < 0 || l >= k {
			return probe.Input("represent: label %d, want 0 to %d", l, k-1)
		}
		has[l] = true
	}
	for _, l := range s.test.Labels {
		if l < 0 || l >= k {
			return probe.Input("represent: label %d of a test picture, want 0 to %d", l, k-1)
		}
		if !has[l] {
			return probe.Input("represent: class %.80q has test pictures and no training pictures", s.opt.Classes[l])
		}
	}
	for l, ok := range has {
		if !ok {
			return probe.Input("represent: class %.80q has no training pictures", s.opt.Classes[l])
		}
	}
	return nil
}

// both returns the features of the training pictures, in the split's order, and of the test
// pictures.
func (s *study) both(ctx context.Context, of func(model.Tensor) (model.Tensor, error)) (train, test model.Tensor, err error) {
	if train, err = extract(ctx, &s.train, s.split.order, of); err != nil {
		return train, test, err
	}
	test, err = extract(ctx, &s.test, probe.Numbers(0, len(s.test.Labels)), of)
	return train, test, err
}

// rows are what Say counts.
const rows = 4

// trained adds the rows of D and of its layers.
func (s *study) trained(ctx context.Context, r *Report) error {
	s.opt.Say("features of D", 0, rows)
	train, test, err := s.both(ctx, s.ofNet(ctx, s.d, s.ofD))
	if err != nil {
		return err
	}
	if s.opt.Keep {
		r.TrainFeatures, r.TestFeatures = model.NewTensor(train.Shape...), model.Tensor{Shape: test.Shape, Data: slices.Clone(test.Data)}
		for at, i := range s.split.order {
			copy(r.TrainFeatures.Row(i), train.Row(at))
		}
	}
	var layers []Row
	for _, l := range features.Spans(s.d) {
		row := Row{Kind: Layer, Layer: l.Layer, Features: l.To - l.From}
		if err := s.measure(ctx, &row.Measured, columnsOf(train, l.From, l.To), columnsOf(test, l.From, l.To), 0, 1); err != nil {
			return err
		}
		layers = append(layers, row)
	}
	row := Row{Kind: Trained, Features: train.Shape[1]}
	if err := s.fill(ctx, &row, train, test, 0, 1); err != nil {
		return err
	}
	r.Rows = append(append(r.Rows, row), layers...)
	return nil
}

// random adds the row of random nets.
func (s *study) random(ctx context.Context, r *Report) error {
	return s.seeded(ctx, r, Row{Kind: Random, Features: features.Width(s.d)}, "features of random nets", 1, func(seed uint64, some model.Tensor) (encode, error) {
		d, err := s.untrained(seed, some)
		if err != nil {
			return nil, err
		}
		return s.ofNet(ctx, d, s.run), nil
	})
}

// kmeans adds the row of K-means.
func (s *study) kmeans(ctx context.Context, r *Report) error {
	return s.seeded(ctx, r, Row{Kind: KMeans, Features: 4 * s.centres()}, "features of K-means", 2, func(seed uint64, some model.Tensor) (encode, error) {
		e, err := s.encoder(ctx, seed, some)
		return func(x model.Tensor) (model.Tensor, error) { return e.Encode(ctx, x, s.run) }, err
	})
}

// An encode returns the features of pictures.
type encode = func(x model.Tensor) (model.Tensor, error)

// seeded adds the row of features that depend on a seed: some variants of them, each made by
// fit from some of the training pictures.
func (s *study) seeded(ctx context.Context, r *Report, row Row, what string, done int, fit func(seed uint64, some model.Tensor) (encode, error)) error {
	some, err := s.some(ctx)
	if err != nil {
		return err
	}
	for i := range s.variants() {
		s.opt.Say(what, done, rows)
		f, err := fit(s.seedOf(i), some)
		if err != nil {
			return err
		}
		train, test, err := s.both(ctx, f)
		if err != nil {
			return err
		}
		if err := s.fill(ctx, &row, train, test, i, s.variants()); err != nil {
			return err
		}
	}
	r.Rows = append(r.Rows, row)
	return nil
}

// raw adds the row of pixels.
func (s *study) raw(ctx context.Context, r *Report) error {
	s.opt.Say("pixels", 3, rows)
	train, test, err := s.both(ctx, pixels)
	if err != nil {
		return err
	}
	row := Row{Kind: Pixels, Features: train.Shape[1]}
	if err := s.measure(ctx, &row.Measured, train, test, 0, 1); err != nil {
		return err
	}
	r.Rows = append(r.Rows, row)
	return nil
}

// variants is how many random nets share the draws.
func (s *study) variants() int {
	if s.opt.LabelsPerClass > 0 {
		return min(s.opt.Nets, s.opt.Draws)
	}
	return s.opt.Nets
}

// fill measures features, and their projection if they are more than there are pixels.
func (s *study) fill(ctx context.Context, row *Row, train, test model.Tensor, variant, variants int) error {
	if err := s.measure(ctx, &row.Measured, train, test, variant, variants); err != nil {
		return err
	}
	if train.Shape[1] <= s.pixels {
		return nil
	}
	if row.Equal == nil {
		row.Equal = new(Measured)
	}
	part := func(x model.Tensor) model.Tensor {
		return project(x, s.pixels, random.At(s.opt.Seed, random.RepresentProject, variant), s.run.Pool)
	}
	return s.measure(ctx, row.Equal, part(train), part(test), variant, variants)
}

// commonest is the share of the commonest label.
func commonest(labels []int, classes int) float64 {
	counts := make([]int, classes)
	for _, l := range labels {
		counts[l]++
	}
	return float64(slices.Max(counts)) / float64(len(labels))
}

// confusion counts what pictures of each class were taken for.
func confusion(said [][]int, labels []int, classes int) [][]int {
	out := make([][]int, classes)
	for i := range out {
		out[i] = make([]int, classes)
	}
	for _, run := range said {
		for i, l := range run {
			out[labels[i]][l]++
		}
	}
	return out
}
