package figure

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"dcganviz/model/zoo"
	"dcganviz/probe/stats"
	"dcganviz/probe/units"
	"dcganviz/viz"
)

// Units shows what each unit of a layer of G draws: probe/units.
type Units struct {
	Seed     uint64  `group:"Output" default:"1" placeholder:"N" help:"Decides every random number (default: ${default})."`
	Layer    string  `group:"Units" placeholder:"NAME" complete:"layers-of-G" help:"Layer of G (default: the second-highest convolution)."`
	Unit     *int    `group:"Units" placeholder:"N" help:"Draw a card of this unit alone, counted from 0, in place of the sheet of all."`
	Best     bool    `group:"Units" help:"Draw a card of the unit whose area overlaps most with the concept, of --layer or else of all hidden layers. Other samples choose it than those that the card tells of."`
	Hold     string  `group:"Units" default:"zero" placeholder:"zero|mean" choices:"zero,mean" help:"What a unit is held at, to see what changes (default: ${default})."`
	Quantile float64 `group:"Units" default:"0.05" placeholder:"Q" help:"A unit's area is where it exceeds all but this share of its activations (default: ${default})."`
	Sort     string  `group:"Units" default:"effect" placeholder:"effect|area|concept|unit" choices:"effect,area,concept,unit" help:"Order of the sheet: by falling effect, area or overlap with the concept, or by number (default: ${default})."`
	Top      *int    `group:"Units" placeholder:"N" help:"How many of the samples to show that drive a unit most (default: 4, on a card 10)."`
	Samples  int     `group:"Units" default:"200" placeholder:"N" help:"How many samples to look at (default: ${default})."`
	Held     *int    `group:"Units" placeholder:"N" help:"In how many of them to hold each unit alone (default: as many as a few seconds take)."`
	Scorer   string  `group:"Units" placeholder:"FILE" recipe:"input" complete:"scorers" help:"Whose concept to compare areas with: an embedded scorer or a file of dcganviz score fit (default: the one that comes with the model, if any)."`
}

const (
	mostUnitSamples = 10000
	mostTop         = 32
	sheetTop        = 4
	cardTop         = 10
)

var unitOrders = []string{"effect", "area", "concept", "unit"}

// Check reports settings that make no sense.
func (u *Units) Check() error {
	switch _, err := units.ParseHold(u.Hold); {
	case u.Best && u.Unit != nil:
		return usage("--best chooses a unit, and --unit names one")
	case err != nil:
		return usage("--hold: %w", err)
	case !slices.Contains(unitOrders, u.Sort):
		return usage("--sort %.40q, want one of %s", u.Sort, strings.Join(unitOrders, ", "))
	case u.Samples < 2 || u.Samples > mostUnitSamples:
		return usage("--samples is %d, want 2 to %d", u.Samples, mostUnitSamples)
	case u.Held != nil && (*u.Held < 2 || *u.Held > u.Samples):
		return usage("--held is %d, want 2 to the %d of --samples", *u.Held, u.Samples)
	case u.Top != nil && (*u.Top < 1 || *u.Top > mostTop):
		return usage("--top is %d, want 1 to %d", *u.Top, mostTop)
	case !(u.Quantile > 0 && u.Quantile < 1):
		return usage("--quantile is %v, want above 0 and below 1", u.Quantile)
	}
	return nil
}

// Idle says what a card ignores.
func (u *Units) Idle() []Idle {
	switch {
	case u.Unit != nil:
		return []Idle{{"--unit draws one unit", []string{"sort"}}}
	case u.Best:
		return []Idle{{"--best draws one unit", []string{"sort"}}}
	}
	return nil
}

// options are the probe's.
func (u *Units) options() units.Options {
	opt := units.Options{Layer: u.Layer, Samples: u.Samples, Quantile: u.Quantile, Top: sheetTop}
	opt.Hold, _ = units.ParseHold(u.Hold) // Check has looked
	if u.Held != nil {
		opt.HeldSamples = *u.Held
	}
	if u.Unit != nil {
		opt.Units, opt.Top = []int{*u.Unit}, cardTop
	}
	if u.Top != nil {
		opt.Top = *u.Top
	}
	return opt
}

