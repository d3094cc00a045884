package units

import (
	"fmt"

	"dcganviz/probe/stats"
)

const (
	// conceptShuffles is how many shuffles chance is made of.
	conceptShuffles = 100
	// sure is the score above which a pixel shows the concept.
	sure = .5
)

// conceptAreas are where the concept is, by sample.
type conceptAreas struct {
	areas  []area
	pixels int
}

// concept asks the viewer; without one it is nil.
func (st *Result) concept() (*conceptAreas, error) {
	if st.subject.Viewer == nil {
		return nil, nil
	}
	run := st.run
	run.BatchStats = false // it is a viewer's own matter
	maps, err := st.subject.Viewer.Scores(st.x, run)
	if err != nil {
		return nil, err
	}
	if len(maps.Shape) != 3 || maps.Len() != st.opt.Samples {
		return nil, fmt.Errorf("units: the viewer's scores have shape %v, want [%d side side]", maps.Shape, st.opt.Samples)
	}
	up := newUpsampler(maps.Shape[1], maps.Shape[2], st.x.Shape[1], st.x.Shape[2])
	s := &conceptAreas{areas: make([]area, st.opt.Samples)}
	for i := range s.areas {
		s.areas[i] = up.over(maps.Row(i), 1, sure)
		s.pixels += s.areas[i].count()
	}
	return s, nil
}

// overlap compares a unit's areas with the concept's; nil if both are empty.
func (s *conceptAreas) overlap(areas []area, boot stats.Draws, mixed [][]int) *Overlap {
	if s == nil {
		return nil
	}
	n := len(areas)
	common, own, theirs := make([]float64, n), make([]float64, n), make([]float64, n)
	for i, a := range areas {
		common[i], own[i], theirs[i] = float64(a.common(s.areas[i])), float64(a.count()), float64(s.areas[i].count())
	}
	iou := boot.Sums(common, own, theirs).Interval(func(s []float64) float64 { return s[0] / (s[1] + s[2] - s[0]) })
	if iou == nil {
		return nil
	}
	o := &Overlap{IoU: *iou}
	total := stats.Sum(own) + stats.Sum(theirs)
	draws := make([]float64, len(mixed))
	for k, to := range mixed {
		var both float64
		for i, a := range areas {
			both += float64(a.common(s.areas[to[i]]))
		}
		draws[k] = both / (total - both)
		o.Chance += draws[k] / float64(len(mixed))
	}
	o.ChanceHi = stats.Percentiles(o.Chance, draws).Hi
	return o
}
