package filters

import (
	"math"

	"dcganviz/internal/rank"
	"dcganviz/model"
	"dcganviz/probe/score"
)

// A Likeness is how alike pairs of maps are inside of their receptive fields,
// in magnitudes summed over the channels: the mean and 95% interval over units,
// images and draws. Outside both are zero, which would make them alike for
// nothing.
type Likeness struct {
	Spearman score.Interval `json:"spearman"`
	SSIM     score.Interval `json:"ssim"`
	// Pairs is how many were compared. In Vanished ones a map is the same
	// everywhere, usually zero; they have no likeness and are left out.
	Pairs    int `json:"pairs"`
	Vanished int `json:"vanished"`
}

// A comparison gathers the likeness of pairs of maps.
type comparison struct {
	spearman, ssim figures
	pairs, gone    int
}

func newComparison(perUnit int) *comparison {
	return &comparison{spearman: figures{perUnit: perUnit}, ssim: figures{perUnit: perUnit}}
}

// add compares maps a and b [N, H, W, C] of the same responses, as one draw.
func (c *comparison) add(a, b model.Tensor, responses []Response) {
	width, channels := a.Shape[2], a.Shape[3]
	spearman, ssim := make([]float64, a.Len()), make([]float64, a.Len())
	for i := range spearman {
		f := responses[i].Field
		p, q := heat(a.Row(i), width, channels, f), heat(b.Row(i), width, channels, f)
		spearman[i], ssim[i] = rank.Spearman(p, q), SSIM(p, q, f.Y1-f.Y0, f.X1-f.X0)
		if math.IsNaN(spearman[i]) {
			ssim[i] = math.NaN() // the same pairs in both
			c.gone++
			continue
		}
		c.pairs++
	}
	c.spearman.of, c.ssim.of = append(c.spearman.of, spearman), append(c.ssim.of, ssim)
}

func (c *comparison) likeness(seed uint64) Likeness {
	return Likeness{Spearman: c.spearman.interval(seed), SSIM: c.ssim.interval(seed), Pairs: c.pairs, Vanished: c.gone}
}

// above measures a correlation from a floor (0) to 1.
func above(i score.Interval, floor float64) score.Interval {
	at := func(v float64) float64 { return (v - floor) / (1 - floor) }
	return score.Interval{Mean: at(i.Mean), Lo: at(i.Lo), Hi: at(i.Hi)}
}
