package filters

import "dcganviz/model"

// A Field is a rectangle of pixels: X0 <= x < X1, Y0 <= y < Y1.
type Field struct {
	X0 int `json:"x0"`
	Y0 int `json:"y0"`
	X1 int `json:"x1"`
	Y1 int `json:"y1"`
}

// Pixels is how many there are.
func (f Field) Pixels() int { return (f.X1 - f.X0) * (f.Y1 - f.Y0) }

// Contains reports that pixel (x, y) is one of them.
func (f Field) Contains(x, y int) bool { return x >= f.X0 && x < f.X1 && y >= f.Y0 && y < f.Y1 }

// fields knows the receptive fields of a net's layers.
type fields struct {
	specs []model.LayerSpec
	infos []model.LayerInfo
	h, w  int // of the images
}

func fieldsOf(d *model.D) fields {
	h, w, _ := d.Config().Dims()
	return fields{d.Specs(), d.Layers(), h, w}
}

// at returns the pixels that the neuron at (y, x) of a layer depends on: what
// its kernel covers of the layer before, the padding cut off, and so on down to
// the image.
func (f fields) at(layer, y, x int) Field {
	r := Field{X0: x, Y0: y, X1: x + 1, Y1: y + 1}
	for i := layer; i >= 0; i-- {
		s := &f.specs[i]
		h, w := f.h, f.w
		if i > 0 {
			h, w = f.infos[i-1].Height, f.infos[i-1].Width
		}
		r.Y0, r.Y1 = before(s, s.KernelHeight, r.Y0, r.Y1, h)
		r.X0, r.X1 = before(s, s.KernelWidth, r.X0, r.X1, w)
	}
	return r
}

// full returns the field's height and width where no border cuts it.
func (f fields) full(layer int) (h, w int) {
	h, w = 1, 1
	for i := layer; i >= 0; i-- {
		s := &f.specs[i]
		switch s.Kind {
		case model.Linear:
			return f.h, f.w
		case model.ConvTranspose2D:
			h, w = ceilDiv(h-1+s.KernelHeight, s.Stride), ceilDiv(w-1+s.KernelWidth, s.Stride)
		default:
			h, w = (h-1)*s.Stride+s.KernelHeight, (w-1)*s.Stride+s.KernelWidth
		}
	}
	return min(h, f.h), min(w, f.w)
}

// before returns which rows of a layer's input the rows from y0 to y1-1 of its result
// depend on. The input has size rows.
func before(s *model.LayerSpec, kernel, y0, y1, size int) (int, int) {
	switch s.Kind {
	case model.Linear:
		return 0, size
	case model.ConvTranspose2D:
		// Row i reaches rows i*Stride-Padding to that + kernel-1.
		return max(0, ceilDiv(y0+s.Padding-kernel+1, s.Stride)), min(size, floorDiv(y1-1+s.Padding, s.Stride)+1)
	}
	return max(0, y0*s.Stride-s.Padding), min(size, (y1-1)*s.Stride-s.Padding+kernel)
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func ceilDiv(a, b int) int { return -floorDiv(-a, b) }
