package tsne

import (
	"errors"
	"math"
	"testing"

	"dcganviz/model"
)

// Clusters in a plane of many more coordinates of noise: the embedding keeps
// them, what a label says is found beside it, and a value without place is not.
func TestStudy(t *testing.T) {
	pool := model.NewPool(2)
	defer pool.Close()
	x, labels := clusters(300, 8)
	values, noise := make([]float64, len(labels)), normals(4, len(labels), 1)
	for i, l := range labels {
		values[i] = float64(l * l)
	}
	o := StudyOptions{Options: Options{Perplexity: 10, Iterations: 250, Exaggerated: 100}, PCA: 9, Labels: labels, Values: values}
	r, err := Study(t.Context(), x, model.RunOptions{Pool: pool}, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Points != 300 || r.Features != 10 || r.Components != 9 || !(r.Variance > .9 && r.Variance < 1) {
		t.Errorf("%d points of %d features, %d components with %v of the variance", r.Points, r.Features, r.Components, r.Variance)
	}
	if !(r.Trust.Value > .9) || !(r.Trust.Value > r.Control.Value) || r.Trust.K != 12 {
		t.Errorf("trustworthiness %+v, of the control %+v", r.Trust, r.Control)
	}
	// The tenth coordinate is not in the components, but in the features.
	want, err := Trustworthiness(t.Context(), pool, x, r.Embedding.Y, 12, 0)
	if err != nil || r.TrustAll != want || r.TrustAll == r.Trust || r.ControlAll == r.Control {
		t.Errorf("against all features %+v, of the control %+v; want %+v and another one than against components", r.TrustAll, r.ControlAll, want)
	}
	if l := r.Labels; l.Plane != 1 || l.Features != 1 || !(l.Control < 1) || !(math.Abs(l.Chance-38./300) <= 1e-12) {
		t.Errorf("labels: %+v", l)
	}
	if v := r.Values; !(math.Abs(v.Plane-1) <= 1e-12) {
		t.Errorf("values: %+v", v)
	}
	o.PCA, o.Labels, o.Values = -1, nil, noise
	if r, err = Study(t.Context(), x, model.RunOptions{Pool: pool}, o); err != nil {
		t.Fatal(err)
	}
	if r.TrustAll != r.Trust || r.ControlAll != r.Control {
		t.Errorf("of all features %+v, against what was embedded %+v", r.TrustAll, r.Trust)
	}
	if r.Components != 0 || r.Variance != 1 || r.Labels != nil || !(math.Abs(r.Values.Plane) < .25) {
		t.Errorf("without components and labels: %+v, values %+v", r, r.Values)
	}
	for name, o := range map[string]StudyOptions{
		"labels": {Labels: []int{1}}, "values": {Values: []float64{1}}, "perplexity": {Options: Options{Perplexity: 101}},
	} {
		if _, err := Study(t.Context(), x, model.RunOptions{Pool: pool}, o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestStudyRefusesOnePoint over and over: its map would be noise, and correlations 0 of 0.
func TestStudyRefusesOnePoint(t *testing.T) {
	pool := model.NewPool(1)
	defer pool.Close()
	x := model.NewTensor(40, 3)
	for i := range x.Data {
		x.Data[i] = float32(i % 3)
	}
	o := StudyOptions{Options: Options{Perplexity: 5}}
	if _, err := Study(t.Context(), x, model.RunOptions{Pool: pool}, o); !errors.Is(err, model.ErrUnusable) {
		t.Errorf("40 equal points: %v, want ErrUnusable", err)
	}
	x.Data[100]++
	if err := CheckVaried(x); err != nil {
		t.Errorf("one of them is another: %v", err)
	}
}

// On a line of places 0, 1, 3 and 4 with the values 1, 2, 5 and 3 the nearest
// ones have 2, 1, 3 and 5: their deviations from the mean 11/4 give 3.75/8.75.
func TestNearestValue(t *testing.T) {
	pool := model.NewPool(1)
	defer pool.Close()
	x := model.Tensor{Shape: []int{4, 1}, Data: []float32{0, 1, 3, 4}}
	got, err := NearestValue(t.Context(), pool, x, []float64{1, 2, 5, 3})
	if want := (34 - 4*11./4*11./4) / (39 - 4*11./4*11./4); err != nil || !(math.Abs(got-want) <= 1e-12) {
		t.Errorf("got %v (%v), want %v", got, err, want)
	}
	if got, err := NearestValue(t.Context(), pool, x, []float64{2, 2, 2, 2}); err != nil || got != 0 {
		t.Errorf("equal values: got %v (%v), want 0", got, err)
	}
	if _, err := NearestValue(t.Context(), pool, x, nil); err == nil {
		t.Error("no values: no error")
	}
}
