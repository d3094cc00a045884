package viz

import (
	"cmp"
	"fmt"
	"image"
	"image/draw"

	"github.com/fogleman/gg"
)

// A Slide is one still of a film: rows of tiles between a title and a sentence.
type Slide struct {
	// Title stands above the tiles, on one line; what is too wide ends in an ellipsis.
	Title string
	Rows  []SlideRow
	// Caption stands below the tiles and wraps to the slide's width.
	Caption string
}

// A SlideRow is tiles side by side, their tops in line.
type SlideRow struct {
	// Label stands left of the row.
	Label string
	Tiles []SlideTile
	// GapPx is the space between tiles without a sign. Zero: 4.
	GapPx int
}

// A SlideTile is a tile of a slide.
type SlideTile struct {
	// Image is the tile. It must not be nil: a hidden tile takes its place, too.
	Image image.Image
	// Scale enlarges it by a whole factor. Zero: 1.
	Scale int
	// Sign stands before the tile: "+", say.
	Sign string
	// Name stands below the tile and wraps to its width.
	Name string
	// Hidden leaves the place of the tile, its sign and its name empty.
	Hidden bool
}

// Slides draws slides on pictures of one size, which holds the largest of them, so that
// they are frames of a film. Titles and captions keep their places, and tiles lie in the
// middle. No slides, a slide without tiles, more than 64 rows or tiles in a row, and
// pictures above 2^28 pixels are errors.
func Slides(slides []Slide) ([]*Picture, error) {
	pictures, err := drawSlides(slides)
	if err != nil {
		return nil, fmt.Errorf("viz: slides: %w", err)
	}
	return pictures, nil
}

// Spaces of a slide, in pixels.
const (
	slideGapPx = 4
	slideAirPx = 8 // between title, tiles and caption
	signAirPx  = 6 // on either side of a sign
	leastSlide = 480
	captionUp  = 1.1 // text is this much larger than a sheet's: a film cannot be zoomed
)

// A placedSlide is a slide with its measures.
type placedSlide struct {
	Slide
	rows    []placedRow
	labels  int // width of the widest label, and its distance
	size    image.Point
	caption []string
}

type placedRow struct {
	SlideRow
	x            []int // left edges of the tiles, from the row's
	names        [][]string
	width        int
	tilesH, high int // without and with names
}

// A screen is what slides share.
type screen struct {
	name, caption, heading, sign lettering
	size, body                   image.Point
}

func drawSlides(slides []Slide) ([]*Picture, error) {
	if len(slides) == 0 {
		return nil, fmt.Errorf("none, want at least one")
	}
	faces, err := newSheetFaces(captionUp * textPx)
	if err != nil {
		return nil, err
	}
	s := screen{name: faces.plain, caption: faces.plain, heading: faces.heading}
	if s.sign, err = newLettering(2*textPx, true, ink); err != nil {
		return nil, err
	}
	placed := make([]placedSlide, len(slides))
	for i, slide := range slides {
		if placed[i], err = s.place(slide); err != nil {
			return nil, fmt.Errorf("slide %d: %w", i, err)
		}
		s.body.X, s.body.Y = max(s.body.X, placed[i].size.X), max(s.body.Y, placed[i].size.Y)
	}
	s.size.X = max(leastSlide, s.body.X+2*airPx)
	lines := 0
	for i := range placed {
		placed[i].caption = s.caption.wrap(placed[i].Caption, s.size.X-2*airPx)
		lines = max(lines, len(placed[i].caption))
	}
	s.size.Y = 2*airPx + s.heading.linePx + 2*slideAirPx + s.body.Y + lines*s.caption.linePx
	if s.size.X > maxSidePx || s.size.Y > maxSidePx || s.size.Y > maxPixels/s.size.X {
		return nil, fmt.Errorf("%dx%d pixels, want at most %d a side and %d in all", s.size.X, s.size.Y, maxSidePx, maxPixels)
	}
	pictures := make([]*Picture, len(placed))
	for i := range placed {
		pictures[i] = s.draw(&placed[i])
	}
	return pictures, nil
}

