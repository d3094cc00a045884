package viz

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"github.com/fogleman/gg"
)

// A Part is one picture of a figure.
type Part struct {
	Image image.Image
	// Caption stands below the picture and wraps: to the figure's width in a
	// column, to the picture's in a row.
	Caption string
}

// StackOptions says how Stack joins pictures. The zero value is a column
// without title and footer.
type StackOptions struct {
	// Row puts the pictures side by side, their tops in line. False: one
	// below another, their left edges in line.
	Row bool
	// GapPx is the space between pictures. Zero: 20.
	GapPx int
	// Title stands above the figure, Footer, what was found, below it. Both wrap to its
	// width; a line break starts a new line.
	Title, Footer string
	// TextPx is the size of the text. Zero: 13.
	TextPx float64
}

// Stack joins pictures of any sizes to one figure, on paper.
//
// White margins of the pictures are cut off, so that what is drawn lines up;
// a picture that is all white is kept whole, and a transparent one lies on
// white. Around the figure is the margin of a sheet. A figure can be a part
// of another: rows in a column. No parts, more than 64, a missing or empty
// picture and a figure above 2^28 pixels are errors.
func Stack(parts []Part, o StackOptions) (*Picture, error) {
	img, err := stack(parts, o)
	if err != nil {
		return nil, fmt.Errorf("viz: stack: %w", err)
	}
	return img, nil
}

func stack(parts []Part, o StackOptions) (*Picture, error) {
	if len(parts) == 0 {
		return nil, fmt.Errorf("no parts, want at least one")
	}
	if err := cmp.Or(checkCount("parts", len(parts), maxSeries), checkTextPx(o.TextPx)); err != nil {
		return nil, err
	}
	if o.GapPx < 0 || o.GapPx > maxSidePx {
		return nil, fmt.Errorf("gap %d, want 0 to %d", o.GapPx, maxSidePx)
	}
	o.GapPx = cmp.Or(o.GapPx, 20)
	faces, err := newSheetFaces(o.TextPx)
	if err != nil {
		return nil, err
	}
	s := stacking{o: o, faces: faces}
	if err := s.place(parts); err != nil {
		return nil, err
	}
	if s.width > maxSidePx || s.height > maxSidePx || s.height > maxPixels/s.width {
		return nil, fmt.Errorf("%dx%d pixels, want at most %d a side and %d in all", s.width, s.height, maxSidePx, maxPixels)
	}
	return &Picture{s.draw(), s.tiles, s.plots, s.footerTop}, nil
}

// A stacking is a figure, laid out.
type stacking struct {
	o             StackOptions
	faces         *sheetText
	parts         []placedPart
	title, footer []string
	footerTop     int
	width, height int
	tiles         []Tiles
	plots         []Plot
}

// A placedPart is a picture in its place.
type placedPart struct {
	img     image.Image
	crop    image.Rectangle // of img
	at      image.Point
	caption []string
}

// take crops the pictures, and returns the figure's width without margins.
func (s *stacking) take(parts []Part) (inner int, err error) {
	for i, part := range parts {
		if part.Image == nil {
			return 0, fmt.Errorf("part %d has no picture", i)
		}
		size := part.Image.Bounds().Size()
		if size.X < 1 || size.Y < 1 || size.X > maxSidePx || size.Y > maxSidePx || size.Y > maxPixels/size.X {
			return 0, fmt.Errorf("part %d is %dx%d, want 1 to %d a side and at most %d pixels", i, size.X, size.Y, maxSidePx, maxPixels)
		}
		img := bare(part.Image)
		crop := drawnPart(img)
		s.parts = append(s.parts, placedPart{img: img, crop: crop})
		if !s.o.Row {
			inner = max(inner, crop.Dx())
		} else if inner += crop.Dx(); i > 0 {
			inner += s.o.GapPx
		}
	}
	// A figure of small pictures is as wide as its text, up to a limit.
	inner = max(inner, min(narrowPx, max(s.faces.heading.widest(s.o.Title), s.faces.plain.widest(s.o.Footer))))
	for _, part := range parts {
		if !s.o.Row {
			inner = max(inner, min(narrowPx, s.faces.plain.widest(part.Caption)))
		}
	}
	return inner, nil
}

