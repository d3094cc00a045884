package svm

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"dcganviz/internal/npy"
	"dcganviz/model"
	"dcganviz/probe/stats"
)

// peerFeatures are those that testdata/peers/svm_bench.py wrote to the folder $SVM_FEATURES.
func peerFeatures(b *testing.B, name string) (model.Tensor, []int) {
	b.Helper()
	dir := os.Getenv("SVM_FEATURES")
	if dir == "" {
		b.Skip("SVM_FEATURES names no folder that testdata/peers/svm_bench.py wrote")
	}
	read := func(name string) *npy.Array {
		a, err := npy.ReadFile(filepath.Join(dir, name+".npy"))
		if err != nil {
			b.Fatal(err)
		}
		return a
	}
	x, y := read(name), read(name+"-labels")
	var labels []int
	for _, v := range y.Data {
		labels = append(labels, int(v))
	}
	return model.Tensor{Shape: x.Shape, Data: x.Data}, labels
}

// BenchmarkPeer fits what svm_bench.py fits, at $C (1). The objective is the sum over
// classes, gap how far it may be above the smallest.
func BenchmarkPeer(b *testing.B) {
	x, labels := peerFeatures(b, "train")
	test, want := peerFeatures(b, "test")
	pool := model.NewPool(runtime.GOMAXPROCS(0))
	defer pool.Close()
	run := model.RunOptions{Pool: pool}
	c, _ := strconv.ParseFloat(os.Getenv("C"), 64)
	var m *Machine
	for b.Loop() {
		p, err := New(b.Context(), x, labels, 10, run)
		if err != nil {
			b.Fatal(err)
		}
		if m, err = p.Fit(b.Context(), Options{C: c}); err != nil {
			b.Fatal(err)
		}
	}
	said, err := m.Classify(b.Context(), test, run)
	if err != nil {
		b.Fatal(err)
	}
	right, gap := 0.0, 0.0
	for i, l := range said {
		if l == want[i] {
			right++
		}
	}
	for j, v := range m.Objective {
		gap += v * m.Excess[j]
	}
	b.ReportMetric(stats.Sum(m.Objective), "objective")
	b.ReportMetric(gap, "gap")
	b.ReportMetric(right/float64(len(want)), "accuracy")
	b.ReportMetric(float64(m.Steps), "steps")
	b.ReportMetric(float64(m.Passes), "passes")
}
