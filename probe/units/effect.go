package units

import (
	"context"
	"math"

	"dcganviz/model"
	"dcganviz/probe/stats"
)

// An effect is what holding a unit alone does to each sample: sums of squared
// changes, each pixel's being the mean over its channels.
type effect struct {
	// all is over the image, in over the unit's own area, of inside pixels;
	// shuffled is over its areas in other samples, of shuffledPixels.
	all, in, inside          []float64
	shuffled, shuffledPixels []float64
	logit                    []float64 // the change of D's, of the samples shown to it
	pixels                   []float64 // of an image
	// foreign is what it does inside of another unit's area, by unit, for the units
	// that it is a control for.
	foreign map[int]float64
	// difference is the mean change of the image, [H, W, C].
	difference []float64
}

// areaShuffles is how many other samples lend each sample their areas: Shuffled is the
// effect inside of those.
const areaShuffles = 4

func (st *Result) newEffect() effect {
	n := st.opt.HeldSamples
	e := effect{foreign: map[int]float64{}, difference: make([]float64, st.x.Shape[1]*st.x.Shape[2]*st.x.Shape[3])}
	for _, v := range []*[]float64{&e.all, &e.in, &e.inside, &e.shuffled, &e.shuffledPixels, &e.pixels} {
		*v = make([]float64, n)
	}
	if st.subject.D != nil {
		e.logit = make([]float64, len(st.logit))
	}
	return e
}

// measure holds each of the wanted units, and the units that they are compared with.
func (st *Result) measure(ctx context.Context, wanted []int, matches map[int][]int) error {
	st.effect = make([]effect, len(st.all))
	if st.subject.D != nil {
		st.logit = make([]float64, min(batch, st.opt.HeldSamples))
	}
	controls := make([][]int, len(st.all)) // by unit: which units it is a control for
	var held []int
	hold := func(u int) {
		if st.effect[u].all == nil {
			st.effect[u] = st.newEffect()
			held = append(held, u)
		}
	}
	for _, u := range wanted {
		hold(u)
		for _, m := range matches[u] {
			hold(m)
			controls[m] = append(controls[m], u)
		}
	}
	mixed := shuffles(st.opt.Seed, st.opt.Samples, areaShuffles)
	done, parts := 0, len(held)*((st.opt.HeldSamples+batch-1)/batch)
	return st.eachBatch(ctx, st.opt.HeldSamples, func(from, to int) error {
		act := st.act.Slice(from, to).Clone()
		if err := st.logits(st.x.Slice(from, to), from, st.logit, nil); err != nil {
			return err
		}
		for _, u := range held {
			if err := ctx.Err(); err != nil {
				return err
			}
			st.opt.Say("holding units", done, parts)
			done++
			x, err := st.held(act, st.act.Slice(from, to), st.z.Slice(from, to), u)
			if err != nil {
				return err
			}
			e := &st.effect[u]
			st.compare(e, u, x, from, mixed, controls[u])
			if err := st.logits(x, from, e.logit, st.logit); err != nil {
				return err
			}
		}
		return nil
	})
}

// held draws samples with a unit held. was is their activations, and act a copy, which
// is changed and then put right again. z is their latents.
func (st *Result) held(act, was, z model.Tensor, unit int) (model.Tensor, error) {
	c := act.Shape[3]
	value := float32(st.all[unit].Held)
	for at := unit; at < len(act.Data); at += c {
		act.Data[at] = value
	}
	run := st.run
	run.Latents = z
	found, err := st.subject.G.Continue(st.layer.Name, act, st.end(), run)
	for at := unit; at < len(act.Data); at += c {
		act.Data[at] = was.Data[at]
	}
	if err != nil {
		return model.Tensor{}, err
	}
	for _, v := range found[0].Data {
		if v-v != 0 {
			return model.Tensor{}, model.Unusable("units: with unit %d held, a sample has a pixel of %v: the weights are too large for float32", unit, v)
		}
	}
	return found[0], nil
}

