//go:build !amd64 || purego

package tsne

func attraction(out, at [][2]float32, start []int, index []int32, p []float32, self [][2]float32) {
	attractGo(out, at, start, index, p, self)
}

func nearSums(sums [][4]float32, xs, ys []float32, from, to int, spans *[3][2]int, squared, scale, slope float32) {
	nearGo(sums, xs, ys, from, to, spans, squared, scale, slope)
}

func below(v []float32, from int, bound float32) int { return belowGo(v, from, bound) }

func lanesSquared(sums *[width]float64, a, b []float32) { lanesSquaredGo(sums, a, b) }

func spreadPlaces(grid []float32, wide int, places []place) { spreadGo(grid, wide, places) }

func readPlaces(potential, force, grid []float32, wide int, places []place, points []int32, scale float32) {
	readGo(potential, force, grid, wide, places, points, scale)
}
