package dataset

import (
	"context"
	"fmt"
)

// Place returns the boxes of one class on each picture of the set, in pixels of
// the picture that Load gives: they go through the same centre crop and
// resizing. What lies outside the part that Load takes is cut off.
//
// A set that a list has made smaller may lack pictures that the boxes have,
// which are passed over; a whole set may not: ErrNotInSet. It is ErrNotInSet
// too if no picture of the set has a box, of any class.
func (s *Set) Place(ctx context.Context, b *Boxes, class string) ([][]Rect, error) {
	if err := b.Check(class); err != nil {
		return nil, err
	}
	all := make([][]Rect, s.Len())
	known := make(map[string]bool, s.Len())
	for i := range s.Len() {
		known[s.Name(i)] = true
	}
	pictures, absent := 0, 0
	var first *box // in the file
	for x := range b.firsts() {
		pictures++
		if !known[x.picture] {
			absent++
			if first == nil || x.place < first.place {
				first = x
			}
		}
	}
	if absent == pictures || absent > 0 && s.opts.List == "" {
		return nil, b.wrap(fail(ErrNotInSet, "%d of its %d pictures are not in %q: %.80q", absent, pictures, s.path, first.picture))
	}
	err := s.each(ctx, s.Len(), func(i int, w *scratch) error {
		if len(b.of(s.Name(i))) == 0 {
			return nil
		}
		width, height, err := s.pictureSize(i, w)
		if err != nil {
			return s.wrap(i, err)
		}
		rects, err := b.Rects(s.Name(i), class, width, height)
		if err != nil {
			return err
		}
		to := s.size()
		part, at := to.crop(width, height)
		left, top := float64(at.X), float64(at.Y)
		tw, th := float64(to.w), float64(to.h)
		across, down := tw/float64(part.w), th/float64(part.h)
		for _, r := range rects {
			r = Rect{(r.X0 - left) * across, (r.Y0 - top) * down, (r.X1 - left) * across, (r.Y1 - top) * down}
			if r = clip(r, tw, th); !r.empty() {
				all[i] = append(all[i], r)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// pictureSize returns how wide and high picture i is, upright, before it is cut.
func (s *Set) pictureSize(i int, w *scratch) (width, height int, err error) {
	if err := s.read(i, w); err != nil {
		return 0, 0, err
	}
	err = s.open(w.file, func(p picture) error {
		if width, height = p.w, p.h; p.orient >= 5 { // lies on its side
			width, height = height, width
		}
		return nil
	})
	return width, height, err
}

// Sources returns the value of column for each picture of the set, as ReadColumn
// reads it from table. Pictures with the same value belong together. A picture that
// the table lacks gives ErrNotInSet.
func (s *Set) Sources(table, column string) ([]string, error) {
	m, err := ReadColumn(table, column)
	if err != nil {
		return nil, err
	}
	all := make([]string, s.Len())
	for i := range all {
		v, ok := m[s.Name(i)]
		if !ok {
			return nil, fmt.Errorf("dataset: table %q: %w", table, fail(ErrNotInSet, "no line for picture %.80q", s.Name(i)))
		}
		all[i] = v
	}
	return all, nil
}
