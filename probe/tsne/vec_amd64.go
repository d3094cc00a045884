//go:build amd64 && !purego

package tsne

import "golang.org/x/sys/cpu"

// vectors says whether this machine runs vec_amd64.s. The bits are the same either way.
var vectors = cpu.X86.HasAVX2

func attraction(out, at [][2]float32, start []int, index []int32, p []float32, self [][2]float32) {
	if !vectors || len(self) == 0 || len(index) == 0 {
		attractGo(out, at, start, index, p, self)
		return
	}
	attractAVX2(&out[0][0], &at[0], &start[0], len(self), &index[0], &p[0], &self[0])
}

func nearSums(sums [][4]float32, xs, ys []float32, from, to int, spans *[3][2]int, squared, scale, slope float32) {
	if !vectors {
		nearGo(sums, xs, ys, from, to, spans, squared, scale, slope)
		return
	}
	nearAVX2(&sums[0], &xs[0], &ys[0], from, to, spans, squared, scale, slope)
}

func below(v []float32, from int, bound float32) int {
	if whole := (len(v) - from) &^ 31; vectors && whole > 0 {
		found := belowAVX2(&v[from], whole, bound)
		if from += found; found < whole {
			return from
		}
	}
	return belowGo(v, from, bound)
}

func lanesSquared(sums *[width]float64, a, b []float32) {
	if !vectors || len(a) == 0 {
		lanesSquaredGo(sums, a, b)
		return
	}
	distanceAVX2(sums, &a[0], &b[0], len(a))
}

func spreadPlaces(grid []float32, wide int, places []place) {
	if !vectors || len(places) == 0 {
		spreadGo(grid, wide, places)
		return
	}
	spreadAVX2(&grid[0], wide, &places[0].x, len(places), &splines[0][0])
}

func readPlaces(potential, force, grid []float32, wide int, places []place, points []int32, scale float32) {
	if !vectors || len(places) == 0 {
		readGo(potential, force, grid, wide, places, points, scale)
		return
	}
	readAVX2(&potential[0], &force[0], &grid[0], wide, &places[0].x, &points[0], len(places), scale, &splines[0][0])
}
