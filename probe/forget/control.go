package forget

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"dcganviz/internal/random"
	"dcganviz/probe/stats"
)

// A Control is what dropping other units does: means and standard deviations over draws
// of the units, on the first Samples of a baseline.
type Control struct {
	Draws   int `json:"draws"`
	Samples int `json:"samples"`
	// Units is how many units a draw drops.
	Units       stats.Spread `json:"units"`
	Area        stats.Spread `json:"area"`
	Score       stats.Spread `json:"score"`
	Removed     stats.Spread `json:"removed"`
	OutsideRMSE stats.Spread `json:"outside_rmse"`
	// Method is what the method itself does to the same samples, by the same viewers;
	// of several probes the mean.
	Method struct {
		Removed     float64 `json:"removed"`
		OutsideRMSE float64 `json:"outside_rmse"`
	} `json:"method,omitzero"`
	// P is the method's rank among the draws: the share of draws, the method counted as
	// one, that remove as much or more. Small is rare by chance.
	P float64 `json:"p,omitempty"`
	// Scorer and Guide are the same, by the scorer and the second scorer; nil where they
	// did not look.
	Scorer *ViewerControl `json:"scorer,omitempty"`
	Guide  *ViewerControl `json:"guide,omitempty"`
}

// A ViewerControl is a Control by another viewer than the judge.
type ViewerControl struct {
	Draws   int          `json:"draws"`
	Samples int          `json:"samples"`
	Removed stats.Spread `json:"removed"`
	Method  float64      `json:"method"`
	P       float64      `json:"p"`
}

// Controls are what other units do than those of a method.
type Controls struct {
	// Random drops as many units, drawn from all.
	Random Control `json:"random"`
	// EnergyMatched drops as many units, each with an energy (its mean square) like one
	// of the method's, and none of these while there are others. It tells whether it
	// matters which units go, or only how strong they are.
	EnergyMatched Control `json:"energy_matched"`
	// DamageMatched drops as many random units as it takes to change pixels outside the
	// concept as much as the method does.
	DamageMatched Control `json:"damage_matched"`
}

// The samples and draws that controls are measured on. Scorers are slower than the judge,
// and draws differ more than samples do.
const (
	controlSamples = 150
	controlOthers  = 50
	energyDraws    = 20
)

// Controls measures controls of a method that drops any of sets, which are units of each
// concept's layer: several, if several probes chose them. By default it takes 200 draws of
// Random, half as many of DamageMatched, 20 of EnergyMatched, on 150 of the baseline's
// samples. The scorers look at 50 samples of the first half of Random's draws.
func (b *Baseline) Controls(ctx context.Context, cs []*Concept, sets [][][]int, opt MeasureOptions) (out Controls, err error) {
	opt.Draws = cmp.Or(opt.Draws, 200)
	t, err := b.trial(ctx, cs, cmp.Or(opt.Samples, controlSamples), controlOthers)
	if err != nil {
		return out, err
	}
	var own []brief
	for _, units := range sets {
		f, err := t.measure(ctx, units, true)
		if err != nil {
			return out, fmt.Errorf("forget: control: %w", err)
		}
		own = append(own, f)
	}
	// A draw is as large as one set after the other.
	size := func(d, layer int) int { return len(sets[d%len(sets)][layer]) }
	half := (opt.Draws + 1) / 2
	out.Random, err = t.control(ctx, opt.Draws, half, opt.Seed, own, func(d, i int, rng *rand.Rand) []int {
		return rng.Perm(cs[i].Units)[:size(d, i)]
	})
	if err != nil {
		return out, err
	}
	out.EnergyMatched, err = t.control(ctx, min(opt.Draws, energyDraws), 0, opt.Seed, own, func(d, i int, rng *rand.Rand) []int {
		return cs[i].matched(sets[d%len(sets)][i], rng)
	})
	if err != nil {
		return out, err
	}
	match, err := t.damaging(ctx, sets)
	if err != nil {
		return out, err
	}
	out.DamageMatched, err = t.controlOf(ctx, half, 0, opt.Seed, own, func(_ int, rng *rand.Rand) ([][]int, error) {
		return match(rng)
	})
	return out, err
}

// control measures draws of units, chosen layer by layer. The scorers look at the first
// scored draws.
func (t *trial) control(ctx context.Context, draws, scored int, seed uint64, own []brief, choose func(draw, layer int, rng *rand.Rand) []int) (Control, error) {
	return t.controlOf(ctx, draws, scored, seed, own, func(d int, rng *rand.Rand) ([][]int, error) {
		units := make([][]int, len(t.cs))
		for i := range units {
			units[i] = choose(d, i, rng)
		}
		return units, nil
	})
}

