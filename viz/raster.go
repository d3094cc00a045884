package viz

import (
	"fmt"
	"image"
	"image/draw"
	"sync/atomic"
)

// A colorType is PNG's, and the samples that a pixel has.
type colorType byte

const (
	gray8 colorType = 0
	rgb8  colorType = 2
	rgba8 colorType = 6
)

// samples is the number of bytes of a pixel.
func (c colorType) samples() int {
	switch c {
	case gray8:
		return 1
	case rgb8:
		return 3
	}
	return 4
}

// maxSidePx is the largest side of a picture in a file, far below what PNG
// allows and above what a viewer shows.
const maxSidePx = 1 << 16

// A raster is a picture as rows of 8-bit samples, ready to be written.
type raster struct {
	width, height int
	gray, opaque  bool
	forced        bool // color is as, not what the pixels need
	as            colorType
	pix           []uint8 // R, G, B, A (straight), or one grey
	stride        int
	each          int // bytes of a pixel in pix: 1 or 4
}

// newRaster reads img without copying where its pixels are stored in a way
// that a raster has, which those that this package draws are.
func newRaster(img image.Image) (*raster, error) {
	if img == nil {
		return nil, fmt.Errorf("no image")
	}
	b := img.Bounds()
	if b.Dx() < 1 || b.Dy() < 1 || b.Dx() > maxSidePx || b.Dy() > maxSidePx || b.Dy() > maxPixels/b.Dx() {
		return nil, fmt.Errorf("image is %dx%d, want 1 to %d a side and at most %d pixels", b.Dx(), b.Dy(), maxSidePx, maxPixels)
	}
	r := &raster{width: b.Dx(), height: b.Dy(), each: 4}
	switch img := bare(img).(type) {
	case *image.Gray:
		r.pix, r.stride, r.each = img.Pix, img.Stride, 1
		r.gray, r.opaque = true, true
		return r, nil
	case *image.NRGBA:
		r.pix, r.stride = img.Pix, img.Stride
	case *image.RGBA:
		// Opaque pixels are the same with premultiplied alpha.
		r.pix, r.stride = img.Pix, img.Stride
		if r.scan(); r.opaque {
			return r, nil
		}
		r.straighten(img)
	default:
		r.straighten(img)
	}
	r.scan()
	return r, nil
}

// straighten copies img into straight alpha.
func (r *raster) straighten(img image.Image) {
	out := image.NewNRGBA(image.Rect(0, 0, r.width, r.height))
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	r.pix, r.stride = out.Pix, out.Stride
}

// scanRows is how many rows are looked at in one go.
const scanRows = 64

// scan finds out whether every pixel is opaque, and an opaque grey.
func (r *raster) scan() {
	var coloured, translucent atomic.Bool
	parallel((r.height+scanRows-1)/scanRows, func(i int) {
		gray := true
		for y := i * scanRows; y < min((i+1)*scanRows, r.height); y++ {
			row := r.pix[y*r.stride:][:4*r.width]
			for ; len(row) >= 4; row = row[4:] {
				if row[3] != 255 {
					translucent.Store(true)
					return
				}
				if gray && (row[0] != row[1] || row[1] != row[2]) {
					gray = false
					coloured.Store(true)
				}
			}
		}
	})
	r.opaque = !translucent.Load()
	r.gray = r.opaque && !coloured.Load()
}

// color is the smallest colour type that holds the picture.
func (r *raster) color() colorType {
	switch {
	case r.forced:
		return r.as
	case r.gray:
		return gray8
	case r.opaque:
		return rgb8
	}
	return rgba8
}

// row writes the samples of row y into dst, which has their length.
func (r *raster) row(dst []uint8, y int) {
	src := r.pix[y*r.stride:][:r.each*r.width]
	c := r.color()
	switch {
	case r.each == c.samples():
		copy(dst, src)
	case r.each == 1: // a grey frame of an animation in colour
		n := c.samples()
		for x, v := range src {
			p := dst[n*x : n*x+n]
			p[0], p[1], p[2] = v, v, v
			if n == 4 {
				p[3] = 255
			}
		}
	case c == gray8:
		for x := range dst {
			dst[x] = src[4*x]
		}
	default:
		for x := range r.width {
			p, q := dst[3*x:3*x+3:3*x+3], src[4*x:4*x+4:4*x+4]
			p[0], p[1], p[2] = q[0], q[1], q[2]
		}
	}
}