// compare adds what a unit changed in samples from a number on, drawn without it.
func (st *Result) compare(e *effect, unit int, x model.Tensor, from int, mixed [][]int, controlled []int) {
	c := x.Shape[3]
	pixels := x.Shape[1] * x.Shape[2]
	areas := st.areas[unit]
	foreign := make([][]float64, x.Len())
	st.run.Pool.Run(x.Len(), func(k, _ int) {
		i := from + k
		is, was := x.Row(k), st.x.Row(i)
		squares := make([]float32, pixels)
		for at := range squares {
			var sum float32
			for p := at * c; p < (at+1)*c; p++ {
				d := is[p] - was[p]
				sum += float32(d * d)
			}
			squares[at] = sum / float32(c)
			e.all[i] += float64(squares[at])
		}
		e.pixels[i] = float64(pixels)
		e.in[i], e.inside[i] = areas[i].sum(squares), float64(areas[i].count())
		for _, to := range mixed {
			other := areas[to[i]]
			e.shuffled[i] += other.sum(squares)
			e.shuffledPixels[i] += float64(other.count())
		}
		for _, u := range controlled {
			foreign[k] = append(foreign[k], st.areas[u][i].sum(squares))
		}
	})
	for k := range foreign { // in order, so that sums do not depend on threads
		for j, u := range controlled {
			e.foreign[u] += foreign[k][j]
		}
	}
	const chunks = 32
	st.run.Pool.Run(chunks, func(chunk, _ int) {
		lo, hi := chunk*len(e.difference)/chunks, (chunk+1)*len(e.difference)/chunks
		for k := range x.Len() {
			is, was := x.Row(k), st.x.Row(from+k)
			for p := lo; p < hi; p++ {
				e.difference[p] += (float64(is[p]) - float64(was[p])) / float64(st.opt.HeldSamples)
			}
		}
	})
}

// logits writes D's logits of samples from a number on, less those in base.
func (st *Result) logits(x model.Tensor, from int, into, base []float64) error {
	shown := min(x.Len(), len(st.logit)-from)
	if shown <= 0 {
		return nil
	}
	run := st.run
	if st.classes != nil {
		run.Classes = st.classes[from:][:shown]
	}
	found, err := st.subject.D.Logits(x.Slice(0, shown), run)
	if err != nil {
		return err
	}
	for k, v := range found.Data {
		into[from+k] = float64(v)
		if base != nil {
			into[from+k] -= base[from+k]
		}
	}
	return nil
}

func meanOf(v []float64, boot stats.Draws) *stats.Interval {
	n := float64(len(v))
	return boot.Sums(v).Interval(func(s []float64) float64 { return s[0] / n })
}

// summarize fills in a unit's figures. held draws from the samples in which the unit was
// held, and shown from the samples that D was shown.
func (e *effect) summarize(u *Unit, held, shown stats.Draws) {
	sums := held.Sums(e.all, e.pixels, e.in, e.inside, e.shuffled, e.shuffledPixels)
	u.Effect = *sums.Interval(func(s []float64) float64 { return math.Sqrt(s[0] / s[1]) })
	u.Inside = sums.Interval(func(s []float64) float64 { return math.Sqrt(s[2] / s[3]) })
	u.Outside = sums.Interval(func(s []float64) float64 { return math.Sqrt(max(0, s[0]-s[2]) / (s[1] - s[3])) })
	u.Concentration = sums.Interval(func(s []float64) float64 { return concentration(s[2], s[3], s[0], s[1]) })
	u.Shuffled = sums.Interval(func(s []float64) float64 { return concentration(s[4], s[5], areaShuffles*s[0], areaShuffles*s[1]) })
	if e.logit != nil {
		u.Logit = meanOf(e.logit, shown)
	}
}

// concentration is the RMSE of the pixels inside over the RMSE of the others.
// squares sums the squared changes inside, allSquares the changes of the whole image.
func concentration(squares, inside, allSquares, pixels float64) float64 {
	return math.Sqrt(squares / inside * (pixels - inside) / max(0, allSquares-squares))
}
