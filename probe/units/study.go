package units

import (
	"cmp"
	"context"
	"slices"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/stats"
)

// A Result is a report, with the samples that it is about and the activations of
// a layer in them.
type Result struct {
	Report Report

	subject Subject
	run     model.RunOptions // of the nets
	opt     Options
	layer   model.LayerInfo
	// act are the layer's activations, x the images, [N, H, W, C] both.
	act, x model.Tensor
	z      model.Tensor // their latents
	// classes are the samples', nil if G draws none.
	classes []int
	all     []Unit    // of the layer
	areas   [][]area  // by unit and sample
	effect  []effect  // by unit; empty for a unit that was not held
	logit   []float64 // D's, of the samples shown to it: the first batch
}

// batch is how many samples are in work at a time, between two looks at the
// context.
const batch = 50

// Study measures what units of a layer draw. The subject is not changed; the
// same options give the same numbers, however many threads there are. The Masks
// and Edits of run are not used.
func Study(ctx context.Context, s Subject, run model.RunOptions, opt Options) (*Result, error) {
	l, err := probe.HiddenLayer(s.G, opt.Layer)
	if err != nil {
		return nil, err
	}
	if err := opt.complete(l); err != nil {
		return nil, err
	}
	switch {
	case run.BatchStats:
		opt.HeldSamples = opt.Samples
	case opt.HeldSamples == 0:
		opt.HeldSamples = min(opt.Samples, s.affordable(l.Name))
	}
	st := &Result{subject: s, run: model.RunOptions{Pool: run.Pool, BatchStats: run.BatchStats}, opt: opt, layer: l}
	st.opt.Say("drawing samples", 0, 1)
	if err := st.draw(ctx); err != nil {
		return nil, err
	}
	if err := st.describe(); err != nil {
		return nil, err
	}
	wanted := st.wanted()
	matches := st.matches(wanted)
	if err := st.measure(ctx, wanted, matches); err != nil {
		return nil, err
	}
	if err := st.report(wanted, matches); err != nil {
		return nil, err
	}
	st.opt.Say("done", 1, 1)
	return st, nil
}

// eachBatch calls f for parts of n samples: all of them at once where they are
// one batch to batch norm.
func (st *Result) eachBatch(ctx context.Context, n int, f func(from, to int) error) error {
	step := batch
	if st.run.BatchStats {
		step = n
	}
	return probe.InParts(ctx, n, step, f)
}

// end is G's result.
func (st *Result) end() []model.Point {
	layers := st.subject.G.Layers()
	return []model.Point{{Layer: layers[len(layers)-1].Name}}
}

// draw draws the samples and keeps the layer's activations.
func (st *Result) draw(ctx context.Context) error {
	cfg := st.subject.G.Config()
	n := st.opt.Samples
	st.act = model.NewTensor(n, st.layer.Height, st.layer.Width, st.layer.Channels)
	h, w, c := cfg.Dims()
	st.x = model.NewTensor(n, h, w, c)
	z := st.opt.latents
	if z.Shape == nil {
		z = st.subject.G.Latents(st.opt.Seed, 0, n)
		st.classes = st.subject.G.Classes(0, n)
	}
	st.z = z
	return st.eachBatch(ctx, n, func(from, to int) error {
		found, err := st.subject.G.Activations(z.Slice(from, to), append(st.end(), model.Point{Layer: st.layer.Name}), st.run)
		if err != nil {
			return err
		}
		copy(st.x.Slice(from, to).Data, found[0].Data)
		copy(st.act.Slice(from, to).Data, found[1].Data)
		return nil
	})
}

