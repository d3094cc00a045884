package represent

import (
	"math/rand/v2"

	"dcganviz/internal/random"
	"dcganviz/probe/stats"
)

// intervals fills in the accuracies of the table with their intervals, and how far each row
// is behind D. A draw of the bootstrap takes test pictures and draws with replacement, the
// same for all rows, so that differences are of pairs.
func (s *study) intervals(r *Report) {
	var all []*Measured
	for i := range r.Rows {
		all = append(all, &r.Rows[i].Measured)
		if r.Rows[i].Equal != nil {
			all = append(all, r.Rows[i].Equal)
		}
	}
	rng := random.New(s.opt.Seed, random.RepresentBootstrap)
	resampled := make(map[*Measured][]float64)
	weight := make([]int, len(s.test.Labels))
	most := 0
	for _, m := range all {
		most = max(most, len(m.right))
	}
	runs := make([]int, most)
	for range stats.Resamples {
		clear(weight)
		for range weight {
			weight[rng.IntN(len(weight))]++
		}
		drawRuns(runs, rng)
		for _, m := range all {
			resampled[m] = append(resampled[m], m.resample(weight, runs))
		}
	}
	for _, m := range all {
		m.Accuracy = stats.Percentiles(mean(m.Draws), resampled[m])
	}
	behind := func(d, m *Measured) *stats.Interval {
		if d == m {
			return nil
		}
		diff := make([]float64, stats.Resamples)
		for i := range diff {
			diff[i] = resampled[d][i] - resampled[m][i]
		}
		out := stats.Percentiles(mean(d.Draws)-mean(m.Draws), diff)
		return &out
	}
	d := r.Row(Trained)
	for i := range r.Rows {
		row := &r.Rows[i]
		row.Behind = behind(&d.Measured, &row.Measured)
		other := row.Equal
		if row.Kind == Pixels {
			other = &row.Measured
		}
		if other != nil && d.Equal != nil {
			row.EqualBehind = behind(d.Equal, other)
		}
	}
}

func drawRuns(runs []int, rng *rand.Rand) {
	for i := range runs {
		runs[i] = rng.IntN(len(runs))
	}
}

// resample is the accuracy on test pictures as often as weight says, over runs. A row that
// has fewer runs counts them again and again.
func (m *Measured) resample(weight, runs []int) float64 {
	right, total := 0, 0
	for _, w := range weight {
		total += w
	}
	n := len(m.right)
	for _, run := range runs[:n] {
		for i, ok := range m.right[run%n] {
			if ok {
				right += weight[i]
			}
		}
	}
	return float64(right) / float64(total*n)
}

func mean(x []float64) float64 { return stats.Sum(x) / float64(len(x)) }
