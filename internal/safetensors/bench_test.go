package safetensors

import (
	"bytes"
	"testing"
)

// BenchmarkRead reads and decodes a file of the size of a generator of
// pytorch/examples: 3.6 million parameters, 14 MB in float32.
func BenchmarkRead(b *testing.B) {
	const parameters = 3_576_704
	values := make([]float32, parameters)
	for i := range values {
		values[i] = float32(i%1000) / 1000
	}
	full, err := New("w", []int{parameters}, values)
	if err != nil {
		b.Fatal(err)
	}
	short, err := NewHalf("w", []int{parameters}, values, RefuseOverflow)
	if err != nil {
		b.Fatal(err)
	}
	for _, x := range []Tensor{full, short} {
		var file bytes.Buffer
		if err := Write(&file, nil, []Tensor{x}); err != nil {
			b.Fatal(err)
		}
		b.Run("dtype="+string(x.DType), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(file.Len()))
			for b.Loop() {
				f, err := Read(bytes.NewReader(file.Bytes()), int64(file.Len()))
				if err != nil {
					b.Fatal(err)
				}
				if _, err := f.Float32s("w"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
