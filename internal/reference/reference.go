package reference

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"dcganviz/internal/safetensors"
)

// A File is one file of tensors. What it is asked for and lacks ends the test.
type File struct {
	testing.TB
	*safetensors.File
}

// Dir returns the folder of the files.
func Dir(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("DCGANVIZ_REF"); dir != "" {
		return dir
	}
	for root := must(os.Getwd())(t); ; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			return filepath.Join(root, "testdata", "ref")
		}
		if root == filepath.Dir(root) {
			t.Fatal("reference: no go.mod above the folder of the test")
		}
	}
}

// Run runs check as a subtest for each file whose name without extension matches
// pattern, in the syntax of path.Match. It fails if no file matches.
func Run(t *testing.T, pattern string, check func(t *testing.T, f *File)) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(Dir(t), pattern+".safetensors"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("reference: no file %s in %s (%v)", pattern, Dir(t), err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".safetensors"), func(t *testing.T) {
			check(t, Read(t, path))
		})
	}
}

// Read reads one file.
func Read(t testing.TB, path string) *File {
	t.Helper()
	return &File{t, must(safetensors.ReadFile(path))(t)}
}

// Floats returns the values of a float32 tensor.
func (f *File) Floats(name string) []float32 {
	f.Helper()
	return must(f.Float32s(name))(f)
}

// Doubles returns the values of a float64 tensor, or of a float32 one, widened.
func (f *File) Doubles(name string) []float64 {
	f.Helper()
	return must(f.Float64s(name))(f)
}

// Ints returns the values of an int64 tensor.
func (f *File) Ints(name string) []int64 {
	f.Helper()
	return must(f.Int64s(name))(f)
}

// Shape returns the shape of a tensor.
func (f *File) Shape(name string) []int {
	f.Helper()
	return must(f.Tensor(name))(f).Shape
}

// Number returns a whole number of the metadata.
func (f *File) Number(key string) int {
	f.Helper()
	return must(strconv.Atoi(f.Metadata[key]))(f)
}

// Real returns a number of the metadata.
func (f *File) Real(key string) float64 {
	f.Helper()
	return must(strconv.ParseFloat(f.Metadata[key], 64))(f)
}

func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