// place measures a slide.
func (s *screen) place(slide Slide) (p placedSlide, err error) {
	p.Slide = slide
	if len(slide.Rows) == 0 {
		return p, fmt.Errorf("no rows")
	}
	if err := checkCount("rows", len(slide.Rows), maxSeries); err != nil {
		return p, err
	}
	for i, row := range slide.Rows {
		r, err := s.placeRow(row)
		if err != nil {
			return p, fmt.Errorf("row %d: %w", i, err)
		}
		p.rows = append(p.rows, r)
		p.size.X, p.size.Y = max(p.size.X, r.width), p.size.Y+r.high
		if row.Label != "" {
			p.labels = max(p.labels, s.name.widest(row.Label)+labelPx)
		}
	}
	p.size.X += p.labels
	p.size.Y += (len(p.rows) - 1) * slideGapPx
	return p, nil
}

func (s *screen) placeRow(row SlideRow) (r placedRow, err error) {
	r.SlideRow = row
	if len(row.Tiles) == 0 {
		return r, fmt.Errorf("no tiles")
	}
	if err := checkCount("tiles", len(row.Tiles), maxSeries); err != nil {
		return r, err
	}
	names := 0
	for i, t := range row.Tiles {
		if t.Image == nil {
			return r, fmt.Errorf("tile %d: no image", i)
		}
		if _, err := newGrid([]image.Image{t.Image}, SheetOptions{Scale: t.Scale}); err != nil {
			return r, fmt.Errorf("tile %d: %w", i, err)
		}
		switch {
		case t.Sign != "":
			r.width += s.sign.width(t.Sign) + 2*signAirPx
		case i > 0:
			r.width += cmp.Or(row.GapPx, slideGapPx)
		}
		r.x = append(r.x, r.width)
		size := t.size()
		r.width += size.X
		r.tilesH = max(r.tilesH, size.Y)
		r.names = append(r.names, s.name.wrap(t.Name, size.X))
		names = max(names, len(r.names[i]))
	}
	r.high = r.tilesH
	if names > 0 {
		r.high += captionPx + names*s.name.linePx
	}
	return r, nil
}

// size is how large a tile is drawn.
func (t *SlideTile) size() image.Point { return t.Image.Bounds().Size().Mul(max(1, t.Scale)) }

func (s *screen) draw(p *placedSlide) *Picture {
	img := image.NewRGBA(image.Rectangle{Max: s.size})
	draw.Draw(img, img.Rect, image.NewUniform(paper), image.Point{}, draw.Src)
	dc := gg.NewContextForRGBA(img)
	s.heading.draw(dc, []string{s.heading.fit(p.Title, s.size.X-2*airPx)}, airPx, airPx, alignLeft)
	y := airPx + s.heading.linePx + slideAirPx
	s.caption.draw(dc, p.caption, airPx, y+s.body.Y+slideAirPx, alignLeft)
	y += (s.body.Y - p.size.Y) / 2
	left := (s.size.X-p.size.X)/2 + p.labels
	out := &Picture{RGBA: img}
	for i := range p.rows {
		r := &p.rows[i]
		x := left + (p.size.X-p.labels-r.width)/2
		label := lines(r.Label)
		s.name.draw(dc, label, x-labelPx, y+(r.tilesH-len(label)*s.name.linePx)/2, alignRight)
		for k := range r.Tiles {
			s.drawTile(dc, out, r, k, image.Pt(x+r.x[k], y))
		}
		y += r.high + slideGapPx
	}
	return out
}

func (s *screen) drawTile(dc *gg.Context, out *Picture, r *placedRow, k int, at image.Point) {
	t := &r.Tiles[k]
	if t.Hidden {
		return
	}
	size := t.size()
	enlarge(out.RGBA, image.Rectangle{at, at.Add(size)}, t.Image, max(1, t.Scale))
	out.Tiles = append(out.Tiles, Tiles{Count: 1, W: size.X, H: size.Y, X0: at.X, Y0: at.Y, DX: size.X, DY: size.Y, Columns: 1})
	s.sign.draw(dc, lines(t.Sign), at.X-signAirPx, at.Y+size.Y/2-s.sign.linePx/2, alignRight)
	s.name.draw(dc, r.names[k], at.X+size.X/2, at.Y+r.tilesH+captionPx, alignCentre)
}
