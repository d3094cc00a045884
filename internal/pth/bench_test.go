package pth

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"dcganviz/internal/fileio"
)

// generator writes the tensors of the G of pytorch/examples at full width:
// 3,576,704 parameters, 14 MB.
func generator(b *testing.B) string {
	b.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	var tensors []NamedTensor
	add := func(name string, shape ...int) {
		n, _ := elements(shape)
		values := make([]float32, n)
		for i := range values {
			values[i] = float32(rng.NormFloat64())
		}
		x, err := New(name, shape, values)
		if err != nil {
			b.Fatal(err)
		}
		tensors = append(tensors, x)
	}
	widths := []int{100, 512, 256, 128, 64, 3}
	for i := range 5 {
		add(fmt.Sprintf("main.%d.weight", 3*i), widths[i], widths[i+1], 4, 4)
		for _, name := range []string{"weight", "bias", "running_mean", "running_var"} {
			if i < 4 {
				add(fmt.Sprintf("main.%d.%s", 3*i+1, name), widths[i+1])
			}
		}
	}
	var out bytes.Buffer
	if err := WriteZip(&out, tensors); err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "netG.pth")
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		b.Fatal(err)
	}
	return path
}

// BenchmarkLoad reads the file and converts every tensor.
func BenchmarkLoad(b *testing.B) {
	path := generator(b)
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	b.ReportAllocs()
	for b.Loop() {
		file, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		f, err := Parse(file)
		if err != nil {
			b.Fatal(err)
		}
		for _, x := range f.Tensors {
			if _, err := x.Float32s(); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkHeader reads what inspect shows first.
func BenchmarkHeader(b *testing.B) {
	f, size, err := fileio.OpenRegular(generator(b))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadHeader(f, size); err != nil {
			b.Fatal(err)
		}
	}
}
