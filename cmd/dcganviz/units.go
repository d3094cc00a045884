package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"dcganviz/model/zoo"
	"dcganviz/probe/score"
	"dcganviz/probe/units"
)

// unitsCmd shows what each unit of a layer of G draws.
type unitsCmd struct {
	probeFlags
	Layer    string  `group:"Units" placeholder:"NAME" help:"Layer of G (default: the second-highest convolution)."`
	Unit     *int    `group:"Units" placeholder:"N" help:"Draw a card of this unit alone, counted from 0, in place of the sheet of all."`
	Hold     string  `group:"Units" default:"zero" placeholder:"zero|mean" help:"What a unit is held at, to see what changes (default: ${default})."`
	Quantile float64 `group:"Units" default:"0.05" placeholder:"Q" help:"A unit's area is where it exceeds all but this share of its activations (default: ${default})."`
	Sort     string  `group:"Units" default:"effect" placeholder:"effect|area|concept|unit" help:"Order of the sheet: by falling effect, area or overlap with the concept, or by number (default: ${default})."`
	Top      int     `group:"Units" placeholder:"N" help:"How many of the samples to show that drive a unit most (default: 4, on a card 10)."`
	Samples  int     `group:"Units" default:"200" placeholder:"N" help:"How many samples to look at (default: ${default})."`
	Held     int     `group:"Units" placeholder:"N" help:"In how many of them to hold each unit alone (default: as many as a few seconds take)."`
	Scorer   string  `group:"Units" placeholder:"FILE" recipe:"input" help:"Whose concept to compare areas with: an embedded scorer or a file of dcganviz score fit (default: the one that comes with the model, if any)."`
}

func (*unitsCmd) examples() []string {
	return []string{
		"dcganviz units",
		"dcganviz units --layer up1 --hold mean --sort area --out up1.png",
		"dcganviz units --unit 34 --top 8 --json",
	}
}

const (
	mostUnitSamples = 10000
	mostTop         = 32
	sheetTop        = 4
	cardTop         = 10
)

var unitOrders = []string{"effect", "area", "concept", "unit"}

// options checks the flags before anything is read.
func (c *unitsCmd) options(e *env) (units.Options, error) {
	hold, err := units.ParseHold(c.Hold)
	switch {
	case err != nil:
		return units.Options{}, usageError("--hold: %w", err)
	case !slices.Contains(unitOrders, c.Sort):
		return units.Options{}, usageError("--sort %.40q, want one of %s", c.Sort, strings.Join(unitOrders, ", "))
	case c.Samples < 2 || c.Samples > mostUnitSamples:
		return units.Options{}, usageError("--samples is %d, want 2 to %d", c.Samples, mostUnitSamples)
	case e.given["held"] && (c.Held < 2 || c.Held > c.Samples):
		return units.Options{}, usageError("--held is %d, want 2 to the %d of --samples", c.Held, c.Samples)
	case e.given["top"] && (c.Top < 1 || c.Top > mostTop):
		return units.Options{}, usageError("--top is %d, want 1 to %d", c.Top, mostTop)
	case !(c.Quantile > 0 && c.Quantile < 1):
		return units.Options{}, usageError("--quantile is %v, want above 0 and below 1", c.Quantile)
	}
	opt := units.Options{Layer: c.Layer, Samples: c.Samples, HeldSamples: c.Held, Seed: c.Seed, Hold: hold, Quantile: c.Quantile, Top: c.Top}
	if c.Unit != nil {
		if err := e.exclude("--unit draws one unit", "sort"); err != nil {
			return opt, err
		}
		opt.Units = []int{*c.Unit}
	}
	if opt.Top == 0 {
		opt.Top = sheetTop
		if c.Unit != nil {
			opt.Top = cardTop
		}
	}
	return opt, nil
}

// unitsAnswer is what the command answers.
type unitsAnswer struct {
	heading
	units.Report
	Concept string  `json:"concept,omitempty"`
	Scorer  *viewer `json:"scorer,omitempty"`
	// Sort and Order are those of the sheet's units.
	Sort  string `json:"sort,omitempty"`
	Order []int  `json:"order,omitempty"`
	// Gains are what each unit's change is multiplied by in the picture.
	Gains map[int]float64 `json:"gains"`
	// Histogram is the card's.
	Histogram *units.Histogram `json:"histogram,omitempty"`
}

