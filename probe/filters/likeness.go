package filters

import (
	"math"

	"dcganviz/internal/random"
	"dcganviz/model"
	"dcganviz/probe/stats"
)

// A Likeness is how alike pairs of maps are, in magnitudes summed over the channels: the
// mean and 95% interval over units, images and draws. Only the receptive fields are
// compared, because all maps are zero outside.
type Likeness struct {
	Spearman stats.Interval `json:"spearman"`
	SSIM     stats.Interval `json:"ssim"`
	// Pairs were compared. Vanished pairs were left out: one of their maps has the same
	// value everywhere, usually zero.
	Pairs    int `json:"pairs"`
	Vanished int `json:"vanished"`
}

// A comparison gathers the likeness of pairs of maps.
type comparison struct {
	spearman, ssim stats.Nest // a run is a draw, a group a unit
	pairs, gone    int
}

func newComparison(perUnit int) *comparison {
	return &comparison{spearman: stats.Nest{Each: perUnit}, ssim: stats.Nest{Each: perUnit}}
}

// add compares maps a and b [N, H, W, C] of the same responses, as one draw.
func (c *comparison) add(a, b model.Tensor, responses []Response) {
	width, channels := a.Shape[2], a.Shape[3]
	spearman, ssim := make([]float64, a.Len()), make([]float64, a.Len())
	for i := range spearman {
		f := responses[i].Field
		p, q := heat(a.Row(i), width, channels, f), heat(b.Row(i), width, channels, f)
		spearman[i], ssim[i] = stats.Spearman(p, q), SSIM(p, q, f.Y1-f.Y0, f.X1-f.X0)
		if math.IsNaN(spearman[i]) {
			ssim[i] = math.NaN() // the same pairs in both
			c.gone++
			continue
		}
		c.pairs++
	}
	c.spearman.Runs, c.ssim.Runs = append(c.spearman.Runs, spearman), append(c.ssim.Runs, ssim)
}

func (c *comparison) likeness(seed uint64) Likeness {
	return Likeness{Spearman: interval(c.spearman, seed), SSIM: interval(c.ssim, seed), Pairs: c.pairs, Vanished: c.gone}
}

// interval is over units, images of each unit, and draws.
func interval(n stats.Nest, seed uint64) stats.Interval {
	return n.Interval(random.New(seed, random.FiltersBootstrap))
}

// above measures a correlation from a floor (0) to 1.
func above(i stats.Interval, floor float64) stats.Interval {
	at := func(v float64) float64 { return (v - floor) / (1 - floor) }
	return stats.Interval{Mean: at(i.Mean), Lo: at(i.Lo), Hi: at(i.Hi)}
}
