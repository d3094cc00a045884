package score

import (
	"context"
	"errors"
	"slices"

	"dcganviz/internal/enum"
	"dcganviz/internal/refuse"
	"dcganviz/model"
)

// A Source gives pictures by number, as dataset.Set does: [len(indices), size,
// size, channels] in [-1, 1].
type Source interface {
	Len() int
	Dims() (h, w, c int)
	Load(ctx context.Context, indices []int, dst []float32) error
}

// Examples are pictures and where, or whether, they show a concept.
type Examples struct {
	Source
	// Boxes of the concept on each picture, in its pixels; none says that the
	// picture does not show it.
	Boxes [][]Box
	// Labels, in place of Boxes, say of each picture as a whole whether it shows
	// the concept: 1, 0, or NaN for what is not known. The grid then is 1x1.
	Labels []float32
	// Group says what each picture belongs to, such as the number of the photograph
	// that it was cut from. Nil: each picture is a group.
	Group []int
}

// group returns the group of picture i.
func (e *Examples) group(i int) int {
	if e.Group == nil {
		return i
	}
	return e.Group[i]
}

// groups returns the groups that there are, sorted.
func (e *Examples) groups() []int {
	all := make([]int, e.Len())
	for i := range all {
		all[i] = e.group(i)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Groups counts the groups.
func (e *Examples) Groups() int { return len(e.groups()) }

// A Half is a part of Examples.
type Half uint8

const (
	// Whole is all of it.
	Whole Half = iota
	// First is the first half of the groups, by number.
	First
	// Second is the rest.
	Second
)

var halfNames = [...]string{"whole", "first", "second"}

func (h Half) String() string { return enum.Name(h, halfNames[:]) }

// ParseHalf returns the half of that name: whole, first or second.
func ParseHalf(name string) (Half, error) { return enum.Parse[Half]("score: half", name, halfNames[:]) }

// Half returns the pictures of half of the groups, so that two scorers can
// learn from different photographs: of 2n+1 groups the first has n.
func (e Examples) Half(h Half) Examples {
	if h == Whole {
		return e
	}
	groups := e.groups()
	split := len(groups) / 2
	var keep []int
	for i := range e.Len() {
		at, _ := slices.BinarySearch(groups, e.group(i))
		if (at < split) == (h == First) {
			keep = append(keep, i)
		}
	}
	m := e.marks(keep)
	part := Examples{Source: &subset{e.Source, keep}, Boxes: m.boxes, Labels: m.labels}
	for _, i := range keep {
		part.Group = append(part.Group, e.group(i))
	}
	return part
}

// A subset is some pictures of a source.
type subset struct {
	Source
	keep []int
}

func (s *subset) Len() int { return len(s.keep) }

func (s *subset) Load(ctx context.Context, indices []int, dst []float32) error {
	mapped := make([]int, len(indices))
	for i, j := range indices {
		mapped[i] = s.keep[j]
	}
	return s.Source.Load(ctx, mapped, dst)
}

// ErrExamples means that nothing can be learnt from examples, or measured on
// them: their boxes lie outside, or all locations are alike.
var ErrExamples = errors.New("unfit examples")

func unfitf(format string, args ...any) error {
	return refuse.Of(ErrExamples, "score: "+format, args...)
}

// side is the side of the grid that fits examples.
func (e *Examples) side() int {
	if e.Labels != nil {
		return 1
	}
	h, _, _ := e.Dims()
	return h / cellPx
}

// marks returns what is on pictures.
func (e *Examples) marks(indices []int) marks {
	var m marks
	for _, i := range indices {
		if e.Labels != nil {
			m.labels = append(m.labels, e.Labels[i])
		} else {
			m.boxes = append(m.boxes, e.Boxes[i])
		}
	}
	return m
}

// targets returns the labels of all pictures: [N, side, side].
func (e *Examples) targets(side int) model.Tensor {
	if e.Labels != nil {
		return model.Tensor{Shape: []int{e.Len(), 1, 1}, Data: slices.Clone(e.Labels)}
	}
	h, _, _ := e.Dims()
	return Labels(e.Boxes, h, side)
}

// marks are the boxes, or the labels, of a batch.
type marks struct {
	boxes  [][]Box
	labels []float32
}

// write writes the labels of the batch's picture i, seen through v.
func (m *marks) write(dst []float32, i int, v view, side int) {
	if m.labels != nil {
		dst[0] = m.labels[i]
		return
	}
	label(dst, m.boxes[i], v, side)
}

// check reports examples that nothing can be learnt from, or measured on, with
// a grid of that side.
func (e *Examples) check(side int) (size, channels int, err error) {
	h, w, c := e.Dims()
	switch {
	case (e.Labels == nil) != (e.Boxes != nil) || e.Labels != nil && side != 1:
		return 0, 0, unfitf("%d boxes and %d labels for a grid of %d, want boxes, or labels for a grid of 1", len(e.Boxes), len(e.Labels), side)
	case e.Labels != nil && len(e.Labels) != e.Len():
		return 0, 0, unfitf("%d labels, want %d", len(e.Labels), e.Len())
	case h != w || side < 1 || h%side != 0:
		return 0, 0, unfitf("pictures of %dx%d, want squares that a grid of %d divides", h, w, side)
	case e.Labels == nil && len(e.Boxes) != e.Len():
		return 0, 0, unfitf("boxes on %d pictures, want them for %d", len(e.Boxes), e.Len())
	case e.Group != nil && len(e.Group) != e.Len():
		return 0, 0, unfitf("groups of %d pictures, want %d", len(e.Group), e.Len())
	}
	for i, boxes := range e.Boxes {
		for _, b := range boxes {
			if err := b.Check(h); err != nil {
				return 0, 0, unfitf("%w, on picture %d", err, i)
			}
		}
	}
	var count [2]int
	for i, y := range e.targets(side).Data {
		switch {
		case y == 0 || y == 1:
			count[int(y)]++
		case y == y:
			return 0, 0, unfitf("label %d is %v, want 0, 1 or NaN", i, y)
		}
	}
	if count[0] == 0 || count[1] == 0 {
		return 0, 0, unfitf("%d locations of %d pictures show the concept, and %d do not: want both classes", count[1], e.Len(), count[0])
	}
	return h, c, nil
}
