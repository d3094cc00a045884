package model

import (
	"math"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"dcganviz/internal/kernel"
	"dcganviz/internal/safetensors"
)

// A reference is one file of tensors that PyTorch computed.
type reference struct {
	*testing.T
	file *safetensors.File
}

// TestReference runs every file of $DCGANVIZ_REF (testdata/ref without it)
// through the code that computes the same thing. testdata/ref/gen.py documents
// the files.
func TestReference(t *testing.T) {
	dir := os.Getenv("DCGANVIZ_REF")
	if dir == "" {
		dir = filepath.Join("..", "testdata", "ref")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.safetensors"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no reference files in %s (%v)", dir, err)
	}
	sort.Strings(files)
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".safetensors")
		t.Run(name, func(t *testing.T) {
			file, err := safetensors.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			r := &reference{t, file}
			check := r.checker(name)
			if check == nil {
				t.Fatalf("no test understands this file (metadata %v)", file.Metadata)
			}
			check(r)
		})
	}
}

// checker chooses the test of a file from what the file says it is.
func (r *reference) checker(name string) func(*reference) {
	switch r.file.Metadata["op"] {
	case "conv2d":
		return checkConv
	case "conv_transpose2d":
		return checkConvTranspose
	}
	for prefix, check := range map[string]func(*reference){
		"batch_norm":  checkBatchNorm,
		"activations": checkActivations,
		"bce":         checkCrossEntropy,
		"adam":        checkAdam,
		"dcgan_step":  checkSteps,
		"guided":      checkGuided,
		"g_probe":     checkProbes,
		"tsne":        func(r *reference) { r.Skip("t-SNE is not part of package model: see probe/tsne") },
		"l2svm":       func(r *reference) { r.Skip("the linear SVM is not part of package model: a later probe's") },
	} {
		if name == prefix || strings.HasPrefix(name, prefix+"_") {
			return check
		}
	}
	return nil
}

// tolerance of float32 results against PyTorch's float64 ones, relative to the
// largest magnitude of the tensor.
const tolerance = 1e-5

func (r *reference) floats(name string) []float32 {
	r.Helper()
	v, err := r.file.Float32s(name)
	if err != nil {
		r.Fatal(err)
	}
	return v
}

func (r *reference) doubles(name string) []float64 {
	r.Helper()
	v, err := r.file.Float64s(name)
	if err != nil {
		r.Fatal(err)
	}
	return v
}

func (r *reference) shape(name string) []int {
	r.Helper()
	t, err := r.file.Tensor(name)
	if err != nil {
		r.Fatal(err)
	}
	return t.Shape
}

// nhwc returns an [N, C, H, W] tensor as [N, H, W, C].
func (r *reference) nhwc(name string) Tensor {
	r.Helper()
	t, err := FromNCHW(Tensor{r.shape(name), r.floats(name)})
	if err != nil {
		r.Fatal(err)
	}
	return t
}

func (r *reference) number(key string) int {
	r.Helper()
	n, err := strconv.Atoi(r.file.Metadata[key])
	if err != nil {
		r.Fatalf("metadata %s: %v", key, err)
	}
	return n
}

func (r *reference) real(key string) float64 {
	r.Helper()
	v, err := strconv.ParseFloat(r.file.Metadata[key], 64)
	if err != nil {
		r.Fatalf("metadata %s: %v", key, err)
	}
	return v
}

// near compares got with want, relative to the largest magnitude of want.
func (r *reference) near(what string, got []float32, want []float64, relative float64) {
	r.Helper()
	var largest float64
	for _, v := range want {
		largest = max(largest, math.Abs(v))
	}
	r.within(what, got, want, relative*largest)
}

// within compares got with want.
func (r *reference) within(what string, got []float32, want []float64, tolerance float64) {
	r.Helper()
	if len(got) != len(want) {
		r.Errorf("%s: %d values, want %d", what, len(got), len(want))
		return
	}
	worst, at := -1.0, 0
	for i, v := range got {
		d := math.Abs(float64(v) - want[i])
		if math.IsNaN(d) {
			d = math.Inf(1)
		}
		if d > worst {
			worst, at = d, i
		}
	}
	if !(worst <= tolerance) {
		r.Errorf("%s[%d] = %v, want %v: off by %.3g, tolerance %.3g", what, at, got[at], want[at], worst, tolerance)
	}
}

// images compares an NHWC tensor with an NCHW one of the file.
func (r *reference) images(what string, got Tensor, name string) {
	r.Helper()
	back, err := got.ToNCHW()
	if err != nil {
		r.Fatal(err)
	}
	r.near(what, back.Data, r.doubles(name), tolerance)
}

// config returns the tiny DCGAN that the file is about. In the files
// pytorch/examples' family is "examples" and the authors' "newmu".
func (r *reference) config() Config {
	r.Helper()
	cfg := Config{Size: r.number("size"), Channels: 3, LatentDim: 1, GWidth: 1, DWidth: 1}
	switch arch := r.file.Metadata["arch"]; arch {
	case "examples":
		cfg.Arch = PyTorch
	case "newmu":
		cfg.Arch = Paper
	default:
		r.Fatalf("unknown architecture %q", arch)
	}
	for key, field := range map[string]*int{"nz": &cfg.LatentDim, "ngf": &cfg.GWidth, "ndf": &cfg.DWidth} {
		if r.file.Metadata[key] != "" {
			*field = r.number(key)
		}
	}
	return cfg
}

// state returns the entries of a state dict whose names start with prefix.
func (r *reference) state(prefix string) []NamedTensor {
	r.Helper()
	var out []NamedTensor
	for i := range r.file.Tensors {
		t := &r.file.Tensors[i]
		name, ok := strings.CutPrefix(t.Name, prefix)
		if !ok {
			continue
		}
		n := NamedTensor{Name: name, Shape: t.Shape}
		var err error
		if t.DType == safetensors.I64 {
			n.Ints, err = t.Int64s()
		} else {
			n.Data, err = t.Float32s()
		}
		if err != nil {
			r.Fatal(err)
		}
		out = append(out, n)
	}
	return out
}

func (r *reference) generator(prefix string) *G {
	r.Helper()
	g, err := NewG(r.config(), 0)
	if err == nil {
		err = g.LoadState(r.state(prefix))
	}
	if err != nil {
		r.Fatal(err)
	}
	return g
}

func (r *reference) discriminator(prefix string) *D {
	r.Helper()
	d, err := NewD(r.config(), 0)
	if err == nil {
		err = d.LoadState(r.state(prefix))
	}
	if err != nil {
		r.Fatal(err)
	}
	return d
}

// testPool returns a pool of the given number of threads for one test.
func testPool(t testing.TB, threads int) *kernel.Pool {
	p := kernel.NewPool(threads)
	t.Cleanup(p.Close)
	return p
}
