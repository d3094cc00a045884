package score

import (
	"fmt"
	"math"
	"slices"

	"dcganviz/model"
)

// A Box is an upright rectangle in pixels of an image: x from X0 to X1
// rightwards, y from Y0 to Y1 downwards, where 0 is the outer edge of the first
// pixel.
type Box struct{ X0, Y0, X1, Y1 float64 }

func (b Box) holds(x, y float64) bool { return b.X0 <= x && x < b.X1 && b.Y0 <= y && y < b.Y1 }

// Check reports a box that is not finite, or empty, or not on an image of size
// pixels a side.
func (b Box) Check(size int) error {
	s := float64(size)
	for _, v := range []float64{b.X0, b.Y0, b.X1, b.Y1} {
		if !(v >= 0 && v <= s) { // NaN too
			return fmt.Errorf("box %v, want four numbers from 0 to %d", b, size)
		}
	}
	if !(b.X0 < b.X1 && b.Y0 < b.Y1) {
		return fmt.Errorf("box %v is empty", b)
	}
	return nil
}

// Labels lays a grid of side locations over images of size pixels and returns
// [len(boxes), side, side]: 1 where the centre of a location lies in one of an
// image's boxes, 0 elsewhere. A location on a box's edge counts by its centre,
// like any other.
func Labels(boxes [][]Box, size, side int) model.Tensor {
	t := model.NewTensor(len(boxes), side, side)
	for i, b := range boxes {
		label(t.Row(i), b, view{zoom: 1, size: float64(size)}, side)
	}
	return t
}

// label writes the labels of one image seen through v; NaN where v looks
// beyond the image.
func label(dst []float32, boxes []Box, v view, side int) {
	for y := range side {
		for x := range side {
			cell := v.size / float64(side)
			px, py := v.at((float64(x)+.5)*cell, (float64(y)+.5)*cell)
			dst[y*side+x] = 0
			switch {
			case !(Box{0, 0, v.size, v.size}).holds(px, py):
				dst[y*side+x] = float32(math.NaN())
			case inside(boxes, px, py):
				dst[y*side+x] = 1
			}
		}
	}
}

func inside(boxes []Box, x, y float64) bool {
	return slices.ContainsFunc(boxes, func(b Box) bool { return b.holds(x, y) })
}

// A view is where a changed image's points lie in the original: zoomed about
// the centre, moved, mirrored.
type view struct {
	zoom, dx, dy float64
	mirror       bool
	size         float64 // of both
}

// at returns the point of the original at (x, y) of the changed image.
func (v view) at(x, y float64) (px, py float64) {
	c := v.size / 2
	if v.mirror {
		x = v.size - x
	}
	return (x-c)*v.zoom + c + v.dx, (y-c)*v.zoom + c + v.dy
}

// exact says that pixels land on pixels.
func (v view) exact() bool {
	return v.zoom == 1 && v.dx == math.Trunc(v.dx) && v.dy == math.Trunc(v.dy)
}

// show writes the image src, [size, size, channels], seen through v to dst.
// Beyond its border an image goes on as it ends.
func (v view) show(dst, src []float32, channels int) {
	size := int(v.size)
	for y := range size {
		for x := range size {
			px, py := v.at(float64(x)+.5, float64(y)+.5)
			out := dst[(y*size+x)*channels : (y*size+x+1)*channels]
			if v.exact() {
				copy(out, src[(border(int(math.Floor(py)), size)*size+border(int(math.Floor(px)), size))*channels:])
			} else {
				bilinear(out, src, size, px-.5, py-.5)
			}
		}
	}
}

func border(i, size int) int { return max(0, min(i, size-1)) }

// bilinear writes the pixel at (x, y), counted between pixels' centres.
func bilinear(dst, src []float32, size int, x, y float64) {
	x0, x1, wx := between(x, size)
	y0, y1, wy := between(y, size)
	c := len(dst)
	a, b := src[(y0*size+x0)*c:], src[(y0*size+x1)*c:]
	d, e := src[(y1*size+x0)*c:], src[(y1*size+x1)*c:]
	for i := range dst {
		top := a[i] + wx*(b[i]-a[i])
		dst[i] = top + wy*(d[i]+wx*(e[i]-d[i])-top)
	}
}

// between returns the two of size places that x lies between, and which share of the way
// to the second it has gone.
func between(x float64, size int) (i, j int, share float32) {
	f := math.Floor(x)
	return border(int(f), size), border(int(f)+1, size), float32(x - f)
}
