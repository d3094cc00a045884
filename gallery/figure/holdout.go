package figure

import (
	"context"
	"fmt"
	"math"

	"dcganviz/model"
	"dcganviz/model/dataset"
	"dcganviz/model/train"
	training "dcganviz/model/train/run"
	"dcganviz/probe"
	"dcganviz/probe/doctor"
	"dcganviz/probe/kid"
)

// A Holdout measures the generator of a run by pictures that were kept out of its training:
// by KID, recall and coverage. Every second picture chooses the best state, as bestOf says,
// the others judge it, by samples of their own.
type Holdout struct {
	net             *kid.Net
	chooses, judges model.Tensor // features
	pool            *model.Pool
	// Control is the distance of the halves from each other: what a perfect generator has.
	Control kid.Distance
}

const (
	// LeastHoldout is of how few pictures a half can still say something.
	LeastHoldout = leastStatePictures
	// MostHoldout bounds the time of a measure.
	MostHoldout = kid.MostImages
	// holdoutRest is how many pictures are trained on, at least, for each sample that a
	// measure draws. One takes the time of 0.2 to 0.9 of them (widths 64 and 8), so measures
	// take less than a hundredth of the training.
	holdoutRest = 100
)

// NewHoldout reads held pictures, for nets of cfg, a few at a time: of each only its features
// are kept. Pictures that cannot be decoded are left out.
func NewHoldout(ctx context.Context, held *dataset.Set, cfg model.Config, pool *model.Pool) (*Holdout, error) {
	height, width, channels := cfg.Dims()
	net, err := kid.NewNet(height, width, channels)
	if err != nil {
		return nil, unsupported("%w", err)
	}
	h := &Holdout{net: net, pool: pool}
	features, err := probe.Gather(ctx, held.Len(), drawnAtOnce, func(from, to int) (model.Tensor, error) {
		x := model.NewTensor(to-from, height, width, channels)
		indices := make([]int, to-from)
		for i := range indices {
			indices[i] = from + i
		}
		if err := held.Load(ctx, indices, x.Data); err != nil {
			return x, err
		}
		return net.Features(x, model.RunOptions{Pool: pool})
	})
	if err != nil {
		return nil, err
	}
	bad := make(map[int]bool)
	for _, b := range held.Bad() {
		bad[b.Index] = true
	}
	good := 0
	for i := range features.Len() {
		if !bad[i] {
			copy(features.Row(good), features.Row(i))
			good++
		}
	}
	if good < LeastHoldout {
		return nil, usage("%d pictures of those held out can be used, want %d or more", good, LeastHoldout)
	}
	h.chooses, h.judges = alternate(features.Slice(0, good))
	h.Control, err = kid.Between(h.chooses, h.judges)
	return h, err
}

// Every returns how many steps of a batch lie between two measures at least.
func (h *Holdout) Every(batch int) int { return max(1, holdoutRest*h.samples()/batch) }

// samples is how many a measure draws: as many as there are pictures in a half, so that
// recall compares equal sets, for the half that chooses, as many others for the half that
// judges, so that luck of the first does not count there, and enough to see that G has
// collapsed.
func (h *Holdout) samples() int { return max(healthTiles, 2*h.chooses.Len()) }

// Look measures a run's generator. The latents are always the same.
func (h *Holdout) Look(ctx context.Context, t *train.Trainer, before []training.Measure) (m training.Measure, err error) {
	z := t.Generator().Latents(t.Options().Seed, 0, h.samples())
	var few, features model.Tensor
	for i := 0; i < z.Len(); i += drawnAtOnce {
		if err := ctx.Err(); err != nil {
			return m, err
		}
		to := min(i+drawnAtOnce, z.Len())
		x, err := t.Generator().Generate(z.Slice(i, to), model.RunOptions{Pool: h.pool})
		if err != nil {
			return m, err
		}
		f, err := h.net.Features(x, model.RunOptions{Pool: h.pool})
		if err != nil {
			return m, err
		}
		if i == 0 {
			few = model.NewTensor(append([]int{healthTiles}, x.Shape[1:]...)...)
			features = model.NewTensor(z.Len(), f.Shape[1])
		}
		if to <= healthTiles {
			copy(few.Slice(i, to).Data, x.Data)
		}
		copy(features.Slice(i, to).Data, f.Data)
	}
	n := h.chooses.Len()
	choose, judge := features.Slice(0, n), features.Slice(n, 2*n)
	if apart := doctor.Apart(few); !math.IsInf(apart, 0) {
		m.Apart = &apart
	}
	distance, variety, err := choosing(choose, h.chooses)
	if err != nil {
		return m, fmt.Errorf("measuring samples of step %d: %w", t.Steps(), err)
	}
	m.Chosen, m.Variety = training.Estimate(distance), (*training.Estimate)(&variety)
	if distance, err = kid.Between(judge, h.judges); err != nil {
		return m, fmt.Errorf("measuring samples of step %d: %w", t.Steps(), err)
	}
	m.Judged = training.Estimate(distance)
	overlap, err := kid.OverlapOf(judge, h.judges, kid.Neighbours)
	if err != nil {
		return m, err
	}
	m.Recall, m.Coverage = overlap.Recall, overlap.Coverage
	states := append(statesOf(before), statesOf([]training.Measure{m})...)
	m.Best = bestOf(states) == len(states)-1
	return m, nil
}

// statesOf returns measures as states.
func statesOf(measures []training.Measure) []State {
	all := make([]State, len(measures))
	for i, m := range measures {
		all[i] = State{Step: m.Step, Apart: m.Apart, Chosen: kid.Distance(m.Chosen), Variety: (*kid.Distance)(m.Variety), KID: kid.Distance(m.Judged), Recall: m.Recall, Coverage: m.Coverage}
	}
	return all
}
