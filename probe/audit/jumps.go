package audit

import (
	"context"
	"slices"

	"dcganviz/model"
	"dcganviz/probe"
)

// A walker goes along a course, once for each space.
type walker struct {
	c        Course
	recalled []int
	whole    bool // all images are one batch
	opt      probe.Settings
}

// chunk is how many images are in memory as features at once.
const chunk = 256

// space measures the jumps of the walk and of the memoriser in one space. see maps
// the walk's images into it; stored, the memoriser's images, is there already.
// Distances are multiplied by scale.
func (w *walker) space(ctx context.Context, stored model.Tensor, see func(model.Tensor) (model.Tensor, error), scale float64) (Space, error) {
	n, step := w.c.Images.Len(), chunk
	if w.whole {
		step = n
	}
	var s Space
	var last, corner []float32 // the image before, and at the step's beginning
	var memory [2][]float64
	err := probe.InParts(ctx, n, step, func(from, to int) error {
		x, err := see(w.c.Images.Slice(from, to))
		if err != nil {
			return err
		}
		for i := range to - from {
			row, at := x.Row(i), from+i
			if at > 0 {
				s.Walk.Parts = append(s.Walk.Parts, scale*probe.Distance(last, row))
				memory[0] = append(memory[0], scale*probe.Distance(stored.Row(w.recalled[at-1]), stored.Row(w.recalled[at])))
			}
			if at%w.c.Refine == 0 {
				if at > 0 {
					s.Walk.Steps = append(s.Walk.Steps, scale*probe.Distance(corner, row))
					memory[1] = append(memory[1], scale*probe.Distance(stored.Row(w.recalled[at-w.c.Refine]), stored.Row(w.recalled[at])))
				}
				corner = row
			}
			last = row
		}
		w.opt.Say("images audited", to, n)
		return nil
	})
	if err != nil {
		return s, err
	}
	s.Memoriser.Parts, s.Memoriser.Steps = memory[0], memory[1]
	s.Walk.judge(w.c)
	s.Memoriser.judge(w.c)
	return s, nil
}

// judge fills in what follows from the parts.
func (j *Jumps) judge(c Course) {
	sorted := slices.Sorted(slices.Values(j.Parts))
	n := len(sorted)
	j.Median, j.Largest, j.Still = middle(sorted), sorted[n-1], still(sorted)
	j.conclude(slices.Index(j.Parts, j.Largest) / c.Refine)
	anchors := c.Anchors
	if anchors == nil {
		anchors = []int{0, n}
	}
	for k := 1; k < len(anchors); k++ {
		var s Segment
		parts := j.Parts[anchors[k-1]:anchors[k]]
		for _, v := range parts {
			s.Length += v
			if c.Space > 0 {
				s.PathLength += v / c.Space * (v / c.Space) / float64(len(parts))
			}
		}
		j.Segments = append(j.Segments, s)
	}
}

// conclude fills in what follows from Median and Largest, which lies in a step.
func (j *Jumps) conclude(step int) {
	j.Sharpest = -1
	if j.Largest > 0 {
		j.Sharpest = step
	}
	if j.Median > 0 {
		times := j.Largest / j.Median
		j.TimesMedian = &times
	}
	j.Sharp = j.Largest > 0 && j.Largest >= Sharp*j.Median
}

// middle returns the median of sorted values.
func middle(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// still returns which fraction of sorted changes is 0.
func still(sorted []float64) float64 {
	n, _ := slices.BinarySearchFunc(sorted, 0, func(v float64, _ int) int {
		if v > 0 {
			return 1
		}
		return -1
	})
	return float64(n) / float64(len(sorted))
}
