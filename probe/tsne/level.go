package tsne

import (
	"math"

	"dcganviz/internal/hartley"
)

// A level is a way to divide the work between the grid and close points: the
// finer the grid, the larger T, and the smaller the radius within which points
// are close, nearReach/sqrt(T).
type level struct {
	t    float64 // zero: the grid does everything
	step float64
}

// levels are the choices, from the finest grid. A step of 0.7/sqrt(T) keeps the
// error of the forces below 1%; TestFieldIsNearTheSum measures it. The last are for points that lie extremely far apart.
var levels = func() []level {
	all := []level{{0, .3}}
	for t := 2 * math.Sqrt2; t > 1e-8; t /= math.Sqrt2 {
		all = append(all, level{t, .7 / math.Sqrt(t)})
	}
	return all
}()

const (
	// rethink is how many calls a level is kept for.
	rethink = 16
	// mostNodes is the largest side of a grid, of 100 MB.
	mostNodes = 4096
	// The times that a grid needs for each of its nodes and each halving of its
	// side, and that a pair of close points needs, in nanoseconds: only their
	// ratio counts.
	nodeCost = .4
	pairCost = 1.
)

// choose returns the level that costs least for points in [0, span] from low on.
func (f *field) choose(y []float64, low [2]float64, span float64) level {
	best, least := level{}, math.Inf(1)
	for _, l := range levels {
		side := float64(sideFor(span, l.step))
		if side > mostNodes {
			continue
		}
		cost := nodeCost * side * side * math.Log2(side)
		if l.t > 0 && cost < least {
			cost += pairCost * f.closePairs(y, low, span, nearReach/math.Sqrt(l.t))
		}
		if cost < least {
			best, least = l, cost
		}
	}
	return best
}

// sideFor returns the side of a grid of that step for points of that span.
func sideFor(span, step float64) int {
	// One step more, as the grid's nodes are at multiples of the step.
	return max(least, hartley.Length(2*(int(span/step)+1+order+margin)))
}

// closePairs estimates how many pairs nearField looks at: the pairs of points in
// one cell, for all the cells around it.
func (f *field) closePairs(y []float64, low [2]float64, span, radius float64) float64 {
	down := 1 / radius
	across := reachColumns * down
	columns, rows := int(span*across)+1, int(span*down)+1
	f.counts = resized(f.counts, columns*rows)
	clear(f.counts)
	for i := 0; i < len(y)-1; i += 2 {
		f.counts[int((y[i+1]-low[1])*down)*columns+int((y[i]-low[0])*across)]++
	}
	pairs := 0.
	for _, n := range f.counts {
		pairs += float64(n) * float64(n)
	}
	const around = 3 * (2*reachColumns + 1)
	return around * pairs
}
