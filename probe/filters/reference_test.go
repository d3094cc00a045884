package filters

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"dcganviz/internal/reference"
	"dcganviz/model"
)

// referenceTolerance is that of float32 results against PyTorch's float64 ones,
// relative to the largest magnitude.
const referenceTolerance = 1e-5

// trainedD is the small trained D of a file, with its images.
func trainedD(t *testing.T, f *reference.File) (*model.D, model.Tensor) {
	t.Helper()
	n := f.Net()
	cfg := model.Config{Size: n.Size, Channels: n.Channels, LatentDim: 1, GWidth: 1, DWidth: n.DWidth}
	if n.Paper {
		cfg.Arch = model.Paper
	}
	d := must(model.NewD(cfg, 0))(t)
	if err := d.LoadState(reference.State[model.NamedTensor](f, "in/D/")); err != nil {
		t.Fatal(err)
	}
	return d, must(model.FromNCHW(model.Tensor{Shape: f.Shape("in/x"), Data: f.Floats("in/x")}))(t)
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestReference takes the responses of PyTorch's file the way that Look takes
// them: the largest of each image, its place, and the map by every rule.
func TestReference(t *testing.T) {
	reference.Run(t, "guided_*", func(t *testing.T, f *reference.File) {
		d, images := trainedD(t, f)
		cases := 0
		for _, e := range f.Tensors {
			prefix, ok := strings.CutSuffix(e.Name, "/max")
			var layer, unit int
			if !ok || !strings.Contains(prefix, "_post_") {
				continue
			}
			if n, _ := fmt.Sscanf(strings.ReplaceAll(prefix, "_", " "), "f64/conv%d post f%d", &layer, &unit); n != 2 {
				continue // float32's
			}
			checkUnit(t, f, d, images, prefix, fmt.Sprintf("conv%d", layer), unit)
			cases++
		}
		if cases == 0 {
			t.Error("no unit in the file, want one or more")
		}
	})
}

func checkUnit(t *testing.T, f *reference.File, d *model.D, images model.Tensor, prefix, layer string, unit int) {
	values, places := f.Doubles(prefix+"/max"), f.Ints(prefix+"/argmax")
	for kernelName, opt := range map[string]Options{
		"gradient":     {Rule: Gradient},
		"guided_relu":  {Rule: Guided, Leak: NoLeak},
		"guided_leaky": {Rule: Guided, Leak: Leaky},
		"deconv_relu":  {Rule: Deconvnet, Leak: NoLeak},
		"deconv_leaky": {Rule: Deconvnet, Leak: Leaky},
	} {
		opt.Layer, opt.Units, opt.Top = layer, []int{unit}, len(values)
		s := must(newSubject(d, solo, opt))(t)
		var net Net
		p, _, err := s.look(context.Background(), d, s.run, images, &net)
		if err != nil {
			t.Fatal(err)
		}
		if p.Maps.Len() != len(values) {
			t.Fatalf("%s: %d maps, want %d", prefix, p.Maps.Len(), len(values))
		}
		want := f.Doubles(prefix + "/" + kernelName)
		largest := 0.0
		for _, v := range want {
			largest = max(largest, math.Abs(v))
		}
		got := must(p.Maps.ToNCHW())(t)
		each := len(want) / len(values)
		for k, response := range p.Responses {
			i := response.Image
			if y, x := int(places[i])/s.info.Width, int(places[i])%s.info.Width; response.Y != y || response.X != x {
				t.Errorf("%s: image %d responds most at (%d, %d), want (%d, %d)", prefix, i, response.Y, response.X, y, x)
			}
			if d := math.Abs(response.Value - values[i]); !(d <= referenceTolerance*max(1, math.Abs(values[i]))) {
				t.Errorf("%s: response %v on image %d, want %v", prefix, response.Value, i, values[i])
			}
			for q, v := range got.Row(k) {
				if d := math.Abs(float64(v) - want[i*each+q]); !(d <= referenceTolerance*largest) {
					t.Fatalf("%s/%s: image %d [%d] = %v, want %v", prefix, kernelName, i, q, v, want[i*each+q])
				}
			}
		}
	}
}
