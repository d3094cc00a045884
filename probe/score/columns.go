package score

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"dcganviz/internal/half"
	"dcganviz/internal/refuse"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
)

// hypercolumns give each location of a grid what all of D's layers hold there, one
// after the other: its hypercolumn.
//
// A layer finer than the grid is averaged over a location, a coarser one
// interpolated between its own. An image as a whole, a grid of 1, gets the
// hypercolumns of a grid of 4.
//
// Methods: Hariharan et al. 2015 (arXiv:1411.5752), section 3; for the whole
// Radford et al. 2015 (arXiv:1511.06434), section 5.1, who take maxima.
type hypercolumns struct {
	d      *model.D
	side   int
	points []model.Point
	layers []model.LayerInfo
}

// wholeSide is the grid that the features of an image as a whole lie on.
const wholeSide = 4

// newHypercolumns takes all layers of d but the last, its logit.
func newHypercolumns(d *model.D, side int) (*hypercolumns, error) {
	side = columnsSide(side)
	c := &hypercolumns{d: d, side: side}
	layers := d.Layers()
	for _, l := range layers[:len(layers)-1] {
		if l.Height != l.Width || l.Height > side && l.Height%side != 0 || l.Height < 1 {
			return nil, refuse.Of(checkpoint.ErrUnsupported, "score: layer %q of D is %dx%d, which no grid of %dx%d divides", l.Name, l.Height, l.Width, side, side)
		}
		c.layers = append(c.layers, l)
		c.points = append(c.points, model.Point{Layer: l.Name})
	}
	if len(c.points) == 0 {
		return nil, refuse.Of(checkpoint.ErrUnsupported, "score: D has no layer before its logit")
	}
	return c, nil
}

// columnsSide is the grid of the features for a scorer's grid.
func columnsSide(side int) int {
	if side == 1 {
		return wholeSide
	}
	return side
}

// width is how many numbers a location gets.
func (c *hypercolumns) width() int {
	n := 0
	for _, l := range c.layers {
		n += l.Channels
	}
	return n
}

// of returns the hypercolumns of images: [N, side, side, width].
func (c *hypercolumns) of(images model.Tensor, opt model.RunOptions) (model.Tensor, error) {
	acts, err := c.d.Activations(images, c.points, opt)
	if err != nil {
		return model.Tensor{}, err
	}
	n, width := images.Len(), c.width()
	out := model.NewTensor(n, c.side, c.side, width)
	opt.Pool.Run(n, func(i, _ int) {
		at := 0
		for j, a := range acts {
			k := c.layers[j].Channels
			resample(out.Row(i)[at:], c.side, width, a.Row(i), c.layers[j].Height, k)
			at += k
		}
	})
	return out, nil
}

// resample writes a feature map src, [from, from, channels], to the first
// channels of a grid of locations that are stride numbers apart.
func resample(dst []float32, side, stride int, src []float32, from, channels int) {
	for y := range side {
		for x := range side {
			out := dst[(y*side+x)*stride:][:channels]
			if from < side {
				scale := float64(from) / float64(side)
				bilinear(out, src, from, (float64(x)+.5)*scale-.5, (float64(y)+.5)*scale-.5)
				continue
			}
			r := from / side
			share := 1 / float32(r*r)
			clear(out)
			for dy := range r {
				for dx := range r {
					for i, v := range src[((y*r+dy)*from+x*r+dx)*channels:][:channels] {
						out[i] += share * v
					}
				}
			}
		}
	}
}

// digest identifies a D by its weights at half precision: writing a model with
// --half does not change it.
func digest(d *model.D) string {
	h := sha256.New()
	var b []byte
	for _, t := range d.State() {
		if t.Ints != nil {
			continue
		}
		b = append(b[:0], t.Name...)
		for _, v := range t.Data {
			b = binary.LittleEndian.AppendUint16(b, half.FromFloat32(v))
		}
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))
}
