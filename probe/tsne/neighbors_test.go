package tsne

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dcganviz/model"
)

func points(seed uint64, n, d int) model.Tensor {
	x := model.NewTensor(n, d)
	for i, v := range normals(seed, n*d, 1) {
		x.Data[i] = float32(v)
	}
	return x
}

// TestNearestIsTheSortedList compares with all distances, sorted, also where
// many points lie in one place or at one distance, or far from the origin.
func TestNearestIsTheSortedList(t *testing.T) {
	pool := model.NewPool(2)
	defer pool.Close()
	far := points(3, 400, 3)
	for i := range far.Data {
		far.Data[i] = 1000 + far.Data[i]/1000
	}
	lattice := model.NewTensor(1200, 2)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range lattice.Data {
		lattice.Data[i] = float32(r.IntN(9))
	}
	for name, x := range map[string]model.Tensor{
		"normal": points(1, 1500, 50), "one coordinate": points(2, 300, 1), "far away": far, "lattice": lattice, "two": points(4, 2, 5), "equal": model.NewTensor(100, 4),
	} {
		n := x.Len()
		for _, k := range []int{1, min(20, n-1), n - 1} {
			got, err := Nearest(t.Context(), pool, x, k)
			if err != nil {
				t.Fatal(err)
			}
			for i := 0; i < n; i += max(1, n/50) {
				var want []candidate
				for j := range n {
					if j != i {
						want = append(want, candidate{squaredDistance(x.Row(i), x.Row(j)), int32(j)})
					}
				}
				slices.SortStableFunc(want, func(a, b candidate) int {
					return int(math.Copysign(1, a.squared-b.squared)) * min(1, int(math.Ceil(math.Abs(a.squared-b.squared))))
				})
				index, squared := got.Row(i)
				for j, w := range want[:k] {
					if index[j] != w.index || squared[j] != w.squared {
						t.Fatalf("%s: neighbour %d of %d points' %d: %d at %v, want %d at %v", name, j, n, i, index[j], squared[j], w.index, w.squared)
					}
				}
			}
		}
	}
}

func TestNearestRefuses(t *testing.T) {
	pool := model.NewPool(1)
	defer pool.Close()
	bad := points(1, 5, 2)
	bad.Data[3] = float32(math.NaN())
	for name, c := range map[string]struct {
		x model.Tensor
		k int
	}{
		"none": {points(1, 5, 2), 0}, "too many": {points(1, 5, 2), 5}, "NaN": {bad, 1}, "no axes": {model.Tensor{}, 1},
		"short": {model.Tensor{Shape: []int{3, 2}, Data: make([]float32, 5)}, 1}, "no coordinates": {model.NewTensor(3, 0), 1},
	} {
		if _, err := Nearest(t.Context(), pool, c.x, c.k); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestSelectLeast(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for n := range 60 {
		v := make([]uint64, n)
		for i, p := range r.Perm(n) {
			v[i] = uint64(p)
		}
		k := r.IntN(n + 1)
		selectLeast(v, k)
		for _, u := range v[:k] {
			if u >= uint64(k) {
				t.Fatalf("%d of %d: %v", k, n, v)
			}
		}
	}
}

func TestOrderedKeepsTheOrder(t *testing.T) {
	v := []float32{float32(math.Inf(-1)), -3, -1e-30, 0, 1e-30, 2, 1e30, float32(math.Inf(1))}
	for i := range v {
		if unordered(ordered(v[i])) != v[i] || i > 0 && ordered(v[i-1]) >= ordered(v[i]) {
			t.Errorf("%v becomes %x", v[i], ordered(v[i]))
		}
	}
}
