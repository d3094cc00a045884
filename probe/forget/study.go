package forget

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/score"
)

// Options say what Study does.
type Options struct {
	// Settings: the seed decides everything that is drawn.
	probe.Settings
	// Methods to measure; none means Paper. The controls and the curve are of
	// the first one that drops units.
	Methods []Method
	// Running measures Paper by batch norm's running statistics, as other methods are. By
	// default it is by those of each batch of Subject.Batch samples, before and after the
	// drop, as the paper's authors ran their nets: what is left is then renormalised.
	Running bool
	// Sight is how FillSeen fills; the zero value is Seen's.
	Sight FillOptions
	// Draws of random units, of which MeasureOptions.Draws says more, and Probes that try
	// the paper's rule, each on samples of its own: one if there are Boxes. 0 means 200
	// and 5.
	Draws, Probes int
	// Layers of G to act on, at once; none means the second-highest convolution,
	// and for FillSeen, which asks no probe, the highest hidden one: the finer
	// its locations, the less goes beside the concept.
	Layers []string
	// Boxes tell where the concept is in samples of Seed; nil asks the scorer.
	Boxes map[int][]score.Box
	// Region limits every method to these boxes of the image; nil is all of it.
	Region []score.Box
	// Samples are how many to measure on; CurveSamples of them make the curve. 0
	// means 500 and 200.
	Samples, CurveSamples int
}

// A Result is a report, with the concept in each layer and the methods of
// forgetting it.
type Result struct {
	Report        Report
	Interventions []*Intervention // by method, as in Report.Methods

	arms  [len(statisticsNames)]*arm
	drawn []*arm // by method
}

// An arm is all that is measured by the same statistics of batch norm.
type arm struct {
	run      model.RunOptions
	baseline *Baseline
	concepts []*Concept // by layer
}

// Study runs the experiment: fits the concept in each layer, measures every
// method on new samples, the first dropping one beside its controls and along
// its curve. The Masks and Edits of run are not used.
func Study(ctx context.Context, s Subject, run model.RunOptions, opt Options) (*Result, error) {
	if len(opt.Methods) == 0 {
		opt.Methods = []Method{Paper}
	}
	parts := 2 + 2*len(opt.Methods)
	say := func(what string, done int) { opt.Say(what, done, parts) }
	st := &Result{}
	// These samples are other ones than the probe was fitted on, and other ones than
	// effects are measured on.
	st.Report.MeasuredSeed = opt.Seed + 10
	for i, m := range opt.Methods {
		say("fitting the probe and drawing samples", 2*i)
		by := Running
		if run.BatchStats || m == Paper && !opt.Running {
			by = Batch
		}
		a, err := st.arm(ctx, s, run, by, opt)
		if err != nil {
			return nil, err
		}
		say("measuring "+m.String(), 2*i+1)
		if err := st.measure(ctx, s, a, by, m, opt); err != nil {
			return nil, err
		}
	}
	st.describe()
	say("controls and curve", parts-2)
	if err := st.control(ctx, s, opt); err != nil {
		return nil, err
	}
	say("done", parts)
	return st, nil
}

// arm returns what is measured by those statistics, and prepares it the first time.
func (st *Result) arm(ctx context.Context, s Subject, run model.RunOptions, by Statistics, opt Options) (*arm, error) {
	if st.arms[by] != nil {
		return st.arms[by], nil
	}
	a := &arm{run: model.RunOptions{Pool: run.Pool, BatchStats: by == Batch}}
	layers := opt.Layers
	if len(layers) == 0 {
		layers = []string{""}
	}
	for _, layer := range layers {
		c, err := s.Fit(ctx, a.run, opt.fit(layer))
		if err != nil {
			return nil, err
		}
		a.concepts = append(a.concepts, c)
	}
	var err error
	a.baseline, err = s.Baseline(ctx, a.run, MeasureOptions{Samples: opt.Samples, Seed: st.Report.MeasuredSeed})
	st.arms[by] = a
	return a, err
}

// control measures the paper's rule by several probes, and the first method that drops
// units beside its controls and along its curve.
func (st *Result) control(ctx context.Context, s Subject, opt Options) (err error) {
	r := &st.Report
	at := st.dropping()
	if at < 0 {
		return nil
	}
	a, v := st.drawn[at], st.Interventions[at]
	sets := [][][]int{v.Units}
	if i := slices.Index(opt.Methods, Paper); i >= 0 {
		probes := cmp.Or(opt.Probes, 5)
		if opt.Boxes != nil {
			probes = 1
		}
		p := st.drawn[i]
		rule, units, err := p.baseline.rule(ctx, s, p.run, p.concepts, probes)
		if err != nil {
			return err
		}
		r.Rule = rule
		if i == at {
			sets = units
		}
	}
	if r.Controls, err = a.baseline.Controls(ctx, a.concepts, sets, MeasureOptions{Draws: opt.Draws, Seed: opt.Seed}); err != nil {
		return err
	}
	r.Curve, r.Halves, err = a.baseline.Curve(ctx, a.concepts, MeasureOptions{Samples: opt.CurveSamples, Seed: opt.Seed})
	return err
}

