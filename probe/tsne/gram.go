package tsne

import (
	"context"

	"dcganviz/internal/kernel"
	"dcganviz/model"
	"dcganviz/probe/stats"
)

const (
	gramBlock = 512  // rows and columns of a product
	gramDepth = 1024 // terms that are added in float32
)

// gram returns A^T A, or AA^T where that is smaller, in float64: sums of
// float32 matrix products of at most gramDepth terms.
func (c *centred) gram(ctx context.Context) ([]float64, error) {
	n, d := c.x.Shape[0], c.x.Shape[1]
	size, depth := d, n
	if c.wide() {
		size, depth = n, d
	}
	g := make([]float64, size*size)
	for from := 0; from < depth; from += gramDepth {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		to := min(from+gramDepth, depth)
		// [size][to-from], and the same the other way round.
		rows := make([]float32, size*(to-from))
		columns := make([]float32, size*(to-from))
		c.pool.Run((size+63)/64, func(task, _ int) {
			for i := 64 * task; i < min(64*task+64, size); i++ {
				for k := from; k < to; k++ {
					point, coordinate := k, i
					if c.wide() {
						point, coordinate = i, k
					}
					v := float32(float64(c.x.Data[point*d+coordinate]) - c.mean[coordinate])
					rows[i*(to-from)+k-from] = v
				}
			}
		})
		transposeInto(c.pool, columns, rows, size, to-from)
		c.addProducts(g, rows, columns, size, to-from)
	}
	for i := range size {
		for j := range i {
			g[i*size+j] = g[j*size+i]
		}
	}
	return g, nil
}

// transposeInto writes src, [rows][cols], to dst as [cols][rows].
func transposeInto(pool *model.Pool, dst, src []float32, rows, cols int) {
	const block = 32
	pool.Run((cols+block-1)/block, func(task, _ int) {
		for r0 := 0; r0 < rows; r0 += block {
			for c := block * task; c < min(block*(task+1), cols); c++ {
				for r := r0; r < min(r0+block, rows); r++ {
					dst[c*rows+r] = src[r*cols+c]
				}
			}
		}
	})
}

// addProducts adds rows times columns to the upper half of g.
func (c *centred) addProducts(g []float64, rows, columns []float32, size, depth int) {
	product := make([]float32, gramBlock*gramBlock)
	for j := 0; j < size; j += gramBlock {
		width := min(gramBlock, size-j)
		f := kernel.NewFilter(1, 1, depth, width)
		for k := range depth {
			copy(f.W[k*width:(k+1)*width], columns[k*size+j:])
		}
		for i := 0; i < j+width; i += gramBlock {
			height := min(gramBlock, j+width-i)
			c.pool.Conv(kernel.Geom{N: 1, H: height, W: 1, C: depth, OH: height, OW: 1, K: width, KH: 1, KW: 1, Stride: 1},
				product[:height*width], rows[i*depth:(i+height)*depth], f)
			for r := range height {
				to := g[(i+r)*size+j:]
				for s, v := range product[r*width : (r+1)*width] {
					to[s] += float64(v)
				}
			}
		}
	}
}

// apply sets dst to A^T A v, or AA^T v, without either matrix.
func (c *centred) apply(dst, v []float64) {
	n, d := c.x.Shape[0], c.x.Shape[1]
	if c.wide() {
		along := make([]float64, d)
		c.down(along, v)
		c.across(dst, along)
		return
	}
	along := make([]float64, n)
	c.across(along, v)
	c.down(dst, along)
}

// across sets dst, [N], to A v.
func (c *centred) across(dst, v []float64) {
	n := c.x.Shape[0]
	shift := stats.Dot(c.mean, v)
	eachPoint(c.pool, n, func(i int) {
		var s [2]float64
		for j, x := range c.x.Row(i) {
			s[j&1] += float64(float64(x) * v[j])
		}
		dst[i] = s[0] + s[1] - shift
	})
}

// down sets dst, [D], to A^T v: a task for each part of the coordinates.
func (c *centred) down(dst, v []float64) {
	const each = 1024
	n, d := c.x.Shape[0], c.x.Shape[1]
	total := stats.Sum(v)
	c.pool.Run((d+each-1)/each, func(task, _ int) {
		from, to := each*task, min(each*(task+1), d)
		part := dst[from:to]
		for j := range part {
			part[j] = -total * c.mean[from+j]
		}
		for i := range n {
			for j, x := range c.x.Row(i)[from:to] {
				part[j] += float64(float64(x) * v[i])
			}
		}
	})
}
