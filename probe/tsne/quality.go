package tsne

import (
	"context"
	"fmt"

	"dcganviz/model"
	"dcganviz/probe/stats"
)

// Trust is how far near neighbours in the plane are near in truth.
type Trust struct {
	// Value is 1 where each point's K neighbours in the plane are its K
	// neighbours in truth, near 0.5 for random places and 0 at worst.
	Value float64 `json:"value"`
	K     int     `json:"k"`
	// Points is how many points it is the mean over.
	Points int `json:"points"`
}

// Trustworthiness compares the k nearest neighbours of points in the plane, y
// ([N, 2] row by row), with the nearest neighbours of the points x, [N, D]. A neighbour
// in the plane that is not among the k nearest in x costs its rank in x minus k. Value is
// 1 minus the mean cost, scaled so that the worst layout has 0. Points at the same
// distance rank in their order. k is below N/2.
//
// Each point takes the distances to all others, so it looks only at most points, evenly
// spread over the set. If most is 0, it looks at all.
//
// Method: Venna and Kaski 2001 (doi:10.1007/3-540-44668-0_68), equation 1.
func Trustworthiness(ctx context.Context, pool *model.Pool, x model.Tensor, y []float64, k, most int) (Trust, error) {
	t, err := trustOf(ctx, pool, x, [][]float64{y}, k, most)
	return t[0], err
}

// trustOf is the trustworthiness of several planes. It takes the distances of x, which may
// have thousands of coordinates, once.
func trustOf(ctx context.Context, pool *model.Pool, x model.Tensor, planes [][]float64, k, most int) ([]Trust, error) {
	out := make([]Trust, len(planes))
	if err := checkPoints(x); err != nil {
		return out, err
	}
	n := x.Len()
	near := make([]*Neighbors, len(planes))
	for i, y := range planes {
		if len(y) != 2*n {
			return out, fmt.Errorf("tsne: %d coordinates in the plane for %d points, want two each", len(y), n)
		}
		if k < 1 || 2*k >= n {
			return out, fmt.Errorf("tsne: trustworthiness of %d neighbours among %d points, want 1 to %d", k, n, (n-1)/2)
		}
		var err error
		if near[i], err = Nearest(ctx, pool, Plane(y), k); err != nil {
			return out, err
		}
	}
	looked := n
	if most > 0 {
		looked = min(n, most)
	}
	excess := make([][]float64, len(planes))
	for i := range excess {
		excess[i] = make([]float64, looked)
	}
	const each = 4
	pool.Run((looked+each-1)/each, func(task, _ int) {
		squared := make([]float64, n)
		for p := each * task; p < min(each*(task+1), looked) && ctx.Err() == nil; p++ {
			i := p * n / looked
			for j := range squared {
				squared[j] = squaredDistance(x.Row(i), x.Row(j))
			}
			for q := range planes {
				index, _ := near[q].Row(i)
				for _, j := range index {
					excess[q][p] += float64(max(rank(squared, i, int(j))-k, 0))
				}
			}
		}
	})
	if err := ctx.Err(); err != nil {
		return out, err
	}
	for q := range out {
		out[q] = Trust{Value: 1 - 2*stats.Sum(excess[q])/(float64(looked)*float64(k)*float64(2*n-3*k-1)), K: k, Points: looked}
	}
	return out, nil
}

// rank is the rank of point j among the neighbours of point i, 1 for the nearest.
func rank(squared []float64, i, j int) int {
	r, d := 1, squared[j]
	for l, v := range squared {
		if (v < d || v == d && l < j) && l != i {
			r++
		}
	}
	return r
}

// Plane returns places, [N, 2] row by row, as points of float32.
func Plane(y []float64) model.Tensor {
	t := model.NewTensor(len(y)/2, 2)
	for i, v := range y {
		t.Data[i] = float32(v)
	}
	return t
}
