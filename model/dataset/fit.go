package dataset

import (
	"image"
	"image/draw"

	"github.com/disintegration/imaging"
)

const (
	// stripPixels is how much of a picture is resized at once: 16 MB. The weights of each
	// strip take some more.
	stripPixels = 4 << 20
	// keepFile bounds the file that is kept for the next one's bytes.
	keepFile = 16 << 20
)

// scratch is what one worker reuses from picture to picture.
type scratch struct {
	file   []byte
	pix    []byte
	canvas []byte
}

// opaque returns the part of m from at on, w pixels wide and h high, on white.
func (s *scratch) opaque(m image.Image, at image.Point, w, h int) *image.NRGBA {
	c := &image.RGBA{Pix: grow(s.canvas, int64(4*w*h)), Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
	if w*h <= stripPixels {
		s.canvas = c.Pix
	}
	draw.Draw(c, c.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(c, c.Rect, m, at, draw.Over)
	// Opaque pixels are the same bytes whether alpha is premultiplied or not.
	return &image.NRGBA{Pix: c.Pix, Stride: c.Stride, Rect: c.Rect}
}

// A pixels is a width and a height.
type pixels struct{ w, h int }

// turned returns s as it lies in a file with that EXIF orientation.
func (s pixels) turned(orient int) pixels {
	if orient >= 5 { // on its side
		return pixels{s.h, s.w}
	}
	return s
}

// crop returns the largest part of a picture that has the aspect ratio of s, and where it
// lies: in the middle.
func (s pixels) crop(w, h int) (part pixels, at image.Point) {
	part = pixels{w, h}
	if wide := int64(w)*int64(s.h) - int64(h)*int64(s.w); wide > 0 {
		part.w = max(1, int(int64(h)*int64(s.w)/int64(s.h)))
	} else if wide < 0 {
		part.h = max(1, int(int64(w)*int64(s.h)/int64(s.w)))
	}
	return part, image.Pt((w-part.w)/2, (h-part.h)/2)
}

// fit writes the middle of m, a picture p already decoded, to dst as
// h*w*channels bytes (y, x, channel) of the size s.h by s.w. Transparent pictures are
// laid on white. Resizing is imaging's Lanczos filter.
//
// The middle is copied to an opaque picture of four bytes a pixel first, so
// that imaging, which works in goroutines of its own where a panic could not
// be caught, never meets a palette.
func fit(dst []byte, p picture, m image.Image, size pixels, channels int, s *scratch) {
	// The middle stays the middle when it is turned, so the small picture is turned.
	out := upright(s.resize(m, p, size.turned(p.orient)), p.orient)
	if channels == 3 {
		for i, j := 0, 0; i < len(dst); i, j = i+3, j+4 {
			d, s := dst[i:i+3:i+3], out.Pix[j:j+3:j+3]
			d[0], d[1], d[2] = s[0], s[1], s[2]
		}
		return
	}
	for i := range dst {
		dst[i] = luma(out.Pix[4*i], out.Pix[4*i+1], out.Pix[4*i+2])
	}
}

// resize returns the middle of m with the given size, on white. It narrows large
// pictures strip by strip, so that their middle is nowhere in memory as a whole: the rows
// are narrowed one by one anyway, before the columns are shortened.
func (s *scratch) resize(m image.Image, p picture, size pixels) *image.NRGBA {
	part, at := size.crop(p.w, p.h)
	if part == size {
		return s.opaque(m, at, size.w, size.h)
	}
	rows := max(1, stripPixels/part.w)
	if part.h <= rows {
		return imaging.Resize(s.opaque(m, at, part.w, part.h), size.w, size.h, imaging.Lanczos)
	}
	narrow := image.NewNRGBA(image.Rect(0, 0, size.w, part.h))
	for y := 0; y < part.h; y += rows {
		n := min(rows, part.h-y)
		strip := imaging.Resize(s.opaque(m, at.Add(image.Pt(0, y)), part.w, n), size.w, n, imaging.Lanczos)
		copy(narrow.Pix[y*narrow.Stride:], strip.Pix)
	}
	return imaging.Resize(narrow, size.w, size.h, imaging.Lanczos)
}

// fitBytes returns what fit allocates for p.
func fitBytes(p picture, size pixels) int64 {
	part, _ := size.turned(p.orient).crop(p.w, p.h)
	w, h := int64(part.w), int64(part.h)
	to := int64(max(size.w, size.h))
	strips := 1 + w*h/stripPixels
	weights := 16 * 2 * (3*max(w, h, to) + 2*to) // Lanczos reaches to 3 pixels on both sides
	return 4*(2*to*h+3*to*to+min(w*h, stripPixels)) + (strips+1)*weights
}

// luma is the gray of color.GrayModel; equal channels stay as they are.
func luma(r, g, b byte) byte {
	return byte((19595*uint32(r) + 38470*uint32(g) + 7471*uint32(b) + 1<<15) >> 16)
}

// turns undo the EXIF orientations; 1 is upright.
var turns = [9]func(image.Image) *image.NRGBA{
	2: imaging.FlipH, 3: imaging.Rotate180, 4: imaging.FlipV, 5: imaging.Transpose,
	6: imaging.Rotate270, 7: imaging.Transverse, 8: imaging.Rotate90,
}

// upright undoes an EXIF orientation.
func upright(m *image.NRGBA, orient int) *image.NRGBA {
	if turn := turns[orient]; turn != nil {
		return turn(m)
	}
	return m
}
