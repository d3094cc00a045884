package safetensors

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Witnesses from outside: files written by PyTorch's and numpy's users, and
// numpy as a reader of ours.

// referenceDir is the folder of PyTorch's files. Package reference, which has the
// same rule, imports this one.
var referenceDir = cmp.Or(os.Getenv("DCGANVIZ_REF"), "../../testdata/ref")

// f32AgreesWithF64 is how far the reference files' float32 results may lie
// from their float64 ones, relative to the largest: rounding, but no wrong
// byte order, offset or shape.
const f32AgreesWithF64 = 1e-3

func TestReferenceFilesAreReadAsTheirManifestSays(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(referenceDir, "MANIFEST.json"))
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Files map[string]struct {
			Meta    map[string]string
			Tensors map[string][2]any
		}
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(referenceDir, "*.safetensors"))
	if err != nil || len(paths) == 0 || len(paths) != len(manifest.Files) {
		t.Fatalf("%d files (%v), want the %d of the manifest", len(paths), err, len(manifest.Files))
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			want := manifest.Files[filepath.Base(path)]
			f, err := ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(f.Metadata) != fmt.Sprint(want.Meta) {
				t.Errorf("metadata %v, want %v", f.Metadata, want.Meta)
			}
			if len(f.Tensors) != len(want.Tensors) {
				t.Errorf("%d tensors, want %d", len(f.Tensors), len(want.Tensors))
			}
			next := int64(0)
			for _, x := range f.Tensors {
				if got := fmt.Sprint([]any{x.DType, x.Shape}); got != fmt.Sprint(want.Tensors[x.Name]) {
					t.Errorf("%s is %s, want %v", x.Name, got, want.Tensors[x.Name])
				}
				if x.Offset != next { // these files keep the header in the order of the data
					t.Errorf("%s begins at %d, want %d: order not kept", x.Name, x.Offset, next)
				}
				next += int64(len(x.Data))
				wide, ok := strings.CutPrefix(x.Name, "f32/")
				if ok && x.DType == F32 && f.Has("f64/"+wide) {
					compareWidths(t, f, wide)
				}
			}
			wantRoundTrip(t, f)
		})
	}
}

func compareWidths(t *testing.T, f *File, name string) {
	t.Helper()
	narrow, err := f.Float32s("f32/" + name)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := f.Float64s("f64/" + name)
	if err != nil || len(wide) != len(narrow) {
		t.Fatalf("%s: %d float64 (%v), want %d", name, len(wide), err, len(narrow))
	}
	var largest, worst float64
	for i, w := range wide {
		largest = max(largest, math.Abs(w))
		worst = max(worst, math.Abs(w-float64(narrow[i])))
	}
	// bce's float32 sigmoid saturates by design, as its doc says.
	if !(worst <= f32AgreesWithF64*largest) && !strings.Contains(name, "sigmoid_bce") {
		t.Errorf("%s: float32 is off by %g, want at most %g of %g", name, worst, f32AgreesWithF64, largest)
	}
}

// wantRoundTrip fails unless f survives being written and read.
func wantRoundTrip(t *testing.T, f *File) {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f.Metadata, f.Tensors); err != nil {
		t.Fatal(err)
	}
	g, err := Parse(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if len(g.SHA256) != digestDigits || g.Metadata[DigestKey] != g.SHA256 || g.Metadata[digestOfKey] != digestOf {
		t.Errorf("digest %q, metadata %q", g.SHA256, g.Metadata)
	}
	if want := len(f.Metadata) + 2; len(g.Metadata) != want && f.SHA256 == "" {
		t.Errorf("%d metadata entries, want %d", len(g.Metadata), want)
	}
	for key, value := range f.Metadata {
		if got, ok := g.Metadata[key]; (got != value || !ok) && key != DigestKey && key != digestOfKey {
			t.Errorf("metadata %q is %q, want %q", key, got, value)
		}
	}
	if !slices.EqualFunc(f.Tensors, g.Tensors, func(a, b Tensor) bool { return a.Equal(&b) }) {
		t.Errorf("tensors changed")
	}
	var again bytes.Buffer
	if err := Write(&again, g.Metadata, g.Tensors); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Errorf("the second writing differs from the first (%v)", err)
	}
}

