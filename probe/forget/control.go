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

// A Control is what dropping the same number of other units does: means and standard
// deviations over draws of the units.
type Control struct {
	Draws       int          `json:"draws"`
	Area        stats.Spread `json:"area"`
	Score       stats.Spread `json:"score"`
	Removed     stats.Spread `json:"removed"`
	OutsideRMSE stats.Spread `json:"outside_rmse"`
}

// Random drops as many units of each concept's layer as are in units, chosen at
// random of all: by default in 20 draws, each on 100 of the baseline's samples.
func (b *Baseline) Random(ctx context.Context, cs []*Concept, units [][]int, opt MeasureOptions) (Control, error) {
	return b.control(ctx, cs, opt, func(i int, rng *rand.Rand) []int { return rng.Perm(cs[i].Units)[:len(units[i])] })
}

// EnergyMatched drops as many units as are in units, each with an energy (its mean
// square) like one of them. It takes the units themselves only if no others are left. It
// tells whether it matters which units go, or only how strong they are. The
// defaults are Random's.
func (b *Baseline) EnergyMatched(ctx context.Context, cs []*Concept, units [][]int, opt MeasureOptions) (Control, error) {
	return b.control(ctx, cs, opt, func(i int, rng *rand.Rand) []int { return cs[i].matched(units[i], rng) })
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

func (b *Baseline) control(ctx context.Context, cs []*Concept, opt MeasureOptions, choose func(i int, rng *rand.Rand) []int) (Control, error) {
	opt.Draws = cmp.Or(opt.Draws, 20)
	opt.Samples = cmp.Or(opt.Samples, 100)
	part := b.part(opt.Samples)
	rng := random.New(opt.Seed, random.ForgetControls)
	var area, mean, removed, rmse []float64
	for range opt.Draws {
		units := make([][]int, len(cs))
		for i := range cs {
			units[i] = choose(i, rng)
		}
		f, err := part.brief(ctx, cs, units)
		if err != nil {
			return Control{}, fmt.Errorf("forget: control: %w", err)
		}
		area, mean, removed, rmse = append(area, f.area), append(mean, f.score), append(removed, f.removed), append(rmse, f.rmse)
	}
	return Control{Draws: opt.Draws, Area: stats.SpreadByShares(area), Score: stats.SpreadByShares(mean), Removed: stats.SpreadByShares(removed), OutsideRMSE: stats.SpreadByShares(rmse)}, nil
}

// brief is the main figures of a drop, by the judge.
type brief struct{ area, score, removed, rmse float64 }

// brief measures a drop without the scorer, D or intervals.
func (b *Baseline) brief(ctx context.Context, cs []*Concept, units [][]int) (f brief, err error) {
	v, err := dropAll(cs, units)
	if err != nil {
		return f, err
	}
	x, err := b.Draw(ctx, v)
	if err != nil {
		return f, err
	}
	judge := b.viewers()
	judge.subject.Scorer = nil
	after, err := judge.look(ctx, x)
	if err != nil {
		return f, err
	}
	n := float64(x.Len())
	f.area, f.score = stats.Sum(after.area)/n, stats.Sum(after.score)/n
	f.removed = 1 - ratio(f.area, stats.Sum(b.seen.area)/n)
	sums, counts := b.squares(x)
	f.rmse = math.Sqrt(ratio(stats.Sum(sums), stats.Sum(counts)))
	return f, nil
}

// part returns the baseline of its first n samples, without photographs.
func (b *Baseline) part(n int) *Baseline {
	n = min(n, b.x.Len())
	p := *b
	p.z, p.x, p.outside, p.other = b.z.Slice(0, n), b.x.Slice(0, n), b.outside[:n], b.other.Slice(0, n)
	p.photographs = nil
	s := *b.seen
	p.seen = &s
	s.area, s.score, s.judge = s.area[:n], s.score[:n], s.judge.Slice(0, n)
	if s.scorerArea != nil {
		s.scorerArea, s.scorerScore = s.scorerArea[:n], s.scorerScore[:n]
	}
	if s.logit != nil {
		s.logit, s.features, p.far = s.logit[:n], s.features.Slice(0, n), b.far[:n]
	}
	return &p
}