// place lays out the figure.
func (s *stacking) place(parts []Part) error {
	inner, err := s.take(parts)
	if err != nil {
		return err
	}
	s.width = inner + 2*airPx
	s.title, s.footer = s.faces.heading.wrap(s.o.Title, inner), s.faces.plain.wrap(s.o.Footer, inner)
	top := airPx
	if len(s.title) > 0 {
		top += len(s.title)*s.faces.heading.linePx + labelPx
	}
	at, bottom := image.Pt(airPx, top), top
	for i := range s.parts {
		p := &s.parts[i]
		p.at = at
		if drawing, ok := parts[i].Image.(*Picture); ok {
			s.tiles = append(s.tiles, moved(drawing.Tiles, at.Sub(p.crop.Min))...)
			s.plots = append(s.plots, drawing.Plots...)
		}
		room := inner
		if s.o.Row {
			room = p.crop.Dx()
		}
		p.caption = s.faces.plain.wrap(parts[i].Caption, room)
		end := at.Y + p.crop.Dy()
		if len(p.caption) > 0 {
			end += 2*captionPx + len(p.caption)*s.faces.plain.linePx
		}
		bottom = max(bottom, end)
		if s.o.Row {
			at.X += p.crop.Dx() + s.o.GapPx
		} else {
			at.Y = end + s.o.GapPx
		}
	}
	if len(s.footer) > 0 {
		s.footerTop = bottom + airPx
		bottom = s.footerTop + len(s.footer)*s.faces.plain.linePx
	}
	s.height = bottom + airPx
	return nil
}

// draw draws the figure.
func (s *stacking) draw() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, s.width, s.height))
	draw.Draw(img, img.Rect, image.NewUniform(paper), image.Point{}, draw.Src)
	dc := gg.NewContextForRGBA(img)
	s.faces.heading.draw(dc, s.title, airPx, airPx, alignLeft)
	s.faces.plain.draw(dc, s.footer, airPx, s.footerTop, alignLeft)
	for _, p := range s.parts {
		to := image.Rectangle{Max: p.crop.Size()}.Add(p.at)
		draw.Draw(img, to, p.img, p.crop.Min, draw.Over)
		s.faces.plain.draw(dc, p.caption, p.at.X, to.Max.Y+2*captionPx, alignLeft)
	}
	return img
}

// drawnPart is img without its white margins, or all of an img that is only
// white.
func drawnPart(img image.Image) image.Rectangle {
	b := img.Bounds()
	white := func(r image.Rectangle) bool {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				if !isPaper(img.At(x, y)) {
					return false
				}
			}
		}
		return true
	}
	for b.Dy() > 0 && white(image.Rect(b.Min.X, b.Min.Y, b.Max.X, b.Min.Y+1)) {
		b.Min.Y++
	}
	if b.Empty() {
		return img.Bounds()
	}
	for white(image.Rect(b.Min.X, b.Max.Y-1, b.Max.X, b.Max.Y)) {
		b.Max.Y--
	}
	for white(image.Rect(b.Min.X, b.Min.Y, b.Min.X+1, b.Max.Y)) {
		b.Min.X++
	}
	for white(image.Rect(b.Max.X-1, b.Min.Y, b.Max.X, b.Max.Y)) {
		b.Max.X--
	}
	return b
}

// isPaper says whether a pixel is white once it lies on white.
func isPaper(c color.Color) bool {
	r, g, b, a := c.RGBA()
	white := 0xffff - a // what shows through
	return r+white == 0xffff && g+white == 0xffff && b+white == 0xffff
}
