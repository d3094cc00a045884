package dataset

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// maxBoxes bounds the boxes of one file.
const maxBoxes = 1 << 22

// A Rect is an upright rectangle in pixels: x from X0 to X1 rightwards, y from Y0
// to Y1 downwards. 0 is the outer edge of the first pixel. The picture's width, or
// height, is the outer edge of the last one.
type Rect struct{ X0, Y0, X1, Y1 float64 }

// Boxes are labelled rectangles on named pictures.
type Boxes struct {
	path    string
	boxes   map[string][]box // by picture
	names   []string         // of the pictures, in the order of the file
	classes []string         // sorted
}

type box struct {
	class string
	rect  Rect
	where string // the place in the file, for errors
}

// ReadBoxes reads a file of boxes, CSV or JSON.
//
// CSV begins with a line of column names, in any order and among others:
//
//	file,class,x0,y0,x1,y1
//	p00001.jpg,window,53.2,0,71.8,28.6
//
// JSON is a list of objects with the same names:
//
//	[{"file": "p00001.jpg", "class": "window", "x0": 53.2, "y0": 0, "x1": 71.8, "y1": 28.6}]
//
// file is a picture's name as Set.Name has it; the rest is a Rect in pixels of
// that picture, upright, before it is cropped or resized. A box that is not
// finite, or empty, or begins left of or above the picture, is ErrCorrupt; so
// is, once Rects knows the picture's size, one that ends beyond it.
func ReadBoxes(path string) (*Boxes, error) {
	text, err := readTable(path)
	if err != nil {
		return nil, (&Boxes{path: path}).wrap(err)
	}
	return ParseBoxes(path, text)
}

// ParseBoxes is ReadBoxes of a file's contents; name is what errors call it.
func ParseBoxes(name string, text []byte) (*Boxes, error) {
	b := &Boxes{path: name, boxes: map[string][]box{}}
	err := error(nil)
	if isJSON(text) {
		err = b.readJSON(text)
	} else {
		err = b.readCSV(text)
	}
	if err == nil && len(b.names) == 0 {
		err = fail(ErrEmpty, "no box in it")
	}
	if err != nil {
		return nil, b.wrap(err)
	}
	slices.Sort(b.classes)
	return b, nil
}

func (b *Boxes) wrap(err error) error { return fmt.Errorf("dataset: boxes %q: %w", b.path, err) }

// sides names the numbers of a Rect in a file.
var sides = []string{"x0", "y0", "x1", "y1"}

func (b *Boxes) readCSV(text []byte) error {
	count := 0
	return rows(text, append([]string{"file", "class"}, sides...), func(line int, v []string) error {
		var side [4]float64
		for i, name := range sides {
			var err error
			if side[i], err = strconv.ParseFloat(strings.TrimSpace(v[2+i]), 64); err != nil {
				return fail(ErrCorrupt, "%s is %.40q, want a number", name, v[2+i])
			}
		}
		count++
		return b.add(count, v[0], box{v[1], Rect{side[0], side[1], side[2], side[3]}, fmt.Sprintf("line %d", line)})
	})
}

func (b *Boxes) readJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	if _, err := d.Token(); err != nil { // the bracket
		return fail(ErrCorrupt, "%w", err)
	}
	count := 0
	for d.More() {
		count++
		var item struct {
			File, Class    *string
			X0, Y0, X1, Y1 *float64
		}
		if err := d.Decode(&item); err != nil {
			return fail(ErrCorrupt, "box %d: %w", count, err)
		}
		if item.File == nil || item.Class == nil || item.X0 == nil || item.Y0 == nil || item.X1 == nil || item.Y1 == nil {
			return fail(ErrCorrupt, "box %d: want all of file, class, %s", count, strings.Join(sides, ", "))
		}
		r := Rect{*item.X0, *item.Y0, *item.X1, *item.Y1}
		where := fmt.Sprintf("box %d", count)
		if err := b.add(count, *item.File, box{*item.Class, r, where}); err != nil {
			return fmt.Errorf("%s: %w", where, err)
		}
	}
	if _, err := d.Token(); err != nil {
		return fail(ErrCorrupt, "after box %d: %w", count, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return fail(ErrCorrupt, "after the list of %d boxes: want the end of the file", count)
	}
	return nil
}

