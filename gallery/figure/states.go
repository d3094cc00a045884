package figure

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/model/dataset"
	training "dcganviz/model/train/run"
	"dcganviz/probe/doctor"
	"dcganviz/probe/kid"
)

const (
	// mostStates bounds the time that comparing a run's states takes, and stateSamples the
	// samples of each; a half of the pictures has as many at most.
	mostStates, stateSamples = 12, 250
	// leastStatePictures is how many pictures the halves need to have together.
	leastStatePictures = 40
	statesCheck        = "states"
)

// A State is a generator that a run has kept, measured.
type State struct {
	File string `json:"file"`
	Step int    `json:"step"`
	// Apart is doctor.Apart of its samples.
	Apart *float64 `json:"apart,omitempty"`
	// Chosen is the KID from the half of the pictures that chooses the best state, and Variety
	// the lesser of recall and coverage there, nil if it was not taken. KID is that from the
	// other half, which judges; Recall and Coverage are of the other half.
	Chosen   kid.Distance  `json:"kid_chosen"`
	Variety  *kid.Distance `json:"variety_chosen,omitempty"`
	KID      kid.Distance  `json:"kid"`
	Recall   float64       `json:"recall"`
	Coverage float64       `json:"coverage"`
}

func (s *State) collapsed() bool { return s.Apart != nil && doctor.Collapsed(*s.Apart) }

// ofRun adds to a report what the run's folder says: how the training went, and which state
// is the best.
func (r *DoctorResult) ofRun(ctx context.Context, lab *Lab, o PhotoOptions) error {
	losses, err := training.ReadLosses(lab.Folder)
	f := doctor.Follow(losses).Finding()
	if err != nil { // of a by-product; the model may be sound
		f.Evidence = err.Error()
	}
	if p, err := training.ReadPlan(lab.Folder); err == nil && lab.Model.Meta.Step < p.Steps && f.Verdict < doctor.Doubtful {
		f.Verdict = doctor.Doubtful
		f.Evidence = fmt.Sprintf("%d of %d steps are made; %s", lab.Model.Meta.Step, p.Steps, f.Evidence)
		f.Advice = "train on by --resume before you judge its samples"
	}
	r.add(f)
	f = doctor.Finding{Check: statesCheck}
	r.States, err = lab.states(ctx, o, r.Seed)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		// Pictures that moved away are no fault of the model.
		f.Evidence = err.Error()
	default:
		judge(r.States, &f)
	}
	r.add(f)
	return nil
}

func (r *DoctorResult) add(f doctor.Finding) {
	r.Findings = append(r.Findings, f)
	r.Verdict = max(r.Verdict, f.Verdict)
}

// BestState says in a sentence which of the states that a finished run has kept is the best,
// by the run's own pictures.
func (l *Lab) BestState(ctx context.Context, seed uint64) (string, error) {
	states, err := l.states(ctx, PhotoOptions{}, seed)
	if err != nil {
		return "", err
	}
	var f doctor.Finding
	judge(states, &f)
	return f.Evidence, nil
}

// states measures the generators that a run has kept, the last one last. Without pictures
// of o they are compared with the run's own.
func (l *Lab) states(ctx context.Context, o PhotoOptions, seed uint64) ([]State, error) {
	kept, err := training.KeptStates(l.Folder)
	if err != nil {
		return nil, err
	}
	best := filepath.Join(l.Folder, training.BestFile)
	if _, err := os.Stat(best); err == nil {
		kept = append(kept, best)
	}
	if len(kept) == 0 {
		return nil, fmt.Errorf("no earlier state was kept to compare with: train with --keep-epochs or --holdout")
	}
	if n := len(kept); n > mostStates-1 {
		var some []string
		for i := range mostStates - 1 {
			some = append(some, kept[i*(n-1)/(mostStates-2)])
		}
		kept = some
	}
	real, err := l.statePictures(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("the states are not compared: %w (name pictures by --images)", err)
	}
	if real.Len() < leastStatePictures {
		return nil, fmt.Errorf("the states are not compared: %d pictures in %s, want %d or more", real.Len(), real.title, leastStatePictures)
	}
	net, err := kid.NewNet(l.Model.G.Config().Dims())
	if err != nil {
		return nil, err
	}
	chooses, judges, err := l.halves(net, real.Tensor)
	if err != nil {
		return nil, err
	}
	var all []State
	for i, path := range append(kept, l.Folder) {
		l.progress("states", i, len(kept)+1)
		c := l.Model
		if i < len(kept) {
			if c, err = checkpoint.Open(path, checkpoint.OpenOptions{}); err != nil {
				return nil, err
			}
		}
		s, err := l.state(ctx, c, net, chooses, judges, seed)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if s.File = filepath.Base(path); i == len(kept) {
			s.File = "the last"
		}
		all = append(all, *s)
	}
	last := len(all) - 1
	slices.SortStableFunc(all[:last], func(a, b State) int { return a.Step - b.Step })
	return all, nil
}

