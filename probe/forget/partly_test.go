package forget

import (
	"math"
	"slices"
	"testing"

	"dcganviz/model"
)

// TestPartlyIsBetween: no share draws the samples as ever and all of it what the
// intervention draws, bit for bit. The last layer is affine, so half way in the layer
// before it is half way in front of tanh.
func TestPartlyIsBetween(t *testing.T) {
	s := subject(t)
	layers := s.G.Layers()
	c := fit(t, s, layers[len(layers)-2].Name)
	z := s.G.Latents(7, 0, 4)
	before, err := s.G.Generate(z, model.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	v := c.Drop(c.Positive())
	drawn := func(v *Intervention) model.Tensor {
		x, err := v.Draw(t.Context(), z, before)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	after := drawn(v)
	if slices.Equal(after.Data, before.Data) {
		t.Fatal("the intervention changes nothing")
	}
	if !slices.Equal(drawn(v.Partly(0)).Data, before.Data) {
		t.Error("a share of 0 changes images")
	}
	if !slices.Equal(drawn(v.Partly(1)).Data, after.Data) {
		t.Error("a share of 1 is not all of it")
	}
	// float32 near 1 limits atanh: there it is not compared.
	const steep, tol = .99, 1e-4
	half, compared := drawn(v.Partly(.5)), 0
	for i, got := range half.Data {
		a, b := float64(before.Data[i]), float64(after.Data[i])
		if math.Abs(a) > steep || math.Abs(b) > steep {
			continue
		}
		compared++
		if want := math.Tanh((math.Atanh(a) + math.Atanh(b)) / 2); !(math.Abs(float64(got)-want) <= tol) {
			t.Fatalf("number %d: %v between %v and %v, want %v", i, got, a, b, want)
		}
	}
	if compared < len(half.Data)/4 {
		t.Errorf("only %d of %d numbers were compared", compared, len(half.Data))
	}
}