func (t *trial) controlOf(ctx context.Context, draws, scored int, seed uint64, own []brief, choose func(draw int, rng *rand.Rand) ([][]int, error)) (Control, error) {
	rng := random.New(seed, random.ForgetControls)
	c := Control{Draws: draws, Samples: t.judged}
	var all []brief
	var sizes []float64
	for d := range draws {
		units, err := choose(d, rng)
		if err != nil {
			return c, fmt.Errorf("forget: control: %w", err)
		}
		f, err := t.measure(ctx, units, d < scored)
		if err != nil {
			return c, fmt.Errorf("forget: control: %w", err)
		}
		n := 0
		for _, u := range units {
			n += len(u)
		}
		all, sizes = append(all, f), append(sizes, float64(n))
	}
	c.Units = stats.SpreadByShares(sizes)
	c.Area = stats.SpreadByShares(each(all, func(f brief) float64 { return f.area }))
	c.Score = stats.SpreadByShares(each(all, func(f brief) float64 { return f.score }))
	c.Removed = stats.SpreadByShares(each(all, brief.byJudge))
	c.OutsideRMSE = stats.SpreadByShares(each(all, brief.damage))
	if len(own) > 0 {
		t.compare(&c, own, all, scored)
	}
	return c, nil
}

// compare ranks a method, own, among the draws.
func (t *trial) compare(c *Control, own, draws []brief, scored int) {
	mean := func(figure func(brief) float64) float64 { return stats.SpreadByShares(each(own, figure)).Mean }
	c.Method.Removed, c.Method.OutsideRMSE = mean(brief.byJudge), mean(brief.damage)
	c.P = rank(c.Method.Removed, each(draws, brief.byJudge))
	by := func(figure func(brief) float64) *ViewerControl {
		removed := each(draws[:scored], figure)
		return &ViewerControl{Draws: scored, Samples: t.others, Removed: stats.SpreadByShares(removed), Method: mean(figure), P: rank(mean(figure), removed)}
	}
	if scored > 0 && t.b.subject.Scorer != nil {
		c.Scorer = by(func(f brief) float64 { return f.scorer })
	}
	if scored > 0 && t.b.subject.Second != nil {
		c.Guide = by(func(f brief) float64 { return f.second })
	}
}

// each returns a figure of each drop.
func each(of []brief, figure func(brief) float64) (out []float64) {
	for _, f := range of {
		out = append(out, figure(f))
	}
	return out
}

// rank is the share of draws, and of v as one more, that are v or more.
//
// Method: the Monte Carlo p-value of Davison & Hinkley 1997, section 4.2.
func rank(v float64, draws []float64) float64 {
	n := 1
	for _, d := range draws {
		if d >= v {
			n++
		}
	}
	return float64(n) / float64(1+len(draws))
}

// damaging returns a function that draws units in random order, the same number of each
// layer where it has as many, until they change pixels outside the concept as much as the
// sets do on average.
func (t *trial) damaging(ctx context.Context, sets [][][]int) (func(rng *rand.Rand) ([][]int, error), error) {
	d, err := t.damage(ctx)
	if err != nil {
		return nil, err
	}
	var want float64
	for _, units := range sets {
		rmse, err := d.of(ctx, units)
		if err != nil {
			return nil, err
		}
		want += rmse / float64(len(sets))
	}
	most := 0
	for _, c := range t.cs {
		most = max(most, c.Units)
	}
	return func(rng *rand.Rand) ([][]int, error) {
		var order [][]int
		for _, c := range t.cs {
			order = append(order, rng.Perm(c.Units))
		}
		// Low does too little, high enough; damages are theirs.
		low, high := 0, most
		damages := map[int]float64{}
		for high > low+1 {
			k := (low + high) / 2
			rmse, err := d.of(ctx, leading(order, k))
			if err != nil {
				return nil, err
			}
			damages[k] = rmse
			if rmse < want {
				low = k
			} else {
				high = k
			}
		}
		if over, ok := damages[high]; low > 0 && (!ok || want-damages[low] < over-want) {
			high = low
		}
		return leading(order, high), nil
	}, nil
}

// leading is the first k units of each layer's order, or all of a shorter one.
func leading(order [][]int, k int) (units [][]int) {
	for _, o := range order {
		units = append(units, o[:min(k, len(o))])
	}
	return units
}

// alike is how many units of the nearest energy a match is drawn from.
const alike = 4

func (c *Concept) matched(units []int, rng *rand.Rand) []int {
	taken := make([]bool, c.Units)
	for _, u := range units {
		taken[u] = true
	}
	spare := c.Units - len(units)
	var out []int
	for _, i := range rng.Perm(len(units)) {
		want := c.Energy[units[i]]
		if spare == 0 { // only the units themselves are left
			clear(taken)
			for _, u := range out {
				taken[u] = true
			}
		}
		spare--
		var free []int
		for u, t := range taken {
			if !t {
				free = append(free, u)
			}
		}
		slices.SortStableFunc(free, func(a, b int) int { return cmp.Compare(math.Abs(c.Energy[a]-want), math.Abs(c.Energy[b]-want)) })
		u := free[rng.IntN(min(alike, len(free)))]
		taken[u] = true
		out = append(out, u)
	}
	return out
}
