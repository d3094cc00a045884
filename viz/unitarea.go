package viz

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
)

// AreaOptions says how ShowArea marks an area. The zero value dims what lies
// outside.
type AreaOptions struct {
	// Scale enlarges the picture by a whole factor, pixel by pixel. Zero: 1.
	Scale int
	// Outline draws the area's edge, in an orange that prints well, and leaves
	// what lies outside as it is.
	Outline bool
}

// dimmed is how much is left of the contrast of what lies outside of an area;
// what goes is replaced by a light grey.
const dimmed = 0.3

// outlinePx is the width of an area's edge.
const outlinePx = 2

// ShowArea draws a picture with an area of it marked. area has a value for each
// pixel of img, row by row. img is not modified. An area of another size, an
// empty picture, a negative scale and one that makes more than 2^28 pixels are
// errors.
func ShowArea(img image.Image, area []bool, o AreaOptions) (*image.RGBA, error) {
	if img == nil {
		return nil, fmt.Errorf("viz: area: no picture")
	}
	b, scale := img.Bounds(), max(1, o.Scale)
	w, h := b.Dx(), b.Dy()
	switch {
	case w < 1 || h < 1 || len(area) != w*h:
		return nil, fmt.Errorf("viz: area of %d pixels of a picture of %dx%d, want %d", len(area), w, h, w*h)
	case o.Scale < 0 || w > maxSidePx/scale || h > maxSidePx/scale || w*scale > maxPixels/(h*scale):
		return nil, fmt.Errorf("viz: area: scale %d of a picture of %dx%d, want at most %d pixels", o.Scale, w, h, maxPixels)
	}
	out := image.NewRGBA(image.Rect(0, 0, w*scale, h*scale))
	enlarge(out, out.Rect, img, scale)
	cell := func(x, y int) image.Rectangle { return image.Rect(x*scale, y*scale, (x+1)*scale, (y+1)*scale) }
	for at, in := range area {
		if x, y := at%w, at/w; !in && !o.Outline {
			draw.Draw(out, cell(x, y), image.NewUniform(dim(out.RGBAAt(x*scale, y*scale))), image.Point{}, draw.Src)
		}
	}
	if o.Outline {
		outline(out, area, w, cell, min(outlinePx, scale))
	}
	return out, nil
}

func dim(c color.RGBA) color.RGBA {
	mix := func(v uint8) uint8 { return uint8(float64(dimmed*float64(v)) + float64((1-dimmed)*225) + .5) }
	return color.RGBA{mix(c.R), mix(c.G), mix(c.B), 255}
}

// outline draws the edge of an area on the inside of its pixels. Where the area
// ends at the edge of the picture it draws nothing.
func outline(out *image.RGBA, area []bool, w int, cell func(x, y int) image.Rectangle, px int) {
	line := image.NewUniform(Swatch(4))
	h := len(area) / w
	for at, in := range area {
		if !in {
			continue
		}
		x, y := at%w, at/w
		c := cell(x, y)
		edge := func(beyond bool, r image.Rectangle) {
			if beyond {
				draw.Draw(out, r, line, image.Point{}, draw.Src)
			}
		}
		edge(y > 0 && !area[at-min(w, at)], image.Rect(c.Min.X, c.Min.Y, c.Max.X, c.Min.Y+px))
		edge(y < h-1 && !area[min(at+w, len(area)-1)], image.Rect(c.Min.X, c.Max.Y-px, c.Max.X, c.Max.Y))
		edge(x > 0 && !area[max(at-1, 0)], image.Rect(c.Min.X, c.Min.Y, c.Min.X+px, c.Max.Y))
		edge(x < w-1 && !area[min(at+1, len(area)-1)], image.Rect(c.Max.X-px, c.Min.Y, c.Max.X, c.Max.Y))
	}
}

// Amplify returns changes of pixels, which may have any sign, times the gain
// that takes the largest to 1, for ToImage and Images: mid grey is no change.
// Values that are not finite have no say in the gain; without a change it is 1.
func Amplify(changes []float32) (amplified []float32, gain float64) {
	var largest float64
	for _, v := range changes {
		if a := math.Abs(float64(v)); a > largest && a <= math.MaxFloat32 {
			largest = a
		}
	}
	gain = 1
	if largest > 0 {
		gain = 1 / largest
	}
	amplified = make([]float32, len(changes))
	for i, v := range changes {
		amplified[i] = float32(float64(v) * gain)
	}
	return amplified, gain
}
