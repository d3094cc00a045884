package forget

import (
	"context"
	"fmt"

	"dcganviz/model"
	"dcganviz/probe/kid"
	"dcganviz/probe/score"
)

// StudyOptions say what Study does.
type StudyOptions struct {
	// Methods to measure; none means Paper. The controls and the curve are of
	// the first one that drops units.
	Methods []Method
	// Layer of G; "" is the second-highest convolution.
	Layer string
	// Boxes tell where the concept is in samples of Seed; nil asks the scorer.
	Boxes map[int][]score.Box
	// Region limits every method to these boxes of the image; nil is all of it.
	Region []score.Box
	// Samples to measure on, and of them those of the curve. 0 means 500, 200.
	Samples, CurveSamples int
	// Seed decides everything that is drawn.
	Seed uint64
	// Progress, where not nil, is told what is being done, and how many of how
	// many parts of the study are.
	Progress func(what string, done, of int)
}

// A Report is all that a study measured.
type Report struct {
	Probe struct {
		Layer     string `json:"layer"`
		Height    int    `json:"height"`
		Width     int    `json:"width"`
		Units     int    `json:"units"`
		Positives int    `json:"positives"`
		Negatives int    `json:"negatives"`
		// AUC is that on samples that the probe was not fitted on.
		AUC score.Interval `json:"auc_heldout"`
		// Ranked are the units by falling weight, with Weights.
		Ranked  []int     `json:"ranked"`
		Weights []float64 `json:"weights"`
	} `json:"probe"`
	Dropped struct {
		Count int   `json:"count"`
		Of    int   `json:"of"`
		Units []int `json:"units"`
	} `json:"dropped"`
	Area struct {
		Before score.Interval `json:"before"`
		After  score.Interval `json:"after"`
	} `json:"area"`
	ScorerArea struct {
		Before score.Interval `json:"before"`
		After  score.Interval `json:"after"`
	} `json:"scorer_area"`
	OutsideRMSE score.Interval `json:"outside_rmse"`
	// Undropped is what D and the random net make of samples as they are.
	Undropped struct {
		Logit   score.Interval `json:"logit"`
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

// A MethodReport is the Outcome of a method.
type MethodReport struct {
	Name  Method `json:"name"`
	Layer string `json:"layer"`
	// Count is how many units are held, of Of; 0 for methods by location.
	Count int `json:"count"`
	Of    int `json:"of"`
	Outcome
}

// A Study is a concept in a layer, methods of forgetting it, and what they did.
type Study struct {
	Report        Report
	Baseline      *Baseline
	Concept       *Concept
	Interventions []*Intervention // by method, as in Report.Methods
}

// Study runs the experiment: fits the concept, measures every method on new
// samples, the first dropping one beside its controls and along its curve.
func (s *Subject) Study(ctx context.Context, opt StudyOptions) (*Study, error) {
	if len(opt.Methods) == 0 {
		opt.Methods = []Method{Paper}
	}
	parts := 3 + len(opt.Methods)
	say := func(what string, done int) {
		if opt.Progress != nil {
			opt.Progress(what, done, parts)
		}
	}
	say("fitting the probe", 0)
	c, err := s.Fit(ctx, FitOptions{Layer: opt.Layer, Seed: opt.Seed, Boxes: opt.Boxes, Region: opt.Region})
	if err != nil {
		return nil, err
	}
	st := &Study{Concept: c}
	say("drawing samples", 1)
	// Other samples than those that the probe was fitted on, and than those that
	// effects are measured on.
	if st.Baseline, err = s.Baseline(ctx, MeasureOptions{Samples: opt.Samples, Seed: opt.Seed + 10}); err != nil {
		return nil, err
	}
	for i, m := range opt.Methods {
		say("measuring "+m.String(), 2+i)
		v, err := c.Intervention(ctx, m, CausalOptions{Seed: opt.Seed + 20})
		if err != nil {
			return nil, err
		}
		o, err := st.Baseline.Measure(ctx, v)
		if err != nil {
			return nil, err
		}
		st.Interventions = append(st.Interventions, v)
		st.Report.Methods = append(st.Report.Methods, MethodReport{m, c.Layer, len(v.Units), v.Of, *o})
	}
	st.describe()
	say("controls and curve", parts-1)
	if units := st.dropped(); len(units) > 0 {
		b, r := st.Baseline, &st.Report
		if r.Random, err = b.Random(ctx, c, units, ControlOptions{Seed: opt.Seed}); err != nil {
			return nil, err
		}
		if r.EnergyMatched, err = b.EnergyMatched(ctx, c, units, ControlOptions{Seed: opt.Seed}); err != nil {
			return nil, err
		}
		if r.Curve, r.Halves, err = b.Curve(ctx, c, CurveOptions{Samples: opt.CurveSamples, Seed: opt.Seed}); err != nil {
			return nil, err
		}
	}
	say("done", parts)
	return st, nil
}

// dropped returns the units of the first method that holds some.
func (st *Study) dropped() []int {
	for _, v := range st.Interventions {
		if len(v.Units) > 0 {
			return v.Units
		}
	}
	return nil
}

func (st *Study) describe() {
	c, b, r := st.Concept, st.Baseline, &st.Report
	r.Probe.Layer, r.Probe.Height, r.Probe.Width, r.Probe.Units = c.Layer, c.Height, c.Width, c.Units
	r.Probe.Positives, r.Probe.Negatives, r.Probe.AUC = c.Positives, c.Negatives, c.AUC
	r.Probe.Ranked = c.Ranked()
	for _, u := range r.Probe.Ranked {
		r.Probe.Weights = append(r.Probe.Weights, c.Weights[u])
	}
	r.Dropped.Units, r.Dropped.Of = st.dropped(), c.Units
	r.Dropped.Count = len(r.Dropped.Units)
	first := r.Methods[0]
	r.Area.Before, r.Area.After = b.Area, first.Area
	r.ScorerArea.Before, r.ScorerArea.After = b.ScorerArea, first.ScorerArea
	r.OutsideRMSE = first.OutsideRMSE
	r.Undropped.Logit, r.Undropped.LogitLo, r.Undropped.LogitHi, r.Undropped.KID = b.Logit, b.LogitLo, b.LogitHi, b.KID
}

// Pictures draws the first n samples as they are and with an intervention:
// [n, Size, Size, Channels] each.
func (st *Study) Pictures(ctx context.Context, v *Intervention, n int) (before, after model.Tensor, err error) {
	b := st.Baseline
	if n > b.x.Len() {
		return before, after, fmt.Errorf("forget: %d pictures, want at most the %d that were drawn", n, b.x.Len())
	}
	before = b.x.Slice(0, n)
	after, err = b.part(n).Draw(ctx, v)
	return before, after, err
}
