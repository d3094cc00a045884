package tsne

// The loops over pairs keep eight sums, one for each entry of a vector, and add
// them at the end, so that vec_amd64.s computes the same bits.

// width is how many entries a vector has. Lists of pairs are filled up to whole
// vectors by pairs that add zero.
const width = 8

type lanes8 = [width]float32

// total adds the lanes in the order in which vec_amd64.s does.
func total(v *lanes8) float32 {
	return v[0] + v[4] + (v[1] + v[5]) + (v[2] + v[6] + (v[3] + v[7]))
}

// attractGo sets out[k] to the sum of p q (self[k] - at[index]), q being
// 1/(1 + d^2), over the entries start[k] to start[k+1]-1, whole vectors.
func attractGo(out, at [][2]float32, start []int, index []int32, p []float32, self [][2]float32) {
	for k, o := range self {
		var fx, fy lanes8
		for j := start[k]; j < start[k+1]; j += width {
			index, p := (*[width]int32)(index[j:]), (*lanes8)(p[j:])
			for l, to := range index {
				dx, dy := o[0]-at[to][0], o[1]-at[to][1]
				w := p[l] / (1 + float32(dx*dx) + float32(dy*dy))
				fx[l] += float32(w * dx)
				fy[l] += float32(w * dy)
			}
		}
		out[k] = [2]float32{total(&fx), total(&fy)}
	}
}

// nearGo sets sums[from:to] to the near part's value and its force on the points
// from to to-1, all of one cell, summed over the points in three spans. A span
// is read in whole vectors; points that it takes in beyond its end are out of reach.
func nearGo(sums [][4]float32, xs, ys []float32, from, to int, spans *[3][2]int, squared, scale, slope float32) {
	for k := from; k < to; k++ {
		x, y := xs[k], ys[k]
		var value, fx, fy lanes8
		for _, span := range spans {
			for j := span[0]; j < span[1]; j += width {
				xs, ys := (*lanes8)(xs[j:]), (*lanes8)(ys[j:])
				for l := range xs {
					dx, dy := x-xs[l], y-ys[l]
					s := float32(dx*dx) + float32(dy*dy)
					q := 1 / (1 + s)
					w := max((squared-s)*scale, 0)
					cube := w * w * w
					t := q * w
					value[l] += float32(cube * t)
					t = (t + slope) * q * cube // minus the derivative by s
					fx[l] += float32(t * dx)
					fy[l] += float32(t * dy)
				}
			}
		}
		sums[k] = [4]float32{total(&value), total(&fx), total(&fy)}
	}
}

// belowGo returns the first index, from on, of a value below the bound, or the
// length of v.
func belowGo(v []float32, from int, bound float32) int {
	for ; from < len(v); from++ {
		if v[from] < bound {
			break
		}
	}
	return from
}

// lanesSquaredGo sets sums to the sums of the squared differences of a and b, of
// every eighth. Their length is a multiple of eight.
func lanesSquaredGo(sums *[width]float64, a, b []float32) {
	*sums = [width]float64{}
	for ; len(a) > 0; a, b = a[width:], b[width:] {
		for l, v := range (*lanes8)(a) {
			d := float64(v) - float64(b[l])
			sums[l] += float64(d * d)
		}
	}
}

// spreadGo adds places, each its weight 1, to a grid with rows of so many nodes.
func spreadGo(grid []float32, wide int, places []place) {
	for _, p := range places {
		wx, wy := weights(p.tx), weights(p.ty)
		for j, w := range wy {
			row := (*[order]float32)(grid[(int(p.y)+j)*wide+int(p.x):])
			for i := range row {
				row[i] += float32(w * wx[i])
			}
		}
	}
}

// readGo sets potential[i] to the grid's value at the k-th place, of the point
// i = points[k], and force[2i:2i+2] to its slopes times scale.
func readGo(potential, force, grid []float32, wide int, places []place, points []int32, scale float32) {
	for k, p := range places {
		wx, wy := weights(p.tx), weights(p.ty)
		sx, sy := slopes(p.tx), slopes(p.ty)
		var value, slope [order]float32
		for j := range order {
			row := (*[order]float32)(grid[(int(p.y)+j)*wide+int(p.x):])
			for i, v := range row {
				value[i] += float32(wy[j] * v)
				slope[i] += float32(sy[j] * v)
			}
		}
		i := points[k]
		potential[i] = dot4(&value, &wx)
		force[2*i] = scale * dot4(&value, &sx)
		force[2*i+1] = scale * dot4(&slope, &wx)
	}
}

func dot4(a, b *[order]float32) float32 {
	return float32(a[0]*b[0]) + float32(a[1]*b[1]) + (float32(a[2]*b[2]) + float32(a[3]*b[3]))
}