// testdata/foreign.safetensors holds tensors beside what torch and numpy
// convert them to.
func TestConversionsAreTorchs(t *testing.T) {
	f, err := ReadFile("testdata/foreign.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"half", "brain", "double"} {
		got, err := f.Float32s(name)
		if err != nil {
			t.Fatal(err)
		}
		want, err := f.Float32s(name + " as f32")
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
				t.Errorf("%s[%d] is %v, want %v", name, i, got[i], want[i])
			}
		}
	}
	got, err := f.Float64s("single")
	if err != nil {
		t.Fatal(err)
	}
	want, err := f.Float64s("single as f64")
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
			t.Errorf("single[%d] is %v, want %v", i, got[i], want[i])
		}
	}
	for name, want := range map[string][]int64{
		"steps":                {-1<<62 - 1},
		"i32":                  {-1 << 31, 1<<31 - 1},
		"u32":                  {1<<32 - 1},
		"i16":                  {-1 << 15, 7},
		"u16":                  {1<<16 - 1},
		"i8":                   {-128, 127},
		"u8":                   {0, 1, 255},
		"flags":                {1, 0, 0, 1},
		"naïve 😀 \"quoted\"\n": {42},
	} {
		if got, err := f.Int64s(name); !slices.Equal(got, want) || err != nil {
			t.Errorf("%s is %v (%v), want %v", name, got, err, want)
		}
	}
	if got, err := f.Float32s("empty"); len(got) != 0 || err != nil {
		t.Errorf("empty is %v (%v)", got, err)
	}
	if got, want := f.Metadata["doc"], "café ☃"; got != want {
		t.Errorf("metadata doc is %q, want %q", got, want)
	}
	if got, want := f.Tensors[0].Name, "half"; got != want {
		t.Errorf("first tensor is %q, want %q as in the header", got, want)
	}
	if f.SHA256 != "" {
		t.Errorf("digest %q of a file that has none", f.SHA256)
	}
	wantRoundTrip(t, f)
}

func TestPythonReadsWhatWeWrite(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err == nil && exec.Command(python, "-c", "import numpy").Run() != nil {
		python = "/usr/bin/python3" // the system's, which has the system's numpy
		err = exec.Command(python, "-c", "import numpy").Run()
	}
	if err != nil {
		t.Skip("needs python3 with numpy")
	}
	tensors := sample(t)
	path := filepath.Join(t.TempDir(), "ours.safetensors")
	if err := WriteFile(path, "", map[string]string{"b": "2\t\"quoted\"", "a": "\x7f\\é"}, tensors); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(python, "testdata/read.py", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := `digest True
metadata "a" "\u007f\\\u00e9"
metadata "b" "2\t\"quoted\""
main.0.weight F32 [2, 3] [1.0, -2.0, 0.5, 1e-45, inf, -0.0]
half F16 [3] [1.0, 0.333251953125, 65504.0]
wide F64 [1, 1] [0.1]
steps I64 [] [9007199254740993]
labels I32 [2] [-1, 7]
state U8 [3] [0, 128, 255]
mask BOOL [2] [True, False]
none F32 [0, 4] []
`
	if got := strings.ReplaceAll(string(out), "1.401298464324817e-45", "1e-45"); got != want {
		t.Errorf("python read\n%swant\n%s", got, want)
	}
}

// sample returns tensors of every type that New and NewHalf make.
func sample(t testing.TB) []Tensor {
	t.Helper()
	must := func(x Tensor, err error) Tensor {
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	inf, zero := float32(math.Inf(1)), float32(math.Copysign(0, -1))
	return []Tensor{
		must(New("main.0.weight", []int{2, 3}, []float32{1, -2, .5, 1e-45, inf, zero})),
		must(NewHalf("half", []int{3}, []float32{1, 1. / 3, 65519}, RefuseOverflow)),
		must(New("wide", []int{1, 1}, []float64{.1})),
		must(New("steps", nil, []int64{1<<53 + 1})),
		must(New("labels", []int{2}, []int32{-1, 7})),
		must(New("state", []int{3}, []uint8{0, 128, 255})),
		must(New("mask", []int{2}, []bool{true, false})),
		must(New("none", []int{0, 4}, []float32{})),
	}
}
