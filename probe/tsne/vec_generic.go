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

// belowGo returns the first index from which on a value is below the bound, or
// the length of v.
func belowGo(v []float32, from int, bound float32) int {
	for ; from < len(v); from++ {
		if v[from] < bound {
			break
		}
	}
	return from
}
