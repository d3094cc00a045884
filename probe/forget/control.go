package forget

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// A Control is what dropping other units, as many, does: means and standard
// deviations over draws of the units.
type Control struct {
	Draws       int    `json:"draws"`
	Area        Spread `json:"area"`
	Removed     Spread `json:"removed"`
	OutsideRMSE Spread `json:"outside_rmse"`
}

// A Spread is a mean and a standard deviation over draws.
type Spread struct {
	Mean float64 `json:"mean"`
	SD   float64 `json:"sd"`
}

// ControlOptions say how controls are drawn.
type ControlOptions struct {
	// Draws of the units. 0 means 20.
	Draws int
	// Samples of the baseline's to measure each draw on. 0 means 100.
	Samples int
	// Seed decides the units.
	Seed uint64
}

// Random drops as many units as are in units, chosen at random of all.
func (b *Baseline) Random(ctx context.Context, c *Concept, units []int, opt ControlOptions) (Control, error) {
	return b.control(ctx, c, opt, func(rng *rand.Rand) []int {
		return rng.Perm(c.Units)[:len(units)]
	})
}

// EnergyMatched drops as many units as are in units, each like one of those in
// energy, its mean square, and none of them as far as there are others. It
// tells whether it matters which units go, or only how strong they are.
func (b *Baseline) EnergyMatched(ctx context.Context, c *Concept, units []int, opt ControlOptions) (Control, error) {
	return b.control(ctx, c, opt, func(rng *rand.Rand) []int { return c.matched(units, rng) })
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
		slices.SortStableFunc(free, func(a, b int) int {
			return cmp.Compare(math.Abs(c.Energy[a]-want), math.Abs(c.Energy[b]-want))
		})
		u := free[rng.IntN(min(alike, len(free)))]
		taken[u] = true
		out = append(out, u)
	}
	return out
}

// forControls keeps the draws of units apart from other uses of a seed.
const forControls = 0x636f6e74726f6c73

func (b *Baseline) control(ctx context.Context, c *Concept, opt ControlOptions, choose func(*rand.Rand) []int) (Control, error) {
	if opt.Draws == 0 {
		opt.Draws = 20
	}
	if opt.Samples == 0 {
		opt.Samples = 100
	}
	part := b.part(opt.Samples)
	rng := newRand(opt.Seed)
	var area, removed, rmse []float64
	for range opt.Draws {
		f, err := part.brief(ctx, c.Drop(choose(rng)))
		if err != nil {
			return Control{}, fmt.Errorf("forget: control: %w", err)
		}
		area, removed, rmse = append(area, f.Area), append(removed, f.Removed), append(rmse, f.OutsideRMSE)
	}
	return Control{Draws: opt.Draws, Area: spreadOf(area), Removed: spreadOf(removed), OutsideRMSE: spreadOf(rmse)}, nil
}

func spreadOf(v []float64) Spread {
	var s Spread
	for _, x := range v {
		s.Mean += x / float64(len(v))
	}
	for _, x := range v {
		s.SD += (x - s.Mean) * (x - s.Mean) / float64(max(1, len(v)-1))
	}
	s.SD = math.Sqrt(s.SD)
	return s
}

// A Brief is the main figures of an intervention, by the judge.
type Brief struct {
	Area        float64 `json:"area"`
	Removed     float64 `json:"removed"`
	OutsideRMSE float64 `json:"outside_rmse"`
}

// brief measures without the scorer, D or the bootstrap.
func (b *Baseline) brief(ctx context.Context, v *Intervention) (Brief, error) {
	x, err := b.Draw(ctx, v)
	if err != nil {
		return Brief{}, err
	}
	judge := *b
	only := *b.subject
	only.Scorer, only.D = nil, nil
	judge.subject = &only
	after, err := judge.look(ctx, x)
	if err != nil {
		return Brief{}, err
	}
	f := Brief{}
	var before float64
	for i, a := range after.area {
		f.Area += a / float64(len(after.area))
		before += b.seen.area[i] / float64(len(after.area))
	}
	f.Removed = 1 - ratio(f.Area, before)
	sums, counts := b.squares(x)
	f.OutsideRMSE = math.Sqrt(ratio(total(sums), total(counts)))
	return f, nil
}

func total(v []float64) (sum float64) {
	for _, x := range v {
		sum += x
	}
	return sum
}

// part returns the baseline of its first n samples.
func (b *Baseline) part(n int) *Baseline {
	n = min(n, b.x.Len())
	p := &Baseline{subject: b.subject, opt: b.opt, z: b.z.Slice(0, n), x: b.x.Slice(0, n), outside: b.outside[:n]}
	s := *b.seen
	p.seen = &s
	s.area, s.score = s.area[:n], s.score[:n]
	return p
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, forControls)) }
