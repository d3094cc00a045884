package filters

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"dcganviz/internal/safetensors"
	"dcganviz/model"
)

// referenceTolerance is that of float32 results against PyTorch's float64 ones,
// relative to the largest magnitude.
const referenceTolerance = 1e-5

// A reference is a small trained D of one family, its images, and what PyTorch
// made of them.
type reference struct {
	*safetensors.File
	d      *model.D
	images model.Tensor
}

func references(t *testing.T) map[string]*reference {
	dir := os.Getenv("DCGANVIZ_REF")
	if dir == "" {
		dir = filepath.Join("..", "..", "testdata", "ref")
	}
	paths, err := filepath.Glob(filepath.Join(dir, "guided_*.safetensors"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no reference files in %s (%v)", dir, err)
	}
	out := map[string]*reference{}
	for _, path := range paths {
		out[filepath.Base(path)] = openReference(t, path)
	}
	return out
}

func openReference(t *testing.T, path string) *reference {
	t.Helper()
	f, err := safetensors.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	number := func(key string) int { return must(strconv.Atoi(f.Metadata[key]))(t) }
	cfg := model.Config{Size: number("size"), Channels: 3, LatentDim: 1, GWidth: 1, DWidth: number("ndf")}
	if f.Metadata["arch"] == "newmu" {
		cfg.Arch = model.Paper
	}
	r := &reference{File: f, d: must(model.NewD(cfg, 0))(t)}
	var state []model.NamedTensor
	for i := range f.Tensors {
		e := &f.Tensors[i]
		name, ok := strings.CutPrefix(e.Name, "in/D/")
		if !ok {
			continue
		}
		n := model.NamedTensor{Name: name, Shape: e.Shape}
		if e.DType == safetensors.I64 {
			n.Ints = must(e.Int64s())(t)
		} else {
			n.Data = must(e.Float32s())(t)
		}
		state = append(state, n)
	}
	if err := r.d.LoadState(state); err != nil {
		t.Fatal(err)
	}
	x := must(f.Tensor("in/x"))(t)
	r.images = must(model.FromNCHW(model.Tensor{Shape: x.Shape, Data: must(x.Float32s())(t)}))(t)
	return r
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
	for name, r := range references(t) {
		t.Run(name, func(t *testing.T) {
			cases := 0
			for _, e := range r.Tensors {
				prefix, ok := strings.CutSuffix(e.Name, "/max")
				var layer, unit int
				if !ok || !strings.Contains(prefix, "_post_") {
					continue
				}
				if n, _ := fmt.Sscanf(strings.ReplaceAll(prefix, "_", " "), "f64/conv%d post f%d", &layer, &unit); n != 2 {
					continue // float32's
				}
				r.check(t, prefix, fmt.Sprintf("conv%d", layer), unit)
				cases++
			}
			if cases < 4 {
				t.Errorf("%d units in the file, want four or more", cases)
			}
		})
	}
}

func (r *reference) check(t *testing.T, prefix, layer string, unit int) {
	values, places := must(r.Float64s(prefix+"/max"))(t), must(r.Int64s(prefix+"/argmax"))(t)
	for kernelName, opt := range map[string]Options{
		"gradient":     {Rule: Gradient},
		"guided_relu":  {Rule: Guided, Leak: NoLeak},
		"guided_leaky": {Rule: Guided, Leak: Leaky},
		"deconv_relu":  {Rule: Deconvnet, Leak: NoLeak},
		"deconv_leaky": {Rule: Deconvnet, Leak: Leaky},
	} {
		opt.Layer, opt.Units, opt.Top = layer, []int{unit}, len(values)
		s := must(newSubject(r.d, solo, opt))(t)
		var net Net
		p := must(s.look(context.Background(), r.d, s.run, r.images, &net))(t)
		if p.Maps.Len() != len(values) {
			t.Fatalf("%s: %d maps, want %d", prefix, p.Maps.Len(), len(values))
		}
		want := must(r.Float64s(prefix + "/" + kernelName))(t)
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
