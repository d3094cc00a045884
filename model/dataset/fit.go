package dataset

import (
	"image"
	"image/draw"

	"github.com/disintegration/imaging"
)

// keepCanvas is the largest side of a canvas that is kept for the next
// picture: 4 MB.
const keepCanvas = 1024

// scratch is what one worker reuses from picture to picture.
type scratch struct {
	file   []byte
	pix    []byte
	canvas *image.RGBA
}

// square returns a white canvas of the given side.
func (s *scratch) square(side int) *image.RGBA {
	c := s.canvas
	if c == nil || cap(c.Pix) < 4*side*side {
		c = image.NewRGBA(image.Rect(0, 0, side, side))
		if side <= keepCanvas {
			s.canvas = c
		}
	}
	c.Pix, c.Stride, c.Rect = c.Pix[:4*side*side], 4*side, image.Rect(0, 0, side, side)
	draw.Draw(c, c.Rect, image.White, image.Point{}, draw.Src)
	return c
}

// fit writes the centre square of m, a picture p already decoded, to dst as
// size*size*channels bytes (y, x, channel). Transparent pictures are laid on
// white. Resizing is imaging's Lanczos filter.
//
// The square is copied to an opaque picture of four bytes a pixel first, so
// that imaging, which works in goroutines of its own where a panic could not
// be caught, never meets a palette.
func fit(dst []byte, p picture, m image.Image, size, channels int, s *scratch) {
	side := min(p.w, p.h)
	canvas := s.square(side)
	draw.Draw(canvas, canvas.Rect, m, image.Pt((p.w-side)/2, (p.h-side)/2), draw.Over)
	// Opaque pixels are the same bytes whether alpha is premultiplied or not.
	out := &image.NRGBA{Pix: canvas.Pix, Stride: canvas.Stride, Rect: canvas.Rect}
	if side != size {
		out = imaging.Resize(out, size, size, imaging.Lanczos)
	}
	// A centred square turns in place, so the small picture is turned.
	out = upright(out, p.orient)
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