// add checks what needs no picture.
func (b *Boxes) add(count int, picture string, x box) error {
	r := x.rect
	for i, v := range []float64{r.X0, r.Y0, r.X1, r.Y1} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fail(ErrCorrupt, "%s is %v, want a finite number", sides[i], v)
		}
	}
	switch {
	case count > maxBoxes:
		return fail(ErrLimit, "more than %d boxes", maxBoxes)
	case picture == "" || len(picture) > maxName:
		return fail(ErrCorrupt, "a picture's name of %d bytes, want 1 to %d", len(picture), maxName)
	case x.class == "" || len(x.class) > maxName:
		return fail(ErrCorrupt, "a class of %d bytes, want 1 to %d", len(x.class), maxName)
	case !(r.X0 < r.X1 && r.Y0 < r.Y1):
		return fail(ErrCorrupt, "an empty box: x %g to %g, y %g to %g", r.X0, r.X1, r.Y0, r.Y1)
	case r.X0 < -slack || r.Y0 < -slack:
		return fail(ErrCorrupt, "a box from x %g, y %g, outside the picture, which begins at 0", r.X0, r.Y0)
	}
	if !slices.Contains(b.classes, x.class) {
		if len(b.classes) == maxClasses {
			return fail(ErrLimit, "more than %d classes", maxClasses)
		}
		b.classes = append(b.classes, x.class)
	}
	if _, ok := b.boxes[picture]; !ok {
		b.names = append(b.names, picture)
	}
	b.boxes[picture] = append(b.boxes[picture], x)
	return nil
}

const (
	// slack is how far outside its picture a box may lie, in pixels: whoever
	// wrote it rounded.
	slack = 1
	// maxClasses is more than anyone draws boxes of.
	maxClasses = 1 << 10
)

// Classes returns the classes of the boxes, sorted.
func (b *Boxes) Classes() []string { return slices.Clone(b.classes) }

// Pictures returns the names of the pictures with boxes, in the file's order.
func (b *Boxes) Pictures() []string { return slices.Clone(b.names) }

// Check reports a class that no box is of: ErrNotInSet, with those that are.
func (b *Boxes) Check(class string) error {
	if slices.Contains(b.classes, class) {
		return nil
	}
	shown := b.classes[:min(len(b.classes), 20)]
	return b.wrap(fail(ErrNotInSet, "no box of class %.80q, want one of %.400q", class, shown))
}

// Rects returns the boxes of one class on a picture that is w pixels wide and h
// high, clipped to it.
func (b *Boxes) Rects(picture, class string, w, h int) ([]Rect, error) {
	var rects []Rect
	for _, x := range b.boxes[picture] {
		r := x.rect
		if r.X1 > float64(w)+slack || r.Y1 > float64(h)+slack || r.X0 >= float64(w) || r.Y0 >= float64(h) {
			return nil, b.wrap(fmt.Errorf("%s: %w", x.where, fail(ErrCorrupt,
				"a box of x %g to %g, y %g to %g, outside picture %.80q of %dx%d pixels", r.X0, r.X1, r.Y0, r.Y1, picture, w, h)))
		}
		if r = clip(r, float64(w), float64(h)); x.class == class && !r.empty() {
			rects = append(rects, r)
		}
	}
	return rects, nil
}

func clip(r Rect, w, h float64) Rect {
	return Rect{max(r.X0, 0), max(r.Y0, 0), min(r.X1, w), min(r.Y1, h)}
}

func (r Rect) empty() bool { return !(r.X0 < r.X1 && r.Y0 < r.Y1) }