// describe finds each unit's numbers and areas.
func (st *Result) describe() error {
	units := st.layer.Channels
	st.all, st.areas = make([]Unit, units), make([][]area, units)
	up := newUpsampler(st.layer.Height, st.layer.Width, st.x.Shape[1], st.x.Shape[2])
	failed := make([]error, units)
	st.run.Pool.Run(units, func(k, _ int) {
		u := &st.all[k]
		u.Unit, u.Dead = k, true
		if failed[k] = u.describe(st.act, st.opt); failed[k] != nil {
			return
		}
		covered, seen := 0, 0
		for i := range st.act.Len() {
			a := up.over(st.act.Row(i)[k:], units, u.Threshold)
			st.areas[k] = append(st.areas[k], a)
			if n := a.count(); n > 0 {
				covered, seen = covered+n, seen+1
			}
		}
		if seen > 0 {
			u.Area = float64(covered) / float64(seen*len(up.rows)*len(up.cols))
			u.Seen = float64(seen) / float64(st.act.Len())
		}
	})
	return cmp.Or(failed...)
}

// wanted are the units asked for, in order.
func (st *Result) wanted() []int {
	if len(st.opt.Units) == 0 {
		return probe.Numbers(0, len(st.all))
	}
	return slices.Sorted(slices.Values(st.opt.Units))
}

// report sums up.
func (st *Result) report(wanted []int, matches map[int][]int) error {
	r, o := &st.Report, &st.opt
	layers := st.subject.G.Layers()
	at := slices.IndexFunc(layers, func(l model.LayerInfo) bool { return l.Name == st.layer.Name })
	r.ReachHeight, r.ReachWidth = reach(st.subject.G.Specs(), layers, at)
	r.Layer, r.Height, r.Width, r.Of = st.layer.Name, st.layer.Height, st.layer.Width, st.layer.Channels
	r.Samples, r.HeldSamples, r.Hold, r.Quantile = o.Samples, o.HeldSamples, o.Hold, o.Quantile
	r.Dead = []int{}
	for u := range st.all {
		if st.all[u].Dead {
			r.Dead = append(r.Dead, u)
		}
	}
	all, held := draws(o.Seed, o.Samples), draws(o.Seed, o.HeldSamples)
	mixed := shuffles(o.Seed, o.Samples, conceptShuffles)
	concept, err := st.concept()
	if err != nil {
		return err
	}
	if concept != nil {
		share := float64(concept.pixels) / float64(o.Samples*st.x.Shape[1]*st.x.Shape[2])
		r.ConceptArea = &share
	}
	var shown stats.Draws
	if st.subject.D != nil {
		r.LogitSamples = len(st.logit)
		shown = draws(o.Seed, r.LogitSamples)
		r.Logit = meanOf(st.logit, shown)
	}
	// Matched units are looked at, too.
	looked := slices.Clone(wanted)
	for _, u := range wanted {
		looked = append(looked, matches[u]...)
	}
	slices.Sort(looked)
	looked = slices.Compact(looked)
	overlaps, chance := make([]*Overlap, len(st.all)), make([][]float64, len(st.all))
	st.run.Pool.Run(len(looked), func(k, _ int) {
		u := looked[k]
		overlaps[u], chance[u] = concept.overlap(st.areas[u], all, mixed)
	})
	seer := func(u int) bool { return overlaps[u] != nil && overlaps[u].IoU.Mean > overlaps[u].ChanceHi }
	r.Units = make([]Unit, len(wanted))
	st.run.Pool.Run(len(wanted), func(k, _ int) {
		u := wanted[k]
		r.Units[k] = st.all[u]
		st.effect[u].summarize(&r.Units[k], held, shown)
		r.Units[k].Matched = st.control(u, matches[u], seer)
		r.Units[k].Concept = overlaps[u]
	})
	if concept != nil {
		r.ConceptChanceHi = largestOf(wanted, chance)
	}
	return nil
}

// largestOf is what the largest of the units' numbers does not exceed in 97.5% of the
// shuffles; nil of none.
func largestOf(units []int, chance [][]float64) *float64 {
	var largest []float64
	for _, u := range units {
		for k, v := range chance[u] {
			if k == len(largest) {
				largest = append(largest, v)
			}
			largest[k] = max(largest[k], v)
		}
	}
	if largest == nil {
		return nil
	}
	hi := stats.Percentiles(0, largest).Hi
	return &hi
}

// draws are the bootstrap's, shared by the figures of all units.
func draws(seed uint64, n int) stats.Draws {
	return stats.NewDraws(random.New(seed, random.UnitsBootstrap), n)
}
