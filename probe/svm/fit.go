package svm

import (
	"cmp"
	"context"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/stats"
)

// A Problem is labelled features to fit machines to.
type Problem struct {
	table   *table
	labels  []int
	classes int
	sketch  *sketch
}

// Options say which machine is fitted.
type Options struct {
	// C is how much errors cost. 0 means 1.
	C float64
	// Tolerance is how far above the smallest objective that of each class may be, as a
	// share of it. 0 means 1e-4. Rounding in float32 bounds what can be asked for; see
	// Machine.Excess.
	Tolerance float64
	// Start is where to start: the machine of another C, or nil for zeros.
	Start *Machine
}

// New returns the problem of features x, [N, D], that are of classes labels, each in
// [0, classes). x is kept and must not change. Beside x the problem takes 4 bytes for each
// of D times at most 256 numbers, and a fit about 40 for each of N+D times classes.
//
// Features that are not finite give model.ErrUnusable, and a label outside the classes
// probe.ErrInput. A class may lack examples: it is told from all others by its bias.
func New(ctx context.Context, x model.Tensor, labels []int, classes int, run model.RunOptions) (*Problem, error) {
	t, err := newTable(x, run.Pool)
	if err != nil {
		return nil, err
	}
	if len(labels) != t.n {
		return nil, probe.Input("svm: %d labels of %d rows", len(labels), t.n)
	}
	for i, l := range labels {
		if l < 0 || l >= classes {
			return nil, probe.Input("svm: label %d of row %d, want 0 to %d", l, i, classes-1)
		}
	}
	if !stats.Finite(t.pool.SumSquares(t.x)) {
		return nil, model.Unusable("svm: features that are not finite")
	}
	p := &Problem{table: t, labels: labels, classes: classes}
	p.sketch, err = newSketch(ctx, t)
	return p, err
}

// mostSteps ends a fit whose steps do not help any more; ten are usual.
const mostSteps = 60

// Fit returns the machine of the smallest objective.
func (p *Problem) Fit(ctx context.Context, opt Options) (*Machine, error) {
	c, tolerance := cmp.Or(opt.C, 1), cmp.Or(opt.Tolerance, 1e-4)
	if !(c > 0) || !stats.Finite(c) || !(tolerance > 0) {
		return nil, probe.Input("svm: C %g and tolerance %g, want more than 0", c, tolerance)
	}
	s := newSolver(p, c)
	if opt.Start != nil {
		if len(opt.Start.W) != len(s.w) {
			return nil, probe.Input("svm: a start of %d weights, want %d", len(opt.Start.W), len(s.w))
		}
		copy(s.w, opt.Start.W)
	}
	m := &Machine{Classes: p.classes, Features: p.table.d, W: s.w, Objective: s.objective, Excess: s.excess}
	for ; m.Steps < mostSteps; m.Steps++ {
		if err := s.evaluate(ctx); err != nil {
			return nil, err
		}
		if s.settle(tolerance) {
			break
		}
		if err := s.direction(ctx); err != nil {
			return nil, err
		}
		s.step()
	}
	for _, v := range s.objective {
		if !stats.Finite(v) {
			return nil, model.Unusable("svm: the objective overflows: features or C are too large")
		}
	}
	m.Passes = s.passes
	return m, nil
}