// statePictures returns what states are compared with: pictures of o, or else those that the
// run kept out of its training, or else those that it trains on.
func (l *Lab) statePictures(ctx context.Context, o PhotoOptions) (*photos, error) {
	if o.Images != "" {
		return l.photos(ctx, o, "heldout", 2*stateSamples)
	}
	p, err := training.ReadPlan(l.Folder)
	if err != nil {
		return nil, err
	}
	if p.Holdout == 0 {
		o.Images, o.List = p.Data, p.List
		return l.photos(ctx, o, "heldout", 2*stateSamples)
	}
	cfg, err := l.pictures()
	if err != nil {
		return nil, err
	}
	set, err := dataset.Open(p.Data, dataset.Options{Size: cfg.Size, Width: cfg.Width, Channels: cfg.Channels, List: p.List,
		Holdout: p.Holdout, HoldoutSeed: l.Model.Meta.Seed, MemoryLimit: -1, Workers: l.Workers})
	if err != nil {
		return nil, err
	}
	defer set.Close()
	real := &photos{title: p.Data}
	return real, real.load(ctx, l, set.Held(), 2*stateSamples)
}

// halves returns the features of every second picture, and of the others.
func (l *Lab) halves(net *kid.Net, real model.Tensor) (a, b model.Tensor, err error) {
	x, err := net.Features(real, model.RunOptions{Pool: l.Pool})
	if err != nil {
		return a, b, err
	}
	a, b = alternate(x)
	return a, b, nil
}

// alternate returns every second row of x, and the others, as many.
func alternate(x model.Tensor) (a, b model.Tensor) {
	n := x.Len() / 2
	a, b = model.NewTensor(n, x.Shape[1]), model.NewTensor(n, x.Shape[1])
	for i := range n {
		copy(a.Row(i), x.Row(2*i))
		copy(b.Row(i), x.Row(2*i+1))
	}
	return a, b
}

// state measures one generator.
func (l *Lab) state(ctx context.Context, c *checkpoint.Checkpoint, net *kid.Net, chooses, judges model.Tensor, seed uint64) (*State, error) {
	g, err := c.Generator()
	if err != nil {
		return nil, err
	}
	s := &State{Step: c.Meta.Step}
	lab := &Lab{Model: c, Pool: l.Pool}
	few, err := lab.images(ctx, g, g.Latents(seed, 0, healthTiles))
	if err != nil {
		return nil, err
	}
	if apart := doctor.Apart(few); !math.IsInf(apart, 0) {
		s.Apart = &apart
	}
	// What judges has samples of its own: luck of those that choose does not count there.
	n := chooses.Len()
	x, err := lab.sampleFeatures(ctx, g, net, seed, 2*n)
	if err != nil {
		return nil, err
	}
	variety := new(kid.Distance)
	if s.Chosen, *variety, err = choosing(x.Slice(0, n), chooses); err != nil {
		return nil, err
	}
	s.Variety = variety
	x = x.Slice(n, 2*n)
	if s.KID, err = kid.Between(x, judges); err != nil {
		return nil, err
	}
	overlap, err := kid.OverlapOf(x, judges, kid.Neighbours)
	s.Recall, s.Coverage = overlap.Recall, overlap.Coverage
	return s, err
}