func (opt *Options) fit(layer string) FitOptions {
	return FitOptions{Layer: layer, Seed: opt.Seed, Boxes: opt.Boxes, Region: opt.Region}
}

// measure makes the interventions of a method in all layers and measures them
// together.
func (st *Result) measure(ctx context.Context, s Subject, a *arm, by Statistics, m Method, opt Options) error {
	var vs []*Intervention
	concepts := a.concepts
	if m == FillSeen && opt.Layers == nil {
		layers := s.G.Layers()
		fit := opt.fit(layers[len(layers)-2].Name)
		fit.Untested, fit.unprobed = true, true
		c, err := s.Fit(ctx, a.run, fit)
		if err != nil {
			return err
		}
		concepts = []*Concept{c}
	}
	for _, c := range concepts {
		v, err := opt.intervention(ctx, c, m)
		if err != nil {
			return err
		}
		vs = append(vs, v)
	}
	v, err := Together(vs...)
	if err != nil {
		return err
	}
	b := a.baseline
	r := MethodReport{Name: m, Layer: strings.Join(v.Layers, ","), Count: v.Count(), Of: v.Of, Statistics: by,
		Before: Before{b.Area, b.Score, b.Logit, b.KID}}
	var o *Outcome
	if v.filling != nil {
		o, r.Fill, err = b.MeasureFill(ctx, v)
	} else {
		o, err = b.Measure(ctx, v)
	}
	if err != nil {
		return err
	}
	r.Outcome = *o
	st.Interventions, st.drawn = append(st.Interventions, v), append(st.drawn, a)
	st.Report.Methods = append(st.Report.Methods, r)
	return nil
}

func (opt *Options) intervention(ctx context.Context, c *Concept, m Method) (*Intervention, error) {
	if m == FillSeen && opt.Sight != (FillOptions{}) {
		return c.Fill(opt.Sight)
	}
	return c.Intervention(ctx, m, MeasureOptions{Seed: opt.Seed + 20})
}

// dropping returns the number of the first method that holds units; -1 if none does.
func (st *Result) dropping() int {
	return slices.IndexFunc(st.Interventions, func(v *Intervention) bool { return v.Count() > 0 })
}

func (st *Result) describe() {
	b, r := st.drawn[0].baseline, &st.Report
	for _, c := range st.drawn[0].concepts {
		p := ProbeReport{Layer: c.Layer, Height: c.Height, Width: c.Width, Units: c.Units,
			Positives: c.Positives, Negatives: c.Negatives, AUC: c.AUC, Ranked: c.Ranked()}
		for _, u := range p.Ranked {
			p.Weights = append(p.Weights, c.Weights[u])
		}
		r.Probes = append(r.Probes, p)
		r.Dropped.Of += c.Units
	}
	r.Probe = r.Probes[0]
	if len(r.Probes) == 1 {
		r.Probes = nil
	}
	if at := st.dropping(); at >= 0 {
		v := st.Interventions[at]
		r.Dropped.Count, r.Dropped.Units = v.Count(), v.Units
	}
	first := r.Methods[0]
	r.Area, r.Score = Change{b.Area, first.Area}, Change{b.Score, first.Score}
	r.ScorerArea, r.ScorerScore = Change{b.ScorerArea, first.ScorerArea}, Change{b.ScorerScore, first.ScorerScore}
	r.OutsideRMSE = first.OutsideRMSE
	r.Undropped.Logit, r.Undropped.LogitLo, r.Undropped.LogitHi, r.Undropped.KID = b.Logit, b.LogitLo, b.LogitHi, b.KID
}

// Pictures draws the first n samples as they are and with the method of that number in
// Report.Methods: [n, Size, Size, Channels] each.
func (st *Result) Pictures(ctx context.Context, method, n int) (before, after model.Tensor, err error) {
	b := st.drawn[method].baseline
	if n > b.x.Len() {
		return before, after, fmt.Errorf("forget: %d pictures, want at most the %d that were drawn", n, b.x.Len())
	}
	after, err = b.part(b.subject.whole(n, b.x.Len())).Draw(ctx, st.Interventions[method])
	if err != nil {
		return before, after, err
	}
	return b.x.Slice(0, n), after.Slice(0, n), nil
}

// ControlPictures draws the first n samples with the controls of a filling: pixels filled,
// and filled elsewhere. Both are empty for a method without such controls.
func (st *Result) ControlPictures(ctx context.Context, method, n int) (pixels, elsewhere model.Tensor, err error) {
	if st.Report.Methods[method].Fill == nil {
		return pixels, elsewhere, nil
	}
	return st.drawn[method].baseline.controlPictures(ctx, st.Interventions[method].filling, n)
}
