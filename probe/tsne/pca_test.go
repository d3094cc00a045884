package tsne

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"dcganviz/model"
	"dcganviz/probe"
)

// TestComponentsAreThoseOfGonum compares with the singular values that gonum
// finds, for more points than coordinates and the other way round, small
// matrices and large.
func TestComponentsAreThoseOfGonum(t *testing.T) {
	pool := model.NewPool(2)
	defer pool.Close()
	for _, c := range []struct{ n, d, k int }{{200, 10, 10}, {30, 80, 29}, {700, 320, 12}, {310, 900, 12}, {2, 3, 1}, {5, 1, 1}} {
		x := points(uint64(c.n), c.n, c.d)
		for i := range x.Len() { // a spectrum that falls, and a mean
			for j := range x.Row(i) {
				x.Row(i)[j] = x.Row(i)[j]*float32(math.Pow(.9, float64(j%40))) + 3
			}
		}
		got, err := Components(t.Context(), pool, x, c.k)
		if err != nil {
			t.Fatal(err)
		}
		data := make([]float64, len(x.Data))
		for i, v := range x.Data {
			data[i] = float64(v)
		}
		dense := mat.NewDense(c.n, c.d, data)
		var pc stat.PC
		if !pc.PrincipalComponents(dense, nil) {
			t.Fatal("gonum finds no components")
		}
		variance := pc.VarsTo(nil)
		var vectors, scores mat.Dense
		pc.VectorsTo(&vectors)
		centredData := mat.NewDense(c.n, c.d, nil)
		m := probe.Mean(x)
		total := 0.
		for i := range c.n {
			for j := range c.d {
				v := dense.At(i, j) - m[j]
				centredData.Set(i, j, v)
				total += v * v / float64(c.n-1)
			}
		}
		scores.Mul(centredData, &vectors)
		if !(math.Abs(got.Total/total-1) <= 1e-12) {
			t.Errorf("%v: total variance %v, want %v", c, got.Total, total)
		}
		for j := range c.k {
			if !(math.Abs(got.Variance[j]-variance[j]) <= 1e-6*variance[0]) {
				t.Errorf("%v: variance %d is %v, want %v", c, j, got.Variance[j], variance[j])
			}
			// Vectors of nearly equal variances mix: compare the others.
			if gap := variance[max(j, 1)-1] - variance[j]; j > 0 && gap < .02*variance[0] {
				break
			}
			sign, largest := 1., 0.
			for i := range c.n {
				if v := scores.At(i, j); math.Abs(v) > math.Abs(largest) {
					largest, sign = v, math.Copysign(1, v)
				}
			}
			if j+1 < len(variance) && variance[j]-variance[j+1] < .02*variance[0] {
				break
			}
			for i := range c.n {
				if v := float64(got.X.Data[i*c.k+j]); !(math.Abs(v-sign*scores.At(i, j)) <= 1e-3*math.Abs(largest)) {
					t.Fatalf("%v: component %d of point %d is %v, want %v", c, j, i, v, sign*scores.At(i, j))
				}
			}
		}
	}
}

// The iteration finds what decomposing the whole matrix does, with and without
// the matrix stored, and equal eigenvalues too.
func TestLanczos(t *testing.T) {
	pool := model.NewPool(2)
	defer pool.Close()
	for _, shape := range [][2]int{{60, 200}, {200, 60}} {
		x := points(8, shape[0], shape[1])
		c := &centred{pool: pool, x: x, mean: probe.Mean(x)}
		g, err := c.gram(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want, _, err := decompose(g, 60, 10)
		if err != nil {
			t.Fatal(err)
		}
		got, vectors, err := lanczos(t.Context(), 60, 10, c.apply)
		if err != nil {
			t.Fatal(err)
		}
		for j := range want {
			if !(math.Abs(got[j]-want[j]) <= 1e-5*want[0]) {
				t.Errorf("%v: eigenvalue %d is %v, want %v", shape, j, got[j], want[j])
			}
			image := make([]float64, 60)
			c.apply(image, vectors[j])
			for i, v := range image {
				if !(math.Abs(v-got[j]*vectors[j][i]) <= 1e-7*got[0]) {
					t.Fatalf("%v: vector %d is not an eigenvector", shape, j)
				}
			}
		}
	}
	got, _, err := lanczos(t.Context(), 9, 5, func(dst, v []float64) {
		for i := range v {
			dst[i] = v[i] * float64(1+i/3) // 1, 2 and 3, three times each
		}
	})
	for j, want := range []float64{3, 3, 3, 2, 2} {
		if err != nil || !(math.Abs(got[j]-want) <= 1e-9) {
			t.Fatalf("eigenvalues %v (%v), want 3 3 3 2 2", got, err)
		}
	}
}

func TestComponentsRefuse(t *testing.T) {
	pool := model.NewPool(1)
	defer pool.Close()
	for _, k := range []int{0, 4} {
		if _, err := Components(t.Context(), pool, points(1, 10, 3), k); err == nil {
			t.Errorf("%d components: no error", k)
		}
	}
	if _, err := Components(t.Context(), pool, model.Tensor{}, 1); err == nil {
		t.Error("no points: no error")
	}
	p, err := Components(t.Context(), pool, model.NewTensor(10, 3), 2)
	if err != nil || p.Total != 0 || p.Variance[0] != 0 {
		t.Errorf("equal points: %+v (%v), want no variance", p, err)
	}
}
