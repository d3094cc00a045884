package vector

import (
	"context"
	"math"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe"
	"dcganviz/probe/stats"
)

// The arms of a trial: what is made of each draw of exemplars. Those before ofPixels are
// latents.
const (
	ofLatents = iota
	ofRescaled
	ofRandom
	ofRandomRescaled
	ofUnchanged
	ofPixels
	ofPixelsMatched
	arms
)

// A trial draws exemplars and looks at their sums.
type trial struct {
	*Subject
	opt     Options
	images  Exemplars // of the pools
	typical Typical
	most    int  // exemplars that a draw may need
	fresh   bool // no two draws share any
}

// chosen returns which k of each pool, and which 2k of the others, draw d has. Those of
// fewer exemplars are among those of more.
func (t *trial) chosen(k, d int) (a, b, c, others []int) {
	if t.fresh {
		from := d * t.most
		a = probe.Numbers(from, from+k)
		return a, a, a, append(probe.Numbers(2*from, 2*from+k), probe.Numbers(2*from+t.most, 2*from+t.most+k)...)
	}
	r := random.At(t.opt.Seed, forDraws, d)
	a, b, c = r.Perm(t.Pools.A.Len())[:k], r.Perm(t.Pools.B.Len())[:k], r.Perm(t.Pools.C.Len())[:k]
	return a, b, c, random.At(t.opt.Seed, forControls, d).Perm(t.Others.Len())[:2*k]
}

// draw makes the sums of draw d of k exemplars and gathers what is to be said of them.
func (t *trial) draw(ctx context.Context, k, d int, all *[arms]gathering) error {
	a, b, c, others := t.chosen(k, d)
	exemplars := Exemplars{probe.Pick(t.Pools.A, a), probe.Pick(t.Pools.B, b), probe.Pick(t.Pools.C, c)}
	unrelated := Exemplars{probe.Pick(t.Others, others[:k]), probe.Pick(t.Others, others[k:]), exemplars.C}
	sum, err := exemplars.Sum()
	if err != nil {
		return err
	}
	random, err := unrelated.Sum()
	if err != nil {
		return err
	}
	norm := TypicalNorm(t.G.Config())
	centres := [ofPixels][]float32{sum, Rescaled(sum, norm), random, Rescaled(random, norm), Mean(exemplars.C)}
	pixels, err := Exemplars{probe.Pick(t.images.A, a), probe.Pick(t.images.B, b), probe.Pick(t.images.C, c)}.Sum()
	if err != nil {
		return err
	}
	each := 1 + max(t.opt.Neighbours, 0)
	z := model.NewTensor(len(centres)*each, len(sum))
	for i, y := range centres {
		copy(z.Slice(i*each, (i+1)*each).Data, Around(y, each-1, t.opt.Reach, t.opt.Seed+uint64(d)).Data)
		all[i].norms = append(all[i].norms, Norm(y))
	}
	drawn, err := t.G.Generate(z, t.run)
	if err != nil {
		return err
	}
	x := model.NewTensor(append([]int{z.Len() + 2}, drawn.Shape[1:]...)...)
	copy(x.Data, drawn.Data)
	cut(x.Row(z.Len()), pixels)
	copy(x.Row(z.Len()+1), t.typical.match(pixels))
	return t.look(ctx, x, each, all)
}

// look gathers the numbers of the images of one draw: each of the arms of latents has so
// many, the other two arms have one.
func (t *trial) look(ctx context.Context, x model.Tensor, each int, all *[arms]gathering) error {
	first := func(arm int) int { return min(arm, ofPixels)*each + max(0, arm-ofPixels) }
	for i := range all {
		all[i].centres = append(all[i].centres, x.Row(first(i)))
	}
	if t.Wanted != nil {
		met, err := t.Wanted.Met(ctx, x)
		if err != nil {
			return err
		}
		for i := range arms {
			all[i].wanted = append(all[i].wanted, stats.Share(met[first(i):min(first(i+1), len(met))]))
		}
	}
	return nil
}

// judge asks D and the distances about the sums of all draws.
func (t *trial) judge(ctx context.Context, all *[arms]gathering) error {
	draws, width := len(all[0].centres), len(all[0].centres[0])
	x := model.Tensor{Shape: append([]int{arms * draws}, t.images.A.Shape[1:]...), Data: make([]float32, 0, arms*draws*width)}
	for i := range all {
		for _, centre := range all[i].centres {
			x.Data = append(x.Data, centre...)
		}
	}
	of := func(v []float64, arm int) []float64 { return v[arm*draws : (arm+1)*draws] }
	if t.Realism != nil {
		v, err := t.Realism(ctx, x)
		if err != nil {
			return err
		}
		for i := range all {
			all[i].logits = of(v, i)
		}
	}
	for i := range all {
		all[i].nearest = map[string][]float64{}
	}
	for space, scale := range t.Nearest {
		v, err := scale(ctx, x)
		if err != nil {
			return err
		}
		for i := range all {
			all[i].nearest[space] = of(v, i)
		}
	}
	return nil
}

// stability sums up.
func (t *trial) stability(k int, all *[arms]gathering) Stability {
	s := Stability{Exemplars: k, Draws: t.opt.Draws, Fresh: t.fresh}
	for i, to := range []*Measure{&s.Latents, &s.Rescaled, &s.Random, &s.RandomRescaled, &s.Unchanged, &s.Pixels, &s.PixelsMatched} {
		*to = all[i].measure()
	}
	latents, pixels := &all[ofRescaled], &all[ofPixelsMatched]
	if t.Realism != nil {
		p := stats.PairedOf(latents.logits, pixels.logits, t.opt.Seed)
		s.Ghosting.Logit = &p
	}
	for space := range t.Nearest {
		if s.Ghosting.Nearest == nil {
			s.Ghosting.Nearest = map[string]stats.Paired{}
		}
		s.Ghosting.Nearest[space] = stats.PairedOf(latents.nearest[space], pixels.nearest[space], t.opt.Seed)
	}
	return s
}

// A gathering is one number a draw.
type gathering struct {
	wanted, logits, norms []float64
	nearest               map[string][]float64
	centres               [][]float32
}

func (g *gathering) measure() (m Measure) {
	spread := func(v []float64) *stats.Spread {
		if v == nil {
			return nil
		}
		s := stats.SpreadOf(v)
		return &s
	}
	m.Wanted, m.Logit, m.Norm = spread(g.wanted), spread(g.logits), spread(g.norms)
	for space, v := range g.nearest {
		if m.Nearest == nil {
			m.Nearest = map[string]stats.Spread{}
		}
		m.Nearest[space] = stats.SpreadOf(v)
	}
	var sum float64
	width := len(g.centres[0])
	for j := range width {
		var mean float64
		for _, c := range g.centres {
			mean += float64(c[j]) / float64(len(g.centres))
		}
		for _, c := range g.centres {
			d := float64(c[j]) - mean
			sum += d * d
		}
	}
	m.Apart = math.Sqrt(sum / float64(width*len(g.centres)))
	return m
}
