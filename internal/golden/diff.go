package golden

import (
	"image"
	"image/color"
)

// A diff is what difference found.
type diff struct {
	count   int         // pixels that differ by more than the tolerance
	first   image.Point // the first of them, in reading order
	got     color.NRGBA
	want    color.NRGBA
	picture *image.NRGBA // nil when the sizes differ
}

func (d diff) equal() bool { return d.picture != nil && d.count == 0 }

// difference compares two pictures as 8-bit straight-alpha pixels, each from
// its own origin. The picture shows want in faint grey and, in red, where
// got is more than levels away from it.
func difference(got, want image.Image, levels int) diff {
	g, w := straight(got), straight(want)
	if g.Bounds() != w.Bounds() {
		return diff{}
	}
	d := diff{picture: image.NewNRGBA(g.Bounds())}
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			a, b := g.NRGBAAt(x, y), w.NRGBAAt(x, y)
			if far(a.R, b.R, levels) || far(a.G, b.G, levels) || far(a.B, b.B, levels) || far(a.A, b.A, levels) {
				if d.count == 0 {
					d.first, d.got, d.want = image.Pt(x, y), a, b
				}
				d.count++
				d.picture.SetNRGBA(x, y, color.NRGBA{R: 220, A: 255})
				continue
			}
			grey := color.GrayModel.Convert(b).(color.Gray).Y
			faint := 192 + grey/4
			d.picture.SetNRGBA(x, y, color.NRGBA{faint, faint, faint, 255})
		}
	}
	return d
}

func far(a, b uint8, levels int) bool {
	d := int(a) - int(b)
	return d > levels || -d > levels
}
