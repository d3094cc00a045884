package represent

import (
	"context"
	"slices"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/svm"
)

// costs are the values of C that are tried. Rows of features have a square of about 1, see
// scale.
var costs = []float64{.01, .1, 1, 10, 100}

const (
	// decidingDraws is how many draws decide C at most.
	decidingDraws = 5
	// decidingTolerance ends a fit that only decides C earlier than others: labels of
	// classifiers hardly change in the last hundredth of the objective.
	decidingTolerance = 1e-2
)

// decide chooses C for features of the training pictures, in the split's order: the one
// that classifies best the pictures that decide; of equal ones the smallest.
func (s *study) decide(ctx context.Context, m *Measured, train model.Tensor) error {
	deciding := train.Slice(s.split.fit, train.Len())
	if deciding.Len() == 0 {
		m.C = 1
		return nil
	}
	want := s.split.labels[s.split.fit:]
	hits := make([]int, len(costs))
	draws := 1
	if s.opt.LabelsPerClass > 0 {
		draws = min(s.opt.Draws, decidingDraws)
	}
	for i := range draws {
		x, labels := train.Slice(0, s.split.fit), s.split.labels[:s.split.fit]
		if s.opt.LabelsPerClass > 0 {
			x, labels = s.drawn(train, i)
		}
		p, err := svm.New(ctx, x, labels, len(s.opt.Classes), s.run)
		if err != nil {
			return err
		}
		var last *svm.Machine
		for k, c := range costs {
			if last, err = p.Fit(ctx, svm.Options{C: c, Start: last, Tolerance: decidingTolerance}); err != nil {
				return err
			}
			m.Passes += last.Passes
			said, err := last.Classify(ctx, deciding, s.run)
			if err != nil {
				return err
			}
			for i, l := range said {
				if l == want[i] {
					hits[k]++
				}
			}
		}
	}
	best := slices.Index(hits, slices.Max(hits))
	m.C, m.AtEdge = costs[best], best == 0 || best == len(costs)-1
	return nil
}

// drawn returns the features and labels of draw i.
func (s *study) drawn(train model.Tensor, i int) (model.Tensor, []int) {
	places := s.split.draw(s.opt.LabelsPerClass, random.At(s.opt.Seed, random.RepresentDraws, i))
	labels := make([]int, len(places))
	for k, at := range places {
		labels[k] = s.split.labels[at]
	}
	return probe.Pick(train, places), labels
}

// measure fits machines to training features, in the split's order, and classifies the test
// pictures: draw by draw, those of draws that are variant modulo variants; without draws
// once, to all of them.
func (s *study) measure(ctx context.Context, m *Measured, train, test model.Tensor, variant, variants int) error {
	scale(train, test, s.run.Pool)
	m.Width = train.Shape[1]
	if m.C == 0 {
		if err := s.decide(ctx, m, train); err != nil {
			return err
		}
	}
	if m.right == nil {
		draws := variants
		if s.opt.LabelsPerClass > 0 {
			draws = s.opt.Draws
		}
		m.right, m.said, m.Draws = make([][]bool, draws), make([][]int, draws), make([]float64, draws)
	}
	if s.opt.LabelsPerClass == 0 {
		return s.fit(ctx, m, variant, train, s.split.labels, test)
	}
	for i := variant; i < s.opt.Draws; i += variants {
		x, labels := s.drawn(train, i)
		if err := s.fit(ctx, m, i, x, labels, test); err != nil {
			return err
		}
	}
	return nil
}

// fit fits the machine of a draw and counts what it says.
func (s *study) fit(ctx context.Context, m *Measured, draw int, x model.Tensor, labels []int, test model.Tensor) error {
	p, err := svm.New(ctx, x, labels, len(s.opt.Classes), s.run)
	if err != nil {
		return err
	}
	machine, err := p.Fit(ctx, svm.Options{C: m.C})
	if err != nil {
		return err
	}
	said, err := machine.Classify(ctx, test, s.run)
	if err != nil {
		return err
	}
	m.Passes += machine.Passes
	m.Excess = max(m.Excess, slices.Max(machine.Excess))
	right := make([]bool, len(said))
	hits := 0
	for i, l := range said {
		if right[i] = l == s.test.Labels[i]; right[i] {
			hits++
		}
	}
	m.right[draw], m.said[draw] = right, said
	m.Draws[draw] = float64(hits) / float64(len(said))
	return nil
}

// ofClass fills in the accuracy on each class.
func (m *Measured) ofClass(labels []int, classes int) {
	hits, counts := make([]float64, classes), make([]float64, classes)
	for _, right := range m.right {
		for i, ok := range right {
			counts[labels[i]]++
			if ok {
				hits[labels[i]]++
			}
		}
	}
	m.OfClass = hits
	for k := range hits {
		m.OfClass[k] /= max(1, counts[k])
	}
}
