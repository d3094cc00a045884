package forget

import (
	"context"
	"fmt"
	"strings"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/kid"
	"dcganviz/probe/score"
	"dcganviz/probe/stats"
)

// Options say what Study does.
type Options struct {
	// Settings: the seed decides everything that is drawn.
	probe.Settings
	// Methods to measure; none means Paper. The controls and the curve are of
	// the first one that drops units.
	Methods []Method
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

// A Report is all that a study measured.
type Report struct {
	// Probe is the probe of the first layer. Probes are the probes of all layers; the
	// list is empty if there is one layer.
	Probe   ProbeReport   `json:"probe"`
	Probes  []ProbeReport `json:"probes,omitempty"`
	Dropped struct {
		Count int `json:"count"`
		Of    int `json:"of"`
		// Units by layer, in the order of the layers.
		Units [][]int `json:"units"`
	} `json:"dropped"`
	// MeasuredSeed is the seed of the samples that methods are measured on. The
	// probe was fitted on samples of another seed. Pictures shows the first of
	// those measured.
	MeasuredSeed uint64 `json:"measured_seed"`
	// What follows is the first method's. Area and Score are the judge's.
	Area        Change         `json:"area"`
	Score       Change         `json:"score"`
	ScorerArea  Change         `json:"scorer_area"`
	ScorerScore Change         `json:"scorer_score"`
	OutsideRMSE stats.Interval `json:"outside_rmse"`
	// Undropped is what D and the random net make of samples as they are: 95% of
	// the logits lie in LogitLo to LogitHi.
	Undropped struct {
		Logit   stats.Interval `json:"logit"`
		LogitLo float64        `json:"logit_lo"`
		LogitHi float64        `json:"logit_hi"`
		KID     kid.Distance   `json:"kid"`
	} `json:"undropped"`
	Random        Control        `json:"random"`
	EnergyMatched Control        `json:"energy_matched"`
	Curve         []CurvePoint   `json:"curve"`
	Halves        int            `json:"halves"`
	Methods       []MethodReport `json:"methods"`
}

// A ProbeReport is how a layer's probe was fitted, and does.
type ProbeReport struct {
	Layer     string `json:"layer"`
	Height    int    `json:"height"`
	Width     int    `json:"width"`
	Units     int    `json:"units"`
	Positives int    `json:"positives"`
	Negatives int    `json:"negatives"`
	// AUC is that on samples that the probe was not fitted on.
	AUC stats.Interval `json:"auc_heldout"`
	// Ranked are the units by falling weight, with Weights.
	Ranked  []int     `json:"ranked"`
	Weights []float64 `json:"weights"`
}

// A Change is a figure before an intervention and after it.
type Change struct {
	Before stats.Interval `json:"before"`
	After  stats.Interval `json:"after"`
}

// A MethodReport is the Outcome of a method.
type MethodReport struct {
	Name Method `json:"name"`
	// Layer is where; several have commas between them.
	Layer string `json:"layer"`
	// Count is how many units are held, of Of; 0 for methods by location.
	Count int `json:"count"`
	Of    int `json:"of"`
	Outcome
}

// A Result is a report, with the concept in each layer and the methods of
// forgetting it.
type Result struct {
	Report        Report
	Baseline      *Baseline
	Concepts      []*Concept      // by layer
	Interventions []*Intervention // by method, as in Report.Methods
}

// Study runs the experiment: fits the concept in each layer, measures every
// method on new samples, the first dropping one beside its controls and along
// its curve. The Masks and Edits of run are not used.
func Study(ctx context.Context, s Subject, run model.RunOptions, opt Options) (*Result, error) {
	if len(opt.Methods) == 0 {
		opt.Methods = []Method{Paper}
	}
	layers := opt.Layers
	if len(layers) == 0 {
		layers = []string{""}
	}
	parts := 3 + len(opt.Methods)
	say := func(what string, done int) { opt.Say(what, done, parts) }
	say("fitting the probe", 0)
	st := &Result{}
	for _, layer := range layers {
		c, err := s.Fit(ctx, run, opt.fit(layer))
		if err != nil {
			return nil, err
		}
		st.Concepts = append(st.Concepts, c)
	}
	say("drawing samples", 1)
	// These samples are other ones than the probe was fitted on, and other ones than
	// effects are measured on.
	var err error
	st.Report.MeasuredSeed = opt.Seed + 10
	if st.Baseline, err = s.Baseline(ctx, run, MeasureOptions{Samples: opt.Samples, Seed: st.Report.MeasuredSeed}); err != nil {
		return nil, err
	}
	for i, m := range opt.Methods {
		say("measuring "+m.String(), 2+i)
		if err := st.measure(ctx, s, run, m, opt); err != nil {
			return nil, err
		}
	}
	st.describe()
	say("controls and curve", parts-1)
	if v := st.dropping(); v != nil {
		b, r := st.Baseline, &st.Report
		if r.Random, err = b.Random(ctx, st.Concepts, v.Units, MeasureOptions{Seed: opt.Seed}); err != nil {
			return nil, err
		}
		if r.EnergyMatched, err = b.EnergyMatched(ctx, st.Concepts, v.Units, MeasureOptions{Seed: opt.Seed}); err != nil {
			return nil, err
		}
		if r.Curve, r.Halves, err = b.Curve(ctx, st.Concepts, MeasureOptions{Samples: opt.CurveSamples, Seed: opt.Seed}); err != nil {
			return nil, err
		}
	}
	say("done", parts)
	return st, nil
}

func (opt *Options) fit(layer string) FitOptions {
	return FitOptions{Layer: layer, Seed: opt.Seed, Boxes: opt.Boxes, Region: opt.Region}
}

// measure makes the interventions of a method in all layers and measures them
// together.
func (st *Result) measure(ctx context.Context, s Subject, run model.RunOptions, m Method, opt Options) error {
	var vs []*Intervention
	concepts := st.Concepts
	if m == FillSeen && opt.Layers == nil {
		layers := s.G.Layers()
		c, err := s.Fit(ctx, run, opt.fit(layers[len(layers)-2].Name))
		if err != nil {
			return err
		}
		concepts = []*Concept{c}
	}
	for _, c := range concepts {
		v, err := c.Intervention(ctx, m, MeasureOptions{Seed: opt.Seed + 20})
		if err != nil {
			return err
		}
		vs = append(vs, v)
	}
	v, err := Together(vs...)
	if err != nil {
		return err
	}
	o, err := st.Baseline.Measure(ctx, v)
	if err != nil {
		return err
	}
	st.Interventions = append(st.Interventions, v)
	st.Report.Methods = append(st.Report.Methods, MethodReport{m, strings.Join(v.Layers, ","), v.Count(), v.Of, *o})
	return nil
}

// dropping returns the first intervention that holds units; nil if none does.
func (st *Result) dropping() *Intervention {
	for _, v := range st.Interventions {
		if v.Count() > 0 {
			return v
		}
	}
	return nil
}

func (st *Result) describe() {
	b, r := st.Baseline, &st.Report
	for _, c := range st.Concepts {
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
	if v := st.dropping(); v != nil {
		r.Dropped.Count, r.Dropped.Units = v.Count(), v.Units
	}
	first := r.Methods[0]
	r.Area, r.Score = Change{b.Area, first.Area}, Change{b.Score, first.Score}
	r.ScorerArea, r.ScorerScore = Change{b.ScorerArea, first.ScorerArea}, Change{b.ScorerScore, first.ScorerScore}
	r.OutsideRMSE = first.OutsideRMSE
	r.Undropped.Logit, r.Undropped.LogitLo, r.Undropped.LogitHi, r.Undropped.KID = b.Logit, b.LogitLo, b.LogitHi, b.KID
}

// Pictures draws the first n samples as they are and with an intervention:
// [n, Size, Size, Channels] each.
func (st *Result) Pictures(ctx context.Context, v *Intervention, n int) (before, after model.Tensor, err error) {
	b := st.Baseline
	if n > b.x.Len() {
		return before, after, fmt.Errorf("forget: %d pictures, want at most the %d that were drawn", n, b.x.Len())
	}
	before = b.x.Slice(0, n)
	after, err = b.part(n).Draw(ctx, v)
	return before, after, err
}