// Run is the command.
func (c *unitsCmd) Run(e *env) error {
	opt, err := c.options(e)
	if err != nil {
		return err
	}
	return c.probe(e, "units", func(p *probing) (*finding, error) {
		g, err := p.Generator()
		if err != nil {
			return nil, err
		}
		a := &unitsAnswer{heading: p.heading, Gains: map[int]float64{}}
		subject := &units.Subject{G: g, D: p.D, Run: p.RunOptions(p.pool)}
		if err := c.scorer(p, a, subject); err != nil {
			return nil, err
		}
		if c.Sort == "concept" && subject.Viewer == nil {
			return nil, usageError("--sort concept: no scorer comes with %s: name one by --scorer", p.Title)
		}
		shown := newCount(p.stderr, "units", 0)
		defer shown.close()
		opt.Progress = shown.part
		study, err := subject.Study(p.ctx, opt)
		if err != nil {
			return nil, err
		}
		a.Report = study.Report
		f := &finding{answer: a}
		if c.Unit != nil {
			f.summary = a.unitSummary()
			f.picture, err = drawUnitCard(p.ctx, study, a)
			return f, err
		}
		a.Sort, a.Order = c.Sort, a.order(c.Sort)
		f.summary = a.layerSummary()
		f.picture, err = drawUnitSheet(study, a, f.summary)
		return f, err
	})
}

// scorer opens whoever finds the concept: --scorer, or that of the model.
func (c *unitsCmd) scorer(p *probing, a *unitsAnswer, subject *units.Subject) error {
	where := c.Scorer
	if where == "" {
		own := slices.DeleteFunc(zoo.Scorers(), func(name string) bool {
			return p.name == "" || !strings.HasPrefix(name, p.name+"-") || !strings.HasSuffix(name, "-scorer")
		})
		if len(own) == 0 || p.D == nil {
			return nil
		}
		where = own[0]
		if windows := p.name + "-window-scorer"; slices.Contains(own, windows) {
			where = windows // what façades are about
		}
	}
	s, err := openScorer(where)
	if err != nil {
		return fmt.Errorf("--scorer: %w", err)
	}
	if cfg := subject.G.Config(); s.Info.Size != cfg.Size || s.Info.Channels > cfg.Channels {
		return usageError("--scorer %s looks at images of %dx%d with %d channels, and G draws %dx%d with %d",
			where, s.Info.Size, s.Info.Size, s.Info.Channels, cfg.Size, cfg.Size, cfg.Channels)
	}
	if err := s.Attach(p.D); err != nil {
		return usageError("--scorer %s: %w", where, err)
	}
	v := viewerOf(where, s)
	subject.Viewer, a.Scorer, a.Concept = s, &v, s.Info.Concept
	return nil
}

// order returns the units as they stand on the sheet.
func (a *unitsAnswer) order(by string) []int {
	key := map[string]func(u *units.Unit) float64{
		"effect":  func(u *units.Unit) float64 { return u.Effect.Mean },
		"area":    func(u *units.Unit) float64 { return u.Area },
		"concept": func(u *units.Unit) float64 { return overlapOf(u) },
		"unit":    func(u *units.Unit) float64 { return float64(-u.Unit) },
	}[by]
	sorted := make([]*units.Unit, len(a.Units))
	for i := range a.Units {
		sorted[i] = &a.Units[i]
	}
	slices.SortStableFunc(sorted, func(x, y *units.Unit) int { return cmp.Compare(key(y), key(x)) })
	order := make([]int, len(sorted))
	for i, u := range sorted {
		order[i] = u.Unit
	}
	return order
}

func overlapOf(u *units.Unit) float64 {
	if u.Concept == nil {
		return 0
	}
	return u.Concept.IoU.Mean
}

// paints tells whether a unit changes the image where it is active more than
// elsewhere, beyond what its favourite places and units as strong explain.
func paints(u *units.Unit) bool {
	return u.Concentration != nil && u.Shuffled != nil && u.Matched != nil && u.Matched.Concentration != nil &&
		u.Concentration.Lo > max(u.Shuffled.Hi, *u.Matched.Concentration)
}

// beyond tells on which side of zero an interval lies, 0 if it holds it.
func beyond(i *score.Interval) int {
	switch {
	case i == nil || i.Lo <= 0 && i.Hi >= 0:
		return 0
	case i.Lo > 0:
		return 1
	}
	return -1
}
