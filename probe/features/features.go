package features

import (
	"context"

	"dcganviz/internal/refuse"
	"dcganviz/model"
	"dcganviz/model/checkpoint"
	"dcganviz/probe"
)

const (
	// grid is the side of the grid that a layer's activations are pooled to.
	grid = 4
	// batch is how many images' activations are in memory at once: 17 MB of a D
	// of width 32 for 64x64 pixels.
	batch = 64
)

// Width returns how many features d gives an image.
func Width(d *model.D) int {
	n := 0
	for _, s := range Spans(d) {
		n = s.To
	}
	return n
}

// A Span is the features of one layer: those from From to To-1.
type Span struct {
	Layer    string
	From, To int
}

// Spans returns where the features of each of d's layers are.
func Spans(d *model.D) (all []Span) {
	from := 0
	for _, l := range layers(d) {
		to := from + min(grid, l.Height)*min(grid, l.Width)*l.Channels
		all = append(all, Span{l.Name, from, to})
		from = to
	}
	return all
}

// layers are all of d's but the last, its logit.
func layers(d *model.D) []model.LayerInfo {
	all := d.Layers()
	return all[:len(all)-1]
}

// Of returns the features of images [N, H, W, C]: [N, Width]. Each layer but
// the last, after its activation function, is max-pooled to a grid of 4x4 whose
// cells share a row or column where the layer's side is no multiple of 4; a
// layer of fewer than 4 rows or columns keeps those. The layers follow one
// another, each as [row, column, channel].
//
// ctx is heeded between batches of 64 images; with opt.BatchStats all images
// are one batch.
func Of(ctx context.Context, d *model.D, images model.Tensor, opt model.RunOptions) (model.Tensor, error) {
	var points []model.Point
	for _, l := range layers(d) {
		points = append(points, model.Point{Layer: l.Name})
	}
	if len(points) == 0 {
		return model.Tensor{}, refuse.Of(checkpoint.ErrUnsupported, "features: D has no layer before its logit")
	}
	n, step := images.Len(), batch
	if opt.BatchStats {
		step = max(n, 1)
	}
	out := model.NewTensor(n, Width(d))
	err := probe.InParts(ctx, n, step, func(from, to int) error {
		acts, err := d.Activations(images.Slice(from, to), points, opt)
		if err != nil {
			return err
		}
		for i := range to - from {
			row := out.Row(from + i)
			for _, a := range acts {
				row = row[pool(row, a.Row(i), a.Shape[1], a.Shape[2], a.Shape[3]):]
			}
		}
		return nil
	})
	return out, err
}

// pool writes the maxima of one image's activations [h, w, c] to dst. It returns
// how many there are.
func pool(dst, act []float32, h, w, c int) int {
	rows, cols := min(grid, h), min(grid, w)
	for r := range rows {
		for q := range cols {
			cell := dst[(r*cols+q)*c:][:c]
			first := true
			for y := r * h / rows; y < (r*h+h+rows-1)/rows; y++ {
				for x := q * w / cols; x < (q*w+w+cols-1)/cols; x++ {
					at := act[(y*w+x)*c:][:c]
					if first {
						copy(cell, at)
						first = false
						continue
					}
					for k, v := range at {
						cell[k] = max(cell[k], v)
					}
				}
			}
		}
	}
	return rows * cols * c
}
