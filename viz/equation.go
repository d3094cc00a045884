package viz

import (
	"cmp"
	"fmt"
	"image"
	"image/draw"

	"github.com/fogleman/gg"
)

// A Term is one column of an equation.
type Term struct {
	// Sign stands before the term: "-", say. Empty: a space, but before the
	// first.
	Sign string
	// Name stands below the term; it wraps to its column.
	Name string
	// Exemplars are above one another, Mean below them in a frame. A nil Mean
	// gives a term of exemplars alone.
	Exemplars []image.Image
	Mean      image.Image
	// Columns that the exemplars are laid in. Zero: 1.
	Columns int
}

// EquationOptions says how Equation draws. The zero value draws tiles as large
// as they are.
type EquationOptions struct {
	// Scale enlarges tiles by a whole factor. Zero: 1.
	Scale int
	// TextPx is the size of names. Zero: 13. Signs are twice as large.
	TextPx float64
}

// Equation draws terms side by side with their signs between them, as in the
// figures of arithmetic on means: the lowest tiles of all terms are in line, and
// signs stand at their middle. All tiles have one size. No terms, a term
// without tiles, more than 64 terms and tiles of different sizes are errors.
func Equation(terms []Term, o EquationOptions) (*Picture, error) {
	e, err := newEquation(terms, o)
	if err != nil {
		return nil, fmt.Errorf("viz: equation: %w", err)
	}
	return e.draw(), nil
}

// Spaces of an equation, in pixels.
const (
	tileGapPx = 2
	signGapPx = 10 // on either side of a sign
	meanGapPx = 10 // between exemplars and their mean
	nameWide  = 76 // least room for a name
)

// An equation is laid out terms.
type equation struct {
	terms         []placedTerm
	size          image.Point // of a tile as drawn
	scale         int
	sign, name    lettering
	width, height int
}

type placedTerm struct {
	Term
	signX, x int // left edges of the sign and of the column
	width    int
	name     []string
	bottom   int
}

func newEquation(terms []Term, o EquationOptions) (*equation, error) {
	if len(terms) == 0 {
		return nil, fmt.Errorf("no terms")
	}
	if err := cmp.Or(checkCount("terms", len(terms), maxSeries), checkTextPx(o.TextPx)); err != nil {
		return nil, err
	}
	o.TextPx = cmp.Or(o.TextPx, textPx)
	var all []image.Image
	for i, t := range terms {
		if len(t.Exemplars) == 0 && t.Mean == nil || t.Columns < 0 {
			return nil, fmt.Errorf("term %d has %d tiles in %d columns", i, len(t.Exemplars), t.Columns)
		}
		all = append(all, t.Exemplars...)
		if t.Mean != nil {
			all = append(all, t.Mean)
		}
	}
	// The checks of tiles and scale are a sheet's.
	g, err := newGrid(all, SheetOptions{Scale: o.Scale, Columns: len(all)})
	if err != nil {
		return nil, err
	}
	e := &equation{size: image.Pt(g.tileW, g.tileH), scale: g.scale}
	if e.name, err = newLettering(o.TextPx, false, ink); err != nil {
		return nil, err
	}
	if e.sign, err = newLettering(2*o.TextPx, true, ink); err != nil {
		return nil, err
	}
	e.place(terms)
	if e.width > maxSidePx || e.height > maxSidePx || e.height > maxPixels/e.width {
		return nil, fmt.Errorf("%dx%d pixels, want at most %d a side and %d in all", e.width, e.height, maxSidePx, maxPixels)
	}
	return e, nil
}

func (e *equation) place(terms []Term) {
	x, base, below := airPx, 0, 0
	for _, t := range terms {
		p := placedTerm{Term: t}
		p.Columns = min(max(1, t.Columns), max(1, len(t.Exemplars)))
		if t.Sign != "" {
			p.signX = x + signGapPx
			x = p.signX + e.sign.width(t.Sign) + signGapPx
		} else if len(e.terms) > 0 {
			x += 3 * signGapPx
		}
		p.width = max(p.Columns*(e.size.X+tileGapPx)-tileGapPx, nameWide)
		p.x = x
		p.name = e.name.wrap(t.Name, p.width)
		x += p.width
		base = max(base, e.tall(&p))
		below = max(below, len(p.name)*e.name.linePx)
		e.terms = append(e.terms, p)
	}
	base += airPx
	e.width, e.height = x+airPx, base+captionPx+below+airPx
	for i := range e.terms {
		e.terms[i].bottom = base
	}
}

// tall is the height of a term without its name.
func (e *equation) tall(p *placedTerm) int {
	h := 0
	if n := len(p.Exemplars); n > 0 {
		h = (n+p.Columns-1)/p.Columns*(e.size.Y+tileGapPx) - tileGapPx
	}
	if p.Mean != nil {
		h += e.size.Y
		if len(p.Exemplars) > 0 {
			h += meanGapPx
		}
	}
	return h
}

func (e *equation) draw() *Picture {
	var all []Tiles
	img := image.NewRGBA(image.Rect(0, 0, e.width, e.height))
	draw.Draw(img, img.Rect, image.NewUniform(paper), image.Point{}, draw.Src)
	dc := gg.NewContextForRGBA(img)
	tile := func(t image.Image, x, y int) image.Rectangle {
		r := image.Rectangle{Max: e.size}.Add(image.Pt(x, y))
		enlarge(img, r, t, e.scale)
		return r
	}
	for i := range e.terms {
		p := &e.terms[i]
		left := p.x + (p.width-p.Columns*(e.size.X+tileGapPx)+tileGapPx)/2
		top := p.bottom - e.tall(p)
		for k, t := range p.Exemplars {
			tile(t, left+k%p.Columns*(e.size.X+tileGapPx), top+k/p.Columns*(e.size.Y+tileGapPx))
		}
		if n := len(p.Exemplars); n > 0 {
			all = append(all, Tiles{Count: n, W: e.size.X, H: e.size.Y, X0: left, Y0: top, DX: e.size.X + tileGapPx, DY: e.size.Y + tileGapPx, Columns: p.Columns})
		}
		if p.Mean != nil {
			at := tile(p.Mean, p.x+(p.width-e.size.X)/2, p.bottom-e.size.Y)
			ring(img, at.Inset(-2), 2, ink)
			all = append(all, Tiles{Count: 1, W: e.size.X, H: e.size.Y, X0: at.Min.X, Y0: at.Min.Y, DX: e.size.X, DY: e.size.Y, Columns: 1})
		}
		e.name.draw(dc, p.name, p.x+p.width/2, p.bottom+captionPx, alignCentre)
		if p.Sign != "" {
			e.sign.draw(dc, []string{p.Sign}, p.signX, p.bottom-e.size.Y/2-e.sign.linePx/2, alignLeft)
		}
	}
	return &Picture{RGBA: img, Tiles: all}
}
