package kid

import "math"

// A statistic is the sums that a distance is made of, and each group's share in them.
type statistic struct {
	x, y   side
	xy, yx []float64 // of each group with the other set
	sxy    float64
}

// A side is the sum of a kernel over the pairs of a set, and each group's share in it.
// Images of one group are not paired: patches of one photograph are alike, and would make
// real pictures look less varied than they are.
type side struct {
	part
	shares       []float64
	total, pairs float64
}

// A part is some rows of a matrix, and their groups.
type part struct {
	rows []int
	groups
}

// all is all rows of a matrix that has these groups.
func all(g groups) part {
	rows := make([]int, len(g.of))
	for i := range rows {
		rows[i] = i
	}
	return part{rows, g}
}

// within sums a kernel up over the pairs of a part.
func within(k kernel, p *pairs, a part) side {
	s := side{part: a, shares: make([]float64, len(a.sizes)), pairs: a.apart()}
	for i, r := range a.rows {
		for j, c := range a.rows[:i] {
			if a.of[i] != a.of[j] {
				v := k(p, r, c)
				s.shares[a.of[i]] += v
				s.shares[a.of[j]] += v
				s.total += 2 * v
			}
		}
	}
	return s
}

// newStatistic adds the sums of the kernel over all pairs of one row of each side.
func newStatistic(k kernel, p *pairs, x, y side) *statistic {
	s := &statistic{x: x, y: y, xy: make([]float64, len(x.sizes)), yx: make([]float64, len(y.sizes))}
	for i, r := range x.rows {
		for j, c := range y.rows {
			v := k(p, r, c)
			s.xy[x.of[i]] += v
			s.yx[y.of[j]] += v
			s.sxy += v
		}
	}
	return s
}

// mean is the kernel's mean over the pairs, and without its mean without each group.
func (s side) mean() float64 { return s.total / s.pairs }

func (s side) without() []float64 {
	n, out := float64(len(s.rows)), make([]float64, len(s.sizes))
	for g, size := range s.sizes {
		out[g] = (s.total - 2*s.shares[g]) / (s.pairs - 2*size*(n-size))
	}
	return out
}

func (s *statistic) value() float64 {
	return s.x.mean() + s.y.mean() - 2*s.sxy/float64(len(s.x.rows)*len(s.y.rows))
}

// withoutX returns the values without each group of the first set, and withoutY of the
// second.
func (s *statistic) withoutX() []float64 { return s.withoutEach(s.x, s.y, s.xy) }

func (s *statistic) withoutY() []float64 { return s.withoutEach(s.y, s.x, s.yx) }

func (s *statistic) withoutEach(of, other side, shares []float64) []float64 {
	out, n, m := of.without(), float64(len(of.rows)), float64(len(other.rows))
	for g, size := range of.sizes {
		out[g] += other.mean() - 2*(s.sxy-shares[g])/((n-size)*m)
	}
	return out
}

// jackknife is the variance of a figure by its values without each group.
func jackknife(without []float64) float64 {
	n, mean, sum := float64(len(without)), 0.0, 0.0
	for _, v := range without {
		mean += v / n
	}
	for _, v := range without {
		sum += (v - mean) * (v - mean)
	}
	return sum * (n - 1) / n
}

// standardError is the two-sample jackknife's standard error.
func (s *statistic) standardError() float64 {
	return math.Sqrt(jackknife(s.withoutX()) + jackknife(s.withoutY()))
}