// choosing returns what a state is chosen by: KID, which a few pictures over and over or
// blurred ones can make small, and the lesser of recall and coverage, which these lower. It
// takes both: scattered samples can have recall without coverage. Its standard error is that
// of a share (Agresti & Coull 1998, doi:10.1080/00031305.1998.10480550).
func choosing(samples, real model.Tensor) (distance, variety kid.Distance, err error) {
	if distance, err = kid.Between(samples, real); err != nil {
		return distance, variety, err
	}
	o, err := kid.OverlapOf(samples, real, kid.Neighbours)
	variety.Value = min(o.Recall, o.Coverage)
	n := float64(real.Len())
	p := (variety.Value*n + 2) / (n + 4)
	variety.SE = math.Sqrt(p * (1 - p) / (n + 4))
	return distance, variety, err
}

// bestOf returns which of some states, in the order of their steps, is the best by the
// pictures that choose. The best so far gives way to a state of smaller KID whose variety is
// not below the highest so far by more than chance, and to one that shows that the best
// itself is. So it can be kept as training goes on, when others are gone.
func bestOf(states []State) int {
	best := 0
	var highest *kid.Distance
	for i := range states {
		s := &states[i]
		if v := s.Variety; v != nil && !s.collapsed() && (highest == nil || v.Value > highest.Value) {
			highest = v
		}
		if s.before(&states[best], highest) {
			best = i
		}
	}
	return best
}

// before reports whether s is better than b, where highest is the highest variety so far.
func (s *State) before(b *State, highest *kid.Distance) bool {
	if c := b.collapsed(); c != s.collapsed() {
		return c
	}
	if lacks := b.lacks(highest); lacks != s.lacks(highest) {
		return lacks
	}
	return s.Chosen.Value < b.Chosen.Value
}

// lacks reports whether the state's variety is below another by more than two standard
// errors. What is not known does not lack.
func (s *State) lacks(variety *kid.Distance) bool {
	if s.Variety == nil || variety == nil {
		return false
	}
	return variety.Value-s.Variety.Value > 2*math.Hypot(s.Variety.SE, variety.SE)
}

// judge says which state is the best, by the one half of the pictures. What it is worth the
// other half says, which did not choose it.
func judge(states []State, f *doctor.Finding) {
	best, last := bestOf(states), len(states)-1
	if states[best].Step == states[last].Step {
		best = last // in a file of its own, too
	}
	since := 0 // the first of the collapsed ones at the end
	var said []string
	for i := range states {
		s := &states[i]
		if !s.collapsed() {
			since = i + 1
		}
		said = append(said, fmt.Sprintf("%s (step %d) %.2f ± %.2f, recall %.2f, coverage %.2f", s.File, s.Step, s.KID.Value, s.KID.SE, s.Recall, s.Coverage))
	}
	b, end := &states[best], &states[last]
	gain := end.KID.Value - b.KID.Value
	within := 2 * math.Hypot(end.KID.SE, b.KID.SE)
	f.Figures = append(f.Figures, doctor.Figure{Name: "KID of the last less that of the best", Value: gain, Limit: &within})
	list := "KID from pictures that did not choose: " + strings.Join(said, "; ")
	switch {
	case since <= last && !b.collapsed():
		f.Verdict, f.Advice = doctor.Wrong, "use "+b.File
		f.Evidence = fmt.Sprintf("collapsed at step %d; the best kept state is %s; %s", states[since].Step, b.File, list)
	case since <= last:
		f.Verdict, f.Advice = doctor.Wrong, "train anew with another balance of G and D"
		f.Evidence = fmt.Sprintf("every kept state has collapsed; %s", list)
	case best < last && end.lacks(b.Variety):
		f.Verdict, f.Advice = doctor.Doubtful, "use "+b.File+", and look at its samples"
		f.Evidence = fmt.Sprintf("the best kept state is %s: the last draws less variety; %s", b.File, list)
	case best < last && gain > within:
		f.Verdict, f.Advice = doctor.Doubtful, "use "+b.File+", and look at its samples"
		f.Evidence = fmt.Sprintf("the best kept state is %s, and the last is worse by %.2f (two standard errors: %.2f); %s", b.File, gain, within, list)
	case best < last:
		f.Verdict = doctor.OK
		f.Evidence = fmt.Sprintf("the best kept state is %s, but the last differs from it by no more than chance (%.2f, two standard errors: %.2f); %s", b.File, gain, within, list)
	default:
		f.Verdict = doctor.OK
		f.Evidence = fmt.Sprintf("the last state is the best of those kept; %s", list)
	}
}
