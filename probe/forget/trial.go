package forget

import (
	"context"
	"math"
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/score"
	"dcganviz/probe/stats"
)

// A trial drops many sets of units, one after the other, from the same samples. It
// keeps the activations of the lowest layer and runs only what lies above.
type trial struct {
	b     *Baseline // of whole batches
	cs    []*Concept
	layer string       // the lowest of the concepts'
	act   model.Tensor // its activations, by sample
	// The judge looks at the first judged samples, the scorers at the first others.
	judged, others int
}

// fewSamples is on how many samples damage alone is measured.
const fewSamples = 20

// trial prepares to drop units of concepts, one a layer.
func (b *Baseline) trial(ctx context.Context, cs []*Concept, judged, others int) (*trial, error) {
	all := b.x.Len()
	judged = min(judged, all)
	t := &trial{b: b.part(b.subject.whole(judged, all)), cs: cs, judged: judged, others: min(others, judged)}
	for _, l := range b.subject.G.Layers() {
		if t.layer == "" && slices.ContainsFunc(cs, func(c *Concept) bool { return c.Layer == l.Name }) {
			t.layer = l.Name
		}
	}
	var err error
	t.act, err = probe.Gather(ctx, t.b.x.Len(), b.subject.batch(), func(from, to int) (model.Tensor, error) {
		return t.run(t.b.z.Slice(from, to))
	})
	return t, err
}

// run returns the activations that the trial keeps, of latents.
func (t *trial) run(z model.Tensor) (model.Tensor, error) { return t.b.subject.upTo(t.layer, z) }

// draw draws the samples of act, one batch of latents z, with units dropped.
func (t *trial) draw(ctx context.Context, act, z model.Tensor, units [][]int) (model.Tensor, error) {
	v, err := dropAll(t.cs, units)
	if err != nil {
		return model.Tensor{}, err
	}
	e, err := v.plan(ctx, model.Tensor{}, model.Tensor{})
	if err != nil {
		return model.Tensor{}, err
	}
	return t.b.subject.goOn(t.layer, act, z, e)
}

// samples draws all samples with units dropped.
func (t *trial) samples(ctx context.Context, units [][]int) (model.Tensor, error) {
	return probe.Gather(ctx, t.act.Len(), t.b.subject.batch(), func(from, to int) (model.Tensor, error) {
		return t.draw(ctx, t.act.Slice(from, to), t.b.z.Slice(from, to), units)
	})
}

// brief is the main figures of a drop. Scorer and second are what these see removed.
type brief struct{ area, score, removed, rmse, scorer, second float64 }

func (f brief) byJudge() float64 { return f.removed }
func (f brief) damage() float64  { return f.rmse }

// measure measures a drop, without D and intervals; scorers says whether these look too.
func (t *trial) measure(ctx context.Context, units [][]int, scorers bool) (f brief, err error) {
	x, err := t.samples(ctx, units)
	if err != nil {
		return f, err
	}
	x = x.Slice(0, t.judged)
	look := t.b.viewers()
	look.subject.Scorer = nil
	after, err := look.look(ctx, x)
	if err != nil {
		return f, err
	}
	n := float64(t.judged)
	was := t.b.seen
	f.area, f.score = stats.Sum(after.judge.area)/n, stats.Sum(after.judge.score)/n
	f.removed = gone(was.judge, after.judge, t.judged)
	sums, counts := t.b.squares(x)
	f.rmse = math.Sqrt(ratio(stats.Sum(sums), stats.Sum(counts)))
	if scorers {
		if f.scorer, err = t.removed(t.b.subject.Scorer, x, was.scorer); err == nil {
			f.second, err = t.removed(t.b.subject.Second, x, was.second)
		}
	}
	return f, err
}

// removed is what a scorer sees removed from the samples that it looks at; 0 without
// one.
func (t *trial) removed(v score.Viewer, x model.Tensor, was sight) (float64, error) {
	if v == nil {
		return 0, nil
	}
	var after sight
	err := t.b.subject.see(v, x.Slice(0, t.others), &after)
	return gone(was, after, t.others), err
}

// gone is which share of the concept's area is gone from the first n samples.
func gone(before, after sight, n int) float64 {
	return lost(stats.Sum(before.area[:n]), stats.Sum(after.area[:n]))
}

// A damage measures, on a few samples that are a batch of their own, how far drops
// change pixels outside the concept.
type damage struct {
	t      *trial
	act, z model.Tensor
	before *Baseline
}

func (t *trial) damage(ctx context.Context) (*damage, error) {
	n := min(fewSamples, t.b.x.Len())
	d := &damage{t: t, z: t.b.z.Slice(0, n)}
	var err error
	if d.act, err = t.run(d.z); err != nil {
		return nil, err
	}
	before := *t.b
	before.x, err = t.draw(ctx, d.act, d.z, make([][]int, len(t.cs)))
	d.before = &before
	return d, err
}

// of returns the RMSE outside the concept that dropping units causes.
func (d *damage) of(ctx context.Context, units [][]int) (float64, error) {
	x, err := d.t.draw(ctx, d.act, d.z, units)
	if err != nil {
		return 0, err
	}
	sums, counts := d.before.squares(x)
	return math.Sqrt(ratio(stats.Sum(sums), stats.Sum(counts))), nil
}