// A UnitsResult is what Units found.
type UnitsResult struct {
	Head
	units.Report
	Concept string  `json:"concept,omitempty"`
	Scorer  *Viewer `json:"scorer,omitempty"`
	// Sort and Order say how a sheet orders its units; a card has neither.
	Sort  string `json:"sort,omitempty"`
	Order []int  `json:"order,omitempty"`
	// Gains are what each unit's change is multiplied by in the picture.
	Gains map[int]float64 `json:"gains"`
	// Histogram is the card's.
	Histogram *units.Histogram `json:"histogram,omitempty"`
	// Search is for the unit that overlaps most with the concept, of all hidden layers, or
	// for a card of --best with --layer of that one. Nil for a card of --unit, and
	// without a concept.
	Search *units.Search `json:"search,omitempty"`

	study *units.Result
	card  *viz.UnitCard
}

// Make runs the experiment.
func (u *Units) Make(ctx context.Context, lab *Lab) (Result, error) {
	g, err := lab.Generator()
	if err != nil {
		return nil, err
	}
	r := &UnitsResult{Head: lab.head("units", u.Seed), Gains: map[int]float64{}}
	subject := &units.Subject{G: g, D: lab.Model.D}
	if err := u.viewer(lab, r, subject); err != nil {
		return nil, err
	}
	if (u.Sort == "concept" || u.Best) && subject.Viewer == nil {
		return nil, usage("--sort concept and --best: no scorer comes with %s: name one by --scorer", lab.Model.Title)
	}
	opt := u.options()
	opt.Settings = lab.settings(u.Seed)
	if u.Best {
		if err := u.search(ctx, lab, r, subject, &opt); err != nil {
			return nil, err
		}
	}
	if r.study, err = units.Study(ctx, *subject, lab.run(), opt); err != nil {
		return nil, err
	}
	if !u.Best && u.Unit == nil { // after Study, which refuses settings before it draws
		if err := u.search(ctx, lab, r, subject, &opt); err != nil {
			return nil, err
		}
	}
	r.Report = r.study.Report
	if u.Unit != nil || u.Best {
		return r, r.makeCard(ctx)
	}
	r.Sort, r.Order = u.Sort, r.order(u.Sort)
	return r, nil
}

// mostSearched bounds the samples that choose a unit, and those that test it.
const mostSearched = 100

// search finds the unit that overlaps most with the concept. The samples that choose it
// are none of those that the figure tells of. With --best it is what opt studies.
func (u *Units) search(ctx context.Context, lab *Lab, r *UnitsResult, subject *units.Subject, opt *units.Options) (err error) {
	look := units.SearchOptions{Settings: opt.Settings, Samples: min(u.Samples, mostSearched), After: u.Samples, Quantile: u.Quantile}
	if u.Best && u.Layer != "" {
		look.Layers = []string{u.Layer}
	}
	if r.Search, err = units.Find(ctx, *subject, lab.run(), look); err != nil || !u.Best {
		return err
	}
	if r.Search == nil {
		return usage("--best: %s is seen nowhere", r.Concept)
	}
	opt.Layer, opt.Units, opt.Top = r.Search.Layer, []int{r.Search.Unit}, cardTop
	if u.Top != nil {
		opt.Top = *u.Top
	}
	return nil
}

// viewer opens what finds the concept: --scorer, or the model's own scorer.
func (u *Units) viewer(lab *Lab, r *UnitsResult, subject *units.Subject) error {
	where := u.Scorer
	if where == "" {
		own := slices.DeleteFunc(zoo.Scorers(), func(name string) bool {
			return lab.Name == "" || !strings.HasPrefix(name, lab.Name+"-") || !strings.HasSuffix(name, "-scorer")
		})
		if len(own) == 0 || lab.Model.D == nil {
			return nil
		}
		where = own[0]
		if windows := lab.Name + "-window-scorer"; slices.Contains(own, windows) {
			where = windows // what façades are about
		}
	}
	s, err := OpenScorer(where)
	if err != nil {
		return fmt.Errorf("--scorer: %w", err)
	}
	if err := lab.attach(s, "--scorer "+where); err != nil {
		return err
	}
	v := viewerOf(where, s)
	subject.Viewer, r.Scorer, r.Concept = s, &v, s.Info.Concept
	return nil
}

// order returns the units as they stand on the sheet.
func (a *UnitsResult) order(by string) []int {
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

// sideOfZero tells on which side of zero an interval lies, 0 if it holds it.
func sideOfZero(i *stats.Interval) int {
	switch {
	case i == nil || i.Lo <= 0 && i.Hi >= 0:
		return 0
	case i.Lo > 0:
		return 1
	}
	return -1
}
