package dataset

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A Rect is an upright rectangle in pixels: x from X0 to X1 rightwards, y from Y0
// to Y1 downwards. 0 is the outer edge of the first pixel. The picture's width, or
// height, is the outer edge of the last one.
type Rect struct{ X0, Y0, X1, Y1 float64 }

// Boxes are labelled rectangles on named pictures.
type Boxes struct {
	path    string
	unit    string   // what places count: a line or a box
	boxes   []box    // by picture, and then by place
	classes []string // in the order of the file
	index   map[string]int32
}

type box struct {
	picture string
	rect    Rect
	class   int32 // index into classes
	place   int32 // in the file, in units
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
//
// A file that is no regular one gives ErrUnsupported. One of more than 256 MiB, or of
// more than 524,288 boxes, 64 KiB a box or 1024 classes, gives ErrLimit. Reading takes
// memory of at most twice the file and 64 MB.
func ReadBoxes(path string) (*Boxes, error) {
	f, err := openText(path, aTable)
	if err != nil {
		return nil, (&Boxes{path: path}).wrap(err)
	}
	defer f.Close()
	return readBoxes(path, f)
}

// ParseBoxes is ReadBoxes of a file's contents; name is what errors call it.
func ParseBoxes(name string, text []byte) (*Boxes, error) {
	return readBoxes(name, bytes.NewReader(text))
}

func readBoxes(name string, r io.ReadSeeker) (*Boxes, error) {
	b := &Boxes{path: name, index: map[string]int32{}}
	if err := b.read(r); err != nil {
		return nil, b.wrap(err)
	}
	slices.SortFunc(b.boxes, func(x, y box) int {
		return cmp.Or(strings.Compare(x.picture, y.picture), cmp.Compare(x.place, y.place))
	})
	return b, nil
}

func (b *Boxes) read(r io.ReadSeeker) error {
	n, err := countRows(r)
	if err != nil {
		return err
	}
	b.boxes = make([]box, 0, n)
	text, head, err := begin(r)
	if err != nil {
		return err
	}
	if strings.HasPrefix(head, "[") {
		err = b.readJSON(text)
	} else {
		err = b.readCSV(text)
	}
	if err == nil && len(b.boxes) == 0 {
		err = fail(ErrEmpty, "no box in it")
	}
	return err
}

func (b *Boxes) wrap(err error) error { return fmt.Errorf("dataset: boxes %q: %w", b.path, err) }

// sides names the numbers of a Rect in a file.
var sides = []string{"x0", "y0", "x1", "y1"}

func (b *Boxes) readCSV(text io.Reader) error {
	b.unit = "line"
	return rows(text, append([]string{"file", "class"}, sides...), func(line int, v []string) error {
		var side [4]float64
		for i, name := range sides {
			var err error
			if side[i], err = strconv.ParseFloat(strings.TrimSpace(v[2+i]), 64); err != nil {
				return fail(ErrCorrupt, "%s is %.40q, want a number", name, v[2+i])
			}
		}
		return b.add(line, v[0], v[1], Rect{side[0], side[1], side[2], side[3]})
	})
}

func (b *Boxes) readJSON(text io.Reader) error {
	b.unit = "box"
	rest := newFeed(text, "row", maxRow)
	d := json.NewDecoder(rest)
	if _, err := d.Token(); err != nil { // the bracket
		return fail(ErrCorrupt, "%w", err)
	}
	count := 0
	for {
		rest.next(d.InputOffset())
		if !d.More() {
			break
		}
		count++
		var item struct {
			File, Class    *string
			X0, Y0, X1, Y1 *float64
		}
		if err := d.Decode(&item); err != nil {
			return corrupt(err, "box %d", count)
		}
		if item.File == nil || item.Class == nil || item.X0 == nil || item.Y0 == nil || item.X1 == nil || item.Y1 == nil {
			return fail(ErrCorrupt, "box %d: want all of file, class, %s", count, strings.Join(sides, ", "))
		}
		r := Rect{*item.X0, *item.Y0, *item.X1, *item.Y1}
		if err := b.add(count, *item.File, *item.Class, r); err != nil {
			return fmt.Errorf("box %d: %w", count, err)
		}
	}
	if _, err := d.Token(); err != nil {
		return corrupt(err, "after box %d", count)
	}
	rest.next(d.InputOffset())
	if _, err := d.Token(); err != io.EOF {
		return fail(ErrCorrupt, "after the list of %d boxes: want the end of the file", count)
	}
	return nil
}

// add checks what needs no picture. It keeps copies of the texts.
func (b *Boxes) add(place int, picture, class string, r Rect) error {
	for i, v := range []float64{r.X0, r.Y0, r.X1, r.Y1} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fail(ErrCorrupt, "%s is %v, want a finite number", sides[i], v)
		}
	}
	switch {
	case len(b.boxes) == maxRows:
		return fail(ErrLimit, "more than %d boxes", maxRows)
	case picture == "" || len(picture) > maxName:
		return fail(ErrCorrupt, "a picture's name of %d bytes, want 1 to %d", len(picture), maxName)
	case class == "" || len(class) > maxName:
		return fail(ErrCorrupt, "a class of %d bytes, want 1 to %d", len(class), maxName)
	case !(r.X0 < r.X1 && r.Y0 < r.Y1):
		return fail(ErrCorrupt, "an empty box: x %g to %g, y %g to %g", r.X0, r.X1, r.Y0, r.Y1)
	case r.X0 < -slack || r.Y0 < -slack:
		return fail(ErrCorrupt, "a box from x %g, y %g, outside the picture, which begins at 0", r.X0, r.Y0)
	}
	at, ok := b.index[class]
	if !ok {
		if at = int32(len(b.classes)); at == maxClasses {
			return fail(ErrLimit, "more than %d classes", maxClasses)
		}
		b.classes = append(b.classes, strings.Clone(class))
		b.index[b.classes[at]] = at
	}
	if n := len(b.boxes); n > 0 && b.boxes[n-1].picture == picture {
		picture = b.boxes[n-1].picture
	} else {
		picture = strings.Clone(picture)
	}
	b.boxes = append(b.boxes, box{picture, r, at, int32(place)})
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
func (b *Boxes) Classes() []string { return slices.Sorted(slices.Values(b.classes)) }

