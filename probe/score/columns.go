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
	most := 0
	for _, l := range c.layers {
		most = max(most, c.side*l.Height*l.Channels)
	}
	rows := make([][]float32, opt.Pool.Threads())
	for i := range rows {
		rows[i] = make([]float32, most)
	}
	opt.Pool.Run(n, func(i, worker int) {
		at := 0
		for j, a := range acts {
			l := &c.layers[j]
			r := resampling{out.Row(i)[at:], c.side, width, a.Row(i), l.Height, l.Channels}
			if r.from < r.side {
				r.interpolate(rows[worker])
			} else {
				r.average()
			}
			at += l.Channels
		}
	})
	return out, nil
}

// A resampling writes a feature map src, [from, from, channels], to the first channels of
// a grid of locations that are stride numbers apart.
type resampling struct {
	dst            []float32
	side, stride   int
	src            []float32
	from, channels int
}

// out is the location at (x, y).
func (r *resampling) out(x, y int) []float32 { return r.dst[(y*r.side+x)*r.stride:][:r.channels] }

// average gives a location the mean of all that it covers.
func (r *resampling) average() {
	k := r.from / r.side
	share := 1 / float32(k*k)
	for y := range r.side {
		for x := range r.side {
			out := r.out(x, y)
			clear(out)
			for dy := range k {
				for dx := range k {
					src := r.src[((y*k+dy)*r.from+x*k+dx)*r.channels:][:len(out)]
					for i, v := range src {
						out[i] += share * v
					}
				}
			}
		}
	}
}

// interpolate is bilinear of each location, which the rows of src are enlarged for first:
// to rows, [from, side, channels].
func (r *resampling) interpolate(rows []float32) {
	c, scale := r.channels, float64(r.from)/float64(r.side)
	place := func(x int) (i, j int, share float32) { return between((float64(x)+.5)*scale-.5, r.from) }
	for x := range r.side {
		i, j, share := place(x)
		for y := range r.from {
			mix(rows[(y*r.side+x)*c:][:c], r.src[(y*r.from+i)*c:], r.src[(y*r.from+j)*c:], share)
		}
	}
	for y := range r.side {
		i, j, share := place(y)
		for x := range r.side {
			mix(r.out(x, y), rows[(i*r.side+x)*c:], rows[(j*r.side+x)*c:], share)
		}
	}
}

// mix writes what lies that share of the way from a to b.
func mix(dst, a, b []float32, share float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i, v := range a {
		dst[i] = v + share*(b[i]-v)
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
