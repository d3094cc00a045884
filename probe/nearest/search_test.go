package nearest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dcganviz/model"
	"dcganviz/probe"
)

func noisy(seed uint64, offset float32, shape ...int) model.Tensor {
	rng := rand.New(rand.NewPCG(seed, 0))
	x := model.NewTensor(shape...)
	for i := range x.Data {
		x.Data[i] = offset + float32(rng.NormFloat64())
	}
	return x
}

// slow takes all distances by definition and sorts them.
func slow(a, b model.Tensor, k int) [][]Hit {
	out := make([][]Hit, a.Len())
	for i := range out {
		var all []Hit
		for j := range b.Len() {
			all = append(all, Hit{Index: j, Distance: probe.Distance(a.Row(i), b.Row(j))})
		}
		slices.SortStableFunc(all, func(p, q Hit) int {
			if p.Distance < q.Distance {
				return -1
			}
			if p.Distance > q.Distance {
				return 1
			}
			return 0
		})
		out[i] = all[:min(k, len(all))]
	}
	return out
}

// TestSearchIsBruteForce has sizes round the blocks, an offset that would
// swamp distances in float32, copies, and near copies that differ by less than
// the products' rounding.
func TestSearchIsBruteForce(t *testing.T) {
	for _, c := range []struct{ n, m, f, k int }{{1, 1, 1, 1}, {3, 2, 5, 4}, {2, columnBlock + 3, 33, 5}, {rowBlock + 2, 40, 7, 3}, {17, 600, 300, 10}} {
		for _, offset := range []float32{0, 1000} {
			a, b := noisy(1, offset, c.n, c.f), noisy(2, offset, c.m, c.f)
			copy(b.Row(c.m-1), a.Row(c.n-1))
			copy(b.Row(c.m/2), a.Row(0))
			for i := range min(8, c.m) {
				copy(b.Row(i), a.Row(c.n/2))
				b.Row(i)[i%c.f] += float32(8-i) * 1e-3
			}
			want := slow(a, b, c.k)
			for _, threads := range []int{1, 2} {
				pool := model.NewPool(threads)
				got, err := Search(context.Background(), pool, a, b, c.k)
				pool.Close()
				if err != nil {
					t.Fatal(err)
				}
				for i := range want {
					if !slices.Equal(got[i], want[i]) {
						t.Fatalf("%+v, offset %g, %d threads, row %d:\n%v, want\n%v", c, offset, threads, i, got[i], want[i])
					}
				}
			}
		}
	}
}

func TestSearchByHand(t *testing.T) {
	a := model.Tensor{Shape: []int{1, 1, 2}, Data: []float32{0, 0}}
	b := model.Tensor{Shape: []int{4, 1, 2}, Data: []float32{3, 4, 1, 0, 0, 0, 0, -1}}
	got, err := Search(context.Background(), nil, a, b, 9)
	if want := "[[{2 0 false} {1 1 false} {3 1 false} {0 5 false}]]"; err != nil || fmt.Sprint(got) != want {
		t.Errorf("%v, %v; want %s", got, err, want)
	}
}

func TestSearchRefuses(t *testing.T) {
	nan, large := noisy(1, 0, 3, 2), noisy(1, 0, 3, 2)
	nan.Data[3] = float32(math.NaN())
	large.Data[0] = math.MaxFloat32
	good := noisy(1, 0, 3, 2)
	for _, c := range []struct {
		a, b model.Tensor
		k    int
		says string
	}{
		{good, nan, 1, "row 1 "}, {good, large, 1, "row 0 "}, {nan, good, 1, "finite"},
		{good, noisy(1, 0, 3, 3), 1, "[3 2] and [3 3]"}, {good, model.NewTensor(0, 2), 1, "1 of 0"}, {good, good, 0, "0 of 3"},
	} {
		if _, err := Search(context.Background(), nil, c.a, c.b, c.k); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v, want an error with %q", err, c.says)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Search(ctx, nil, good, good, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that of the context", err)
	}
}