// Pictures returns the names of the pictures with boxes, in the file's order.
func (b *Boxes) Pictures() []string {
	first := slices.Collect(b.firsts())
	slices.SortFunc(first, func(x, y *box) int { return cmp.Compare(x.place, y.place) })
	names := make([]string, len(first))
	for i, x := range first {
		names[i] = x.picture
	}
	return names
}

// firsts goes through the first box of each picture, by picture.
func (b *Boxes) firsts() iter.Seq[*box] {
	return func(yield func(*box) bool) {
		for i := range b.boxes {
			if x := &b.boxes[i]; (i == 0 || x.picture != b.boxes[i-1].picture) && !yield(x) {
				return
			}
		}
	}
}

// of returns the boxes on a picture.
func (b *Boxes) of(picture string) []box {
	from, _ := slices.BinarySearchFunc(b.boxes, picture, func(x box, picture string) int { return strings.Compare(x.picture, picture) })
	to := from
	for to < len(b.boxes) && b.boxes[to].picture == picture {
		to++
	}
	return b.boxes[from:to]
}

// Check reports a class that no box is of: ErrNotInSet, with those that are.
func (b *Boxes) Check(class string) error {
	if _, ok := b.index[class]; ok {
		return nil
	}
	shown := b.Classes()[:min(len(b.classes), 20)]
	return b.wrap(fail(ErrNotInSet, "no box of class %.80q, want one of %.400q", class, shown))
}

// Rects returns the boxes of one class on a picture that is w pixels wide and h
// high, clipped to it.
func (b *Boxes) Rects(picture, class string, w, h int) ([]Rect, error) {
	var rects []Rect
	for _, x := range b.of(picture) {
		r := x.rect
		if r.X1 > float64(w)+slack || r.Y1 > float64(h)+slack || r.X0 >= float64(w) || r.Y0 >= float64(h) {
			return nil, b.wrap(fmt.Errorf("%s %d: %w", b.unit, x.place, fail(ErrCorrupt,
				"a box of x %g to %g, y %g to %g, outside picture %.80q of %dx%d pixels", r.X0, r.X1, r.Y0, r.Y1, picture, w, h)))
		}
		if r = clip(r, float64(w), float64(h)); b.classes[x.class] == class && !r.empty() {
			rects = append(rects, r)
		}
	}
	return rects, nil
}

func clip(r Rect, w, h float64) Rect {
	return Rect{max(r.X0, 0), max(r.Y0, 0), min(r.X1, w), min(r.Y1, h)}
}

func (r Rect) empty() bool { return !(r.X0 < r.X1 && r.Y0 < r.Y1) }
