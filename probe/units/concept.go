package units

import (
	"fmt"

	"dcganviz/model"
	"dcganviz/probe/score"
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
	return areasSeen(st.subject.Viewer, st.x, st.run)
}

// areasSeen are where a viewer sees the concept in images.
func areasSeen(viewer score.Viewer, x model.Tensor, run model.RunOptions) (*conceptAreas, error) {
	run.BatchStats = false // it is a viewer's own matter
	maps, err := viewer.Scores(x, run)
	if err != nil {
		return nil, err
	}
	if len(maps.Shape) != 3 || maps.Len() != x.Len() {
		return nil, fmt.Errorf("units: the viewer's scores have shape %v, want [%d side side]", maps.Shape, x.Len())
	}
	up := newUpsampler(maps.Shape[1], maps.Shape[2], x.Shape[1], x.Shape[2])
	s := &conceptAreas{areas: make([]area, x.Len())}
	for i := range s.areas {
		s.areas[i] = up.over(maps.Row(i), 1, sure)
		s.pixels += s.areas[i].count()
	}
	return s, nil
}

// columns are, sample by sample, the pixels that areas and the concept's have in common,
// and those of each.
func (s *conceptAreas) columns(areas []area) (common, own, theirs []float64) {
	for i, a := range areas {
		common, own, theirs = append(common, float64(a.common(s.areas[i]))), append(own, float64(a.count())), append(theirs, float64(s.areas[i].count()))
	}
	return common, own, theirs
}

// iouOf is of the sums of columns.
func iouOf(s []float64) float64 { return s[0] / (s[1] + s[2] - s[0]) }

// overlap compares a unit's areas with the concept's, and returns the IoU in each of the
// shuffles; nil if both are empty.
func (s *conceptAreas) overlap(areas []area, boot stats.Draws, mixed [][]int) (*Overlap, []float64) {
	if s == nil {
		return nil, nil
	}
	common, own, theirs := s.columns(areas)
	iou := boot.Sums(common, own, theirs).Interval(iouOf)
	if iou == nil {
		return nil, nil
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
	return o, draws
}
