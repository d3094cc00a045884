package tsne

import (
	"math"

	"dcganviz/model"
	"dcganviz/probe/stats"
)

// pointTask is how many points a task of the passes over points holds.
const pointTask = 64

func pointTasks(n int) int { return (n + pointTask - 1) / pointTask }

// eachPoint calls f for each of n points, or rows of a matrix, on all threads of the pool.
func eachPoint(pool *model.Pool, n int, f func(i int)) {
	pool.Run(pointTasks(n), func(task, _ int) {
		for i := pointTask * task; i < min(pointTask*(task+1), n); i++ {
			f(i)
		}
	})
}

// repelExactly sets force[2i:2i+2] to the sum over j of q_ij^2 (y_i - y_j),
// with q = 1/(1 + |y_i - y_j|^2), and returns the sum of q over ordered pairs.
func repelExactly(pool *model.Pool, y, force []float64) float64 {
	n := len(y) / 2
	z := make([]float64, n)
	eachPoint(pool, n, func(i int) {
		var sum, fx, fy float64
		yx, yy := y[2*i], y[2*i+1]
		for j := 0; j < len(y)-1; j += 2 {
			dx, dy := yx-y[j], yy-y[j+1]
			q := 1 / (1 + float64(dx*dx) + float64(dy*dy))
			sum += q
			q *= q
			fx += float64(q * dx)
			fy += float64(q * dy)
		}
		z[i] = sum - 1 // a point and itself have q = 1
		if force != nil {
			force[2*i], force[2*i+1] = fx, fy
		}
	})
	return stats.Sum(z)
}

// attractExactly sets force[2i:2i+2] to the sum over j of p_ij q_ij (y_i - y_j).
func attractExactly(pool *model.Pool, a *Affinities, y, force []float64) {
	n := a.Len()
	eachPoint(pool, n, func(i int) {
		index, p := a.Row(i)
		var fx, fy float64
		yx, yy := y[2*i], y[2*i+1]
		for k, j := range index {
			dx, dy := yx-y[2*j], yy-y[2*j+1]
			w := p[k] / (1 + float64(dx*dx) + float64(dy*dy))
			fx += float64(w * dx)
			fy += float64(w * dy)
		}
		force[2*i], force[2*i+1] = fx, fy
	})
}

// divergence returns the Kullback-Leibler divergence, in nats, of the affinities of
// points from the affinities of their places y, [n, 2] row by row: the sum of
// p ln(p/q), where q_ij is 1/(1 + |y_i - y_j|^2) over z, its sum.
func divergence(pool *model.Pool, a *Affinities, y []float64, z float64) float64 {
	n := a.Len()
	part, mass := make([]float64, n), make([]float64, n)
	eachPoint(pool, n, func(i int) {
		index, p := a.Row(i)
		for k, j := range index {
			dx, dy := y[2*i]-y[2*j], y[2*i+1]-y[2*j+1]
			part[i] += float64(p[k] * math.Log(p[k]*(1+float64(dx*dx)+float64(dy*dy))))
			mass[i] += p[k]
		}
	})
	kl, sum := 0., 0.
	for i := range part {
		kl += part[i]
		sum += mass[i]
	}
	return kl + sum*math.Log(z)
}
